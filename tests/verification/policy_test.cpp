#include "verification/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/hex.h"

namespace paxid::verification {
namespace {

std::string with(std::string_view from, std::string_view to) {
  std::string text(default_policy_toml());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// The key that a policy text is refused for.
std::string refused_for(const std::string& text) {
  const auto policy = Policy::parse(text);
  if (policy) return "accepted";
  EXPECT_EQ(policy.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_FALSE(policy.error().message.empty());
  return policy.error().field;
}

TEST(Policy, DefaultIsValidAndNamesItself) {
  const auto policy = Policy::parse(default_policy_toml());
  ASSERT_TRUE(policy.has_value()) << policy.error().field << ": " << policy.error().message;
  EXPECT_EQ(policy->id, "default");
  EXPECT_EQ(policy->reference(), "default " + base::to_iso(policy->effective_from));
  EXPECT_GT(policy->prior, 0.5);
  EXPECT_FALSE(policy->source.empty());
}

TEST(Policy, DigestIsOfTheText) {
  const auto one = Policy::parse(default_policy_toml());
  const auto other = Policy::parse(std::string(default_policy_toml()) + "\n");
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->sha256, other->sha256);
}

TEST(Policy, NothingIsLooserThanTheSafetyFloor) {
  for (const char* key :
       {"letter_change", "nickname", "initial_for_first", "surname_part_missing"}) {
    const std::string looser =
        with(std::string(key) + " = \"REVIEW\"", std::string(key) + " = \"MATCH\"");
    EXPECT_EQ(refused_for(looser), std::string("names.") + key);
    const std::string stricter =
        with(std::string(key) + " = \"REVIEW\"", std::string(key) + " = \"MISMATCH\"");
    EXPECT_EQ(refused_for(stricter), "accepted");
  }
}

TEST(Policy, RefusesWhatItDoesNotUnderstandByKey) {
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "nickname = \"MAYBE\"")), "names.nickname");
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "nickname = 3")), "names.nickname");
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "nick = \"REVIEW\"\nnickname = \"REVIEW\"")),
            "names.nick");
  EXPECT_EQ(refused_for(with("nickname = \"REVIEW\"", "")), "names.nickname");
  EXPECT_EQ(refused_for(with("prior = 0.95", "prior = 1.0")), "prior");
  EXPECT_EQ(refused_for(with("prior = 0.95", "prior = 0.0")), "prior");
  EXPECT_EQ(refused_for(with("max_letter_changes = 3", "max_letter_changes = 6")),
            "names.max_letter_changes");
  EXPECT_EQ(refused_for(with("max_letter_changes = 3", "max_letter_changes = -1")),
            "names.max_letter_changes");
  EXPECT_EQ(refused_for(with("effective_from = 2026-11-22", "effective_from = \"2026-11-22\"")),
            "effective_from");
  EXPECT_EQ(refused_for(with("id = \"default\"", "id = \"\"")), "id");
  EXPECT_EQ(refused_for(with("[names]", "[names")), "");
  EXPECT_EQ(refused_for(std::string(kMaxPolicyBytes + 1, '#')), "");
  EXPECT_EQ(refused_for(""), "id");
}

// A row behind the default policy.
std::string with_row(const std::string& row) {
  return std::string(default_policy_toml()) + "\n" + row + "\n";
}
constexpr const char* kProvenance = "source = \"a page\"\nread = 2026-11-22\ntrust = \"P\"\n";

TEST(Policy, EveryProblemIsToldWithItsLine) {
  const std::string text =
      with("nickname = \"REVIEW\"", "nickname = \"MATCH\"") +
      "\n[[airline]]\ncarriers = [\"lh\"]\nread = \"yesterday\"\ntrust = \"X\"\n";
  const auto problems = Policy::check(text);
  std::map<std::string, int> lines;
  for (const PolicyProblem& problem : problems) lines[problem.key] = problem.line;
  const auto line_of = [&text](std::string_view what) {
    return 1 + static_cast<int>(std::count(
                   text.begin(), text.begin() + static_cast<long>(text.find(what)), '\n'));
  };
  ASSERT_TRUE(lines.contains("names.nickname"));
  EXPECT_EQ(lines["names.nickname"], line_of("nickname = \"MATCH\""));
  bool carriers = false;
  for (const PolicyProblem& problem : problems) {
    if (!problem.key.ends_with(".carriers")) continue;
    carriers = true;
    EXPECT_EQ(problem.line, line_of("carriers = [\"lh\"]"));
  }
  EXPECT_TRUE(carriers);
  EXPECT_GE(problems.size(), 5U);  // and read, trust, source, and a row that changes nothing
  EXPECT_TRUE(Policy::check(default_policy_toml()).empty());
}

