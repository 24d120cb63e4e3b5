// Compiles the tables of transliteration/data into C++.
//   paxid_transliteration_generator OUTPUT LATIN CYRILLIC ARABIC UNIT_TABLE...
// The first three are tables of Doc 9303-3 section 6 (codepoint, char, preferred,
// alternatives, …), the others unit tables (language, native, latin, bits). Writes the
// arrays kIcaoRows and kUnits, both sorted, and kTablesDigest.
#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "tables/generation.h"

namespace {

using paxid::tables::code_points;
using paxid::tables::Generation;
using paxid::tables::is_latin_capitals;
using paxid::tables::Row;
using paxid::tables::stop;

void write_icao(Generation& run) {
  std::vector<std::tuple<std::uint32_t, std::string, std::string>> rows;
  for (std::size_t table = 0; table < 3; ++table) {
    for (const Row& row : run.rows(table, 4)) {
      // Rows of more than one code point (the Arabic article) are rules of words, not letters.
      // Nor is the sign that doubles the letter before it ("[DOUBLE]").
      if (row[0].find(' ') != std::string::npos || row[2].starts_with('[')) continue;
      if (!is_latin_capitals(row[2])) stop("a preferred spelling is not A-Z: " + row[2]);
      rows.emplace_back(std::stoul(row[0].substr(2), nullptr, 16), row[2], row[3]);
    }
  }
  std::sort(rows.begin(), rows.end());
  run.out() << "constexpr IcaoRow kIcaoRows[] = {\n";
  for (const auto& [letter, preferred, alternatives] : rows) {
    run.out() << "    {0x" << std::hex << letter << std::dec << ", \"" << preferred << "\", \""
              << alternatives << "\"},\n";
  }
  run.out() << "};\n\n";
}

void write_units(Generation& run) {
  std::vector<std::tuple<std::string, std::uint32_t, std::uint32_t, double, std::string>> units;
  for (std::size_t table = 3; table < run.count(); ++table) {
    for (const Row& row : run.rows(table, 4)) {
      const auto native = code_points(row[1]);
      if (native.empty() || native.size() > 2) stop("a unit must have 1 or 2 native letters");
      if (row[2].size() > 6 || !is_latin_capitals(row[2])) stop("a unit must have 0-6 letters A-Z");
      units.emplace_back(row[0], native[0], native.size() == 2 ? native[1] : 0, std::stod(row[3]),
                         row[2]);
    }
  }
  std::sort(units.begin(), units.end());
  run.out() << "constexpr Unit kUnits[] = {\n";
  for (const auto& [language, first, second, bits, latin] : units) {
    run.out() << "    {\"" << language << "\", 0x" << std::hex << first << ", 0x" << second
              << std::dec << ", \"" << latin << "\", " << std::to_string(bits) << "F},\n";
  }
  run.out() << "};\n\n";
}

}  // namespace

int main(int argc, char** argv) {
  Generation run(argc, argv, 4);
  write_icao(run);
  write_units(run);
  return run.finish();
}
