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

// How many such bytes the text begins with. Eight are looked at at once: the upper bit of a byte is
// set below if it is none of them; what it borrows from the bytes above it can only set more.
inline std::size_t json_plain_prefix(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  std::size_t size = 0;
  for (std::uint64_t bytes; size + sizeof bytes <= text.size(); size += sizeof bytes) {
    std::memcpy(&bytes, text.data() + size, sizeof bytes);
    const std::uint64_t other = bytes | (bytes - kOnes * ' ') | ((bytes ^ kOnes * '"') - kOnes) |
                                ((bytes ^ kOnes * '\\') - kOnes);
    if ((other & kOnes << 7) != 0) break;
  }
  while (size < text.size() && is_json_plain(text[size])) ++size;
  return size;
}

}  // namespace paxid::base
