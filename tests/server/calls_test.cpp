#include "server/calls.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace paxid::server
