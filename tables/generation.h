#pragma once

#include <fstream>
#include <string>
#include <vector>

// What the table generators of the build have in common. They run on the build machine and
// stop the build on the first wrong row; nothing of this is part of a shipped program.
namespace paxid::tables {

using Row = std::vector<std::string>;

// Ends the program with a message. For a wrong table or wrong arguments.
[[noreturn]] void stop(const std::string& why);

// The rows below the header line of a TSV text; empty lines are no rows. Stops unless every
// row has at least `columns` columns, and exactly as many as the header.
std::vector<Row> rows_of(const std::string& tsv, std::size_t columns);

// The code points of a UTF-8 text; stops on broken UTF-8.
std::u32string code_points(const std::string& utf8);

bool is_latin_capitals(const std::string& text);  // A-Z only; true for ""

// A run of a generator: GENERATOR OUTPUT TABLE...
// Reads the tables, lets the caller print arrays into out(), and ends the output with
// kTablesDigest: SHA-256 over the length and the bytes of each table in their order.
class Generation {
 public:
  // Stops when there are fewer than `tables` tables or one cannot be read.
  Generation(int argc, char** argv, std::size_t tables);

  std::size_t count() const { return texts_.size(); }
  std::vector<Row> rows(std::size_t table, std::size_t columns) const;
  std::ostream& out() { return out_; }

  // Writes the digest; the exit status of the program.
  int finish();

 private:
  std::vector<std::string> texts_;
  std::string path_;
  std::ofstream out_;
};

}  // namespace paxid::tables
