#include "server/calls.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace paxid::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = std::chrono::system_clock::time_point;

TEST(Deadline, IsTheClientsWithinOurs) {
  const Time now{hours(500'000)};
  EXPECT_EQ(deadline_of(Time::max(), now), now + kDefaultDeadline);
  EXPECT_EQ(deadline_of(now + milliseconds(5), now), now + milliseconds(5));
  EXPECT_EQ(deadline_of(now + seconds(30), now), now + seconds(30));
  EXPECT_EQ(deadline_of(now + seconds(31), now), now + kMaxDeadline);
  EXPECT_EQ(deadline_of(now + hours(9'000), now), now + kMaxDeadline);
  EXPECT_EQ(deadline_of(now - seconds(1), now), now - seconds(1));
}

TEST(CallsUnderWay, OnePoolDoesNotFillAnother) {
  CallsUnderWay calls;
  for (std::int64_t i = 0; i < kMaxUnderWay; ++i) ASSERT_TRUE(calls.enter(Pool::kVerify));
  EXPECT_FALSE(calls.enter(Pool::kVerify));
  EXPECT_FALSE(calls.enter(Pool::kVerify));
  EXPECT_TRUE(calls.enter(Pool::kAudit));
  EXPECT_EQ(calls.count(), kMaxUnderWay + 1);
  calls.leave(Pool::kVerify);
  EXPECT_TRUE(calls.enter(Pool::kVerify));
  EXPECT_FALSE(calls.enter(Pool::kVerify));
}

TEST(CallsUnderWay, NeverHoldMoreThanTheLimitBetweenThreads) {
  CallsUnderWay calls;
  std::atomic<std::int64_t> entered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::int64_t k = 0; k < kMaxUnderWay; ++k) entered += calls.enter(Pool::kVerify) ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(entered, kMaxUnderWay);
  EXPECT_EQ(calls.count(), kMaxUnderWay);
}

TEST(CallsUnderWay, TooManySayWhenToComeAgain) {
  const Refusal refusal = too_many_calls(7);
  EXPECT_EQ(refusal.code, base::ErrorCode::kResourceExhausted);
  EXPECT_EQ(refusal.reason, "TOO_MANY_CALLS");
  EXPECT_EQ(refusal.retry_delay, kRetryDelay);
  EXPECT_EQ(refusal.metadata, (std::vector<std::pair<std::string, std::string>>{{"limit", "7"}}));
}

}  // namespace
}  // namespace paxid::server
