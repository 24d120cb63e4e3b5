#include "evaluation/figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace paxid::evaluation {
namespace {

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

// Few different confidences, so that there are many ties.
std::vector<Judged> random_pairs(Numbers& numbers) {
  std::vector<Judged> pairs(1 + numbers.below(40));
  const std::uint32_t levels = 2 + numbers.below(30);
  for (Judged& pair : pairs) {
    pair = {numbers.below(levels + 1) / static_cast<double>(levels), numbers.below(3) != 0};
  }
  return pairs;
}

// The definition: every couple of a pair of one person with a pair of two.
std::optional<double> auc_by_couples(const std::vector<Judged>& pairs) {
  double right = 0;
  double couples = 0;
  for (const Judged& a : pairs) {
    for (const Judged& b : pairs) {
      if (!a.same || b.same) continue;
      ++couples;
      right += a.confidence > b.confidence ? 1 : a.confidence == b.confidence ? 0.5 : 0;
    }
  }
  if (couples == 0) return std::nullopt;
  return right / couples;
}

struct Counts {
  double same_passed = 0;
  double different_passed = 0;
  double same = 0;
  double different = 0;
};

Counts counts_at(const std::vector<Judged>& pairs, double threshold) {
  Counts counts;
  for (const Judged& pair : pairs) {
    const bool passed = pair.confidence >= threshold;
    (pair.same ? counts.same : counts.different) += 1;
    (pair.same ? counts.same_passed : counts.different_passed) += passed ? 1 : 0;
  }
  return counts;
}

double best_f1_by_thresholds(const std::vector<Judged>& pairs) {
  double best = 0;
  for (const Judged& at : pairs) {
    const Counts c = counts_at(pairs, at.confidence);
    best = std::max(best, 2 * c.same_passed / (c.same_passed + c.different_passed + c.same));
  }
  return best;
}

// The most true accepts of any threshold that keeps the share of false ones. Between two
// confidences there is always a threshold: "above this one".
double tpr_by_thresholds(const std::vector<Judged>& pairs, double fpr) {
  double best = 0;
  const double allowed = std::floor(fpr * counts_at(pairs, 0).different);
  for (const Judged& at : pairs) {
    const Counts c = counts_at(pairs, at.confidence);
    if (c.different_passed <= allowed) best = std::max(best, c.same_passed / c.same);
  }
  return best;
}

double ece_by_definition(const std::vector<Judged>& pairs) {
  double sum = 0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    double claimed = 0;
    double same = 0;
    for (const Judged& pair : pairs) {
      const auto place = static_cast<std::size_t>(pair.confidence * kBins);
      if (std::min(place, kBins - 1) != bin) continue;
      claimed += pair.confidence;
      same += pair.same ? 1 : 0;
    }
    sum += std::abs(claimed - same);
  }
  return sum / static_cast<double>(pairs.size());
}

TEST(Figures, AgreeWithTheirDefinitions) {
  Numbers numbers;
  int with_both = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::vector<Judged> pairs = random_pairs(numbers);
    const auto expected = auc_by_couples(pairs);
    ASSERT_EQ(auc(pairs).has_value(), expected.has_value()) << "round " << round;
    ASSERT_NEAR(ece(pairs).value(), ece_by_definition(pairs), 1e-12) << "round " << round;
    if (!expected) {
      EXPECT_FALSE(tpr_at_fpr(pairs, 0.5));
      EXPECT_TRUE(roc_curve(pairs).empty());
      continue;
    }
    ++with_both;
    ASSERT_NEAR(*auc(pairs), *expected, 1e-12) << "round " << round;
    ASSERT_NEAR(best_f1(pairs)->f1, best_f1_by_thresholds(pairs), 1e-12) << "round " << round;
    for (const double fpr : {0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 1.0}) {
      ASSERT_NEAR(tpr_at_fpr(pairs, fpr).value(), tpr_by_thresholds(pairs, fpr), 1e-12)
          << "round " << round << " fpr " << fpr;
    }
  }
  EXPECT_GT(with_both, 2000);
}

TEST(Figures, AreAsCountedByHand) {
  // Ranks: .9 s, .8 d, .7 s, .6 s | .5 d (tie) .5 s | .2 d
  const std::vector<Judged> pairs = {{.9, true},  {.8, false}, {.7, true}, {.6, true},
                                     {.5, false}, {.5, true},  {.2, false}};
  // Couples: .9 beats 3; .7 beats 2; .6 beats 2; .5 beats 1 and ties 1: 8.5 of 12.
  EXPECT_DOUBLE_EQ(auc(pairs).value(), 8.5 / 12);
  // At .5: 4 true and 2 false accepts, F1 = 8 / (6 + 4).
  EXPECT_DOUBLE_EQ(best_f1(pairs)->f1, 0.8);
  EXPECT_DOUBLE_EQ(best_f1(pairs)->threshold, 0.5);
  EXPECT_DOUBLE_EQ(tpr_at_fpr(pairs, 0.01).value(), 0.25);
  EXPECT_DOUBLE_EQ(tpr_at_fpr(pairs, 0.34).value(), 0.75);
  EXPECT_NEAR(brier(pairs).value(), (.01 + .64 + .09 + .16 + .25 + .25 + .04) / 7, 1e-15);
}

