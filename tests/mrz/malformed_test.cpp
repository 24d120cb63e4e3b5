// Every row of tests/data/mrz/malformed.jsonl with the answer that its words ask for.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

using enum FindingCode;

// The finding that a row names, with its place and cells; where a row wants none, nothing.
struct Wanted {
  bool ok;
  Format format;
  std::optional<Finding> finding = std::nullopt;
};

Finding finding(FindingCode code, Severity severity, unsigned line, unsigned column,
                std::string_view expected, std::string_view found) {
  Finding result;
  result.code = code;
  result.severity = severity;
  result.line = static_cast<std::uint8_t>(line);
  result.column = static_cast<std::uint8_t>(column);
  result.expected = FixedText<11>(expected);
  result.found = FixedText<11>(found);
  return result;
}

Wanted error(Format format, FindingCode code, unsigned line = 0, unsigned column = 0,
             std::string_view expected = {}, std::string_view found = {}) {
  return {false, format, finding(code, Severity::kError, line, column, expected, found)};
}
Wanted warning(Format format, FindingCode code, unsigned line, unsigned column,
               std::string_view expected = {}, std::string_view found = {}) {
  return {true, format, finding(code, Severity::kWarning, line, column, expected, found)};
}
Wanted note(Format format, FindingCode code, unsigned line = 0, unsigned column = 0,
            std::string_view expected = {}, std::string_view found = {}) {
  return {true, format, finding(code, Severity::kInfo, line, column, expected, found)};
}

const std::map<int, Wanted>& wanted_answers() {
  constexpr auto kNo = Format::kNone;
  constexpr auto kTd3Size = Format::kTd3;
  static const std::map<int, Wanted> answers{
      {2, error(kNo, kEmptyInput)},
      {3, error(kNo, kLineCount, 0, 0, "2", "1")},
      {5, note(kTd3Size, kJoinedLines)},
      {7, {true, kTd3Size}},
      {11, error(kNo, kLineLength, 1, 0, "44", "45")},
      {12, error(kNo, kLineLength, 2, 0, "44", "36")},
      {15, error(kTd3Size, kBadCharacter, 1, 11, "A-Z 0-9 <", "U+0000")},
      {17, note(kTd3Size, kBlankForFiller, 1, 2, "<", "U+0020")},
      {19, error(kTd3Size, kRepairedFiller, 1, 14, "<", "U+00AB")},
      {20, error(kTd3Size, kBadCharacter, 1, 16, "A-Z 0-9 <", "U+0410")},
      {24, error(kTd3Size, kDigitInName, 1, 8, "I", "1")},
      {26, error(kTd3Size, kCheckDigit, 2, 20, "2", "3")},
      {28, error(kTd3Size, kCheckDigit, 2, 43, "1", "2")},
      {30, error(kTd3Size, kCheckDigit, 2, 10, "6", "7")},
      {33, warning(kTd3Size, kCheckDigitFiller, 2, 43, "0", "<")},
      {35, error(kTd3Size, kWrongClass, 2, 20, "0-9", "Z")},
      {37, warning(kTd3Size, kNameUncertain, 1, 15, "<", "K")},
      {39, note(kTd3Size, kBlindPair, 2, 6, "8", "S")},
      {41, {true, kTd3Size}},
      {43, note(kTd3Size, kNationalityDiffers, 2, 11)},
      {45, {true, kTd3Size}},
      {47, error(kTd3Size, kInvalidDate, 2, 16, "01-12")},
      {48, error(kTd3Size, kInvalidDate, 2, 18, "01-31")},
      {49, error(kTd3Size, kInvalidDate, 2, 18, "01-31")},
      {50, warning(kTd3Size, kDateOrder, 2, 22)},
      {53, error(kTd3Size, kInvalidDate, 2, 16, "01-12")},
      {54, warning(kTd3Size, kUnknownState, 1, 3, "", "ZZZ")},
      {56, note(kTd3Size, kNonstandardCode, 2, 11, "D", "DEU")},
      {57, note(kTd3Size, kUnregisteredDocumentCode, 1, 1, "2026", "PZ")},
      {58, warning(Format::kTd1, kForbiddenDocumentCode, 1, 1, "", "IV")},
      {60, {true, Format::kTd2}},
      {61, {true, Format::kFraId}},
      {62, error(Format::kTd2, kDigitInName, 1, 31, "I", "1")},
      {63, error(kTd3Size, kEmptyName, 1, 6)},
      {64, note(kTd3Size, kNoPrimary, 1, 6)},
      {65, warning(kTd3Size, kExtraSeparator, 1, 20)},
      {66, {true, kTd3Size}},
      {67, {true, kTd3Size}},
      {68, warning(Format::kTd1, kCheckDigitFiller, 1, 15, "0", "<")},
      {69, error(Format::kTd1, kCheckDigitMissing, 1, 15, "7", "<")},
      {70, warning(Format::kTd1, kLongNumberUnterminated, 1, 30)},
      {71, {true, Format::kTd1}},
      {74, {true, Format::kMrvB}},
  };
  return answers;
}

