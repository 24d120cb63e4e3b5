#include "server/rate_limits.h"

#include <algorithm>

namespace paxid::server {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

TokenBucket::TokenBucket(std::int64_t per_second)
    : interval_(per_second == 0 ? 0 : kNanosecondsPerSecond / per_second),
      tolerance_((std::max(per_second, kMinBurst) - 1) * interval_) {}

std::chrono::nanoseconds TokenBucket::take(Time now) {
  if (interval_ == 0) return {};
  const std::int64_t at =
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count();
  std::int64_t full_at = full_at_.load();
  for (;;) {
    const std::int64_t ahead = std::max(full_at, at) - at;
    if (ahead > tolerance_) return std::chrono::nanoseconds(ahead - tolerance_);
    if (full_at_.compare_exchange_weak(full_at, at + ahead + interval_)) return {};
  }
}

void TokenBucket::give_back() { full_at_ -= interval_; }

RateLimits::RateLimits(const PrincipalRegistry& registry, const PoolRates& rates) {
  for (std::size_t pool = 0; pool < pools_.size(); ++pool) {
    for (std::size_t i = 0; i < registry.size(); ++i) {
      pools_[pool].of_principals.emplace_back(rates[pool].per_principal);
    }
    for (std::size_t i = 0; i < registry.tenants().size(); ++i) {
      pools_[pool].of_tenants.emplace_back(rates[pool].per_tenant);
    }
  }
}

std::chrono::nanoseconds RateLimits::take(const Principal& caller, Pool pool,
                                          TokenBucket::Time now) {
  Buckets& buckets = pools_[static_cast<std::size_t>(pool)];
  TokenBucket& own = buckets.of_principals[caller.number];
  if (const auto wait = own.take(now); wait.count() != 0) return wait;
  const auto wait = buckets.of_tenants[caller.tenant_number].take(now);
  if (wait.count() != 0) own.give_back();
  return wait;
}

}  // namespace paxid::server
