// Every row of tests/data/mrz/cases.jsonl: published specimens, test vectors of open parsers
// and zones built from the rules (SOURCES.md).
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/mrz/vectors.h"

namespace paxid::mrz {
namespace {

using nlohmann::json;

std::map<std::string, std::string_view> fields_of(const Document& document) {
  return {{"document_code", document.document_code},
          {"issuer", document.issuer},
          {"surname", document.surname},
          {"given_names", document.given_names},
          {"document_number", document.document_number},
          {"nationality", document.nationality},
          {"birth_date", document.birth_date},
          {"sex", document.sex},
          {"expiry_date", document.expiry_date},
          {"optional1", document.optional1},
          {"optional2", document.optional2}};
}

std::map<std::string, Check> checks_of(const Checks& checks) {
  return {{"document_number", checks.document_number},
          {"birth_date", checks.birth_date},
          {"expiry_date", checks.expiry_date},
          {"optional", checks.optional},
          {"composite", checks.composite}};
}

// The rows keep the blanks that fillers around optional data leave behind; the reader does not.
std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

// Rows that the reader answers otherwise than they say, on purpose: SOURCES.md.
const std::set<std::string> kMended{"mrz-289", "mrz-294"};
const std::set<std::string> kReordered{"mrz-271"};

bool is_exception(const json& row) {
  return kMended.count(row["id"]) != 0 || kReordered.count(row["id"]) != 0;
}

TEST(Cases, AnswerWhetherTheZoneIsInOrder) {
  for (const json& row : rows_of("cases.jsonl")) {
    if (is_name_line(row) || row["valid"].is_null()) continue;
    EXPECT_EQ(read_tolerant(raw_of(row)).ok, row["valid"].get<bool>()) << row["id"];
  }
}

TEST(Cases, AnswerTheFormat) {
  for (const json& row : rows_of("cases.jsonl")) {
    if (is_name_line(row)) continue;
    EXPECT_EQ(name_of(read_tolerant(raw_of(row)).format), row["format"]) << row["id"];
  }
}

TEST(Cases, AnswerEveryField) {
  std::size_t compared = 0;
  for (const json& row : rows_of("cases.jsonl")) {
    if (is_name_line(row) || is_exception(row)) continue;
    const Reading reading = read_tolerant(raw_of(row));
    const auto fields = fields_of(reading.document);
    for (const auto& [key, value] : row["expected"].items()) {
      const auto field = fields.find(key);
      if (field == fields.end()) continue;
      ++compared;
      EXPECT_EQ(field->second, trimmed(value)) << row["id"] << " " << key;
    }
  }
  EXPECT_GT(compared, 2000u);
}

TEST(Cases, AnswerEveryCheckDigit) {
  std::size_t compared = 0;
  for (const json& row : rows_of("cases.jsonl")) {
    if (is_name_line(row) || is_exception(row)) continue;
    const auto checks = checks_of(read_tolerant(raw_of(row)).checks);
    for (const auto& [key, agrees] : row["checks"].items()) {
      ++compared;
      EXPECT_EQ(checks.at(key), agrees.get<bool>() ? Check::kConsistent : Check::kContradicted)
          << row["id"] << " " << key;
    }
    if (row["checks"].contains("document_number")) continue;
    for (const auto& [key, check] : checks) EXPECT_EQ(check, Check::kUncovered) << row["id"] << key;
  }
  EXPECT_GT(compared, 900u);
}

TEST(Cases, AnswerHowALongNumberIsProtected) {
  const std::map<std::string, LongNumber> names{{"excl", LongNumber::kFillerExcluded},
                                                {"incl", LongNumber::kFillerIncluded},
                                                {"both", LongNumber::kBoth},
                                                {"none", LongNumber::kContradicted}};
  for (const json& row : rows_of("cases.jsonl")) {
    if (is_name_line(row)) continue;
    const auto variant = row.find("long_document_number_variant");
    const LongNumber wanted = variant == row.end() ? LongNumber::kNone : names.at(*variant);
    EXPECT_EQ(read_tolerant(raw_of(row)).long_number, wanted) << row["id"];
  }
}

// What is mended is one cell: with the printed cell put back the fields are those of the row,
// and the zone as printed is not in order.
TEST(Cases, MendedRowsDifferInTheMendedCellAlone) {
  std::set<std::string> mended;
  for (const json& row : rows_of("cases.jsonl")) {
    if (is_name_line(row)) continue;
    const Reading reading = read_tolerant(raw_of(row));
    const auto repair = find(reading, FindingCode::kRepairedCell);
    if (!repair) continue;
    mended.insert(row["id"]);
    EXPECT_FALSE(reading.ok) << row["id"];
    EXPECT_TRUE(reading.ok_repaired) << row["id"];
    auto fields = fields_of(reading.document);
    const std::string key(name_of(repair->field));
    std::string printed(fields.at(key));
    const std::string wanted = row["expected"][key];
    ASSERT_EQ(printed.size(), wanted.size()) << row["id"];
    std::size_t differing = 0;
    for (std::size_t i = 0; i < printed.size(); ++i) differing += printed[i] != wanted[i] ? 1 : 0;
    EXPECT_EQ(differing, 1u) << row["id"];
    const std::string repaired_zone =
        with_cell(raw_of(row), repair->line, repair->column, repair->expected.view()[0]);
    EXPECT_TRUE(read_tolerant(repaired_zone).ok) << row["id"];
  }
  EXPECT_EQ(mended, kMended);
}

// The name lines of the standard, each in a whole zone of its format.
TEST(Cases, NameLinesGiveIdentifiersAndTruncation) {
  std::size_t truncated = 0;
  for (const json& row : rows_of("cases.jsonl")) {
    if (!is_name_line(row)) continue;
    const std::string line = row["lines"][0];
    const std::string format = row["format"];
    std::string raw = line + "\n" +
                      (line.size() == 44 ? "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
                                         : "D231458907UTO7408122F1204159<<<<<<<6");
    if (format == "TD1_L3") {
      raw = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n" + line;
    } else if (format == "MRVB_L1") {
      raw = line + "\nL8988901C4XXX7408122F9612109<<<<<<<<";
    }
    const Reading reading = read_tolerant(raw);
    if (line.size() == 45 || (format == "MRVA_L1" && line.size() == 36)) {
      // Two misprints of 9303-7: one cell too many; a line of MRV-B among those of MRV-A.
      EXPECT_EQ(row["valid"], false) << row["id"];
      EXPECT_EQ(reading.ok, line.size() == 36) << row["id"];
      continue;
    }
    EXPECT_TRUE(reading.ok) << row["id"];
    EXPECT_EQ(reading.document.surname, row["expected"]["surname"].get<std::string>()) << row["id"];
    EXPECT_EQ(reading.document.given_names, row["expected"]["given_names"].get<std::string>())
        << row["id"];
    EXPECT_EQ(reading.maybe_truncated, row["expected"]["maybe_truncated"].get<bool>()) << row["id"];
    truncated += reading.maybe_truncated ? 1 : 0;
  }
  EXPECT_GT(truncated, 15u);
}

}  // namespace
}  // namespace paxid::mrz
