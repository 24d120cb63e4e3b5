#include "mrz/writer.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>

#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

ZoneContent specimen() {
  ZoneContent content;
  content.format = Format::kTd3;
  content.document_code = "P";
  content.issuer = "UTO";
  content.primary = "Eriksson";
  content.secondary = "Anna Maria";
  content.document_number = "L898902C3";
  content.nationality = "UTO";
  content.birth_date = "740812";
  content.sex = "F";
  content.expiry_date = "120415";
  content.optional1 = "ZE184226B";
  return content;
}

std::string written(const ZoneContent& content) {
  const auto zone = write(content);
  EXPECT_TRUE(zone.has_value()) << (zone ? "" : zone.error().field + " " + zone.error().message);
  return zone ? zone->text() : "";
}

TEST(Writer, WritesTheSpecimensOfTheStandard) {
  EXPECT_EQ(written(specimen()), kTd3Specimen);
  ZoneContent card = specimen();
  card.format = Format::kTd1;
  card.document_code = "I";
  card.document_number = "D23145890";
  card.optional1 = "";
  EXPECT_EQ(written(card), kTd1Specimen);
  card.format = Format::kTd2;
  EXPECT_EQ(written(card), kTd2Specimen);
  ZoneContent visa = specimen();
  visa.format = Format::kMrvB;
  visa.document_code = "V";
  visa.document_number = "L8988901C";
  visa.nationality = "XXX";
  visa.expiry_date = "961210";
  visa.optional1 = "";
  EXPECT_EQ(written(visa), kMrvBSpecimen);
}

// Every zone of the data that is in order and conforms is written back cell by cell, unless it
// has what the standard does not print or leaves open.
TEST(Writer, WritesBackWhatWasRead) {
  std::size_t same = 0;
  for (const auto& row : rows_of("cases.jsonl")) {
    if (is_name_line(row) || row["valid"] != true) continue;
    const std::string raw = raw_of(row);
    const Reading reading = read_strict(raw);
    const bool legacy = reading.long_number == LongNumber::kFillerIncluded;
    // The writer trims blanks around optional data and writes the blank digit as a filler.
    const bool open = raw.find("<<<0") != std::string::npos || legacy;
    if (!reading.ok || open || reading.format == Format::kCheDl) continue;
    const auto zone = write(content_of(reading.format, reading.document));
    ASSERT_TRUE(zone.has_value()) << row["id"] << zone.error().field;
    const Reading again = read_strict(zone->text());
    EXPECT_EQ(again.document, reading.document) << row["id"];
    if (zone->text() == raw) ++same;
  }
  EXPECT_GT(same, 60u);
}

TEST(Writer, WritesNamesAsTheStandardDoes) {
  struct Case {
    const char* primary;
    const char* secondary;
    const char* surname;
    const char* given_names;
  };
  const std::vector<Case> cases{{"O'Connor", "Enya Siobhan", "OCONNOR", "ENYA SIOBHAN"},
                                {"Smith-Jones", "Susie Margaret", "SMITH JONES", "SUSIE MARGARET"},
                                {"Van Der Muellen", "Martin, Jr.", "VAN DER MUELLEN", "MARTIN JR"},
                                {"D'Artagnan", "  Anna  -  Maria ", "DARTAGNAN", "ANNA MARIA"},
                                {"Arkfreith", "", "ARKFREITH", ""},
                                {"", "Anna Maria", "", "ANNA MARIA"}};
  for (const Case& test : cases) {
    ZoneContent content = specimen();
    content.primary = test.primary;
    content.secondary = test.secondary;
    const Reading reading = read_tolerant(written(content));
    EXPECT_EQ(reading.document.surname, test.surname);
    EXPECT_EQ(reading.document.given_names, test.given_names);
  }
}

TEST(Writer, TransliteratesNamesOfOtherScripts) {
  ZoneContent content = specimen();
  content.primary = "Мельник";
  content.secondary = "Юлія";
  const auto ukrainian = write_transliterated(content, "uk");
  ASSERT_TRUE(ukrainian.has_value());
  EXPECT_EQ(read_tolerant(ukrainian->text()).document.surname, "MELNYK");
  content.primary = "Müller-Lüdenscheidt";
  content.secondary = "O’Neil";
  const auto german = write_transliterated(content, "");
  ASSERT_TRUE(german.has_value());
  EXPECT_EQ(read_tolerant(german->text()).document.surname, "MUELLER LUEDENSCHEIDT");
  EXPECT_EQ(read_tolerant(german->text()).document.given_names, "ONEIL");
  content.primary = "東京";
  const auto none = write_transliterated(content, "");
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().field, "primary");
}

