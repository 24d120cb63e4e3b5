#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "mrz/zone.h"

namespace paxid::mrz {

inline constexpr std::string_view kTd3Specimen =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
inline constexpr std::string_view kTd1Specimen =
    "I<UTOD231458907<<<<<<<<<<<<<<<\n"
    "7408122F1204159UTO<<<<<<<<<<<6\n"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n";
inline constexpr std::string_view kTd2Specimen =
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
    "D231458907UTO7408122F1204159<<<<<<<6\n";
inline constexpr std::string_view kMrvBSpecimen =
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
    "L8988901C4XXX7408122F9612109<<<<<<<<\n";

inline base::Date reference_date() { return *base::parse_iso_date("2026-11-22"); }

inline Reading read_tolerant(std::string_view raw) { return read(raw, {reference_date(), false}); }
inline Reading read_strict(std::string_view raw) { return read(raw, {reference_date(), true}); }

// `text` with the cell at line and column (from 1) replaced; lines end in one newline each.
inline std::string with_cell(std::string_view text, std::size_t line, std::size_t column,
                             char cell) {
  std::string changed(text);
  std::size_t start = 0;
  for (std::size_t i = 1; i < line; ++i) start = changed.find('\n', start) + 1;
  changed[start + column - 1] = cell;
  return changed;
}

inline std::optional<Finding> find(const Reading& reading, FindingCode code) {
  for (const Finding& finding : reading.findings) {
    if (finding.code == code) return finding;
  }
  return std::nullopt;
}

// The rows of tests/data/mrz/<name>; an unreadable file fails the test.
inline std::vector<nlohmann::json> rows_of(const std::string& name) {
  std::ifstream in(std::string(PAXID_TEST_DATA) + "/mrz/" + name);
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(in, line);) rows.push_back(nlohmann::json::parse(line));
  EXPECT_FALSE(rows.empty()) << name;
  return rows;
}

inline std::string raw_of(const nlohmann::json& row) {
  if (row.contains("raw")) return row["raw"];
  std::string raw;
  for (const auto& line : row["lines"]) raw += line.get<std::string>() + "\n";
  return raw;
}

// Whether a row of cases.jsonl is a name line alone, to be read as part of a whole zone.
inline bool is_name_line(const nlohmann::json& row) {
  const std::string format = row["format"];
  return format.ends_with("_L1") || format.ends_with("_L3");
}

}  // namespace paxid::mrz
