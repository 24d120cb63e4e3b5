#include "evaluation/figures.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace paxid::evaluation {
namespace {

// All pairs of one confidence.
struct Step {
  double confidence = 0;
  std::size_t same = 0;
  std::size_t different = 0;
};

// By falling confidence.
std::vector<Step> steps_of(std::span<const Judged> pairs) {
  std::vector<Judged> sorted(pairs.begin(), pairs.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Judged& a, const Judged& b) { return a.confidence > b.confidence; });
  std::vector<Step> steps;
  for (const Judged& pair : sorted) {
    if (steps.empty() || steps.back().confidence != pair.confidence) {
      steps.push_back({pair.confidence, 0, 0});
    }
    ++(pair.same ? steps.back().same : steps.back().different);
  }
  return steps;
}

std::size_t count_same(std::span<const Judged> pairs) {
  return static_cast<std::size_t>(
      std::count_if(pairs.begin(), pairs.end(), [](const Judged& pair) { return pair.same; }));
}

double ratio(std::size_t part, std::size_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t bin_of(double confidence) {
  const double place = confidence * static_cast<double>(kBins);
  return std::min(kBins - 1, static_cast<std::size_t>(std::max(0.0, place)));
}

// SplitMix64; its sequence is fixed, unlike that of the distributions of the standard library.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed) {}
  // Uniform below `limit` up to a bias of limit / 2^32.
  std::size_t below(std::size_t limit) {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    return static_cast<std::size_t>(((z >> 32) * limit) >> 32);
  }

 private:
  std::uint64_t state_;
};