bool holds(const Reading& reading, const Finding& wanted) {
  for (const Finding& finding : reading.findings) {
    Finding same_field = wanted;
    same_field.field = finding.field;
    if (finding == same_field) return true;
  }
  return false;
}

Reading row(int id) {
  for (const auto& row : rows_of("malformed.jsonl")) {
    if (row["id"] == id) return read_tolerant(raw_of(row));
  }
  ADD_FAILURE() << "no row " << id;
  return {};
}

std::size_t count(const Reading& reading, FindingCode code) {
  std::size_t found = 0;
  for (const Finding& finding : reading.findings) found += finding.code == code ? 1 : 0;
  return found;
}

// One test a row.
class MalformedRow : public testing::TestWithParam<nlohmann::json> {};

TEST_P(MalformedRow, GetsTheAnswerItAsksFor) {
  const auto wanted = wanted_answers().find(GetParam()["id"]);
  ASSERT_NE(wanted, wanted_answers().end()) << "no expectation";
  const Reading reading = read_tolerant(raw_of(GetParam()));
  EXPECT_EQ(reading.ok, wanted->second.ok);
  EXPECT_EQ(reading.format, wanted->second.format);
  if (wanted->second.finding) {
    EXPECT_TRUE(holds(reading, *wanted->second.finding)) << name_of(wanted->second.finding->code);
  }
}

INSTANTIATE_TEST_SUITE_P(Malformed, MalformedRow, testing::ValuesIn(rows_of("malformed.jsonl")),
                         [](const auto& row) { return "Row" + row.param["id"].dump(); });

TEST(Malformed, EveryExpectationHasItsRow) {
  EXPECT_EQ(rows_of("malformed.jsonl").size(), wanted_answers().size());
}

// What the rows say beyond one finding.

TEST(Malformed, Row11SuggestsAFillerLessInEachLine) {
  const auto holds_drop = [](unsigned line, unsigned column) {
    return holds(row(11), finding(kRepairCandidate, Severity::kInfo, line, column, "", "<"));
  };
  EXPECT_TRUE(holds_drop(1, 19));
  EXPECT_TRUE(holds_drop(2, 35));
  EXPECT_EQ(count(row(11), kRepairCandidate), 2u);
  EXPECT_EQ(row(11).document, Document{});
}

TEST(Malformed, Row11NamesBothLines) { EXPECT_EQ(count(row(11), kLineLength), 2u); }

TEST(Malformed, Row17ReadsWhatTheFillersWouldSay) {
  EXPECT_EQ(row(17).document, read_tolerant(kTd3Specimen).document);
}

TEST(Malformed, Row19ReadsTheNamesApart) {
  EXPECT_EQ(row(19).document.surname, "ERIKSSON");
  EXPECT_EQ(row(19).document.given_names, "ANNA MARIA");
}

TEST(Malformed, Row20IsASignalOfFraud) {
  const Reading reading = row(20);
  const auto homoglyph = find(reading, kHomoglyph);
  ASSERT_TRUE(homoglyph.has_value());
  EXPECT_EQ(homoglyph->expected, "A");
  EXPECT_EQ(reading.document.given_names, "?NNA MARIA");
}

TEST(Malformed, Row26StillReturnsEveryField) {
  EXPECT_EQ(row(26).document, read_tolerant(kTd3Specimen).document);
  EXPECT_EQ(row(26).checks.birth_date, Check::kContradicted);
  EXPECT_EQ(row(26).checks.expiry_date, Check::kConsistent);
}

