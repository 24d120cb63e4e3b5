#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "matcher/align.h"
#include "tests/matcher/reference/align_reference.h"

namespace paxid::matcher {
namespace {

void expect_optimal(std::size_t nx, std::size_t ny, const std::vector<Candidate>& candidates) {
  const auto chosen = best_alignment(nx, ny, candidates);
  double sum = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    sum += candidates[chosen[i]].affinity;
    for (std::size_t j = 0; j < i; ++j) {
      ASSERT_FALSE(reference::overlap(candidates[chosen[i]], candidates[chosen[j]]));
      ASSERT_LT(candidates[chosen[j]].x, candidates[chosen[i]].x);
    }
  }
  ASSERT_EQ(sum, reference::best_affinity(candidates));
}

// Two parts against two with every candidate there can be, each absent, weak or strong.
TEST(BestAlignmentReference, AgreesOnAllOfASmallWorld) {
  const std::vector<Candidate> places = {{0, 1, 0, 1, 0}, {0, 1, 1, 1, 0}, {1, 1, 0, 1, 0},
                                         {1, 1, 1, 1, 0}, {0, 2, 0, 1, 0}, {0, 2, 1, 1, 0},
                                         {0, 1, 0, 2, 0}, {1, 1, 0, 2, 0}};
  const std::vector<double> affinities = {0, 2, 3};
  std::size_t worlds = 1;
  for (std::size_t i = 0; i < places.size(); ++i) worlds *= affinities.size();
  for (std::size_t world = 0; world < worlds; ++world) {
    std::vector<Candidate> candidates;
    std::size_t left = world;
    for (const Candidate& place : places) {
      const double affinity = affinities[left % affinities.size()];
      left /= affinities.size();
      if (affinity == 0) continue;
      candidates.push_back(place);
      candidates.back().affinity = affinity;
    }
    expect_optimal(2, 2, candidates);
    if (HasFatalFailure()) FAIL() << "world " << world;
  }
}

// Also more than six parts of y, where the table no longer stands on the stack.
TEST(BestAlignmentReference, AgreesOnLongNames) {
  std::uint32_t state = 2463534242U;
  const auto below = [&state](std::size_t limit) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return static_cast<std::uint8_t>(state % limit);
  };
  for (int round = 0; round < 400; ++round) {
    const std::size_t nx = 1 + below(kMaxAligned);
    const std::size_t ny = 1 + below(kMaxAligned);
    std::vector<Candidate> candidates;
    for (int i = below(16); i > 0; --i) {
      Candidate c;
      c.x = below(nx);
      c.y = below(ny);
      if (below(3) == 0) c.x_count = static_cast<std::uint8_t>(1 + below(nx - c.x));
      if (c.x_count == 1) c.y_count = static_cast<std::uint8_t>(1 + below(ny - c.y));
      c.affinity = 1 + below(6);
      candidates.push_back(c);
    }
    expect_optimal(nx, ny, candidates);
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

}  // namespace
}  // namespace paxid::matcher
