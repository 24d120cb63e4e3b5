#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/figures.h"

namespace paxid::evaluation {

inline constexpr std::size_t kMaxPairs = 2'000'000;
// Different slices that are kept while pairs come in; the pairs of further ones count only
// in the slice of all pairs.
inline constexpr std::size_t kMaxSlicesSeen = 4096;
// Slices that a report shows: the largest.
inline constexpr std::size_t kMaxSlicesShown = 40;
inline constexpr std::size_t kMaxResamples = 100'000;

// What a pair is for the look-alike figure.
enum class PairRole : std::uint8_t {
  kPlain,
  kSlip,       // one person, a few letters mistyped
  kLookAlike,  // two persons, a few letters apart
};

struct Observation {
  double confidence = 0;  // 0..1; without an opinion the prior
  bool same = false;
  bool opinion = true;
  PairRole role = PairRole::kPlain;
};

// Judged pairs and the slices they belong to. Holds no names.
class Sample {
 public:
  // False, and nothing is added, when there are kMaxPairs already. A slice named twice counts
  // once.
  bool add(const Observation& observation, std::span<const std::string> slices);
  std::size_t size() const { return pairs_.size(); }
  std::span<const Observation> pairs() const { return pairs_; }
  // Slices by name, each with the indices of its pairs, rising.
  const std::map<std::string, std::vector<std::uint32_t>, std::less<>>& slices() const {
    return slices_;
  }
  // Pairs of which at least one slice is one too many.
  std::size_t pairs_with_unseen_slices() const { return unseen_; }

 private:
  std::vector<Observation> pairs_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> slices_;
  std::size_t unseen_ = 0;
};

struct Slice {
  std::string name;
  std::size_t pairs = 0;
  std::size_t same = 0;
  std::size_t with_opinion = 0;
  double mean_confidence = 0;  // 0 without pairs
  // Nothing in a slice of one label, where every acceptance is right or none is, and where an
  // honest probability would still differ from the label.
  std::optional<double> auc;
  std::optional<double> tpr_at_fpr_1_percent;
  std::optional<double> tpr_at_fpr_1_per_mille;
  std::optional<BestF1> best_f1;
  std::optional<double> ece;
  std::optional<Interval> ece_interval;
  std::optional<double> brier;  // in any slice with pairs
  std::size_t slips = 0;
  std::size_t look_alikes = 0;
  std::optional<LookAlikes> look_alikes_at_95_percent_of_slips;
  std::vector<RocPoint> roc;
  std::array<Bin, kBins> bins;

  bool has_both_labels() const { return same > 0 && same < pairs; }
};

struct Report {
  std::vector<Slice> slices;  // all pairs first, then the largest slices, then by name
  std::size_t slices_not_shown = 0;
  std::size_t pairs_with_unseen_slices = 0;
  std::size_t resamples = 0;
  std::uint64_t seed = 0;
};

struct ReportOptions {
  std::size_t resamples = 1000;  // of the ECE's interval; 0: no interval
  std::uint64_t seed = 1;
  // Told the share done, 0..1, after each slice.
  std::function<void(double share)> progress = {};
};

// Requires resamples <= kMaxResamples.
Report make_report(const Sample& sample, const ReportOptions& options);

}  // namespace paxid::evaluation
