#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace paxid::base {

// One step of a UTF-8 text (RFC 3629: no surrogates, no overlong forms, nothing above
// U+10FFFF).
struct Utf8Step {
  char32_t code_point = 0;  // 0 and `valid` false for a byte that starts no character
  std::size_t length = 1;   // bytes taken, at least 1
  bool valid = false;
};

// The step at the start of a text. Requires !text.empty().
Utf8Step decode_utf8(std::string_view text);

bool is_valid_utf8(std::string_view text);

// The number of code points, or nothing when the text is not valid UTF-8.
std::optional<std::size_t> count_code_points(std::string_view text);

// All code points, or nothing when the text is not valid UTF-8.
std::optional<std::u32string> to_code_points(std::string_view text);

// Requires a Unicode scalar value.
void append_utf8(std::string& text, char32_t code_point);

}  // namespace paxid::base
