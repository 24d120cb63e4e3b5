#pragma once

// Private to this library: how its generator packs one spelling of one origin.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace paxid::matcher {

// From high to low: 40 bits of the Latin text's hash_of_name(), the number of the origin (16),
// what the spelling costs in sixteenths of a bit (8).
struct OriginEntry {
  static constexpr std::size_t kMaxOrigins = 0x10000;
  static constexpr std::uint64_t kHash = ~0xFFFFFFULL;

  static std::uint64_t pack(std::uint64_t hash, std::uint64_t origin, float bits) {
    const auto cost = static_cast<std::uint64_t>(std::clamp(bits * 16, 0.0F, 255.0F));
    return (hash & kHash) | origin << 8 | cost;
  }
  static std::uint32_t origin(std::uint64_t entry) { return entry >> 8 & 0xFFFFU; }
  static float bits(std::uint64_t entry) { return static_cast<float>(entry & 0xFFU) / 16; }
};

// Hashes are evenly spread, so the place of one among the sorted entries is known but for so many
// of them. The generator makes sure.
inline constexpr std::size_t kOriginWindow = 4096;
inline std::size_t likely_place(std::uint64_t hash, std::size_t entries) {
  return static_cast<std::size_t>((hash >> 32) * entries >> 32);
}

// A bit for each text that may be a syllable of a Chinese or Korean name, at a place that its
// hash tells. A quick no for most texts.
inline constexpr std::size_t kSyllableBits = std::size_t{1} << 17;
using SyllableBits = std::array<std::uint64_t, kSyllableBits / 64>;
inline std::size_t syllable_bit(std::uint64_t hash_of_name) { return hash_of_name >> 47; }

}  // namespace paxid::matcher
