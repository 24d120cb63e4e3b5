#include "mrz/state_code.h"

#include <gtest/gtest.h>

#include <string>

#include "base/date.h"

namespace paxid::mrz {
namespace {

TEST(StateCode, KnowsIsoAndIcaoCodes) {
  for (const char* code : {"ABW", "AND", "CHE", "FRA", "GBR", "USA", "ZWE", "TWN", "PSE", "SSD"}) {
    EXPECT_EQ(state_code(code), StateCode::kKnown) << code;
  }
  for (const char* code : {"D",   "GBD", "GBN", "GBO", "GBP", "GBS", "RKS", "EUE", "UNO",
                           "UNA", "UNK", "XBA", "XIM", "XCC", "XCE", "XCO", "XEC", "XPO",
                           "XES", "XMP", "XOM", "XDC", "XXA", "XXB", "XXC", "XXX"}) {
    EXPECT_EQ(state_code(code), StateCode::kKnown) << code;
  }
}

TEST(StateCode, TellsSpecialCodesApart) {
  EXPECT_EQ(state_code("UTO"), StateCode::kSpecimen);
  EXPECT_EQ(state_code("DEU"), StateCode::kNonstandard);
  EXPECT_EQ(state_code("ANT"), StateCode::kDeprecated);
  EXPECT_EQ(state_code("NTZ"), StateCode::kDeprecated);
}

TEST(StateCode, KnowsNothingElse) {
  for (const char* code :
       {"", "A", "CH", "ZZZ", "XYZ", "YTO", "INP", "D0E", "usa", "GB<", "ABCD"}) {
    EXPECT_EQ(state_code(code), StateCode::kUnknown) << code;
  }
}

// 248 ISO codes without DEU, and 26 of ICAO: one wrong letter in the table would change this.
TEST(StateCode, KnowsExactlyAsManyAsTheListsHold) {
  int known = 0;
  std::string code(3, 'A');
  for (code[0] = 'A'; code[0] <= 'Z'; ++code[0]) {
    for (code[1] = 'A'; code[1] <= 'Z'; ++code[1]) {
      for (code[2] = 'A'; code[2] <= 'Z'; ++code[2]) {
        known += state_code(code) == StateCode::kKnown ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(known, 248 + 26);
}

TEST(StateCode, EveryCodeHasARowWithEditionAndDate) {
  std::string code(3, 'A');
  int entries = 0;
  for (code[0] = 'A'; code[0] <= 'Z'; ++code[0]) {
    for (code[1] = 'A'; code[1] <= 'Z'; ++code[1]) {
      for (code[2] = 'A'; code[2] <= 'Z'; ++code[2]) {
        const auto entry = state_entry(code);
        ASSERT_EQ(entry.has_value(), state_code(code) != StateCode::kUnknown) << code;
        if (!entry) continue;
        ++entries;
        EXPECT_EQ(entry->kind, state_code(code)) << code;
        EXPECT_FALSE(entry->what.empty() || entry->edition.empty()) << code;
        EXPECT_TRUE(base::parse_iso_date(entry->date).has_value()) << code;
      }
    }
  }
  EXPECT_EQ(entries, 248 + 26 + 4);
  ASSERT_TRUE(state_entry("D").has_value());
  EXPECT_EQ(state_entry("D")->kind, StateCode::kKnown);
  EXPECT_FALSE(state_entry("").has_value());
}

TEST(StateCode, GroupsTheStatesThatIssueUnderSeveralCodes) {
  EXPECT_TRUE(same_state("GBR", "GBN"));
  EXPECT_TRUE(same_state("D", "DEU"));
  EXPECT_TRUE(same_state("FRA", "FRA"));
  EXPECT_FALSE(same_state("GBR", "GAB"));
  EXPECT_FALSE(same_state("FRA", "MCO"));
}

}  // namespace
}  // namespace paxid::mrz
