#include "matcher/align.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"

namespace paxid::matcher {
namespace {

constexpr double kUnreached = -1;

struct State {
  double sum = kUnreached;
  std::uint16_t candidate = 0;  // 1 + index of the candidate that led here, 0 for "skip x"
  std::uint16_t from_subset = 0;
};

// `states` has room for (x_parts + 1) * 2^y_parts.
Alignment align(std::size_t x_parts, std::size_t y_parts, std::span<const Candidate> candidates,
                std::span<State> states) {
  const std::size_t subsets = std::size_t{1} << y_parts;
  std::fill(states.begin(), states.begin() + static_cast<std::ptrdiff_t>((x_parts + 1) * subsets),
            State{});
  const auto at = [&](std::size_t x, std::size_t subset) -> State& {
    return states[x * subsets + subset];
  };
  const auto offer = [&](std::size_t x, std::size_t subset, double sum, std::size_t candidate,
                         std::size_t from) {
    State& state = at(x, subset);
    if (sum > state.sum) {
      state = {sum, static_cast<std::uint16_t>(candidate), static_cast<std::uint16_t>(from)};
    }
  };
  at(0, 0).sum = 0;
  for (std::size_t x = 0; x < x_parts; ++x) {
    for (std::size_t subset = 0; subset < subsets; ++subset) {
      const double sum = at(x, subset).sum;
      if (sum == kUnreached) continue;
      for (std::size_t c = 0; c < candidates.size(); ++c) {
        const Candidate& candidate = candidates[c];
        if (candidate.x != x) continue;
        const std::size_t taken = ((std::size_t{1} << candidate.y_count) - 1) << candidate.y;
        if ((subset & taken) != 0) continue;
        offer(x + candidate.x_count, subset | taken, sum + candidate.affinity, c + 1, subset);
      }
      offer(x + 1, subset, sum, 0, subset);
    }
  }
  std::size_t subset = 0;
  for (std::size_t s = 1; s < subsets; ++s) {
    if (at(x_parts, s).sum > at(x_parts, subset).sum) subset = s;
  }
  Alignment chosen;
  for (std::size_t x = x_parts; x > 0;) {
    const State& state = at(x, subset);
    if (state.candidate == 0) {
      --x;
    } else {
      chosen.push_back(static_cast<std::uint16_t>(state.candidate - 1U));
      x -= candidates[state.candidate - 1U].x_count;
    }
    subset = state.from_subset;
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
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
  constexpr std::size_t kFewParts = 6;
  if (y_parts <= kFewParts) {
    std::array<State, (kMaxAligned + 1) << kFewParts> states;
    return align(x_parts, y_parts, candidates, states);
  }
  std::vector<State> states((x_parts + 1) << y_parts);
  return align(x_parts, y_parts, candidates, states);
}

}  // namespace paxid::matcher
