#include "clients/cli/comparison_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace paxid::cli {
namespace {

using matcher::Comparison;
using matcher::ReasonCode;
using matcher::Role;
using testing::HasSubstr;
using testing::Not;

Comparison with(const std::vector<matcher::Reason>& reasons) {
  Comparison comparison;
  comparison.opinion = true;
  comparison.reasons = reasons;
  for (const auto& reason : reasons) comparison.log_odds += reason.bits;
  return comparison;
}

Comparison mario_and_maria() {
  return with({{ReasonCode::kEqual, "ROSSI", "ROSSI", 6, Role::kSurname},
               {ReasonCode::kOtherName, "MARIO", "MARIA", -12, Role::kFirstGiven, 1},
               {ReasonCode::kMissing, "", "LUISA", -1, Role::kFurtherGiven}});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The line that follows the one with `text`.
std::string line_with(const std::string& card, const std::string& text) {
  for (const std::string& line : lines_of(card)) {
    if (line.find(text) != std::string::npos) return line;
  }
  return "";
}

TEST(ComparisonCard, SetsTheNamesOneAboveTheOtherAndMarksLetters) {
  const std::string card = comparison_card(mario_and_maria(), {}, {});
  EXPECT_THAT(card, HasSubstr("     1      2      3\n"
                              "  A  ROSSI  MARIO  -----\n"
                              "  B  ROSSI  MARIA  LUISA\n"
                              "                ^\n"));
}

TEST(ComparisonCard, ShowsEachReasonWithItsBitsAndTheRunningSum) {
  const std::string card = comparison_card(mario_and_maria(), {}, {});
  EXPECT_THAT(line_with(card, "EQUAL, surname"), HasSubstr("  1  +6.00    +6.00"));
  EXPECT_THAT(line_with(card, "OTHER_NAME, first given"), HasSubstr("  2 -12.00    -6.00"));
  EXPECT_THAT(line_with(card, "MISSING, further given"), HasSubstr("  3  -1.00    -7.00"));
  EXPECT_THAT(card, HasSubstr("calibration"));
  EXPECT_THAT(card, Not(HasSubstr("prior  ")));  // even odds add nothing
}

TEST(ComparisonCard, EndsItsSumWithThePrior) {
  const std::string card = comparison_card(mario_and_maria(), {.prior = 0.9}, {});
  const std::string line = line_with(card, "   prior ");
  EXPECT_THAT(line, HasSubstr("+3.17")) << card;  // log2(0.9 / 0.1)
}

// A bar goes from the sum before to the sum after, on one scale for all lines.
TEST(ComparisonCard, DrawsBarsFromSumToSum) {
  const std::string card = comparison_card(mario_and_maria(), {}, {});
  const std::string up = line_with(card, "EQUAL, surname");
  const std::string down = line_with(card, "OTHER_NAME");
  const std::size_t zero = up.find('|');
  ASSERT_NE(zero, std::string::npos);
  EXPECT_EQ(down.find('|', 30), zero);
  const auto count = [](const std::string& line, char c) {
    return std::count(line.begin() + 26, line.end(), c);
  };
  EXPECT_GT(count(up, '+'), 3);
  EXPECT_EQ(count(up, '-'), 0);
  EXPECT_NEAR(static_cast<double>(count(down, '-')), 2.0 * static_cast<double>(count(up, '+')), 2);
  EXPECT_EQ(up.find_last_of('+'), down.find_last_of('-'));  // where one ends the next begins
}

TEST(ComparisonCard, KeepsWithinTheWidth) {
  Comparison many = mario_and_maria();
  for (int i = 0; i < 8; ++i) many.reasons.push_back(many.reasons[1]);
  for (const std::size_t width : {kLeastWidth, std::size_t{60}, std::size_t{80}, kGreatestWidth}) {
    const std::string card = comparison_card(many, {}, {false, width});
    for (const std::string& line : lines_of(card)) EXPECT_LE(columns_of(line), width) << card;
    const std::string bars = comparison_card(many, {}, {false, width});
    EXPECT_EQ(line_with(bars, "MARIO  MARIO").empty(), false);
  }
}

TEST(ComparisonCard, UsesColourOnlyWhereWanted) {
  EXPECT_THAT(comparison_card(mario_and_maria(), {}, {false, 80}), Not(HasSubstr("\033")));
  const std::string card = comparison_card(mario_and_maria(), {}, {true, 80});
  EXPECT_THAT(card, HasSubstr("MARI\033[1;4mA\033[0m"));
  // Without its colours the card is the same.
  std::string plain;
  for (std::size_t i = 0; i < card.size(); ++i) {
    if (card[i] == '\033') {
      i = card.find('m', i);
    } else {
      plain += card[i];
    }
  }
  EXPECT_EQ(plain, comparison_card(mario_and_maria(), {}, {false, 80}));
}

TEST(ComparisonCard, SaysWhatWouldChangeIt) {
  const auto card = [](const std::vector<matcher::Reason>& reasons, const Lever& lever) {
    return comparison_card(with(reasons), {.lever = lever}, {});
  };
  const std::vector<matcher::Reason> against = {{ReasonCode::kEqual, "ROSSI", "ROSSI", 40},
                                                {ReasonCode::kOtherName, "MARIO", "MARIA", -80},
                                                {ReasonCode::kMissing, "", "LUISA", -80},
                                                {ReasonCode::kFieldsSwapped, "", "", -80}};
  EXPECT_THAT(card(against, {1, 0.975, true}),
              HasSubstr("It would be 97.5 % or more if MARIO and MARIA were the same name."));
  EXPECT_THAT(card(against, {2, 0.25, false}),
              HasSubstr("even if both names had LUISA, it would be 25.0 %."));
  EXPECT_THAT(card(against, {3, 0.25, false}),
              HasSubstr("even if surname and given name stood in the same"));
  const std::vector<matcher::Reason> in_favour = {{ReasonCode::kEqual, "ROSSI", "ROSSI", 80},
                                                  {ReasonCode::kMissing, "MARIO", "", -40}};
  EXPECT_THAT(card(in_favour, {0, 0.25, true}),
              HasSubstr("It rests on ROSSI: without, it would be 25.0 %."));
  EXPECT_THAT(card(in_favour, {0, 0.75, false}),
              HasSubstr("without ROSSI it would still be 75.0 %."));
}

TEST(ComparisonCard, WarnsOfWordsThatMixScripts) {
  const auto card = [](bool a, bool b) {
    return comparison_card(mario_and_maria(), {.a_mixes_scripts = a, .b_mixes_scripts = b}, {});
  };
  EXPECT_THAT(card(false, false), Not(HasSubstr("MIXED_SCRIPTS")));
  EXPECT_THAT(card(true, false), HasSubstr("MIXED_SCRIPTS: A word of A mixes letters"));
  EXPECT_THAT(card(false, true), HasSubstr("MIXED_SCRIPTS: A word of B mixes letters"));
  EXPECT_THAT(card(true, true), HasSubstr("MIXED_SCRIPTS: Words of A and of B mix letters"));
  // Also where there is no opinion.
  EXPECT_THAT(comparison_card({}, {.b_mixes_scripts = true}, {}), HasSubstr("MIXED_SCRIPTS"));
}

TEST(ComparisonCard, SaysWhyThereIsNoOpinion) {
  Comparison comparison;
  comparison.reasons.push_back({ReasonCode::kUnsupportedScript, "Hani", "", 0});
  const std::string card = comparison_card(comparison, {.prior = 0.25}, {});
  EXPECT_THAT(card, HasSubstr("one person: 25.0 %"));
  EXPECT_THAT(card, HasSubstr("no table for the script Hani"));
}

TEST(ComparisonCard, AlignsWideLettersAndKeepsTerminalsSafe) {
  const std::string card = comparison_card(with({{ReasonCode::kTransliteration, "김", "KIM", 1},
                                                 {ReasonCode::kEqual, "\x1b[2J", "B", 1}}),
                                           {}, {});
  EXPECT_THAT(card, Not(HasSubstr("\x1b")));
  // The syllable takes two columns of KIM's three.
  EXPECT_THAT(card, HasSubstr("  A  김   \uFFFD[2J\n  B  KIM  B\n")) << card;
}

}  // namespace
}  // namespace paxid::cli