TEST(Malformed, Row30NamesFiveDigits) {
  const Reading reading = row(30);
  EXPECT_EQ(count(reading, kCheckDigit), 5u);
  std::set<Field> fields;
  for (const Finding& finding : reading.findings) fields.insert(finding.field);
  for (Field field : {Field::kDocumentNumber, Field::kBirthDate, Field::kExpiryDate,
                      Field::kOptional1, Field::kComposite}) {
    EXPECT_EQ(fields.count(field), 1u) << name_of(field);
  }
}

TEST(Malformed, Row35IsMendedWithTwoWitnesses) {
  const Reading reading = row(35);
  EXPECT_TRUE(reading.ok_repaired);
  EXPECT_EQ(reading.checks.birth_date, Check::kConsistent);
  EXPECT_EQ(reading.checks.composite, Check::kConsistent);
  ASSERT_TRUE(find(reading, kRepairedCell).has_value());
  EXPECT_EQ(find(reading, kRepairedCell)->expected, "2");
}

TEST(Malformed, Row50ReportsBothCenturies) {
  const Reading reading = row(50);
  EXPECT_EQ(reading.birth.date, base::parse_iso_date("2020-01-01"));
  EXPECT_EQ(reading.birth.other, base::parse_iso_date("1920-01-01"));
  EXPECT_EQ(reading.expiry.date, base::parse_iso_date("2019-01-01"));
  EXPECT_EQ(reading.expiry.other, base::parse_iso_date("2119-01-01"));
  EXPECT_TRUE(reading.birth.century_ambiguous && reading.expiry.century_ambiguous);
}

TEST(Malformed, Row54NamesBothStates) { EXPECT_EQ(count(row(54), kUnknownState), 2u); }

TEST(Malformed, Row61HasNoNationalityAndNoExpiry) {
  const Reading reading = row(61);
  EXPECT_TRUE(reading.document.nationality.empty() && reading.document.expiry_date.empty());
  EXPECT_EQ(reading.expiry.state, DateState::kAbsent);
  EXPECT_EQ(reading.checks.document_number, Check::kConsistent);
  EXPECT_EQ(reading.checks.birth_date, Check::kConsistent);
  EXPECT_EQ(reading.checks.composite, Check::kConsistent);
  EXPECT_EQ(reading.checks.expiry_date, Check::kUncovered);
}

TEST(Malformed, Row64HasNoSurname) {
  EXPECT_EQ(row(64).document.surname, "");
  EXPECT_EQ(row(64).document.given_names, "ANNA MARIA");
}

TEST(Malformed, Row65JoinsTheGivenNames) {
  EXPECT_EQ(row(65).document.surname, "ERIKSSON");
  EXPECT_EQ(row(65).document.given_names, "ANNA MARIA");
}

TEST(Malformed, Row66HasOnlyASurname) {
  EXPECT_EQ(row(66).document.surname, std::string(39, 'A'));
  EXPECT_EQ(row(66).document.given_names, "");
  EXPECT_TRUE(row(66).maybe_truncated);
}

TEST(Malformed, Row67MayBeTruncated) { EXPECT_TRUE(row(67).maybe_truncated); }

TEST(Malformed, Row68HasNoNumber) { EXPECT_EQ(row(68).document.document_number, ""); }

TEST(Malformed, Row69IsNoLongNumber) {
  EXPECT_EQ(row(69).long_number, LongNumber::kNone);
  EXPECT_EQ(row(69).document.document_number, "D23145890");
  EXPECT_EQ(row(69).checks.document_number, Check::kContradicted);
}

TEST(Malformed, Row70KeepsAllTwentyThreeCharacters) {
  EXPECT_EQ(row(70).document.document_number, "AB1234567CD8901234EF567");
  EXPECT_EQ(row(70).checks.document_number, Check::kConsistent);
}

TEST(Malformed, Row71AgreesBothWays) { EXPECT_EQ(row(71).long_number, LongNumber::kBoth); }

TEST(Malformed, Row74KeepsTheLastCellAsData) {
  EXPECT_EQ(row(74).document.optional1, "M901101");
  EXPECT_EQ(row(74).checks.composite, Check::kUncovered);
}

}  // namespace
}  // namespace paxid::mrz