// The value below which the share `quantile` of the sorted values lies, between neighbours
// in proportion.
double quantile_of(const std::vector<double>& sorted, double quantile) {
  const double place = quantile * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::optional<double> auc(std::span<const Judged> pairs) {
  const std::size_t same = count_same(pairs);
  const std::size_t different = pairs.size() - same;
  if (same == 0 || different == 0) return std::nullopt;
  // Whole numbers, so that nothing is rounded: twice the couples that are ranked rightly.
  std::uint64_t twice_right = 0;
  std::uint64_t same_above = 0;
  for (const Step& step : steps_of(pairs)) {
    twice_right += std::uint64_t{step.different} * (2 * same_above + step.same);
    same_above += step.same;
  }
  return static_cast<double>(twice_right) /
         (2.0 * static_cast<double>(same) * static_cast<double>(different));
}

std::optional<BestF1> best_f1(std::span<const Judged> pairs) {
  const std::size_t same = count_same(pairs);
  if (same == 0) return std::nullopt;
  BestF1 best;
  std::size_t accepted = 0;
  std::size_t right = 0;
  for (const Step& step : steps_of(pairs)) {
    accepted += step.same + step.different;
    right += step.same;
    const double f1 = ratio(2 * right, accepted + same);
    if (f1 > best.f1) best = {f1, step.confidence};
  }
  return best;
}

std::optional<double> tpr_at_fpr(std::span<const Judged> pairs, double fpr) {
  std::vector<double> different;
  for (const Judged& pair : pairs) {
    if (!pair.same) different.push_back(pair.confidence);
  }
  const std::size_t same = pairs.size() - different.size();
  if (same == 0 || different.empty()) return std::nullopt;
  std::sort(different.begin(), different.end(), std::greater<>());
  const auto allowed = static_cast<std::size_t>(fpr * static_cast<double>(different.size()));
  const double threshold =
      allowed < different.size() ? different[allowed] : -std::numeric_limits<double>::infinity();
  const auto passed = std::count_if(pairs.begin(), pairs.end(), [threshold](const Judged& pair) {
    return pair.same && pair.confidence > threshold;
  });
  return ratio(static_cast<std::size_t>(passed), same);
}

std::optional<double> brier(std::span<const Judged> pairs) {
  if (pairs.empty()) return std::nullopt;
  double sum = 0;
  for (const Judged& pair : pairs) {
    const double error = pair.confidence - (pair.same ? 1 : 0);
    sum += error * error;
  }
  return sum / static_cast<double>(pairs.size());
}

std::array<Bin, kBins> reliability(std::span<const Judged> pairs) {
  std::array<Bin, kBins> bins;
  for (const Judged& pair : pairs) {
    Bin& bin = bins[bin_of(pair.confidence)];
    ++bin.pairs;
    bin.same += pair.same ? 1 : 0;
    bin.confidence_sum += pair.confidence;
  }
  return bins;
}

std::optional<double> ece(std::span<const Judged> pairs) {
  if (pairs.empty()) return std::nullopt;
  double sum = 0;
  for (const Bin& bin : reliability(pairs)) {
    sum += std::abs(bin.confidence_sum - static_cast<double>(bin.same));
  }
  return sum / static_cast<double>(pairs.size());
}

std::optional<Interval> ece_interval(std::span<const Judged> pairs, std::size_t resamples,
                                     std::uint64_t seed) {
  if (pairs.empty() || resamples == 0) return std::nullopt;
  struct Excess {
    std::size_t bin;
    double confidence_minus_truth;
  };
  std::vector<Excess> excesses;
  excesses.reserve(pairs.size());
  for (const Judged& pair : pairs) {
    excesses.push_back({bin_of(pair.confidence), pair.confidence - (pair.same ? 1 : 0)});
  }
  Numbers numbers(seed);
  std::vector<double> eces;
  for (std::size_t i = 0; i < resamples; ++i) {
    std::array<double, kBins> sums{};
    for (std::size_t drawn = 0; drawn < excesses.size(); ++drawn) {
      const Excess& excess = excesses[numbers.below(excesses.size())];
      sums[excess.bin] += excess.confidence_minus_truth;
    }
    double sum = 0;
    for (const double of_bin : sums) sum += std::abs(of_bin);
    eces.push_back(sum / static_cast<double>(excesses.size()));
  }
  std::sort(eces.begin(), eces.end());
  return Interval{quantile_of(eces, 0.025), quantile_of(eces, 0.975)};
}

std::optional<LookAlikes> look_alikes_at_95_percent_of_slips(std::span<const double> slips,
                                                             std::span<const double> look_alikes) {
  if (slips.empty() || look_alikes.empty()) return std::nullopt;
  std::vector<double> sorted(slips.begin(), slips.end());
  const auto refused = static_cast<std::size_t>(0.05 * static_cast<double>(sorted.size()));
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(refused),
                   sorted.end());
  const double threshold = sorted[refused];
  const auto accepted = std::count_if(look_alikes.begin(), look_alikes.end(),
                                      [threshold](double c) { return c >= threshold; });
  return LookAlikes{threshold, ratio(static_cast<std::size_t>(accepted), look_alikes.size())};
}

std::vector<RocPoint> roc_curve(std::span<const Judged> pairs) {
  const std::size_t same = count_same(pairs);
  const std::size_t different = pairs.size() - same;
  if (same == 0 || different == 0) return {};
  std::vector<RocPoint> points = {{0, 0}};
  std::size_t same_above = 0;
  std::size_t different_above = 0;
  for (const Step& step : steps_of(pairs)) {
    same_above += step.same;
    different_above += step.different;
    points.push_back({ratio(different_above, different), ratio(same_above, same)});
  }
  return points;
}

Interval wilson_interval(std::size_t same, std::size_t pairs) {
  constexpr double kZ = 1.959963984540054;  // 97.5 % of the normal distribution lie below
  const double share = ratio(same, pairs);
  const double z2n = kZ * kZ / static_cast<double>(pairs);
  const double middle = (share + z2n / 2) / (1 + z2n);
  const double half = kZ *
                      std::sqrt(share * (1 - share) / static_cast<double>(pairs) +
                                z2n / 4 / static_cast<double>(pairs)) /
                      (1 + z2n);
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace paxid::evaluation
