#include "evaluation/report.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace paxid::evaluation {
namespace {

constexpr std::string_view kAllPairs = "all pairs";

Slice figures_of(std::string_view name, const std::vector<Observation>& observations,
                 const ReportOptions& options) {
  Slice slice;
  slice.name = name;
  std::vector<Judged> pairs;
  std::vector<double> slips;
  std::vector<double> look_alikes;
  double confidence_sum = 0;
  pairs.reserve(observations.size());
  for (const Observation& observation : observations) {
    pairs.push_back({observation.confidence, observation.same});
    confidence_sum += observation.confidence;
    slice.same += observation.same ? 1 : 0;
    slice.with_opinion += observation.opinion ? 1 : 0;
    if (observation.role == PairRole::kSlip) slips.push_back(observation.confidence);
    if (observation.role == PairRole::kLookAlike) look_alikes.push_back(observation.confidence);
  }
  slice.pairs = pairs.size();
  if (!pairs.empty()) slice.mean_confidence = confidence_sum / static_cast<double>(pairs.size());
  if (slice.has_both_labels()) {
    slice.auc = auc(pairs);
    slice.tpr_at_fpr_1_percent = tpr_at_fpr(pairs, 0.01);
    slice.tpr_at_fpr_1_per_mille = tpr_at_fpr(pairs, 0.001);
    slice.best_f1 = best_f1(pairs);
    slice.ece = ece(pairs);
    slice.ece_interval = ece_interval(pairs, options.resamples, options.seed);
  }
  slice.brier = brier(pairs);
  slice.slips = slips.size();
  slice.look_alikes = look_alikes.size();
  slice.look_alikes_at_95_percent_of_slips = look_alikes_at_95_percent_of_slips(slips, look_alikes);
  slice.roc = roc_curve(pairs);
  slice.bins = reliability(pairs);
  return slice;
}

using Members = std::pair<std::string_view, const std::vector<std::uint32_t>*>;

std::vector<Members> largest_first(const Sample& sample) {
  std::vector<Members> slices;
  for (const auto& [name, members] : sample.slices()) slices.emplace_back(name, &members);
  std::stable_sort(slices.begin(), slices.end(), [](const Members& a, const Members& b) {
    return a.second->size() > b.second->size();
  });
  return slices;
}

}  // namespace

bool Sample::add(const Observation& observation, std::span<const std::string> slices) {
  if (pairs_.size() == kMaxPairs) return false;
  const auto index = static_cast<std::uint32_t>(pairs_.size());
  pairs_.push_back(observation);
  bool unseen = false;
  for (const std::string& name : slices) {
    auto at = slices_.find(name);
    if (at == slices_.end() && slices_.size() == kMaxSlicesSeen) {
      unseen = true;
      continue;
    }
    if (at == slices_.end()) at = slices_.try_emplace(name).first;
    if (at->second.empty() || at->second.back() != index) at->second.push_back(index);
  }
  unseen_ += unseen ? 1 : 0;
  return true;
}

Report make_report(const Sample& sample, const ReportOptions& options) {
  PAXID_CHECK(options.resamples <= kMaxResamples);
  std::vector<Members> slices = largest_first(sample);
  Report report;
  report.slices_not_shown = slices.size() - std::min(slices.size(), kMaxSlicesShown);
  report.pairs_with_unseen_slices = sample.pairs_with_unseen_slices();
  report.resamples = options.resamples;
  report.seed = options.seed;
  slices.resize(slices.size() - report.slices_not_shown);
  std::sort(slices.begin(), slices.end());

  std::size_t total = sample.size();
  for (const auto& [name, members] : slices) total += members->size();
  std::size_t done = 0;
  const auto add = [&](std::string_view name, const std::vector<Observation>& pairs) {
    report.slices.push_back(figures_of(name, pairs, options));
    done += pairs.size();
    if (options.progress && total > 0) {
      options.progress(static_cast<double>(done) / static_cast<double>(total));
    }
  };
  add(kAllPairs, {sample.pairs().begin(), sample.pairs().end()});
  for (const auto& [name, members] : slices) {
    std::vector<Observation> pairs;
    pairs.reserve(members->size());
    for (const std::uint32_t index : *members) pairs.push_back(sample.pairs()[index]);
    add(name, pairs);
  }
  return report;
}

}  // namespace paxid::evaluation
