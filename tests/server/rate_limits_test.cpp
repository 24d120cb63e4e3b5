#include "server/rate_limits.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace paxid::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

const TokenBucket::Time kStart{seconds(1'000)};

TEST(TokenBucket, HoldsOneSecondsWorth) {
  TokenBucket bucket(50);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(bucket.take(kStart).count(), 0) << i;
  EXPECT_EQ(bucket.take(kStart), milliseconds(20));
  EXPECT_EQ(bucket.take(kStart + milliseconds(19)), milliseconds(1));
  EXPECT_EQ(bucket.take(kStart + milliseconds(20)).count(), 0);
  EXPECT_EQ(bucket.take(kStart + milliseconds(20)), milliseconds(20));
}

TEST(TokenBucket, HoldsAtLeastABurst) {
  TokenBucket bucket(1);
  for (int i = 0; i < kMinBurst; ++i) EXPECT_EQ(bucket.take(kStart).count(), 0) << i;
  EXPECT_EQ(bucket.take(kStart), seconds(1));
}

TEST(TokenBucket, WithoutALimitIsNeverEmpty) {
  TokenBucket bucket(0);
  for (int i = 0; i < 100'000; ++i) ASSERT_EQ(bucket.take(kStart).count(), 0);
}

TEST(TokenBucket, WhatIsGivenBackIsThere) {
  TokenBucket bucket(20);
  for (int i = 0; i < 20; ++i) bucket.take(kStart);
  bucket.give_back();
  EXPECT_EQ(bucket.take(kStart).count(), 0);
  EXPECT_NE(bucket.take(kStart).count(), 0);
}

// Beside a bucket that counts tokens, in whole steps of the time one token takes.
TEST(TokenBucket, IsTheBucketThatCounts) {
  constexpr int kRate = 25;
  TokenBucket bucket(kRate);
  int tokens = kRate;
  unsigned random = 7;
  for (int step = 0; step < 2'000; ++step) {
    const auto now = kStart + step * milliseconds(1'000 / kRate);
    random = random * 1'103'515'245 + 12'345;
    for (unsigned i = 0; i < (random >> 16) % 4; ++i) {
      const bool taken = bucket.take(now).count() == 0;
      ASSERT_EQ(taken, tokens > 0) << step;
      tokens -= taken ? 1 : 0;
    }
    tokens = std::min(tokens + 1, kRate);
  }
}

constexpr const char* kRegistry = R"(
[[principal]]
uri = "spiffe://test/tenant/demo/kiosk/k1"
tenant = "demo"
role = "kiosk"
actor = "9f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b"
[[principal]]
uri = "spiffe://test/tenant/demo/auditor/a1"
tenant = "demo"
role = "auditor"
actor = "8f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b"
[[principal]]
uri = "spiffe://test/tenant/other/kiosk/k2"
tenant = "other"
role = "kiosk"
actor = "7f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b"
)";

class Limits : public testing::Test {
 protected:
  const Principal& principal(const char* uri) const { return *registry_.find(uri); }
  int calls_of(RateLimits& limits, const Principal& caller, Pool pool) const {
    int taken = 0;
    while (taken < 10'000 && limits.take(caller, pool, kStart).count() == 0) ++taken;
    return taken;
  }

  const PrincipalRegistry registry_ = *PrincipalRegistry::parse(kRegistry);
  const Principal& k1_ = principal("spiffe://test/tenant/demo/kiosk/k1");
  const Principal& a1_ = principal("spiffe://test/tenant/demo/auditor/a1");
  const Principal& k2_ = principal("spiffe://test/tenant/other/kiosk/k2");
};

TEST_F(Limits, APoolThatIsEmptyLeavesTheOthersFull) {
  PoolRates rates;
  rates.fill({30, 40});
  RateLimits limits(registry_, rates);
  EXPECT_EQ(calls_of(limits, a1_, Pool::kAudit), 30);
  for (const Pool pool : kAllPools) {
    EXPECT_EQ(calls_of(limits, a1_, pool), pool == Pool::kAudit ? 0 : 30) << name_of(pool);
  }
}

TEST_F(Limits, ATenantsCallersShareWhatItMay) {
  PoolRates rates;
  rates.fill({30, 40});
  RateLimits limits(registry_, rates);
  EXPECT_EQ(calls_of(limits, k1_, Pool::kVerify), 30);
  EXPECT_EQ(calls_of(limits, a1_, Pool::kVerify), 10);
  EXPECT_EQ(calls_of(limits, k2_, Pool::kVerify), 30);
}

TEST_F(Limits, WhatTheTenantRefusesCostsTheCallerNothing) {
  PoolRates rates;
  rates.fill({30, 20});
  RateLimits limits(registry_, rates);
  EXPECT_EQ(calls_of(limits, k1_, Pool::kVerify), 20);
  EXPECT_EQ(limits.take(k1_, Pool::kVerify, kStart), milliseconds(50));
  int later = 0;
  while (limits.take(k1_, Pool::kVerify, kStart + seconds(1)).count() == 0) ++later;
  EXPECT_EQ(later, 20);
}

}  // namespace
}  // namespace paxid::server