TEST(Writer, CutsNamesSoThatTheLastCellIsALetter) {
  ZoneContent content = specimen();
  content.primary = "NILAVADHANANANDA";
  content.secondary = "CHAYAPA DEJTHAMRONG KRASUANG";
  EXPECT_EQ(written(content).substr(5, 39), "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K");
  content.secondary = "ARNPOL PETCH CHARONGUANG";
  EXPECT_EQ(written(content).substr(5, 39), "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU");
  content.primary = std::string_view("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  content.secondary = "BERTA";
  EXPECT_EQ(written(content).substr(5, 39), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA<<B");
}

bool is_prefix(std::string_view part, std::string_view whole) {
  return whole.substr(0, part.size()) == part;
}

// Whether each part of `printed` is a beginning of the part of `full` at its place.
bool is_legal_cut(std::string_view printed, std::string_view full) {
  while (!printed.empty()) {
    if (full.empty()) return false;
    const std::size_t a = std::min(printed.find(' '), printed.size());
    const std::size_t b = std::min(full.find(' '), full.size());
    if (a == 0 || !is_prefix(printed.substr(0, a), full.substr(0, b))) return false;
    printed.remove_prefix(std::min(a + 1, printed.size()));
    full.remove_prefix(std::min(b + 1, full.size()));
  }
  return true;
}

// Any names of any length: the field is legal, and what is printed is a cut of what was given.
TEST(Writer, EveryNameIsPrintedOrLegallyCut) {
  std::mt19937 random(20260601);
  const auto name = [&random](int parts) {
    std::string text;
    for (int i = 0; i < parts; ++i) {
      if (i > 0) text.push_back(' ');
      const int length = 1 + static_cast<int>(random() % 14);
      for (int k = 0; k < length; ++k) text.push_back(static_cast<char>('A' + random() % 26));
    }
    return text;
  };
  std::size_t cut = 0;
  for (int i = 0; i < 50000; ++i) {
    const std::string primary = name(1 + static_cast<int>(random() % 5));
    const std::string secondary = name(static_cast<int>(random() % 5));
    for (const Format format : {Format::kTd1, Format::kTd2, Format::kTd3}) {
      ZoneContent content = specimen();
      content.format = format;
      content.document_code = format == Format::kTd3 ? "P" : "I";
      content.optional1 = "";
      content.primary = primary;
      content.secondary = secondary;
      const Reading reading = read_tolerant(written(content));
      const Document& document = reading.document;
      ASSERT_TRUE(reading.ok);
      ASSERT_TRUE(is_legal_cut(document.surname, primary)) << primary << "/" << secondary;
      ASSERT_TRUE(is_legal_cut(document.given_names, secondary)) << primary << "/" << secondary;
      ASSERT_EQ(document.given_names.empty(), secondary.empty());
      const bool whole = document.surname == std::string_view(primary) &&
                         document.given_names == std::string_view(secondary);
      if (!whole) {
        ++cut;
        ASSERT_TRUE(reading.maybe_truncated) << primary << "/" << secondary;
      }
    }
  }
  EXPECT_GT(cut, 10000u);
}

TEST(Writer, LongNumbersGoOnInTheOptionalData) {
  ZoneContent content = specimen();
  content.format = Format::kTd1;
  content.document_code = "I";
  content.document_number = "D23145890734";
  content.optional1 = "";
  EXPECT_EQ(written(content).substr(0, 30), "I<UTOD23145890<7349<<<<<<<<<<<");
  content.optional1 = "XYZ";
  const Reading reading = read_strict(written(content));
  EXPECT_TRUE(reading.ok);
  EXPECT_EQ(reading.document.document_number, "D23145890734");
  EXPECT_EQ(reading.document.optional1, "XYZ");
}

TEST(Writer, LongNumbersOfEveryLength) {
  const std::string digits = "AB1234567CD8901234EF567890";
  for (std::size_t length = 1; length <= digits.size(); ++length) {
    for (const Format format : {Format::kTd1, Format::kTd2, Format::kTd3}) {
      const std::size_t limit = format == Format::kTd1 ? 22 : format == Format::kTd2 ? 14 : 9;
      const std::string number = digits.substr(0, length);
      ZoneContent content = specimen();
      content.format = format;
      content.document_code = format == Format::kTd3 ? "P" : "I";
      content.document_number = number;
      content.optional1 = "";
      const auto zone = write(content);
      ASSERT_EQ(zone.has_value(), length <= limit) << length;
      if (!zone) {
        EXPECT_EQ(zone.error().field, "document_number");
        continue;
      }
      const Reading reading = read_strict(zone->text());
      EXPECT_TRUE(reading.ok) << length;
      EXPECT_EQ(reading.document.document_number, number);
      EXPECT_EQ(reading.long_number != LongNumber::kNone, length > 9);
    }
  }
}

TEST(Writer, RefusesWhatAZoneCannotSay) {
  struct Case {
    const char* field;
    std::function<void(ZoneContent&)> damage;
  };
  const std::vector<Case> cases{
      {"format", [](ZoneContent& c) { c.format = Format::kNone; }},
      {"document_code", [](ZoneContent& c) { c.document_code = ""; }},
      {"document_code", [](ZoneContent& c) { c.document_code = "PPP"; }},
      {"document_code", [](ZoneContent& c) { c.document_code = "1P"; }},
      {"issuer", [](ZoneContent& c) { c.issuer = "U7O"; }},
      {"issuer", [](ZoneContent& c) { c.issuer = ""; }},
      {"primary", [](ZoneContent& c) { c.primary = "M\u00DCLLER"; }},
      {"primary", [](ZoneContent& c) { c.primary = "R2D2"; }},
      {"primary", [](ZoneContent& c) { c.primary = c.secondary = ""; }},
      {"secondary", [](ZoneContent& c) { c.secondary = "A\nB"; }},
      {"document_number", [](ZoneContent& c) { c.document_number = "AB/12"; }},
      {"document_number", [](ZoneContent& c) { c.document_number = "L898902C34"; }},
      {"nationality", [](ZoneContent& c) { c.nationality = "UTOP"; }},
      {"birth_date", [](ZoneContent& c) { c.birth_date = "990229"; }},
      {"birth_date", [](ZoneContent& c) { c.birth_date = "1974-08-12"; }},
      {"birth_date", [](ZoneContent& c) { c.birth_date = ""; }},
      {"sex", [](ZoneContent& c) { c.sex = "W"; }},
      {"expiry_date", [](ZoneContent& c) { c.expiry_date = "1204<<"; }},
      {"expiry_date", [](ZoneContent& c) { c.expiry_date = "<<<<<<"; }},
      {"optional1", [](ZoneContent& c) { c.optional1 = "ZE184226BZE1842"; }},
      {"optional1", [](ZoneContent& c) { c.optional1 = "A_B"; }},
      {"optional2", [](ZoneContent& c) { c.optional2 = "X"; }}};
  for (const Case& test : cases) {
    ZoneContent content = specimen();
    test.damage(content);
    const auto zone = write(content);
    ASSERT_FALSE(zone.has_value()) << test.field;
    EXPECT_EQ(zone.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_EQ(zone.error().field, test.field);
  }
}

// Random documents of every format of Doc 9303: what is written is read back, strictly.
TEST(Writer, RoundTripsRandomDocuments) {
  std::mt19937 random(9303);
  const auto below = [&random](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto text = [&](std::string_view alphabet, unsigned least, unsigned most) {
    std::string result;
    const unsigned length = least + below(most - least + 1);
    for (unsigned i = 0; i < length; ++i)
      result.push_back(alphabet[below(static_cast<unsigned>(alphabet.size()))]);
    return result;
  };
  // Neither K nor the other letters that are suspect in runs, so that nothing is to be noted.
  constexpr std::string_view kLetters = "ABDFHIJMNOPQTUWYZ";
  constexpr std::string_view kAll = "0123456789ABDFHIJMNOPQTUWYZ";
  const std::array<std::string_view, 4> issuers{"UTO", "D", "FRA", "XOM"};
  const auto date = [&] {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%02u%02u%02u", below(100), 1 + below(12), 1 + below(28));
    return std::string(digits);
  };
  for (int i = 0; i < 50000; ++i) {
    const std::array<Format, 5> formats{Format::kTd1, Format::kTd2, Format::kTd3, Format::kMrvA,
                                        Format::kMrvB};
    const Format format = formats[below(5)];
    const bool card = format == Format::kTd1 || format == Format::kTd2;
    const std::string primary = text(kLetters, 1, 12);
    const std::string secondary = text(kLetters, 1, 6) + " " + text(kLetters, 1, 6);
    const unsigned longest = format == Format::kTd1 ? 22 : format == Format::kTd2 ? 14 : 9;
    const std::string number = text(kAll, 1, longest);
    const std::string optional = number.size() > 9 ? "" : text(kAll, 0, 7);
    const std::string optional2 = format == Format::kTd1 ? text(kAll, 0, 11) : "";
    const std::string birth = below(8) == 0 ? date().substr(0, 4) + "<<" : date();
    const std::string expiry = date();
    ZoneContent content = specimen();
    content.format = format;
    content.document_code = card ? "I" : format == Format::kTd3 ? "PP" : "V";
    content.issuer = issuers[below(4)];
    content.nationality = content.issuer;
    content.primary = primary;
    content.secondary = secondary;
    content.document_number = number;
    content.birth_date = birth;
    content.expiry_date = expiry;
    content.sex = below(2) == 0 ? "M" : "<";
    content.optional1 = optional;
    content.optional2 = optional2;
    const std::string zone = written(content);
    const Reading reading = read_strict(zone);
    ASSERT_TRUE(reading.ok) << zone;
    ASSERT_EQ(reading.format, format);
    ASSERT_EQ(reading.document.surname, primary);
    ASSERT_EQ(reading.document.given_names, secondary);
    ASSERT_EQ(reading.document.document_number, number);
    ASSERT_EQ(reading.document.birth_date, birth);
    ASSERT_EQ(reading.document.expiry_date, expiry);
    ASSERT_EQ(reading.document.optional1, optional);
    ASSERT_EQ(reading.document.optional2, optional2);
    ASSERT_EQ(written(content_of(format, reading.document)), zone);
  }
}

}  // namespace
}  // namespace paxid::mrz
