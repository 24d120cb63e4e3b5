#include "matcher/align.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/check.h"

namespace paxid::matcher {
namespace {

constexpr double kUnreached = -1;

// What is best after the first x parts with a subset of the parts of y taken, by
// x * 2^y_parts + subset: the sum, and 1 + index of the candidate that led there, 0 for "skip
// x". Room for `kYParts` parts of y.
template <std::size_t kYParts>
struct States {
  std::array<double, (kMaxAligned + 1) << kYParts> sum;
  std::array<std::uint16_t, (kMaxAligned + 1) << kYParts> candidate;
};

std::size_t taken_by(const Candidate& candidate) {
  return ((std::size_t{1} << candidate.y_count) - 1) << candidate.y;
}

template <std::size_t kYParts>
Alignment align(std::size_t x_parts, std::size_t y_parts, std::span<const Candidate> candidates) {
  States<kYParts> states;
  const std::size_t subsets = std::size_t{1} << y_parts;
  std::fill_n(states.sum.begin(), (x_parts + 1) * subsets, kUnreached);
  const auto offer = [&](std::size_t x, std::size_t subset, double sum, std::size_t candidate) {
    const std::size_t at = x * subsets + subset;
    if (sum > states.sum[at]) {
      states.sum[at] = sum;
      states.candidate[at] = static_cast<std::uint16_t>(candidate);
    }
  };
  states.sum[0] = 0;
  for (std::size_t x = 0; x < x_parts; ++x) {
    for (std::size_t subset = 0; subset < subsets; ++subset) {
      const double sum = states.sum[x * subsets + subset];
      if (sum == kUnreached) continue;
      for (std::size_t c = 0; c < candidates.size(); ++c) {
        const Candidate& candidate = candidates[c];
        if (candidate.x != x) continue;
        const std::size_t taken = taken_by(candidate);
        if ((subset & taken) != 0) continue;
        offer(x + candidate.x_count, subset | taken, sum + candidate.affinity, c + 1);
      }
      offer(x + 1, subset, sum, 0);
    }
  }
  std::size_t subset = 0;
  const double* last = &states.sum[x_parts * subsets];
  for (std::size_t s = 1; s < subsets; ++s) {
    if (last[s] > last[subset]) subset = s;
  }
  Alignment chosen;
  for (std::size_t x = x_parts; x > 0;) {
    const std::size_t candidate = states.candidate[x * subsets + subset];
    if (candidate == 0) {
      --x;
      continue;
    }
    chosen.push_back(static_cast<std::uint16_t>(candidate - 1));
    x -= candidates[candidate - 1].x_count;
    subset &= ~taken_by(candidates[candidate - 1]);
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

// A function of its own, so that only names of many parts pay for the room they need.
[[gnu::noinline]] Alignment align_many(std::size_t x_parts, std::size_t y_parts,
                                       std::span<const Candidate> candidates) {
  return align<kMaxAligned>(x_parts, y_parts, candidates);
}

}  // namespace

Alignment best_alignment(std::size_t x_parts, std::size_t y_parts,
                         std::span<const Candidate> candidates) {
  PAXID_CHECK(x_parts <= kMaxAligned && y_parts <= kMaxAligned);
  Alignment chosen;
  if (candidates.size() < 2) {
    if (!candidates.empty()) chosen.push_back(0);
    return chosen;
  }
  constexpr std::size_t kFewParts = 4;
  if (y_parts <= kFewParts) return align<kFewParts>(x_parts, y_parts, candidates);
  return align_many(x_parts, y_parts, candidates);
}

}  // namespace paxid::matcher
