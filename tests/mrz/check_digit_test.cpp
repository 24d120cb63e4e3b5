#include "mrz/check_digit.h"

#include <gtest/gtest.h>

#include <string>

namespace paxid::mrz {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

// The rule of Doc 9303-3 4.9 word by word.
int slow_check_digit(const std::string& cells) {
  const int weights[] = {7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const int value = cells[i] == '<' ? 0 : static_cast<int>(kAlphabet.find(cells[i]));
    sum += weights[i % 3] * value;
  }
  return sum % 10;
}

TEST(CheckDigit, KnowsTheThirtySevenCharactersAndNoOther) {
  int known = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::size_t index = c == '\0' ? std::string_view::npos : kAlphabet.find(c);
    const int wanted = index == std::string_view::npos ? -1
                       : c == '<'                      ? 0
                                                       : static_cast<int>(index);
    EXPECT_EQ(cell_value(c), wanted) << byte;
    known += is_zone_cell(c) ? 1 : 0;
  }
  EXPECT_EQ(known, 37);
}

TEST(CheckDigit, AgreesWithTheSlowRuleOnEveryTextOfThreeCellsAfterAnyPhase) {
  for (const std::string prefix : {"", "Z", "ZZ"}) {
    for (char a : kAlphabet) {
      for (char b : kAlphabet) {
        for (char c : kAlphabet) {
          const std::string text = prefix + a + b + c;
          ASSERT_EQ(check_digit(text), slow_check_digit(text)) << text;
        }
      }
    }
  }
}

TEST(CheckDigit, RunsItsWeightsOnOverSeveralRanges) {
  CheckSum sum;
  sum.add("L898902C3");
  sum.add("6");
  sum.add("7408122");
  EXPECT_EQ(sum.digit(), slow_check_digit("L898902C367408122"));
}

TEST(CheckDigit, HasNoDigitForForeignCharacters) {
  EXPECT_EQ(check_digit("AB-12"), -1);
  EXPECT_EQ(check_digit("ab"), -1);
  EXPECT_EQ(check_digit(std::string_view("A\0B", 3)), -1);
}

// The law of blind pairs, over all pairs and weights: 52 of 666 pairs go unnoticed.
TEST(CheckDigit, MissesASubstitutionExactlyForBlindPairs) {
  int blind = 0;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    for (std::size_t k = i + 1; k < kAlphabet.size(); ++k) {
      const char a = kAlphabet[i];
      const char b = kAlphabet[k];
      for (const std::string prefix : {"", "Q", "Q7"}) {
        const bool missed = check_digit(prefix + a + "X5") == check_digit(prefix + b + "X5");
        ASSERT_EQ(missed, is_blind_pair(a, b)) << a << b;
      }
      blind += is_blind_pair(a, b) ? 1 : 0;
    }
  }
  EXPECT_EQ(blind, 52);
}

TEST(CheckDigit, LookAlikesAreCellsAndNeverTheCellItself) {
  for (char cell : kAlphabet) {
    for (char other : look_alikes(cell)) {
      EXPECT_TRUE(is_zone_cell(other)) << cell;
      EXPECT_NE(other, cell);
    }
  }
}

}  // namespace
}  // namespace paxid::mrz
