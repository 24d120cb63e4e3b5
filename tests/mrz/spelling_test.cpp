#include "mrz/spelling.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

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
