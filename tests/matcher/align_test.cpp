#include "matcher/align.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace paxid::matcher {
namespace {

bool overlap(const Candidate& a, const Candidate& b) {
  const auto meet = [](int at, int count, int other, int other_count) {
    return at < other + other_count && other < at + count;
  };
  return meet(a.x, a.x_count, b.x, b.x_count) || meet(a.y, a.y_count, b.y, b.y_count);
}

// The best sum over every subset of the candidates. Slow and obvious.
double best_by_trying(const std::vector<Candidate>& candidates) {
  double best = 0;
  for (std::size_t chosen = 0; chosen < std::size_t{1} << candidates.size(); ++chosen) {
    double sum = 0;
    bool fits = true;
    for (std::size_t i = 0; i < candidates.size() && fits; ++i) {
      if ((chosen >> i & 1U) == 0) continue;
      sum += candidates[i].affinity;
      for (std::size_t j = 0; j < i; ++j) {
        if ((chosen >> j & 1U) != 0 && overlap(candidates[i], candidates[j])) fits = false;
      }
    }
    if (fits) best = std::max(best, sum);
  }
  return best;
}

// A fixed sequence (xorshift), so that a failure can be repeated.
class Numbers {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ % limit;
  }

 private:
  std::uint32_t state_ = 2463534242U;
};

TEST(BestAlignment, IsAsGoodAsTryingEverySubset) {
  Numbers numbers;
  for (int round = 0; round < 2000; ++round) {
    const auto nx = static_cast<std::uint8_t>(1 + numbers.below(4));
    const auto ny = static_cast<std::uint8_t>(1 + numbers.below(4));
    std::vector<Candidate> candidates;
    for (std::uint32_t i = numbers.below(10); i > 0; --i) {
      Candidate c;
      c.x = static_cast<std::uint8_t>(numbers.below(nx));
      c.y = static_cast<std::uint8_t>(numbers.below(ny));
      if (numbers.below(3) == 0) {
        c.x_count = static_cast<std::uint8_t>(1 + numbers.below(nx - c.x));
      } else {
        c.y_count = static_cast<std::uint8_t>(1 + numbers.below(ny - c.y));
      }
      c.affinity = 1 + numbers.below(8);
      candidates.push_back(c);
    }
    const auto chosen = best_alignment(nx, ny, candidates);
    double sum = 0;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      sum += candidates[chosen[i]].affinity;
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(overlap(candidates[chosen[i]], candidates[chosen[j]]));
      }
    }
    EXPECT_EQ(sum, best_by_trying(candidates)) << "round " << round;
  }
}

TEST(BestAlignment, OfNothingIsNothing) {
  EXPECT_TRUE(best_alignment(0, 0, {}).empty());
  EXPECT_TRUE(best_alignment(12, 12, {}).empty());
}

}  // namespace
}  // namespace paxid::matcher
