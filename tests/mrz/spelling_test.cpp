#include "mrz/spelling.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "transliteration/icao.h"

namespace paxid::mrz {
namespace {

std::set<std::string> forms(const transliteration::Lattice& lattice, std::size_t limit = 64) {
  std::set<std::string> result;
  for (const auto& form : transliteration::cheapest_forms(lattice, limit)) {
    result.insert(form.letters);
  }
  return result;
}

using Set = std::set<std::string>;

TEST(Spelling, LatinDigraphsMayBeOneLetter) {
  EXPECT_EQ(forms(latin_spellings("MUELLER")), (Set{"MUELLER", "MÜLLER"}));
  EXPECT_EQ(forms(latin_spellings("AASE")), (Set{"AASE", "ÅSE"}));
  EXPECT_EQ(forms(latin_spellings("CANXXON")), (Set{"CANXXON", "CAÑON"}));
  EXPECT_EQ(forms(latin_spellings("MUXXLLER")), (Set{"MUXXLLER", "MÜLLER"}));
  EXPECT_EQ(forms(latin_spellings("SOEREN")), (Set{"SOEREN", "SÖREN", "SØREN", "SŒREN"}));
  EXPECT_EQ(forms(latin_spellings("STRASSE")), (Set{"STRASSE", "STRA\u1E9EE"}));
  EXPECT_EQ(forms(latin_spellings("THOR")), (Set{"THOR", "ÞOR"}));
  EXPECT_EQ(forms(latin_spellings("ERIK")), (Set{"ERIK"}));
}

TEST(Spelling, ThePrintedOneComesFirstAndTheListIsBounded) {
  const auto lattice = latin_spellings("AEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEA");
  const auto list = transliteration::cheapest_forms(lattice, 64);
  ASSERT_EQ(list.size(), 64u);
  EXPECT_EQ(list[0].letters, "AEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEAEA");
}

// Every spelling is printed as the part it came from by one of its transliterations.
TEST(Spelling, ArabicIsReadBackExactly) {
  for (const char* word : {"محمد", "حسين", "شريف", "ابو", "بكر", "خالد", "طارق", "عثمان"}) {
    const auto zone = transliteration::to_zone_text(word, "ar");
    ASSERT_TRUE(zone.complete) << word;
    const auto lattice = arabic_spellings(zone.text);
    if (zone.text.find('X') == std::string::npos) {
      EXPECT_FALSE(lattice.has_value()) << word;
      continue;
    }
    ASSERT_TRUE(lattice.has_value()) << zone.text;
    EXPECT_EQ(forms(*lattice).count(word), 1u) << zone.text;
  }
  EXPECT_EQ(forms(*arabic_spellings("MXHMD")), (Set{"محمد"}));
}

bool is_arabic(char32_t letter) { return letter >= 0x600 && letter < 0x700; }

std::vector<std::string> arabic_letters() {
  std::vector<std::string> letters;
  for (const auto& row : transliteration::icao_rows()) {
    if (!is_arabic(row.letter) || row.preferred.empty()) continue;
    letters.emplace_back();
    base::append_utf8(letters.back(), row.letter);
  }
  return letters;
}

// All of table C: each letter, doubled by a shadda or not, beside each other letter.
TEST(Spelling, EveryPairOfArabicLettersIsReadBack) {
  const auto letters = arabic_letters();
  ASSERT_GT(letters.size(), 50u);
  std::size_t read_back = 0;
  for (const std::string& first : letters) {
    for (const std::string& second : letters) {
      for (const char* shadda : {"", "\u0651"}) {
        const std::string word = first + shadda + second;
        const auto zone = transliteration::to_zone_text(word, "ar");
        if (!zone.complete || zone.text.find('X') == std::string::npos) continue;
        const auto lattice = arabic_spellings(zone.text);
        ASSERT_TRUE(lattice.has_value()) << word << " " << zone.text;
        ASSERT_EQ(forms(*lattice, 512).count(word), 1u) << word << " " << zone.text;
        ++read_back;
      }
    }
  }
  EXPECT_GT(read_back, 2000u);
}

TEST(Spelling, ADoubledCodeMayBeAShadda) {
  const auto lattice = arabic_spellings("MXHMMD");
  ASSERT_TRUE(lattice.has_value());
  EXPECT_EQ(forms(*lattice), (Set{"محممد", "محم\u0651د"}));
}

TEST(Spelling, WhatIsNoArabicCodeIsNone) {
  EXPECT_FALSE(arabic_spellings("MUHAMMAD").has_value());
  EXPECT_FALSE(arabic_spellings("XO").has_value());
  EXPECT_FALSE(arabic_spellings("MAX").has_value());
}

}  // namespace
}  // namespace paxid::mrz
