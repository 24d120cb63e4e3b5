#pragma once

#include <cstdint>
#include <string_view>

namespace paxid::matcher {

// FNV-1a with a final mix, 64 bits. The generator and the look-ups share it; the compiled
// lexicon holds hashes, not names.
constexpr std::uint64_t hash_of_name(std::string_view letters) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : letters) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3ULL;
  }
  hash ^= hash >> 32;
  hash *= 0x9E3779B97F4A7C15ULL;
  return hash ^ hash >> 29;
}

// Enough of a hash to tell the names of one table.
constexpr std::uint32_t high_half(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace paxid::matcher
