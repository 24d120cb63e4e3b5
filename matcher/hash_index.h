#pragma once

// Private to this library: where the hashes of a sorted table stand.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.h"

namespace paxid::matcher {

// Hashes are evenly spread, so their highest bits tell the place of one among the sorted ones but
// for a little, which is kept for every value of these bits: a look-up reads the index once and
// a few neighbouring entries. The table outlives the index.
template <unsigned kBits>
class HashIndex {
 public:
  explicit HashIndex(std::span<const std::uint64_t> sorted) : sorted_(sorted) {
    std::size_t entry = 0;
    for (std::size_t bucket = 0; bucket < off_.size(); ++bucket) {
      while (entry < sorted.size() && bucket_of(sorted[entry]) < bucket) ++entry;
      const auto off = static_cast<std::ptrdiff_t>(entry) - likely(bucket);
      PAXID_CHECK(off >= INT16_MIN && off <= INT16_MAX);
      off_[bucket] = static_cast<std::int16_t>(off);
    }
  }

  // The entries that share the highest bits of `hash`.
  std::span<const std::uint64_t> around(std::uint64_t hash) const {
    const std::size_t bucket = bucket_of(hash);
    const std::size_t first = start(bucket);
    return sorted_.subspan(first, start(bucket + 1) - first);
  }

 private:
  static constexpr std::size_t kBuckets = std::size_t{1} << kBits;

  static std::size_t bucket_of(std::uint64_t hash) { return hash >> (64 - kBits); }
  std::ptrdiff_t likely(std::size_t bucket) const {
    return static_cast<std::ptrdiff_t>(bucket * sorted_.size() >> kBits);
  }
  std::size_t start(std::size_t bucket) const {
    return static_cast<std::size_t>(likely(bucket) + off_[bucket]);
  }

  std::span<const std::uint64_t> sorted_;
  std::array<std::int16_t, kBuckets + 1> off_;
};

}  // namespace paxid::matcher
