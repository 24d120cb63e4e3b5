#include "matcher/letters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace paxid::matcher {
namespace {

std::vector<std::string> all_words(const std::string& alphabet, std::size_t longest) {
  std::vector<std::string> words = {""};
  for (std::size_t first = 0, length = 0; length < longest; ++length) {
    const std::size_t end = words.size();
    for (; first < end; ++first) {
      for (const char c : alphabet) words.push_back(words[first] + c);
    }
  }
  return words;
}

// The definition of optimal string alignment as a recursion. Slow and obvious.
int edits_by_definition(const std::string& x, const std::string& y) {
  if (x.empty() || y.empty()) return static_cast<int>(x.size() + y.size());
  const std::string px = x.substr(0, x.size() - 1);
  const std::string py = y.substr(0, y.size() - 1);
  int best = edits_by_definition(px, py) + (x.back() == y.back() ? 0 : 1);
  best = std::min({best, edits_by_definition(px, y) + 1, edits_by_definition(x, py) + 1});
  if (px.size() > 0 && py.size() > 0 && x.back() == py.back() && px.back() == y.back()) {
    best = std::min(
        best, edits_by_definition(px.substr(0, px.size() - 1), py.substr(0, py.size() - 1)) + 1);
  }
  return best;
}

// The steps are parts of both texts and cost what the distance says.
TEST(SpellingSteps, SumUpToTheDistance) {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"IULIIA", "YULIYA"},
                                                                  {"SERGEI", "SERGUEI"},
                                                                  {"SHCHERBAKOV", "SCHERBAKOV"},
                                                                  {"YUSUF", "YOUSSEF"},
                                                                  {"ALEKSEY", "ALEXEI"},
                                                                  {"CHAUDHRY", "CHOWDHURY"},
                                                                  {"MARIO", "MARIA"},
                                                                  {"ABDULRAHMAN", "ABDERRAHMANE"},
                                                                  {"", "ANNA"},
                                                                  {"ANNA", "ANNA"},
                                                                  {"HASSAN", "HASAN"},
                                                                  {"MARTIN", "MATRIN"}};
  for (const auto& [x, y] : pairs) {
    for (const char* language : {"", "ru", "ar"}) {
      double cost = 0;
      for (const SpellingStep& step : spelling_steps(x, y, language)) {
        cost += step.cost;
        EXPECT_NE(step.a, step.b);
        EXPECT_NE(x.find(step.a), std::string::npos);
        EXPECT_NE(y.find(step.b), std::string::npos);
      }
      EXPECT_NEAR(cost, variant_distance(x, y, language), 1e-4) << x << ' ' << y << language;
    }
  }
  EXPECT_TRUE(spelling_steps("ANNA", "ANNA", "").empty());
}

TEST(LetterEdits, AgreesWithTheDefinitionOnAllShortWords) {
  const auto words = all_words("ABC", 4);
  for (const auto& x : words) {
    for (const auto& y : words) {
      ASSERT_EQ(letter_edits(x, y), edits_by_definition(x, y)) << x << ' ' << y;
    }
  }
}

TEST(VariantDistance, IsSymmetricZeroOnlyForEqualAndNeverAboveLetterByLetter) {
  const auto words = all_words("AEHS", 4);
  for (std::size_t i = 0; i < words.size(); i += 3) {
    for (std::size_t j = 0; j < words.size(); j += 2) {
      const double there = variant_distance(words[i], words[j], "");
      ASSERT_EQ(there, variant_distance(words[j], words[i], ""));
      ASSERT_EQ(there == 0, words[i] == words[j]) << words[i] << ' ' << words[j];
      ASSERT_LE(there, letter_edits(words[i], words[j]) + 1e-6);
    }
  }
}

TEST(VariantDistance, MakesHabitsOfSpellingCheap) {
  struct Case {
    const char* x;
    const char* y;
  };
  for (const Case& c : std::vector<Case>{{"IULIIA", "YULIA"},
                                         {"SERGEI", "SERGEY"},
                                         {"KATHERINE", "CATHERINE"},
                                         {"HASSAN", "HASAN"},
                                         {"LAKSHMI", "LAXMI"},
                                         {"AHMED", "AHMAD"}}) {
    EXPECT_LT(variant_distance(c.x, c.y, ""), 0.3) << c.x << ' ' << c.y;
  }
  EXPECT_GE(variant_distance("KARINA", "MARINA", ""), 0.7);
}

TEST(VariantDistance, KnowsTheHabitsOfALanguage) {
  EXPECT_LT(variant_distance("ZHANG", "CHANG", "zh"), variant_distance("ZHANG", "CHANG", ""));
  EXPECT_LT(variant_distance("HRISTO", "CHRISTO", "bg"),
            variant_distance("HRISTO", "CHRISTO", "de"));
}

TEST(FingerSlip, IsADoubledKeyASwapOrANeighbour) {
  EXPECT_TRUE(is_finger_slip("JOHN", "JOHHN"));
  EXPECT_TRUE(is_finger_slip("JONH", "JOHN"));
  EXPECT_TRUE(is_finger_slip("MARIP", "MARIO"));
  EXPECT_FALSE(is_finger_slip("MARIA", "MARIO"));
  EXPECT_FALSE(is_finger_slip("LENA", "LEA"));
}

// All words of up to four of a few letters that rules know.
TEST(EdgeLetters, AllowEveryTextThatRulesReach) {
  std::vector<std::string> words = {""};
  for (std::size_t at = 0; at < words.size() && words[at].size() < 4; ++at) {
    for (const char c : std::string_view("AEHKQY")) words.push_back(words[at] + c);
  }
  words.erase(words.begin());
  std::size_t reached = 0;
  for (std::size_t i = 0; i < words.size(); i += 3) {
    const EdgeLetters edges = edge_letters_by_rules(words[i]);
    for (const std::string& y : words) {
      if (variant_distance(words[i], y, "") >= 0.6) continue;
      ++reached;
      EXPECT_TRUE(edges.allow(y)) << words[i] << ' ' << y << ' '
                                  << variant_distance(words[i], y, "");
    }
  }
  EXPECT_GT(reached, words.size());
}

TEST(LetterPlaces, GiveTheSameEditsAsTexts) {
  for (const char* x : {"", "A", "MARIO", "ANNABELLA"}) {
    for (const char* y : {"", "B", "MARIA", "OIRAM", "BELLA"}) {
      EXPECT_EQ(letter_edits(letter_places(x), y), letter_edits(x, y)) << x << ' ' << y;
    }
  }
}

}  // namespace
}  // namespace paxid::matcher
