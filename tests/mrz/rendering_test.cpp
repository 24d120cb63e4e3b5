#include "mrz/rendering.h"

#include <gtest/gtest.h>

#include <string>

#include "mrz/writer.h"
#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

// "SURNAME, GIVEN NAMES" as the rows of cases.jsonl have it.
VisualName visual_of(const std::string& viz) {
  const std::size_t comma = std::min(viz.find(','), viz.size());
  const std::string_view text(viz);
  return {text.substr(0, comma), text.substr(std::min(comma + 1, text.size())), {}};
}

// The name field of a name line.
std::string field_of(const nlohmann::json& row) {
  const std::string line = row["lines"][0];
  return row["format"] == "TD1_L3" ? line : line.substr(5);
}

TEST(Rendering, EveryNameLineOfTheStandardIsLegal) {
  std::size_t lines = 0;
  for (const auto& row : rows_of("cases.jsonl")) {
    if (!is_name_line(row) || !row["valid"].get<bool>()) continue;
    ++lines;
    const std::string viz = row["expected"]["viz"];
    const bool cut = row["expected"]["really_truncated"];
    EXPECT_EQ(rendering_of(field_of(row), visual_of(viz)),
              cut ? Rendering::kCut : Rendering::kWhole)
        << row["id"];
  }
  EXPECT_GT(lines, 30u);
}

TEST(Rendering, NoNameLineOfTheStandardRendersAnotherName) {
  for (const auto& line : rows_of("cases.jsonl")) {
    if (!is_name_line(line)) continue;
    for (const auto& name : rows_of("cases.jsonl")) {
      if (!is_name_line(name)) continue;
      const std::string viz = name["expected"]["viz"];
      if (viz == line["expected"]["viz"]) continue;
      EXPECT_FALSE(is_legal(rendering_of(field_of(line), visual_of(viz))))
          << line["id"] << name["id"];
    }
  }
}

// 9303-4 4.2.3: the ways that the standard itself shows for one name, and names that just fit.
TEST(Rendering, EveryCutThatTheStandardShowsIsLegal) {
  const VisualName bennelong{"BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", "DINGO POTOROO", {}};
  for (const char* cells :
       {"BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI", "BENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO",
        "BENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO"}) {
    EXPECT_EQ(rendering_of(cells, bennelong), Rendering::kCut) << cells;
  }
  EXPECT_EQ(rendering_of("PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR",
                         {"PAPANDROPOULOUS", "JONATHON WARREN TREVOR", {}}),
            Rendering::kWhole);
  EXPECT_EQ(rendering_of("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K",
                         {"NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG", {}}),
            Rendering::kCut);
}

std::string filled(std::string name, std::size_t width = 39) {
  name.resize(width, '<');
  return name;
}

