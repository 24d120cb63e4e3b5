// Compiles the tables of transliteration/data into C++.
//   paxid_transliteration_generator OUTPUT LATIN CYRILLIC ARABIC UNIT_TABLE...
// The first three are tables of Doc 9303-3 section 6 (codepoint, char, preferred,
// alternatives, …), the others unit tables (language, native, latin, bits). Writes the
// arrays kIcaoRows and kUnits, both sorted, and kTablesDigest.
#include <openssl/sha.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace {

using Row = std::vector<std::string>;

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "paxid_transliteration_generator: " << why << '\n';
  std::exit(1);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) stop("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Row> rows_of(const std::string& text) {
  std::vector<Row> rows;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);  // the header
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    Row row;
    std::size_t start = 0;
    for (std::size_t tab; (tab = line.find('\t', start)) != std::string::npos; start = tab + 1) {
      row.push_back(line.substr(start, tab - start));
    }
    row.push_back(line.substr(start));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::uint32_t> code_points(const std::string& utf8) {
  std::vector<std::uint32_t> points;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    if (i + length > utf8.size()) stop("broken UTF-8");
    for (std::size_t k = 1; k < length; ++k) {
      point = point << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    }
    points.push_back(point);
    i += length;
  }
  return points;
}

bool is_latin(const std::string& letters) {
  return std::all_of(letters.begin(), letters.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void write_icao(std::ostream& out, const std::vector<std::string>& tables) {
  std::vector<std::tuple<std::uint32_t, std::string, std::string>> rows;
  for (const auto& table : tables) {
    for (const Row& row : rows_of(table)) {
      if (row.size() < 4) stop("a row of section 6 has too few columns");
      // Rows of more than one code point (the Arabic article) are rules of words, not letters.
      // Nor is the sign that doubles the letter before it ("[DOUBLE]").
      if (row[0].find(' ') != std::string::npos || row[2].starts_with('[')) continue;
      if (!is_latin(row[2])) stop("a preferred spelling is not A-Z: " + row[2]);
      rows.emplace_back(std::stoul(row[0].substr(2), nullptr, 16), row[2], row[3]);
    }
  }
  std::sort(rows.begin(), rows.end());
  out << "constexpr IcaoRow kIcaoRows[] = {\n";
  for (const auto& [letter, preferred, alternatives] : rows) {
    out << "    {0x" << std::hex << letter << std::dec << ", \"" << preferred << "\", \""
        << alternatives << "\"},\n";
  }
  out << "};\n\n";
}

void write_units(std::ostream& out, const std::vector<std::string>& tables) {
  std::vector<std::tuple<std::string, std::uint32_t, std::uint32_t, double, std::string>> units;
  for (const auto& table : tables) {
    for (const Row& row : rows_of(table)) {
      if (row.size() < 4) stop("a unit has too few columns");
      const auto native = code_points(row[1]);
      if (native.empty() || native.size() > 2) stop("a unit must have 1 or 2 native letters");
      if (row[2].size() > 6 || !is_latin(row[2])) stop("a unit must have 0-6 letters A-Z");
      units.emplace_back(row[0], native[0], native.size() == 2 ? native[1] : 0, std::stod(row[3]),
                         row[2]);
    }
  }
  std::sort(units.begin(), units.end());
  out << "constexpr Unit kUnits[] = {\n";
  for (const auto& [language, first, second, bits, latin] : units) {
    out << "    {\"" << language << "\", 0x" << std::hex << first << ", 0x" << second << std::dec
        << ", \"" << latin << "\", " << std::to_string(bits) << "F},\n";
  }
  out << "};\n\n";
}

std::string sha256_hex(const std::string& bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", byte);
    hex += two;
  }
  return hex;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) stop("usage: OUTPUT LATIN CYRILLIC ARABIC UNIT_TABLE...");
  std::vector<std::string> tables;
  std::string all;
  for (int i = 2; i < argc; ++i) {
    tables.push_back(read_file(argv[i]));
    all += std::to_string(tables.back().size()) + '\n' + tables.back();
  }
  std::ofstream out(argv[1], std::ios::binary);
  out << "// Generated from transliteration/data; do not edit.\n\n";
  write_icao(out, {tables.begin(), tables.begin() + 3});
  write_units(out, {tables.begin() + 3, tables.end()});
  out << "constexpr std::string_view kTablesDigest =\n    \"" << sha256_hex(all) << "\";\n";
  if (!out.flush()) stop(std::string("cannot write ") + argv[1]);
  return 0;
}
