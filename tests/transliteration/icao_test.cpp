#include "transliteration/icao.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "transliteration/word.h"

namespace paxid::transliteration {
namespace {

struct TableRow {
  std::string letter;
  std::string preferred;
  std::string alternatives;
};

// The rows as a person reads them: the copy of the section 6 tables in tests/data.
std::vector<TableRow> table(const std::string& file) {
  std::ifstream in(std::string(PAXID_TEST_DATA) + "/transliteration/" + file);
  std::vector<TableRow> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::vector<std::string> columns;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) columns.push_back(cell);
    columns.resize(8);
    if (columns[0].find(' ') != std::string::npos || columns[2].starts_with('[')) continue;
    rows.push_back({columns[1], columns[2], columns[3]});
  }
  return rows;
}

class EveryRow : public testing::TestWithParam<const char*> {};

TEST_P(EveryRow, IsCompiledInAsPrinted) {
  const auto rows = table(GetParam());
  ASSERT_FALSE(rows.empty());
  for (const TableRow& row : rows) {
    const auto points = base::to_code_points(row.letter);
    ASSERT_TRUE(points && points->size() == 1) << row.letter;
    const auto found = std::find_if(icao_rows().begin(), icao_rows().end(),
                                    [&](const IcaoRow& r) { return r.letter == (*points)[0]; });
    ASSERT_NE(found, icao_rows().end()) << row.letter;
    EXPECT_EQ(found->preferred, row.preferred) << row.letter;
    EXPECT_EQ(found->alternatives, row.alternatives) << row.letter;
  }
}

INSTANTIATE_TEST_SUITE_P(Section6, EveryRow,
                         testing::Values("icao9303_latin.tsv", "icao9303_cyrillic.tsv",
                                         "icao9303_arabic.tsv"));

// A letter between two others, so that neither "word start" nor "word end" applies.
TEST(LatinTable, EveryLetterWritesItsPreferredSpellingInAZone) {
  for (const TableRow& row : table("icao9303_latin.tsv")) {
    EXPECT_EQ(to_zone_text("A" + row.letter + "B", "").text, "A" + row.preferred + "B")
        << row.letter;
  }
}

TEST(LatinTable, EveryAlternativeIsAFormOfTheWord) {
  for (const TableRow& row : table("icao9303_latin.tsv")) {
    std::istringstream alternatives(row.alternatives);
    for (std::string one; std::getline(alternatives, one, '|');) {
      const Words words = read_words("M" + row.letter + "R", "");
      ASSERT_EQ(words.words.size(), 1U);
      const auto& forms = words.words[0].other_forms;
      EXPECT_TRUE(std::any_of(forms.begin(), forms.end(),
                              [&](const WrittenForm& f) { return f.letters == "M" + one + "R"; }))
          << row.letter << " as " << one;
    }
  }
}

TEST(ZoneText, TakesTheExceptionOfTheLanguage) {
  // Doc 9303-3 section 6 B: initial letters of Ukrainian, Belarusian io and h.
  EXPECT_EQ(to_zone_text("Юлія Згурська", "uk").text, "YULIIA<ZHURSKA");
  EXPECT_EQ(to_zone_text("Юлия", "ru").text, "IULIIA");
  EXPECT_EQ(to_zone_text("Игорь", "ru").text, "IGOR");
  EXPECT_EQ(to_zone_text("Їжакевич", "uk").text, "YIZHAKEVYCH");
  EXPECT_EQ(to_zone_text("Пётр", "be").text, "PIOTR");
  EXPECT_EQ(to_zone_text("Щерев", "bg").text, "SHTEREV");
  EXPECT_EQ(to_zone_text("Щукин", "ru").text, "SHCHUKIN");
}

TEST(ZoneText, FollowsThePrintedExamplesOfAppendixB) {
  EXPECT_EQ(to_zone_text("Térèsa Cañon", "").text, "TERESA<CANON");
  EXPECT_EQ(to_zone_text("ابو بكر محمد بن زكريا الرازي", "").text, "ABW<BKR<MXHMD<BN<ZKRYA<ALRAZY");
  EXPECT_EQ(to_zone_text("جمال عبد الناصر", "").text, "JMAL<EBD<ALNAXSSR");
  EXPECT_EQ(to_zone_text("عبد العزيز بن متعب", "").text, "EBD<ALEZYZ<BN<MTEB");
  EXPECT_EQ(to_zone_text("جميلة نعيمة", "").text, "JMYLXAH<NEYMXAH");
  EXPECT_EQ(to_zone_text("عبّاس", "").text, "EBBAS");
}

TEST(ZoneText, TreatsPunctuationAsSection46Says) {
  EXPECT_EQ(to_zone_text("D'Artagnan", "").text, "DARTAGNAN");
  EXPECT_EQ(to_zone_text("Szé-To  Mei", "").text, "SZE<TO<MEI");
  EXPECT_EQ(to_zone_text("Smith, John Jr.", "").text, "SMITH<JOHN<JR");
  EXPECT_EQ(to_zone_text("", "").text, "");
}

TEST(ZoneText, SaysWhenALetterHasNoRow) {
  EXPECT_TRUE(to_zone_text("Müller", "").complete);
  EXPECT_FALSE(to_zone_text("山田 TARO", "").complete);
  EXPECT_EQ(to_zone_text("山田 TARO", "").text, "TARO");
}

TEST(TablesDigest, IsASha256) {
  EXPECT_EQ(tables_digest().size(), 64U);
  EXPECT_EQ(tables_digest().find_first_not_of("0123456789abcdef"), std::string_view::npos);
}

}  // namespace
}  // namespace paxid::transliteration