TEST(Figures, OfNothingAreNothing) {
  EXPECT_FALSE(auc({}));
  EXPECT_FALSE(best_f1({}));
  EXPECT_FALSE(tpr_at_fpr({}, 0.01));
  EXPECT_FALSE(brier({}));
  EXPECT_FALSE(ece({}));
  EXPECT_FALSE(ece_interval({}, 100, 1));
  EXPECT_FALSE(look_alikes_at_95_percent_of_slips({}, {}));
  EXPECT_TRUE(roc_curve({}).empty());
}

TEST(Reliability, PutsEdgesIntoTheUpperBinAndOneIntoTheLast) {
  const std::vector<Judged> pairs = {{0, false}, {0.99, true}, {1, true}, {3 / 15.0, true}};
  const auto bins = reliability(pairs);
  EXPECT_EQ(bins[0].pairs, 1U);
  EXPECT_EQ(bins[3].pairs, 1U);
  EXPECT_EQ(bins[14].pairs, 2U);
  EXPECT_EQ(bins[14].same, 2U);
  EXPECT_DOUBLE_EQ(bins[14].mean_confidence(), 0.995);
}

TEST(RocCurve, HasTheAreaThatAucSays) {
  Numbers numbers;
  for (int round = 0; round < 500; ++round) {
    const std::vector<Judged> pairs = random_pairs(numbers);
    const auto points = roc_curve(pairs);
    if (points.empty()) continue;
    EXPECT_EQ(points.front().fpr, 0);
    EXPECT_EQ(points.front().tpr, 0);
    EXPECT_EQ(points.back().fpr, 1);
    EXPECT_EQ(points.back().tpr, 1);
    double area = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
      area += (points[i].fpr - points[i - 1].fpr) * (points[i].tpr + points[i - 1].tpr) / 2;
    }
    ASSERT_NEAR(area, auc(pairs).value(), 1e-12) << "round " << round;
  }
}

// Pairs whose labels are drawn with the claimed probability.
std::vector<Judged> honest_pairs(std::size_t count, Numbers& numbers) {
  std::vector<Judged> pairs(count);
  for (Judged& pair : pairs) {
    const double p = numbers.below(1000) / 1000.0;
    pair = {p, numbers.below(1000) < 1000 * p};
  }
  return pairs;
}

TEST(EceInterval, IsDeterministicOrderedAndNarrowsWithMorePairs) {
  Numbers numbers;
  const auto few = honest_pairs(200, numbers);
  const auto many = honest_pairs(5000, numbers);
  const auto of_few = ece_interval(few, 500, 7).value();
  const auto again = ece_interval(few, 500, 7).value();
  EXPECT_EQ(of_few.low, again.low);
  EXPECT_EQ(of_few.high, again.high);
  EXPECT_NE(of_few.low, ece_interval(few, 500, 8)->low);
  EXPECT_LT(of_few.low, of_few.high);
  const auto of_many = ece_interval(many, 500, 7).value();
  EXPECT_LT(of_many.high - of_many.low, of_few.high - of_few.low);
  EXPECT_LT(of_many.high, 0.06);
}

TEST(EceInterval, OfPairsThatAreAllAlikeIsAPoint) {
  const std::vector<Judged> pairs(50, Judged{0.75, true});
  const auto interval = ece_interval(pairs, 100, 1).value();
  EXPECT_NEAR(interval.low, 0.25, 1e-12);
  EXPECT_NEAR(interval.high, 0.25, 1e-12);
}

TEST(LookAlikes, AreCountedAtTheThresholdThatPasses95PercentOfSlips) {
  std::vector<double> slips;
  for (int i = 1; i <= 20; ++i) slips.push_back(i / 20.0);
  // One of twenty slips may be refused: the threshold is the second lowest, .10.
  const std::vector<double> look_alikes = {0.05, 0.0999, 0.10, 0.5};
  const auto found = look_alikes_at_95_percent_of_slips(slips, look_alikes).value();
  EXPECT_DOUBLE_EQ(found.threshold, 0.10);
  EXPECT_DOUBLE_EQ(found.accepted, 0.5);
}

TEST(WilsonInterval, IsAsPublished) {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81/263, 15/148, 0/20, 1/29.
  const auto near = [](const Interval& interval, double low, double high) {
    EXPECT_NEAR(interval.low, low, 5e-5);
    EXPECT_NEAR(interval.high, high, 5e-5);
  };
  near(wilson_interval(81, 263), 0.2553, 0.3662);
  near(wilson_interval(15, 148), 0.0624, 0.1605);
  near(wilson_interval(0, 20), 0.0000, 0.1611);
  near(wilson_interval(1, 29), 0.0061, 0.1718);
}

}  // namespace
}  // namespace paxid::evaluation
