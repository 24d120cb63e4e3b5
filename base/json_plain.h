#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace paxid::base {

// A byte that stands for itself in a string of JSON (RFC 8259 section 7) and is a whole character:
// ASCII, but no control, quotation mark or backslash.
constexpr bool is_json_plain(char c) {
  return c >= ' ' && c != '"' && c != '\\' && static_cast<unsigned char>(c) < 0x80;
}

// The same of eight bytes at once: the upper bit of a byte is set below if it is none of them; what
// it borrows from the bytes above it can only set more.
constexpr bool are_json_plain(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  const std::uint64_t other = bytes | (bytes - kOnes * ' ') | ((bytes ^ kOnes * '"') - kOnes) |
                              ((bytes ^ kOnes * '\\') - kOnes);
  return (other & kOnes << 7) == 0;
}

template <class Word>
Word json_word(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// How many such bytes the text begins with.
inline std::size_t json_plain_prefix(std::string_view text) {
  std::size_t size = 0;
  while (size + 8 <= text.size() && are_json_plain(json_word<std::uint64_t>(text.data() + size)))
    size += 8;
  while (size < text.size() && is_json_plain(text[size])) ++size;
  return size;
}

// Whether it has no other. A rest of less than eight bytes is looked at once more with bytes before
// it, so that short texts, of which JSON is made, take a step or two.
inline bool is_json_plain(std::string_view text) {
  const char* const end = text.data() + text.size();
  if (text.size() >= 8) {
    for (const char* at = text.data(); end - at > 8; at += 8) {
      if (!are_json_plain(json_word<std::uint64_t>(at))) return false;
    }
    return are_json_plain(json_word<std::uint64_t>(end - 8));
  }
  if (text.size() >= 4) {
    return are_json_plain(std::uint64_t{json_word<std::uint32_t>(end - text.size())} << 32 |
                          json_word<std::uint32_t>(end - 4));
  }
  for (const char c : text) {
    if (!is_json_plain(c)) return false;
  }
  return true;
}

}  // namespace paxid::base
