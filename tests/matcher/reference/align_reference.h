#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "matcher/align.h"

namespace paxid::matcher::reference {

bool overlap(const Candidate& a, const Candidate& b);

// The highest sum of affinities of candidates that do not overlap, by trying every set.
double best_affinity(std::span<const Candidate> candidates);

}  // namespace paxid::matcher::reference
