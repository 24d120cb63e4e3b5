// Compiles mrz/data/state_codes.tsv into C++.
//   paxid_mrz_generator OUTPUT STATE_CODES
// Writes the array kStateEntries, sorted by code. Stops at a row that is not as it should be.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kColumns = 5;  // code, kind, what, edition, date
using Row = std::array<std::string, kColumns>;

const std::map<std::string, std::string> kKinds{{"known", "kKnown"},
                                                {"deprecated", "kDeprecated"},
                                                {"specimen", "kSpecimen"},
                                                {"nonstandard", "kNonstandard"}};

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "paxid_mrz_generator: " << why << '\n';
  std::exit(1);
}

bool is_code(const std::string& text) {
  return (text.size() == 3 || text == "D") &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// YYYY-MM-DD, by its shape.
bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  return std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) == 8;
}

Row row_of(const std::string& line) {
  Row row;
  std::istringstream cells(line);
  for (std::string& cell : row) {
    if (!std::getline(cells, cell, '\t') || cell.empty()) stop("a row lacks a column: " + line);
  }
  if (cells.peek() != std::istringstream::traits_type::eof()) stop("too many columns: " + line);
  if (!is_code(row[0])) stop("no code: " + line);
  if (kKinds.count(row[1]) == 0) stop("no kind: " + line);
  if (!is_date(row[4])) stop("no date: " + line);
  return row;
}

std::vector<Row> rows_of(const std::string& path) {
  std::ifstream in(path);
  if (!in) stop("cannot read " + path);
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);  // the header
  while (std::getline(in, line)) rows.push_back(row_of(line));
  std::sort(rows.begin(), rows.end());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i][0] == rows[i - 1][0]) stop("twice: " + rows[i][0]);
  }
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) stop("usage: OUTPUT STATE_CODES");
  std::ofstream out(argv[1]);
  out << "// Generated from mrz/data; do not edit.\n\nconstexpr StateEntry kStateEntries[] = {\n";
  for (const Row& row : rows_of(argv[2])) {
    out << "    {\"" << row[0] << "\", StateCode::" << kKinds.at(row[1]) << ", \"" << row[2]
        << "\", \"" << row[3] << "\", \"" << row[4] << "\"},\n";
  }
  out << "};\n";
  if (!out.flush()) stop(std::string("cannot write ") + argv[1]);
  return 0;
}
