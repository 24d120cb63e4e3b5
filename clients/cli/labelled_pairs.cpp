#include "clients/cli/labelled_pairs.h"

#include <algorithm>
#include <array>
#include <istream>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "clients/cli/compare_command.h"
#include "clients/cli/jsonl.h"

namespace paxid::cli {
namespace {

using nlohmann::json;
using Cells = std::vector<std::string>;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// At most kMaxValueBytes, never half a character.
std::string cut(std::string text) {
  if (text.size() <= kMaxValueBytes) return text;
  std::size_t end = kMaxValueBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "\u2026";
}

std::optional<bool> label_of(const json& value) {
  if (value.is_boolean()) return value.get<bool>();
  std::string text;
  if (value.is_number_integer()) text = value.dump();
  if (value.is_string()) text = lower(value.get<std::string>());
  for (const char* yes : {"true", "1", "yes"}) {
    if (text == yes) return true;
  }
  for (const char* no : {"false", "0", "no"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

// Values that no slice can be named after (objects, null, fractions) are left out.
void add_values(const std::string& key, const json& value, LabelledPair& pair) {
  if (value.is_string()) pair.keys.emplace_back(key, cut(value.get<std::string>()));
  if (value.is_boolean() || value.is_number_integer()) pair.keys.emplace_back(key, value.dump());
  if (!value.is_array()) return;
  for (const json& element : value) {
    if (!element.is_array()) add_values(key, element, pair);
  }
}

tl::expected<matcher::NameText, std::string_view> name_of_side(const json& row, const char* side) {
  const auto value = row.find(side);
  if (value == row.end()) return tl::unexpected<std::string_view>("MISSING_NAME");
  return name_from(value->is_string() ? json{{"full", *value}} : *value);
}

tl::expected<LabelledPair, std::string_view> pair_from(const json& row) {
  LabelledPair pair;
  auto a = name_of_side(row, "a");
  if (!a) return tl::unexpected(a.error());
  auto b = name_of_side(row, "b");
  if (!b) return tl::unexpected(b.error());
  const auto label = row.find("same");
  const auto same = label == row.end() ? std::nullopt : label_of(*label);
  if (!same) return tl::unexpected<std::string_view>("BAD_LABEL");
  pair.a = std::move(*a);
  pair.b = std::move(*b);
  pair.same = *same;
  for (const auto& [key, value] : row.items()) {
    if (key != "a" && key != "b" && key != "same") add_values(key, value, pair);
  }
  if (pair.keys.size() > kMaxKeys) return tl::unexpected<std::string_view>("TOO_MANY_KEYS");
  return pair;
}

// The cells of one line of CSV (RFC 4180); nothing when a quote is not closed.
std::optional<Cells> cells_of(std::string_view line, char separator) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  Cells cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        cells.back() += line[++i];
      } else {
        quoted = false;
      }
    } else if (c == separator) {
      cells.emplace_back();
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else {
      cells.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return cells;
}

char separator_of(std::string_view header) {
  constexpr std::array<char, 3> kSeparators = {',', ';', '\t'};
  return *std::max_element(kSeparators.begin(), kSeparators.end(), [&](char x, char y) {
    return std::count(header.begin(), header.end(), x) <
           std::count(header.begin(), header.end(), y);
  });
}

// Where the cell of a column belongs: row[key] or row[side][key].
struct ColumnPlace {
  std::string side;  // "a", "b" or ""
  std::string key;
};

ColumnPlace place_of(const std::string& name) {
  if (name == "a" || name == "b") return {name, "full"};
  for (const char* key : {"full", "surname", "given", "source", "language", "issuer"}) {
    for (const char* side : {"a", "b"}) {
      if (name == std::string(side) + "_" + key) return {side, key};
    }
  }
  return {"", name};
}

}  // namespace

class LabelledPairReader::Content {
 public:
  explicit Content(std::istream& in) : in_(in) {
    do {
      if (!read_line()) {
        problem_ = "EMPTY_FILE";
        return;
      }
      if (line_.text.starts_with(kByteOrderMark)) line_.text.erase(0, kByteOrderMark.size());
    } while (line_.blank());
    held_ = line_.text[line_.text.find_first_not_of(" \t")] == '{';
    if (!held_) read_header();
  }

  std::string_view problem() const { return problem_; }
  std::size_t bytes_read() const { return bytes_; }

  std::optional<tl::expected<LabelledPair, BrokenLine>> next() {
    if (!problem_.empty()) return std::nullopt;
    do {
      if (!held_ && !read_line()) return std::nullopt;
      held_ = false;
    } while (line_.blank());
    const auto row = columns_.empty() ? object_of(line_) : csv_row();
    auto pair = row ? pair_from(*row) : tl::unexpected(row.error());
    if (pair) return tl::expected<LabelledPair, BrokenLine>(std::move(*pair));
    return tl::expected<LabelledPair, BrokenLine>(
        tl::unexpected(BrokenLine{number_, pair.error()}));
  }

 private:
  bool read_line() {
    if (!next_line(in_, line_)) return false;
    ++number_;
    bytes_ += line_.text.size() + 1;
    return true;
  }

  void read_header() {
    separator_ = separator_of(line_.text);
    const auto names = cells_of(line_.text, separator_);
    if (!names || names->size() > kMaxColumns || !base::is_valid_utf8(line_.text)) {
      problem_ = "BAD_HEADER";
      return;
    }
    bool has_a = false;
    bool has_b = false;
    bool has_same = false;
    for (const std::string& name : *names) {
      columns_.push_back(place_of(lower(name)));
      const ColumnPlace& place = columns_.back();
      const bool holds_name = place.key == "full" || place.key == "surname" || place.key == "given";
      has_a = has_a || (place.side == "a" && holds_name);
      has_b = has_b || (place.side == "b" && holds_name);
      has_same = has_same || (place.side.empty() && place.key == "same");
    }
    if (!has_a || !has_b || !has_same) problem_ = "MISSING_COLUMN";
  }

  // The line as the row of JSONL that says the same.
  tl::expected<json, std::string_view> csv_row() const {
    if (line_.too_long) return tl::unexpected<std::string_view>("LINE_TOO_LONG");
    if (!base::is_valid_utf8(line_.text)) return tl::unexpected<std::string_view>("NOT_UTF8");
    const auto cells = cells_of(line_.text, separator_);
    if (!cells) return tl::unexpected<std::string_view>("OPEN_QUOTE");
    if (cells->size() != columns_.size()) return tl::unexpected<std::string_view>("WRONG_COLUMNS");
    json row = json::object();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const ColumnPlace& place = columns_[i];
      if ((*cells)[i].empty()) continue;
      (place.side.empty() ? row : row[place.side])[place.key] = (*cells)[i];
    }
    return row;
  }

  std::istream& in_;
  Line line_;
  bool held_ = false;  // line_ is the first one and not yet given out
  std::size_t number_ = 0;
  std::size_t bytes_ = 0;
  std::vector<ColumnPlace> columns_;  // empty for JSONL
  char separator_ = ',';
  std::string_view problem_;
};

LabelledPairReader::LabelledPairReader(std::istream& in)
    : content_(std::make_unique<Content>(in)) {}
LabelledPairReader::~LabelledPairReader() = default;
std::string_view LabelledPairReader::problem() const { return content_->problem(); }
std::size_t LabelledPairReader::bytes_read() const { return content_->bytes_read(); }
std::optional<tl::expected<LabelledPair, BrokenLine>> LabelledPairReader::next() {
  return content_->next();
}

}  // namespace paxid::cli
