#include "clients/verifier/record_line.h"

#include <charconv>
#include <cstddef>

#include "base/json_plain.h"
#include "base/utf8.h"

namespace paxid::verifier {
namespace {

// Bodies are not as deep by far.
constexpr std::size_t kMaxDepth = 64;

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

  // An object of RFC 8259 in UTF-8, of any keys.
  std::optional<std::string_view> object() {
    const std::string_view from = rest_;
    if (!from.starts_with('{') || !value(0)) return std::nullopt;
    return from.substr(0, from.size() - rest_.size());
  }

  bool at_end() const { return rest_.empty(); }

 private:
  bool value(std::size_t depth) {
    if (rest_.empty() || depth > kMaxDepth) return false;
    switch (rest_.front()) {
      case '{':
        return members(depth);
      case '[':
        return elements(depth);
      case '"':
        return text();
      case 't':
        return take("true");
      case 'f':
        return take("false");
      case 'n':
        return take("null");
      default:
        return decimal();
    }
  }

  bool members(std::size_t depth) {
    rest_.remove_prefix(1);
    if (take("}")) return true;
    do {
      if (!rest_.starts_with('"') || !text() || !take(":") || !value(depth + 1)) return false;
    } while (take(","));
    return take("}");
  }

  bool elements(std::size_t depth) {
    rest_.remove_prefix(1);
    if (take("]")) return true;
    do {
      if (!value(depth + 1)) return false;
    } while (take(","));
    return take("]");
  }

  // From its quote to the closing one.
  bool text() {
    for (std::size_t at = 1;;) {
      at += base::json_plain_prefix(rest_.substr(at));
      if (at >= rest_.size()) return false;
      const char c = rest_[at];
      if (c == '"') {
        rest_.remove_prefix(at + 1);
        return true;
      }
      if (c == '\\') {
        const std::size_t size = escape_size(rest_.substr(at + 1));
        if (size == 0) return false;
        at += 1 + size;
      } else {
        // A control, or a character of several bytes.
        const base::Utf8Step step = base::decode_utf8(rest_.substr(at));
        if (!step.valid || step.length == 1) return false;
        at += step.length;
      }
    }
  }

  // Of what stands behind a backslash; 0: it is no escape.
  static std::size_t escape_size(std::string_view behind) {
    if (behind.empty()) return 0;
    if (std::string_view("\"\\/bfnrt").find(behind[0]) != std::string_view::npos) return 1;
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    const bool is_unit = behind.size() >= 5 && behind[0] == 'u' &&
                         behind.substr(1, 4).find_first_not_of(kHex) == std::string_view::npos;
    return is_unit ? 5 : 0;
  }

  bool digits() {
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool decimal() {
    take("-");
    if (!take("0") && !digits()) return false;
    if (take(".") && !digits()) return false;
    if (!take("e") && !take("E")) return true;
    if (!take("+")) take("-");
    return digits();
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
