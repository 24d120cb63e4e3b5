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
inline bool are_json_plain(const char* eight) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  std::uint64_t bytes;
  std::memcpy(&bytes, eight, sizeof bytes);
  const std::uint64_t other = bytes | (bytes - kOnes * ' ') | ((bytes ^ kOnes * '"') - kOnes) |
                              ((bytes ^ kOnes * '\\') - kOnes);
  return (other & kOnes << 7) == 0;
}

// How many such bytes the text begins with.
inline std::size_t json_plain_prefix(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  std::size_t size = 0;
  while (size + kWord <= text.size() && are_json_plain(text.data() + size)) size += kWord;
  // The rest once more with bytes before it.
  const bool to_the_end = size + kWord > text.size() && text.size() >= kWord;
  if (to_the_end && are_json_plain(text.data() + text.size() - kWord)) return text.size();
  while (size < text.size() && is_json_plain(text[size])) ++size;
  return size;
}

}  // namespace paxid::base
