#include "clients/verifier/record_line.h"

#include <charconv>
#include <cstddef>

namespace paxid::verifier {
namespace {

// Goes through a line from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  // A text without escapes, up to its closing quote, which is taken.
  std::optional<std::string_view> plain_text() {
    const std::size_t end = rest_.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = rest_.substr(0, end);
    if (text.find('\\') != std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::optional<std::uint64_t> number() {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{} || (rest_[0] == '0' && end != rest_.data() + 1)) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  // An object up to the brace that closes it; braces inside texts do not count.
  std::optional<std::string_view> object() {
    if (!rest_.starts_with('{')) return std::nullopt;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == '"') {
        at = end_of_text(at + 1);
        if (at == std::string_view::npos) return std::nullopt;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        const std::string_view whole = rest_.substr(0, at + 1);
        rest_.remove_prefix(at + 1);
        return whole;
      }
    }
    return std::nullopt;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  // The place of the quote that closes the text which begins at `at`.
  std::size_t end_of_text(std::size_t at) const {
    for (;;) {
      at = rest_.find_first_of("\"\\", at);
      if (at == std::string_view::npos || rest_[at] == '"') return at;
      at += 2;
    }
  }

  std::string_view rest_;
};

// `"key":"` and the text, when the key is there; the comma behind it as well.
bool optional_text(Cursor& cursor, std::string_view key, std::string_view& value, bool& has) {
  has = cursor.take(key);
  if (!has) return true;
  const auto text = cursor.plain_text();
  if (!text) return false;
  value = *text;
  return true;
}

}  // namespace

std::optional<RecordLine> take_apart(std::string_view line) {
  RecordLine to;
  Cursor cursor(line);
  if (!cursor.take("{")) return std::nullopt;
  to.has_body = cursor.take("\"body\":");
  if (to.has_body) {
    const auto body = cursor.object();
    if (!body || !cursor.take(",")) return std::nullopt;
    to.body = *body;
  }
  if (!optional_text(cursor, "\"body_key\":\"", to.body_key, to.has_body_key) ||
      (to.has_body_key && !cursor.take(","))) {
    return std::nullopt;
  }
  for (const auto& [key, value] :
       {std::pair<std::string_view, std::string_view*>{"\"body_state\":\"", &to.body_state},
        {",\"leaf\":\"", &to.leaf},
        {",\"leaf_hash\":\"", &to.leaf_hash}}) {
    bool has = false;
    if (!optional_text(cursor, key, *value, has) || !has) return std::nullopt;
  }
  if (!cursor.take(",\"leaf_index\":")) return std::nullopt;
  const auto index = cursor.number();
  if (!index) return std::nullopt;
  to.leaf_index = *index;
  if (!optional_text(cursor, ",\"sealed\":\"", to.sealed, to.has_sealed)) return std::nullopt;
  if (!cursor.take("}") || !cursor.at_end()) return std::nullopt;
  return to;
}

}  // namespace paxid::verifier
