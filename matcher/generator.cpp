// Compiles the tables of matcher/data into C++.
//   paxid_matcher_generator OUTPUT LEXICON VOCABULARY NICKNAMES VARIANTS WEIGHTS CALIBRATION
#include <openssl/sha.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "matcher/name_hash.h"

namespace {

using Row = std::vector<std::string>;

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "paxid_matcher_generator: " << why << '\n';
  std::exit(1);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) stop("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Row> rows_of(const std::string& text, std::size_t columns) {
  std::vector<Row> rows;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);  // the header
  while (std::getline(lines, line)) {
    Row row;
    std::size_t start = 0;
    for (std::size_t tab; (tab = line.find('\t', start)) != std::string::npos; start = tab + 1) {
      row.push_back(line.substr(start, tab - start));
    }
    row.push_back(line.substr(start));
    if (row.size() != columns) stop("wrong number of columns: " + line);
    rows.push_back(std::move(row));
  }
  return rows;
}

// Sorted 64-bit entries: 48 bits of the name's hash, then given and surname rarity (5 bits
// each), gender (2 bits), level (2 bits). See lexicon.cpp.
void write_lexicon(std::ostream& out, const std::string& text) {
  std::map<std::uint64_t, std::uint64_t> entries;
  for (const Row& row : rows_of(text, 5)) {
    const std::uint64_t gender = row[3] == "m" ? 1 : row[3] == "f" ? 2 : row[3] == "b" ? 3 : 0;
    const std::uint64_t entry = std::min(31UL, std::stoul(row[1])) << 9 |
                                std::min(31UL, std::stoul(row[2])) << 4 | gender << 2 |
                                std::stoul(row[4]);
    const std::uint64_t key = paxid::matcher::hash_of_name(row[0]) & ~0xFFFFULL;
    if (!entries.emplace(key, entry).second) stop("two names with one hash: " + row[0]);
  }
  out << "constexpr std::uint64_t kLexicon[] = {\n" << std::hex;
  std::size_t column = 0;
  for (const auto& [key, entry] : entries) {
    out << "0x" << (key | entry) << "ULL," << (++column % 6 == 0 ? '\n' : ' ');
  }
  out << std::dec << "};\n\n";
}

void write_vocabulary(std::ostream& out, const std::string& text) {
  std::map<std::string, std::string> words;
  for (const Row& row : rows_of(text, 2)) {
    if (!words.emplace(row[0], row[1]).second) stop("a word twice: " + row[0]);
  }
  out << "constexpr VocabularyWord kVocabulary[] = {\n";
  for (auto [word, kind] : words) {
    kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
    out << "    {\"" << word << "\", WordClass::k" << kind << "},\n";
  }
  out << "};\n\n";
}

// Pairs of hashes (smaller first), sorted. Two short forms of one name are no pair.
void write_nicknames(std::ostream& out, const std::string& text) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> pairs;
  for (const Row& row : rows_of(text, 2)) {
    std::istringstream shorts(row[1]);
    for (std::string one; shorts >> one;) {
      const auto x = paxid::matcher::hash_of_name(row[0]);
      const auto y = paxid::matcher::hash_of_name(one);
      pairs.emplace(std::min(x, y), std::max(x, y));
    }
  }
  out << "constexpr NicknamePair kNicknames[] = {\n" << std::hex;
  for (const auto& [x, y] : pairs) out << "    {0x" << x << "ULL, 0x" << y << "ULL},\n";
  out << std::dec << "};\n\n";
}

void write_variants(std::ostream& out, const std::string& text) {
  out << "constexpr VariantRule kVariants[] = {\n";
  for (const Row& row : rows_of(text, 5)) {
    std::string where = row[3];
    where[0] = static_cast<char>(where[0] - 'a' + 'A');
    out << "    {\"" << row[0] << "\", \"" << row[1] << "\", \"" << row[2] << "\", Where::k"
        << where << ", " << row[4] << "F},\n";
  }
  out << "};\n\n";
}

void write_weights(std::ostream& out, const std::string& text) {
  out << "constexpr WeightRow kWeights[] = {\n";
  for (const Row& row : rows_of(text, 9)) {
    out << "    {\"" << row[0] << "\", {";
    for (std::size_t i = 1; i < row.size(); ++i) out << (i == 1 ? "" : ", ") << row[i];
    out << "}},\n";
  }
  out << "};\n\n";
}

void write_calibration(std::ostream& out, const std::string& text) {
  out << "constexpr CalibrationPoint kCalibration[] = {\n";
  for (const Row& row : rows_of(text, 3)) {
    out << "    {\"" << row[0] << "\", " << row[1] << ", " << row[2] << "},\n";
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
  if (argc != 8) {
    stop("usage: OUTPUT LEXICON VOCABULARY NICKNAMES VARIANTS WEIGHTS CALIBRATION");
  }
  std::vector<std::string> tables;
  std::string all;
  for (int i = 2; i < argc; ++i) {
    tables.push_back(read_file(argv[i]));
    all += std::to_string(tables.back().size()) + '\n' + tables.back();
  }
  std::ofstream out(argv[1], std::ios::binary);
  out << "// Generated from matcher/data; do not edit.\n\n";
  write_lexicon(out, tables[0]);
  write_vocabulary(out, tables[1]);
  write_nicknames(out, tables[2]);
  write_variants(out, tables[3]);
  write_weights(out, tables[4]);
  write_calibration(out, tables[5]);
  out << "constexpr std::string_view kTablesDigest =\n    \"" << sha256_hex(all) << "\";\n";
  if (!out.flush()) stop(std::string("cannot write ") + argv[1]);
  return 0;
}
