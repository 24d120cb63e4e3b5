#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// How well probabilities tell pairs of one person from pairs of two. Every figure is defined
// in docs/evaluation.md; all functions are pure, deterministic and independent of the order
// of the pairs up to the rounding of a sum.
namespace paxid::evaluation {

// One labelled pair after it was judged.
struct Judged {
  double confidence = 0;  // 0..1, the probability that both names are one person's
  bool same = false;      // the truth
};

// Share of (same, different) couples of pairs that are ranked rightly, ties counting half.
// Nothing without pairs of both kinds.
std::optional<double> auc(std::span<const Judged> pairs);

// The greatest F1 over all thresholds "confidence >= threshold"; the highest such threshold.
// Nothing without a pair of one person.
struct BestF1 {
  double f1 = 0;
  double threshold = 0;
};
std::optional<BestF1> best_f1(std::span<const Judged> pairs);

// Share of the pairs of one person that stand above the threshold which accepts at most the
// share `fpr` (rounded down to whole pairs) of the pairs of two persons. Nothing without pairs
// of both kinds. Requires 0 <= fpr <= 1.
std::optional<double> tpr_at_fpr(std::span<const Judged> pairs, double fpr);

// Mean squared error of the probabilities. Nothing without pairs.
std::optional<double> brier(std::span<const Judged> pairs);

// Pairs by confidence in kBins bins of equal width; 1.0 belongs to the last.
inline constexpr std::size_t kBins = 15;
struct Bin {
  std::size_t pairs = 0;
  std::size_t same = 0;
  double confidence_sum = 0;

  double mean_confidence() const { return confidence_sum / static_cast<double>(pairs); }
  double share_same() const { return static_cast<double>(same) / static_cast<double>(pairs); }
};
std::array<Bin, kBins> reliability(std::span<const Judged> pairs);

// Expected calibration error: the mean over the pairs of |mean confidence - share of same|
// of their bin. Nothing without pairs.
std::optional<double> ece(std::span<const Judged> pairs);

// Where 95 % of the ECEs lie of `resamples` samples drawn from the pairs with replacement
// (percentile bootstrap). The same pairs in the same order and the same seed give the same
// interval on every machine. Nothing without pairs or without resamples.
struct Interval {
  double low = 0;
  double high = 0;
};
std::optional<Interval> ece_interval(std::span<const Judged> pairs, std::size_t resamples,
                                     std::uint64_t seed);

// The share of `look_alikes` (pairs of two persons) that is accepted at the threshold that
// passes 95 % of `slips` (pairs of one person). Nothing when either is empty.
struct LookAlikes {
  double threshold = 0;
  double accepted = 0;  // share
};
std::optional<LookAlikes> look_alikes_at_95_percent_of_slips(std::span<const double> slips,
                                                             std::span<const double> look_alikes);

// The corners of the ROC curve, from (0, 0) to (1, 1), one for each different confidence.
// Empty without pairs of both kinds.
struct RocPoint {
  double fpr = 0;
  double tpr = 0;
};
std::vector<RocPoint> roc_curve(std::span<const Judged> pairs);

// Where the true share lies in 95 of 100 cases when `same` of `pairs` were seen (Wilson's
// score interval). Requires 0 < pairs, same <= pairs.
Interval wilson_interval(std::size_t same, std::size_t pairs);

}  // namespace paxid::evaluation
