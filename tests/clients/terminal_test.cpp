#include "clients/cli/terminal.h"

#include <gtest/gtest.h>

namespace paxid::cli {
namespace {

TEST(Printable, ReplacesWhatSteersATerminal) {
  EXPECT_EQ(printable("A\x1b[2JB"), "A\uFFFD[2JB");
  EXPECT_EQ(printable("A\u202EB\r\n"), "A\uFFFDB\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xff"), "\uFFFD");
  EXPECT_EQ(printable("Müller Юлия"), "Müller Юлия");
}

TEST(ColumnsOf, KnowsMarksAndWideCharacters) {
  EXPECT_EQ(columns_of("Müller"), 6U);
  EXPECT_EQ(columns_of("Mu\u0308ller"), 6U);
  EXPECT_EQ(columns_of("김민수"), 6U);
  EXPECT_EQ(columns_of("カタカナ"), 8U);
  EXPECT_EQ(columns_of(""), 0U);
}

TEST(StyleOfStandardOutput, HasNoColourWhereNobodyLooks) {
  const TextStyle style = style_of_standard_output();
  EXPECT_GE(style.width, kLeastWidth);
  EXPECT_LE(style.width, kGreatestWidth);
}

}  // namespace
}  // namespace paxid::cli
