#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "matcher/align.h"
#include "matcher/part.h"
#include "tests/matcher/reference/align_reference.h"

namespace paxid::matcher {
namespace {

// A fixed sequence (xorshift), so that a failure can be repeated.
class Numbers {
 public:
  std::uint8_t below(std::size_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return static_cast<std::uint8_t>(state_ % limit);
  }

 private:
  std::uint32_t state_ = 2463534242U;
};

// A part against a part, or a run on one of the sides, as long as there are parts.
Candidate any_candidate(Numbers& numbers, std::size_t nx, std::size_t ny) {
  Candidate c;
  c.x = numbers.below(nx);
  c.y = numbers.below(ny);
  if (numbers.below(3) == 0) c.x_count = static_cast<std::uint8_t>(1 + numbers.below(nx - c.x));
  if (c.x_count == 1) c.y_count = static_cast<std::uint8_t>(1 + numbers.below(ny - c.y));
  // Eighths, so that many sums are equal and each is exact.
  c.affinity = (1 + numbers.below(48)) / 8.0;
  return c;
}

TEST(BestAlignment, OfNothingIsNothing) {
  EXPECT_TRUE(best_alignment(0, 0, {}).empty());
  EXPECT_TRUE(best_alignment(12, 12, {}).empty());
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
    ASSERT_EQ(reference::best_affinity(2, 2, candidates),
              reference::best_affinity_of_sets(candidates))
        << "world " << world;
    ASSERT_TRUE(reference::is_best(2, 2, candidates, best_alignment(2, 2, candidates)))
        << "world " << world;
  }
}

// Few candidates anywhere among many parts; candidates in no order.
TEST(BestAlignmentReference, AgreesOnFewCandidates) {
  Numbers numbers;
  for (int round = 0; round < 2000; ++round) {
    const std::size_t nx = 1 + numbers.below(kMaxAligned);
    const std::size_t ny = 1 + numbers.below(kMaxAligned);
    std::vector<Candidate> candidates;
    for (int i = numbers.below(14); i > 0; --i) {
      candidates.push_back(any_candidate(numbers, nx, ny));
    }
    const auto chosen = best_alignment(nx, ny, candidates);
    double sum = 0;
    for (const std::size_t c : chosen) sum += candidates[c].affinity;
    ASSERT_EQ(sum, reference::best_affinity_of_sets(candidates)) << "round " << round;
    for (std::size_t i = 1; i < chosen.size(); ++i) {
      ASSERT_LT(candidates[chosen[i - 1]].x, candidates[chosen[i]].x);
      for (std::size_t j = 0; j < i; ++j) {
        ASSERT_FALSE(reference::overlap(candidates[chosen[i]], candidates[chosen[j]]));
      }
    }
  }
}

// As many candidates as there can be, so that what the ceiling rules out is much: each part fits
// each with one of a few affinities, and runs fit many parts.
TEST(BestAlignmentReference, AgreesOnAsManyCandidatesAsThereCanBe) {
  Numbers numbers;
  for (int round = 0; round < 150; ++round) {
    const std::size_t nx = 3 + numbers.below(6);
    const std::size_t ny = 3 + numbers.below(6);
    const std::size_t kinds = 1 + numbers.below(8);
    const std::size_t runs = numbers.below(4);
    std::vector<Candidate> candidates;
    const auto add = [&](std::size_t x, std::size_t x_count, std::size_t y, std::size_t y_count) {
      if (x + x_count > nx || y + y_count > ny) return;
      const double affinity = 8 + numbers.below(kinds) / 4.0 + numbers.below(2) * (x_count > 1);
      const auto narrow = [](std::size_t n) { return static_cast<std::uint8_t>(n); };
      candidates.push_back({narrow(x), narrow(x_count), narrow(y), narrow(y_count), affinity});
    };
    for (std::size_t x = 0; x < nx; ++x) {
      for (std::size_t y = 0; y < ny; ++y) {
        add(x, 1, y, 1);
        for (std::size_t n = 2; n <= 4; ++n) {
          if (numbers.below(4) < runs) add(x, n, y, 1);
          if (numbers.below(4) < runs) add(x, 1, y, n);
        }
      }
    }
    ASSERT_TRUE(reference::is_best(nx, ny, candidates, best_alignment(nx, ny, candidates)))
        << "round " << round;
  }
}

TEST(BestAlignmentReference, AgreesOnTwelvePartsOfEachSide) {
  Numbers numbers;
  for (const std::size_t kinds : {1U, 2U, 40U}) {
    std::vector<Candidate> candidates;
    for (std::uint8_t x = 0; x < kMaxAligned; ++x) {
      for (std::uint8_t y = 0; y < kMaxAligned; ++y) {
        candidates.push_back({x, 1, y, 1, 4 + numbers.below(kinds) / 8.0});
        if (x + 2U <= kMaxAligned) candidates.push_back({x, 2, y, 1, 5});
        if (y + 4U <= kMaxAligned) candidates.push_back({x, 1, y, 4, 7});
      }
    }
    ASSERT_TRUE(reference::is_best(kMaxAligned, kMaxAligned, candidates,
                                   best_alignment(kMaxAligned, kMaxAligned, candidates)))
        << kinds;
  }
}

}  // namespace
}  // namespace paxid::matcher
