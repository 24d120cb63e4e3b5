#include "clients/cli/spelling_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "clients/cli/compare_command.h"
#include "clients/cli/comparison_card.h"

namespace paxid::cli {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;

matcher::Reason reason(matcher::ReasonCode code, const char* a, const char* b,
                       const char* origin = "") {
  return {code, a, b, 1, matcher::Role::kUnknown, 0, origin};
}

TEST(RulesBetween, NameTheHabitOfEachStep) {
  const auto variant = reason(matcher::ReasonCode::kSpellingVariant, "IULIIA", "YULIYA");
  const auto rules = rules_between(variant, "ru");
  ASSERT_FALSE(rules.empty());
  EXPECT_EQ(rules[0].a, "IU");
  EXPECT_EQ(rules[0].b, "YU");
  EXPECT_EQ(rules[0].rule, "Russian passports by era");
  EXPECT_THAT(rule_line(variant, "ru"), HasSubstr("IU~YU, Russian passports by era"));
  // The steps that are left out are letters that both have.
  std::string a;
  for (const SpellingRule& rule : rules) a += rule.a;
  EXPECT_LT(a.size(), variant.a.size());
}

TEST(RulesBetween, SayNothingOfOtherReasons) {
  EXPECT_TRUE(rules_between(reason(matcher::ReasonCode::kEqual, "ANNA", "ANNA"), "").empty());
  EXPECT_EQ(rule_line(reason(matcher::ReasonCode::kMissing, "ANNA", ""), ""), "");
}

TEST(RulesBetween, KnowEveryScopeOfTheTable) {
  std::ifstream in(std::string(PAXID_TEST_DATA) + "/../../matcher/data/variants.tsv");
  std::string line;
  std::getline(in, line);
  std::set<std::string> scopes;
  while (std::getline(in, line)) scopes.insert(line.substr(0, line.find('\t')));
  ASSERT_GT(scopes.size(), 30U);
  for (const std::string& scope : scopes) EXPECT_FALSE(title_of_habit(scope).empty()) << scope;
}

TEST(StandardsOf, NameTheOriginAndBothSides) {
  const auto standards =
      standards_of(reason(matcher::ReasonCode::kTransliteration, "ZHAO", "CHAO", "赵"), "");
  EXPECT_EQ(standards.origin, "赵");
  EXPECT_THAT(standards.a, Contains("CHN-2012"));
  EXPECT_THAT(standards.b, Contains("TWN-WG"));
  const auto native =
      standards_of(reason(matcher::ReasonCode::kTransliteration, "Юлия", "IULIIA"), "ru");
  EXPECT_EQ(native.origin, "");
  EXPECT_THAT(native.a, Contains("RUS-2013"));
}

TEST(Compare, TellsRulesAndOrigins) {
  const json origin = answer_compare({{"a", {{"full", "ZHAO"}}}, {"b", {{"full", "CHAO"}}}});
  EXPECT_THAT(origin.at("reasons").at(0).at("origin").get<std::string>(),
              testing::AnyOf("赵", "趙"));
  EXPECT_THAT(origin.at("reasons").at(0).at("standards_a"), Contains("CHN-2012"));
  const json variant = answer_compare(
      {{"a", {{"full", "IULIIA"}, {"language", "ru"}}}, {"b", {{"full", "YULIYA"}}}});
  EXPECT_EQ(variant.at("reasons").at(0).at("rules").at(0).at("rule"), "Russian passports by era");
}

TEST(ComparisonCard, ShowsWhatJoinsTwoSpellings) {
  matcher::Comparison comparison;
  comparison.opinion = true;
  comparison.reasons = {reason(matcher::ReasonCode::kTransliteration, "ZHAO", "CHAO", "赵")};
  comparison.log_odds = 1;
  const std::string card = comparison_card(comparison, {}, {});
  EXPECT_THAT(card, HasSubstr("1  ZHAO (CHN-2012"));
  EXPECT_THAT(card, HasSubstr("both 赵"));
}

}  // namespace
}  // namespace paxid::cli
