#include "matcher/letters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "transliteration/word.h"

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

// Every path of the lattice with every way to stray from it.
double distance_by_definition(const transliteration::Lattice& lattice, std::size_t at,
                              const std::string& latin) {
  double best = 1e9;
  if (at == lattice.length && latin.empty()) return 0;
  if (!latin.empty()) {
    best = kStrayLetterBits + distance_by_definition(lattice, at, latin.substr(1));
  }
  for (const auto& edge : lattice.edges) {
    if (edge.from != at) continue;
    const std::string letters(edge.letters);
    if (latin.compare(0, letters.size(), letters) == 0) {
      best = std::min(
          best, edge.bits + distance_by_definition(lattice, edge.to, latin.substr(letters.size())));
    }
    best = std::min(best,
                    edge.bits + kStrayLetterBits + distance_by_definition(lattice, edge.to, latin));
    if (!latin.empty()) {
      best = std::min(best, edge.bits + kStrayLetterBits +
                                distance_by_definition(lattice, edge.to, latin.substr(1)));
    }
  }
  return best;
}

TEST(LatticeDistance, AgreesWithTheDefinition) {
  transliteration::Lattice lattice;
  lattice.length = 3;
  lattice.edges = {{0, 1, "A", 0.25F}, {0, 1, "AB", 1}, {0, 2, "C", 0.5F}, {1, 2, "", 2},
                   {1, 2, "B", 0},     {2, 3, "C", 0},  {2, 3, "A", 3}};
  for (const auto& latin : all_words("ABC", 4)) {
    EXPECT_NEAR(lattice_distance(lattice, latin), distance_by_definition(lattice, 0, latin), 1e-4)
        << latin;
  }
}

TEST(LatticeDistance, FindsTheAttestedSpellingNearerThanAnother) {
  const auto words = transliteration::read_words("Юлия", "ru");
  const auto& lattice = words.words.at(0).lattice;
  for (const char* spelling : {"IULIIA", "YULIA", "YULIYA", "JULIA"}) {
    EXPECT_LT(lattice_distance(lattice, spelling), lattice_distance(lattice, "NATALIA"))
        << spelling;
  }
}

}  // namespace
}  // namespace paxid::matcher
