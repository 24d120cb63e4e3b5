#pragma once

#include <cstddef>
#include <span>

#include "matcher/align.h"

namespace paxid::matcher::reference {

bool overlap(const Candidate& a, const Candidate& b);

// The highest sum of affinities of candidates that do not overlap, by trying every set. For few
// candidates.
double best_affinity_of_sets(std::span<const Candidate> candidates);

// The same for few parts: part by part of x, with whichever parts of y are taken.
double best_affinity(std::size_t x_parts, std::size_t y_parts,
                     std::span<const Candidate> candidates);

// Whether the chosen ones keep what best_alignment() promises.
bool is_best(std::size_t x_parts, std::size_t y_parts, std::span<const Candidate> candidates,
             const Alignment& chosen);

}  // namespace paxid::matcher::reference
