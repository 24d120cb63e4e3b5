#include "clients/cli/top_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace paxid::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kVerify = R"({method="/paxid.v1.VerificationService/Verify")";

// Ten calls took at most 1 ms, `slow` more at most 100 ms, `failed` of all failed.
std::string page(int slow, int failed) {
  const std::string verify = kVerify;
  const auto total = std::to_string(10 + slow);
  return "# HELP paxid_calls_total Calls.\n# TYPE paxid_calls_total counter\n"
         "paxid_calls_total" +
         verify + ",code=\"OK\"} " + std::to_string(10 + slow - failed) + "\npaxid_calls_total" +
         verify + ",code=\"UNAVAILABLE\"} " + std::to_string(failed) +
         "\npaxid_call_seconds_bucket" + verify + ",le=\"0.001\"} 10" +
         "\npaxid_call_seconds_bucket" + verify + ",le=\"0.1\"} " + total +
         "\npaxid_call_seconds_bucket" + verify + ",le=\"+Inf\"} " + total +
         "\npaxid_records_total " + total + "\npaxid_commits_total 5\n" +
         "paxid_ready 1\npaxid_store_healthy 0\n" +
         "paxid_log_records{tenant=\"demo\"} 12 1690000000000\n" +
         "paxid_build_info{version=\"1.0\\\"\\\\\",storage=\"SQLite\"} 1\n";
}

TEST(Metrics, EveryLineIsRead) {
  const auto samples = parse_metrics(
      "\n# TYPE a counter\na 1\nb{} 2.5e3\nc{x=\"1\",y=\"a,b}\\n\"} -4\nd +Inf\ne NaN\n");
  ASSERT_TRUE(samples.has_value()) << samples.error().field;
  ASSERT_EQ(samples->size(), 5U);
  EXPECT_EQ((*samples)[1].value, 2500);
  EXPECT_EQ((*samples)[2].labels.at("y"), "a,b}\n");
  EXPECT_EQ((*samples)[2].value, -4);
  EXPECT_TRUE(std::isinf((*samples)[3].value));
  EXPECT_TRUE(std::isnan((*samples)[4].value));
}

TEST(Metrics, WhatIsNoLineIsNamed) {
  for (const char* line : {"a", "a b", "{x=\"1\"} 2", "a{x=1} 2", "a{x=\"1} 2", "a{x=\"1\" 2",
                           "a{x=\"1\\", "a 1x", "<html>"}) {
    const auto samples = parse_metrics(std::string("ok 1\n") + line + "\n");
    ASSERT_FALSE(samples.has_value()) << line;
    EXPECT_EQ(samples.error().field, "line 2") << line;
  }
}

TEST(Activity, IsWhatCameBetweenTwoPages) {
  const auto before = parse_metrics(page(0, 0));
  const auto after = parse_metrics(page(30, 3));
  const Activity activity = activity_between(*before, *after, 2);
  ASSERT_EQ(activity.methods.size(), 1U);
  const MethodActivity& verify = activity.methods.front();
  EXPECT_EQ(verify.method, "Verification.Verify");
  EXPECT_DOUBLE_EQ(verify.per_second, 15);
  EXPECT_DOUBLE_EQ(verify.failed_per_second, 1.5);
  // The ten quick ones were before.
  EXPECT_DOUBLE_EQ(verify.p50_milliseconds, 100);
  EXPECT_DOUBLE_EQ(activity.records_per_second, 15);
  EXPECT_EQ(activity.records_per_commit, 0);
  EXPECT_EQ(activity.logs.at("demo"), 12);
  EXPECT_EQ(activity.version, "1.0\"\\");
  // A page alone counts from the start.
  const Activity whole = activity_between({}, *after, 10);
  EXPECT_DOUBLE_EQ(whole.methods.front().per_second, 4);
  EXPECT_DOUBLE_EQ(whole.records_per_commit, 8);
}

TEST(Activity, ARestartIsNoNegativeRate) {
  const Activity activity =
      activity_between(*parse_metrics(page(30, 3)), *parse_metrics(page(0, 0)), 1);
  EXPECT_EQ(activity.methods.front().per_second, 0);
  EXPECT_EQ(activity.methods.front().failed_per_second, 0);
  EXPECT_EQ(activity.records_per_second, 0);
}

TEST(Activity, IsShownForEyes) {
  const Activity activity = activity_between({}, *parse_metrics(page(30, 3)), 10);
  const std::string plain = activity_card(activity, {});
  EXPECT_THAT(plain, HasSubstr("READY   store FAILED"));
  EXPECT_THAT(plain, HasSubstr("Verification.Verify"));
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  EXPECT_THAT(activity_card(activity, {true, 80}), HasSubstr("\x1b[1;31mFAILED\x1b[0m"));
  EXPECT_EQ(activity_json(activity)["gauges"]["paxid_ready"], 1);
}

}  // namespace
}  // namespace paxid::cli
