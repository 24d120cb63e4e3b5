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

TEST(VerificationPlaces, OneTenantLeavesRoomForAnother) {
  VerificationPlaces places(3);
  for (std::int64_t i = 0; i < kMaxVerificationsOfTenant; ++i) ASSERT_EQ(places.take(0), 0);
  EXPECT_EQ(places.take(0), kMaxVerificationsOfTenant);
  EXPECT_EQ(places.take(0), kMaxVerificationsOfTenant);
  for (std::int64_t i = kMaxVerificationsOfTenant; i < kMaxVerifications; ++i) {
    ASSERT_EQ(places.take(1), 0);
  }
  EXPECT_EQ(places.take(2), kMaxVerifications);
  places.give_back(0);
  EXPECT_EQ(places.take(2), 0);
  EXPECT_EQ(places.take(0), kMaxVerifications);
  places.give_back(2);
  EXPECT_EQ(places.take(0), 0);
}

TEST(VerificationPlaces, ThreadsNeverTakeMoreThanThereAre) {
  VerificationPlaces places(1);
  std::atomic<std::int64_t> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::int64_t k = 0; k < kMaxVerifications; ++k) taken += places.take(0) == 0 ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, kMaxVerificationsOfTenant);
}

TEST(VerificationPlaces, WhoHasNoneIsToldWhenToComeAgain) {
  const Refusal refusal = too_many_calls(7);
  EXPECT_EQ(refusal.code, base::ErrorCode::kResourceExhausted);
  EXPECT_EQ(refusal.reason, "TOO_MANY_CALLS");
  EXPECT_EQ(refusal.retry_delay, kRetryDelay);
  EXPECT_EQ(refusal.metadata, (std::vector<std::pair<std::string, std::string>>{{"limit", "7"}}));
}

}  // namespace
}  // namespace paxid::server
