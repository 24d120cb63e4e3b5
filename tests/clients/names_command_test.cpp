#include "clients/cli/names_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/cli/compare_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

json spelling(const json& answer, const std::string& letters) {
  for (const json& one : answer.at("words").at(0).at("spellings")) {
    if (one.at("letters") == letters) return one;
  }
  return {};
}

TEST(NamesSpell, ListsSpellingsWithTheirStandards) {
  const json answer = answer_names_spell({{"name", "Юлия"}, {"language", "ru"}});
  ASSERT_TRUE(answer.at("ok").get<bool>());
  EXPECT_EQ(answer.at("words").at(0).at("script"), "Cyrl");
  EXPECT_THAT(spelling(answer, "IULIIA").at("standards"), Contains("RUS-2013"));
  EXPECT_THAT(spelling(answer, "YULIYA").at("standards"), Contains("RUS-1997"));
  EXPECT_THAT(answer.at("findings"), IsEmpty());
  double last = 0;
  for (const json& one : answer.at("words").at(0).at("spellings")) {
    EXPECT_GE(one.at("bits").get<double>(), last);
    last = one.at("bits").get<double>();
  }
}

TEST(NamesSpell, SplitsNamesWrittenWithoutASpace) {
  const json answer = answer_names_spell({{"name", "李小明"}, {"language", "zh"}});
  ASSERT_EQ(answer.at("words").size(), 2U);
  EXPECT_THAT(spelling(answer, "LI").at("standards"), Contains("CHN-2012"));
}

TEST(NamesSpell, WritesLatinNamesByDoc9303) {
  const json answer = answer_names_spell({{"name", "Müller"}});
  EXPECT_THAT(spelling(answer, "MUELLER").at("standards"), ElementsAre("ICAO-9303"));
  EXPECT_THAT(spelling(answer, "MULLER").at("standards"), IsEmpty());
}

TEST(NamesSpell, SaysWhatItCannotRead) {
  const json khmer = answer_names_spell({{"name", "ប៉ុល ពត"}});
  EXPECT_THAT(khmer.at("words"), IsEmpty());
  EXPECT_EQ(khmer.at("findings").at(0).at("code"), "UNSUPPORTED_SCRIPT");
  const json mixed = answer_names_spell({{"name", "\u0410NNA"}});
  EXPECT_EQ(mixed.at("findings").at(0).at("code"), "MIXED_SCRIPTS");
}

TEST(NamesSpell, RefusesWhatItCannotUse) {
  const auto code = [](const json& request) {
    return answer_names_spell(request).at("findings").at(0).at("code").get<std::string>();
  };
  EXPECT_EQ(code(json::object()), "MISSING_NAME");
  EXPECT_EQ(code({{"name", 1}}), "MISSING_NAME");
  for (const json& limit : {json(0), json(-1), json(101), json("3"), json(1.5)}) {
    EXPECT_EQ(code({{"name", "Юлия"}, {"limit", limit}}), "BAD_LIMIT") << limit;
  }
  EXPECT_EQ(answer_names_spell({{"name", ""}}).at("words").size(), 0U);
}

TEST(SpellingCard, NamesEveryStandardItLists) {
  const std::string card =
      spelling_card(answer_names_spell({{"name", "Юлия"}, {"language", "ru"}}), TextStyle{});
  EXPECT_THAT(card, HasSubstr("IULIIA"));
  EXPECT_THAT(card, HasSubstr("RUS-2013: Russian passports since 2013"));
}

TEST(StandardsBetween, DoNotDependOnTheOrder) {
  EXPECT_THAT(standards_between("Юлия", "IULIIA", "ru"), Contains("RUS-2010"));
  EXPECT_EQ(standards_between("Юлия", "IULIIA", "ru"), standards_between("IULIIA", "Юлия", "ru"));
  EXPECT_THAT(standards_between("Юлия", "NATALIA", "ru"), IsEmpty());
  EXPECT_THAT(standards_between("IULIIA", "YULIYA", "ru"), IsEmpty());
}

TEST(Compare, SaysWhichStandardWritesTheNameAndWhichNameMixesScripts) {
  const json reply =
      answer_compare({{"a", {{"full", "Юлия"}, {"language", "ru"}}}, {"b", {{"full", "YULIYA"}}}});
  EXPECT_THAT(reply.at("reasons").at(0).at("standards"), Contains("RUS-1997"));
  EXPECT_FALSE(reply.contains("findings"));
  const json mixed = answer_compare({{"a", {{"full", "ANNA"}}}, {"b", {{"full", "\u0410NNA"}}}});
  EXPECT_EQ(mixed.at("findings").at(0).at("name"), "b");
}

}  // namespace
}  // namespace paxid::cli
