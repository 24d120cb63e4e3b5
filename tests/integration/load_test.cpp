// The load generator against the real server: what it counts is what the log holds.

#include "clients/sdk/load.h"

#include <gtest/gtest.h>

#include "clients/cli/bench_command.h"
#include "tests/integration/fixture.h"

namespace paxid::integration {
namespace {

constexpr std::uint64_t kPolicyRecord = 1;

class Load : public testing::Test {
 protected:
  sdk::LoadOptions options() const {
    sdk::LoadOptions options;
    options.client = options_for(site_, server_, "k1");
    options.channels = 2;
    options.in_flight = 8;
    options.warm_up = std::chrono::milliseconds(0);
    options.duration = std::chrono::milliseconds(500);
    return options;
  }
  std::uint64_t records() const {
    return client_for(site_, server_, "k1").checkpoint()->tree_size - kPolicyRecord;
  }

  Site site_;
  ServerProcess server_{site_};
  const std::vector<sdk::Request> passengers_ = cli::invented_passengers(40);
};

TEST_F(Load, EveryAnswerOfTheClosedLoopIsARecord) {
  std::uint64_t seen = 0;
  const auto report =
      sdk::apply_load(options(), passengers_, [&](std::uint64_t answered) { seen = answered; });
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_GT(report->answered, 0U);
  EXPECT_TRUE(report->refused.empty());
  EXPECT_EQ(report->most_in_flight, 8U);
  EXPECT_GT(report->times.p50, 0);
  EXPECT_LE(report->times.p50, report->times.p99);
  EXPECT_LE(report->times.p99, report->times.max);
  EXPECT_LE(report->answered, seen + 8);
  // What was under way at the end is answered too, and does not count.
  EXPECT_GE(records(), report->answered);
  EXPECT_LE(records(), report->answered + 8);
}

TEST_F(Load, TheOpenLoopKeepsItsRate) {
  sdk::LoadOptions slow = options();
  slow.per_second = 40;
  const auto report = sdk::apply_load(slow, passengers_, [](std::uint64_t) {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(records(), 20U);
  EXPECT_LE(report->answered, 20U);
  EXPECT_EQ(report->not_begun, 0U);
}

TEST_F(Load, StreamsCountPassengers) {
  sdk::LoadOptions streams = options();
  streams.in_flight = 2;
  streams.per_stream = 10;
  const auto report = sdk::apply_load(streams, passengers_, [](std::uint64_t) {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_GE(report->answered, 10U);
  EXPECT_EQ(records() % 10, 0U);
}

TEST_F(Load, ARefusalIsCountedByItsCode) {
  sdk::LoadOptions auditor = options();
  auditor.client = options_for(site_, server_, "a1");
  const auto report = sdk::apply_load(auditor, passengers_, [](std::uint64_t) {});
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->answered, 0U);
  EXPECT_GT(report->refused.at("PERMISSION_DENIED"), 0U);
}

TEST_F(Load, WhatIsOutOfItsLimitsIsNamed) {
  const auto field_of = [&](const sdk::LoadOptions& wrong) {
    const auto report = sdk::apply_load(wrong, passengers_, [](std::uint64_t) {});
    return report ? std::string("none") : report.error().field;
  };
  sdk::LoadOptions wrong = options();
  wrong.channels = 0;
  EXPECT_EQ(field_of(wrong), "channels");
  wrong = options();
  wrong.in_flight = sdk::kMaxInFlight + 1;
  EXPECT_EQ(field_of(wrong), "in_flight");
  wrong = options();
  wrong.per_second = 5;
  wrong.per_stream = 5;
  EXPECT_EQ(field_of(wrong), "per_second");
  wrong = options();
  wrong.duration = std::chrono::milliseconds(0);
  EXPECT_EQ(field_of(wrong), "duration");
}

}  // namespace
}  // namespace paxid::integration
