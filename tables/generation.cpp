#include "tables/generation.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <sstream>

#include "base/hex.h"
#include "base/utf8.h"

namespace paxid::tables {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) stop("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

Row columns_of(const std::string& line) {
  Row row;
  std::size_t start = 0;
  for (std::size_t tab; (tab = line.find('\t', start)) != std::string::npos; start = tab + 1) {
    row.push_back(line.substr(start, tab - start));
  }
  row.push_back(line.substr(start));
  return row;
}

std::string sha256_hex(const std::string& bytes) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return base::to_hex(digest);
}

}  // namespace

void stop(const std::string& why) {
  std::cerr << "table generator: " << why << '\n';
  std::exit(1);
}

std::vector<Row> rows_of(const std::string& tsv, std::size_t columns) {
  std::istringstream lines(tsv);
  std::string line;
  std::getline(lines, line);
  const std::size_t width = columns_of(line).size();
  if (width < columns) stop("too few columns: " + line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    if (line.empty()) continue;
    rows.push_back(columns_of(line));
    if (rows.back().size() != width) stop("not as many columns as the header: " + line);
  }
  return rows;
}

std::u32string code_points(const std::string& utf8) {
  const auto points = base::to_code_points(utf8);
  if (!points) stop("broken UTF-8: " + utf8);
  return *points;
}

bool is_latin_capitals(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Generation::Generation(int argc, char** argv, std::size_t tables) {
  if (argc < 2 || static_cast<std::size_t>(argc) < tables + 2) stop("usage: OUTPUT TABLE...");
  path_ = argv[1];
  for (int i = 2; i < argc; ++i) texts_.push_back(read_file(argv[i]));
  out_.open(path_, std::ios::binary);
  out_ << "// Generated from the tables of this folder's data/; do not edit.\n\n";
}

std::vector<Row> Generation::rows(std::size_t table, std::size_t columns) const {
  return rows_of(texts_.at(table), columns);
}

int Generation::finish() {
  std::string all;
  for (const std::string& text : texts_) all += std::to_string(text.size()) + '\n' + text;
  out_ << "constexpr std::string_view kTablesDigest =\n    \"" << sha256_hex(all) << "\";\n";
  if (!out_.flush()) stop("cannot write " + path_);
  return 0;
}

}  // namespace paxid::tables
