#include "server/readiness.h"

#include <gtest/gtest.h>

#include <fstream>

namespace paxid::server {
namespace {

using std::chrono::seconds;

constexpr std::uint64_t kNow = 1'790'000'000'000'000;
const ClockWatch::Steady kStart{seconds(1'000)};

TEST(ClockWatch, TimeThatGoesByIsNoJump) {
  base::ManualClock clock(kNow);
  const ClockWatch watch(clock, kStart);
  for (int hours = 0; hours < 48; ++hours) {
    clock.set(kNow + static_cast<std::uint64_t>(hours) * 3'600'000'000);
    EXPECT_EQ(watch.jump(kStart + std::chrono::hours(hours)).count(), 0);
  }
}

TEST(ClockWatch, NoticesAJumpInEitherDirection) {
  base::ManualClock clock(kNow);
  ClockWatch watch(clock, kStart);
  clock.set(kNow + 60'000'000);
  EXPECT_FALSE(watch.stepped(kStart));
  clock.set(kNow + 61'000'000);
  EXPECT_TRUE(watch.stepped(kStart));
  clock.set(kNow - 61'000'000);
  EXPECT_TRUE(watch.stepped(kStart));
  EXPECT_EQ(watch.jump(kStart), -seconds(61));
  // Back where it belongs.
  clock.set(kNow);
  EXPECT_FALSE(watch.stepped(kStart));
  // Or accepted.
  clock.set(kNow + 3'600'000'000);
  EXPECT_TRUE(watch.stepped(kStart));
  watch.accept(kStart);
  EXPECT_FALSE(watch.stepped(kStart));
}

TEST(DiskWatch, IsLowBelowTheWatermarkAndEnoughATenthAbove) {
  DiskWatch watch("", 1'000);
  EXPECT_FALSE(watch.low(1'000));
  EXPECT_TRUE(watch.low(999));
  EXPECT_TRUE(watch.low(1'000));
  EXPECT_TRUE(watch.low(1'099));
  EXPECT_TRUE(watch.low(std::nullopt));
  EXPECT_FALSE(watch.low(1'100));
  EXPECT_FALSE(watch.low(std::nullopt));
}

TEST(FileDescriptors, AreLowAboveFourFifths) {
  EXPECT_FALSE((FileDescriptors{80, 100}.low()));
  EXPECT_TRUE((FileDescriptors{81, 100}.low()));
  const auto before = FileDescriptors::now();
  EXPECT_GE(before.open, 3U);
  EXPECT_FALSE(before.low());
  const std::ifstream one("/dev/null");
  EXPECT_EQ(FileDescriptors::now().open, before.open + 1);
}

TEST(DiskWatch, KnowsWhatIsFree) {
  EXPECT_GT(DiskWatch::free_bytes(testing::TempDir()).value_or(0), 0U);
  EXPECT_FALSE(DiskWatch::free_bytes("/no/such/directory").has_value());
}

}  // namespace
}  // namespace paxid::server
