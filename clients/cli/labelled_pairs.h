#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "matcher/name.h"

namespace paxid::cli {

// Two names of which somebody knows whether they are one person's.
struct LabelledPair {
  matcher::NameText a;
  matcher::NameText b;
  bool same = false;
  // Every further key with each of its values, as text. An array has several.
  std::vector<std::pair<std::string, std::string>> keys;
};

// A line that cannot be used. The code is one of those of object_of() and name_from(), or
//   BAD_LABEL      `same` is missing or neither true nor false
//   NOT_UTF8       a CSV line in another encoding
//   OPEN_QUOTE     a CSV line in which a quote is not closed
//   WRONG_COLUMNS  a CSV line with another number of columns than the first
//   TOO_MANY_KEYS  more than kMaxKeys values of further keys
struct BrokenLine {
  std::size_t line = 0;  // from 1
  std::string_view code;
};

inline constexpr std::size_t kMaxKeys = 64;         // values of further keys of one pair
inline constexpr std::size_t kMaxColumns = 256;     // of a CSV file
inline constexpr std::size_t kMaxValueBytes = 120;  // of a value; longer ones are cut

// Reads labelled pairs one by one, from JSONL ({"a", "b", "same", ...} a line; a and b are
// texts or objects as in `compare`) or CSV with a header (a, b, same or a_surname, a_given,
// b_surname, ...; also a_source, a_language, a_issuer; separated by comma, semicolon or tab;
// quotes as in RFC 4180, but no line break inside them). The first line decides which.
// `same` is true/false, 1/0 or, in CSV, also yes/no, in any case.
class LabelledPairReader {
 public:
  // `in` must outlive the reader.
  explicit LabelledPairReader(std::istream& in);
  ~LabelledPairReader();

  // EMPTY_FILE, BAD_HEADER or, where a column for a, b or same is missing, MISSING_COLUMN; then
  // next() gives nothing.
  // Empty when the file can be read.
  std::string_view problem() const;

  // The next pair or broken line; nothing at the end. Blank lines are skipped.
  std::optional<tl::expected<LabelledPair, BrokenLine>> next();

  std::size_t bytes_read() const;

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

}  // namespace paxid::cli