TEST(Rendering, SaysWhyALineIsNone) {
  const VisualName name{"Eriksson", "Anna Maria", {}};
  EXPECT_EQ(rendering_of(filled("ERIKSSON<<ANNA<MARIA"), name), Rendering::kWhole);
  EXPECT_EQ(rendering_of(filled("ERIKSSEN<<ANNA<MARIA"), name), Rendering::kPartDiffers);
  EXPECT_EQ(rendering_of(filled("ERIKSSON<<ANNA<MARIA<EVA"), name), Rendering::kExtraPart);
  EXPECT_EQ(rendering_of(filled("ERIKSSON<<ANNA"), name), Rendering::kPartMissing);
  EXPECT_EQ(rendering_of(filled("ERIKSSON<<ANN<MARIA"), name), Rendering::kCutBeforeTheEnd);
  EXPECT_EQ(rendering_of(filled("ERIKSSON"), name), Rendering::kPartMissing);
  EXPECT_EQ(rendering_of("ERIKSSON<<ANNA<MARI", name), Rendering::kCut);
  EXPECT_EQ(rendering_of("ERIKSSO<<ANNA<MARIA", name), Rendering::kCut);
  EXPECT_EQ(rendering_of("ERIKSSON<<ANN<MARIA<", {"Eriksson", "Anna Maria", {}}),
            Rendering::kCutBeforeTheEnd);
  EXPECT_EQ(rendering_of("ERI<<ANNA<M", {"Erik", "Ann", {}}), Rendering::kExtraPart);
  EXPECT_EQ(rendering_of("ERI<<ANNA", {"Eri", "Anna", {}}), Rendering::kWhole);
  EXPECT_EQ(rendering_of("ER<<ANNAB", {"Eri", "Annab", {}}), Rendering::kCut);
  EXPECT_EQ(rendering_of("AB<<CDEFG", {"Abc", "Cdefg", {}}), Rendering::kCut);
  EXPECT_EQ(rendering_of(filled("ERIKSSON<<ANNA<1ARIA"), name), Rendering::kMalformedField);
  EXPECT_EQ(rendering_of(filled("ERIKSSON<<ANNA<<MARIA"), name), Rendering::kMalformedField);
  EXPECT_EQ(rendering_of(filled("ERIKSSON"), {"", "", {}}), Rendering::kNoName);
  EXPECT_EQ(rendering_of(filled("<<ANNA<MARIA"), {"", "Anna Maria", {}}), Rendering::kWhole);
}

TEST(Rendering, ANameThatFitsMayNotBeCut) {
  // Full to the last cell, yet one letter of the surname is gone without need.
  EXPECT_EQ(rendering_of("ERI<ANNA", {"Eri", "", {}}), Rendering::kExtraPart);
  EXPECT_EQ(rendering_of("MUELLER<<HAN", {"Müller", "Hans", {}}), Rendering::kCut);
  EXPECT_EQ(rendering_of("MULLER<<HANS", {"Müller", "Hans", {}}), Rendering::kWhole);
  EXPECT_EQ(rendering_of("MULLER<<HAN", {"Muller", "Han", {}}), Rendering::kWhole);
}

TEST(Rendering, EveryTransliterationOfAWordIsLegal) {
  for (const char* printed : {"MUELLER", "MULLER", "MUXXLLER"}) {
    EXPECT_EQ(rendering_of(filled(std::string(printed) + "<<JOSE"), {"Müller", "José", {}}),
              Rendering::kWhole)
        << printed;
  }
  EXPECT_EQ(rendering_of(filled("MELLER<<JOSE"), {"Müller", "José", {}}), Rendering::kPartDiffers);
  EXPECT_EQ(rendering_of(filled("CANXXON<<JOSE"), {"Cañon", "José", {}}), Rendering::kWhole);
  EXPECT_EQ(rendering_of(filled("OCONNOR<<SMITH<JONES"), {"O’Connor", "Smith-Jones", {}}),
            Rendering::kWhole);
}

// What the writer makes of a name is a legal rendering of it, at every width.
TEST(Rendering, TheWritersCutsAreLegal) {
  const std::vector<std::pair<const char*, const char*>> names{
      {"NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG"},
      {"BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL", "DINGO POTOROO"},
      {"VAN DER MUELLEN", "MARTIN"},
      {"PAPANDROPOULOUS", "JONATHON ALEC"}};
  for (const auto& [primary, secondary] : names) {
    for (const Format format : {Format::kTd3, Format::kMrvA}) {
      ZoneContent content;
      content.format = format;
      content.document_code = format == Format::kTd3 ? "P" : "V";
      content.issuer = content.nationality = "UTO";
      content.primary = primary;
      content.secondary = secondary;
      content.document_number = "X1";
      content.birth_date = "740812";
      content.expiry_date = "310101";
      const auto zone = write(content);
      ASSERT_TRUE(zone.has_value());
      EXPECT_TRUE(is_legal(rendering_of(zone->lines[0].view().substr(5), {primary, secondary, {}})))
          << zone->text();
    }
  }
}

}  // namespace
}  // namespace paxid::mrz
