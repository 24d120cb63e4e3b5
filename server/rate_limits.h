#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>

#include "server/access.h"

namespace paxid::server {

// Calls a second; 0: no limit.
struct PoolRate {
  std::int64_t per_principal = 0;
  std::int64_t per_tenant = 0;
};
using PoolRates = std::array<PoolRate, kAllPools.size()>;

// So many calls may come at once whatever the rate: a screen asks several things when it opens.
inline constexpr std::int64_t kMinBurst = 20;

// A token bucket that holds one second's worth of tokens, at least kMinBurst, and is full at
// first. Kept as the time at which it would be full again (the "generic cell rate algorithm" of
// ITU-T I.371), which is one word. Thread-safe.
class TokenBucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit TokenBucket(std::int64_t per_second);

  // Zero: a token was taken. Else how long until there is one.
  std::chrono::nanoseconds take(Time now);
  void give_back();

 private:
  const std::int64_t interval_;   // nanoseconds a token takes to come; 0: no limit
  const std::int64_t tolerance_;  // how far ahead of now the time below may be
  std::atomic<std::int64_t> full_at_{INT64_MIN};
};

// The buckets of every principal and tenant of a registry, in pools of their own: who empties one
// pool is still served from the others. Thread-safe.
class RateLimits {
 public:
  RateLimits(const PrincipalRegistry& registry, const PoolRates& rates);

  // Zero: a token of the caller and one of its tenant were taken. Else none was, and this is how
  // long until both are there. `caller` is of the registry.
  std::chrono::nanoseconds take(const Principal& caller, Pool pool, TokenBucket::Time now);

 private:
  struct Buckets {
    std::deque<TokenBucket> of_principals;  // by Principal::number
    std::deque<TokenBucket> of_tenants;     // by Principal::tenant_number
  };
  std::array<Buckets, kAllPools.size()> pools_;
};

}  // namespace paxid::server