TEST(Policy, ARowNeedsItsSource) {
  const std::string row = "[[airline]]\ncarriers = [\"ZZ\"]\nnames.nickname = \"MISMATCH\"\n";
  EXPECT_EQ(refused_for(with_row(row + kProvenance)), "accepted");
  EXPECT_TRUE(refused_for(with_row(row)).ends_with(".source"));
  EXPECT_TRUE(refused_for(with_row("[[airline]]\nnames.nickname = \"MISMATCH\"\n" +
                                   std::string(kProvenance)))
                  .ends_with(".carriers"));
  EXPECT_TRUE(
      refused_for(with_row("[[route]]\ndocument.mode = \"NONE\"\n" + std::string(kProvenance)))
          .ends_with(".within"));
  EXPECT_TRUE(refused_for(with_row("[[route]]\nfrom = [\"@nowhere\"]\ndocument.mode = \"NONE\"\n" +
                                   std::string(kProvenance)))
                  .ends_with(".from"));
  EXPECT_TRUE(refused_for(with_row(row + kProvenance + "names.nick = \"REVIEW\"\n"))
                  .ends_with("names.nick"));
}

TEST(Policy, AirlinesRoutesAndDatesSelectRows) {
  const auto policy = Policy::parse(with_row(
      std::string("[[route]]\ncarriers = [\"AZ\"]\nfrom = [\"ITA\"]\nto = [\"@schengen\"]\n"
                  "since = 2026-01-01\nuntil = 2026-12-31\ndocument.mode = \"NONE\"\n") +
      kProvenance));
  ASSERT_TRUE(policy.has_value()) << policy.error().message;
  const auto mode = [&](Occasion occasion) { return policy->rules_for(occasion).document_mode; };
  const base::Date today = *base::parse_iso_date("2026-11-22");
  EXPECT_EQ(mode({"AZ", "FCO", "FRA", {}, today}), DocumentMode::kNone);
  EXPECT_EQ(mode({"AZ", "FCO", "FRA", base::parse_iso_date("2027-01-01"), today}),
            DocumentMode::kDocument);
  EXPECT_EQ(mode({"LH", "FCO", "FRA", {}, today}), DocumentMode::kDocument);
  EXPECT_EQ(mode({"AZ", "FRA", "FCO", {}, today}), DocumentMode::kDocument);
  EXPECT_EQ(mode({"AZ", "FCO", "JFK", {}, today}), DocumentMode::kDocument);
  EXPECT_EQ(mode({"AZ", "FCO", "", {}, today}), DocumentMode::kDocument);
  const Rules latam = policy->rules_for({"LA", "", "", {}, today});
  EXPECT_EQ(latam.correction_metric, LetterMetric::kPositional);
  // Before the airline's rule took effect the default held.
  EXPECT_EQ(policy->rules_for({"EK", "", "", base::parse_iso_date("2022-06-07"), today})
                .correction_minutes_before_departure,
            0);
  EXPECT_EQ(policy->rules_for({"EK", "", "", {}, today}).correction_minutes_before_departure, 120);
}

TEST(Policy, ValidityIsForThoseWhoEnter) {
  const auto policy = Policy::parse(default_policy_toml());
  const base::Date today = *base::parse_iso_date("2026-11-22");
  const auto rules = [&](const char* from, const char* to, const char* national) {
    return policy->validity_for({"", from, to, {}, today}, national).size();
  };
  EXPECT_EQ(rules("JFK", "FRA", "USA"), 1U);
  EXPECT_EQ(rules("JFK", "FRA", "D"), 0U);
  EXPECT_EQ(rules("JFK", "FRA", "DEU"), 0U);
  EXPECT_EQ(rules("JFK", "FRA", ""), 0U);
  EXPECT_EQ(rules("FRA", "FCO", "USA"), 0U);  // has entered before
  EXPECT_EQ(rules("FRA", "JFK", "USA"), 0U);
}

// Every value that a key can be written with.
std::vector<std::string> values_of(const RuleKey& key) {
  std::vector<std::string> values{"MATCH",    "REVIEW",     "MISMATCH", "true",
                                  "false",    "positional", "damerau",  "levenshtein",
                                  "total",    "per_field",  "NONE",     "NAME_ONLY",
                                  "DOCUMENT", "",           "FNU LNU",  "x"};
  for (int number = -1; number <= 25; ++number) values.push_back(std::to_string(number));
  for (int number : {120, kNoLimit, kNoLimit + 1, 86'400, 86'401})
    values.push_back(std::to_string(number));
  std::vector<std::string> taken;
  for (const std::string& value : values) {
    Rules scratch{};
    if (!set_value(scratch, key, value)) taken.push_back(value);
  }
  return taken;
}

TEST(RuleKeys, EveryValueReadsBack) {
  std::set<std::string_view> names;
  for (const RuleKey& key : rule_keys()) {
    EXPECT_TRUE(names.insert(key.name).second);
    EXPECT_EQ(rule_key(key.name), &key);
    const auto values = values_of(key);
    EXPECT_GE(values.size(), 2U) << key.name;
    for (const std::string& value : values) {
      Rules rules{};
      ASSERT_FALSE(set_value(rules, key, value)) << key.name;
      EXPECT_EQ(value_of(rules, key), value) << key.name;
    }
  }
  EXPECT_EQ(rule_key("names.nick"), nullptr);
}

TEST(RuleKeys, ARefusedValueChangesNothing) {
  for (const RuleKey& key : rule_keys()) {
    Rules rules = Policy::parse(default_policy_toml())->rules;
    const RuleValue before = value_of(rules, key);
    EXPECT_TRUE(set_value(rules, key, "x").has_value()) << key.name;
    EXPECT_EQ(value_of(rules, key), before);
  }
}

}  // namespace
}  // namespace paxid::verification
