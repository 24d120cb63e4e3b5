#include "evaluation/report.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace paxid::evaluation {
namespace {

using Names = std::vector<std::string>;

TEST(Sample, KeepsSlicesOnceAPair) {
  Sample sample;
  EXPECT_TRUE(sample.add({0.5, true}, Names{"kind=typo", "source=x", "kind=typo"}));
  EXPECT_TRUE(sample.add({0.6, false}, Names{"kind=typo"}));
  EXPECT_EQ(sample.size(), 2U);
  EXPECT_EQ(sample.slices().at("kind=typo"), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(sample.slices().at("source=x"), (std::vector<std::uint32_t>{0}));
}

TEST(Sample, CountsPairsOfSlicesThatAreOneTooMany) {
  Sample sample;
  for (std::size_t i = 0; i < kMaxSlicesSeen + 3; ++i) {
    sample.add({0.5, true}, Names{"s=" + std::to_string(i)});
  }
  EXPECT_EQ(sample.size(), kMaxSlicesSeen + 3);
  EXPECT_EQ(sample.slices().size(), kMaxSlicesSeen);
  EXPECT_EQ(sample.pairs_with_unseen_slices(), 3U);
}

TEST(MakeReport, ShowsAllPairsThenTheLargestSlicesByName) {
  Sample sample;
  for (std::size_t i = 0; i < kMaxSlicesShown + 5; ++i) {
    const std::string name = "s=" + std::to_string(1000 + i);
    // The last five are the smallest.
    sample.add({0.9, true}, Names{name});
    if (i < kMaxSlicesShown) sample.add({0.1, false}, Names{name});
  }
  const Report report = make_report(sample, {.resamples = 0, .seed = 1});
  EXPECT_EQ(report.slices_not_shown, 5U);
  ASSERT_EQ(report.slices.size(), kMaxSlicesShown + 1);
  EXPECT_EQ(report.slices[0].name, "all pairs");
  EXPECT_EQ(report.slices[0].pairs, sample.size());
  EXPECT_EQ(report.slices[1].name, "s=1000");
  EXPECT_EQ(report.slices.back().name, "s=" + std::to_string(1000 + kMaxSlicesShown - 1));
  EXPECT_DOUBLE_EQ(report.slices[1].auc.value(), 1);
  EXPECT_FALSE(report.slices[0].ece_interval);
}

TEST(MakeReport, MeasuresEachSliceByItself) {
  Sample sample;
  sample.add({0.9, true, true, PairRole::kSlip}, Names{"kind=typo"});
  sample.add({0.8, false, true, PairRole::kLookAlike}, Names{"kind=look_alike"});
  sample.add({0.95, false, true, PairRole::kLookAlike}, Names{"kind=look_alike"});
  sample.add({0.5, true, false}, Names{});
  std::vector<double> progress;
  const Report report = make_report(
      sample,
      {.resamples = 50, .seed = 3, .progress = [&](double share) { progress.push_back(share); }});
  ASSERT_EQ(report.slices.size(), 3U);
  const Slice& all = report.slices[0];
  EXPECT_EQ(all.pairs, 4U);
  EXPECT_EQ(all.same, 2U);
  EXPECT_EQ(all.with_opinion, 3U);
  EXPECT_EQ(all.slips, 1U);
  EXPECT_EQ(all.look_alikes, 2U);
  EXPECT_DOUBLE_EQ(all.look_alikes_at_95_percent_of_slips->accepted, 0.5);
  EXPECT_DOUBLE_EQ(all.auc.value(), 0.25);
  EXPECT_TRUE(all.ece_interval);
  const Slice& look_alikes = report.slices[1];
  EXPECT_EQ(look_alikes.name, "kind=look_alike");
  EXPECT_FALSE(look_alikes.auc);
  EXPECT_FALSE(look_alikes.best_f1);
  EXPECT_FALSE(look_alikes.ece);
  EXPECT_FALSE(look_alikes.ece_interval);
  EXPECT_DOUBLE_EQ(look_alikes.mean_confidence, 0.875);
  EXPECT_DOUBLE_EQ(look_alikes.brier.value(), (0.64 + 0.9025) / 2);
  EXPECT_EQ(progress.size(), 3U);
  EXPECT_DOUBLE_EQ(progress.back(), 1);
}

TEST(MakeReport, OfNoPairsHasNoFigures) {
  const Report report = make_report(Sample(), {});
  ASSERT_EQ(report.slices.size(), 1U);
  EXPECT_EQ(report.slices[0].pairs, 0U);
  EXPECT_FALSE(report.slices[0].ece);
}

}  // namespace
}  // namespace paxid::evaluation
