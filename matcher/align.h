#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "matcher/bounded.h"

namespace paxid::matcher {

// A possible pair of runs of parts: [x, x + x_count) of one name with [y, y + y_count) of
// the other.
struct Candidate {
  std::uint8_t x = 0;
  std::uint8_t x_count = 1;
  std::uint8_t y = 0;
  std::uint8_t y_count = 1;
  double affinity = 0;  // > 0
};

// The candidates (their indices, by rising x) that do not overlap and whose affinities sum
// highest; among equals the ones that come first in `candidates`. Exact: a dynamic program
// over the parts of x and the subsets of the parts of y. Requires x_parts, y_parts <= 12 and
// fewer than 65,535 candidates. Allocates nothing; for y_parts > 4 takes half a megabyte of stack.
inline constexpr std::size_t kMaxAligned = 12;
using Alignment = Bounded<std::uint16_t, kMaxAligned>;
Alignment best_alignment(std::size_t x_parts, std::size_t y_parts,
                         std::span<const Candidate> candidates);

}  // namespace paxid::matcher
