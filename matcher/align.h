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

inline constexpr std::size_t kMaxAligned = 12;  // parts
// Of one name a part or a run of two, three or four, of the other one part, and the other way.
inline constexpr std::size_t kMostCandidates = kMaxAligned * kMaxAligned * 7;

// The candidates (their indices, by rising x) that do not overlap and whose affinities sum
// highest; among equals the order of `candidates` decides. Exact: a dynamic program over the parts
// of one name and the subsets of the other's, without the subsets that a ceiling rules out.
// Requires x_parts, y_parts <= kMaxAligned and at most kMostCandidates candidates. Allocates
// nothing; where both names have more than four parts takes half a megabyte of stack.
using Alignment = Bounded<std::uint16_t, kMaxAligned>;
Alignment best_alignment(std::size_t x_parts, std::size_t y_parts,
                         std::span<const Candidate> candidates);

}  // namespace paxid::matcher
