#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "audit/store.h"
#include "base/clock.h"
#include "base/error.h"
#include "server/privacy_flow.h"

namespace paxid::server {

// How often bodies that are due are looked for.
inline constexpr std::chrono::hours kRetentionInterval{1};

// Removes bodies whose period has ended, a few at a time, each time with a record that says so.
// step() is for one thread at a time.
class Retention {
 public:
  Retention(audit::Store& store, const base::Clock& clock, const RetentionPeriods& periods)
      : store_(store), clock_(clock), periods_(periods) {}

  // Whether there is something to do now.
  bool due() const { return clock_.unix_microseconds() >= next_.load(); }
  // One record for each class of each tenant that has something due; when that was all, the next
  // time is kRetentionInterval away. The number of records written.
  base::Result<std::uint64_t> step();

 private:
  // True when a record was written.
  base::Result<bool> prune(const std::string& tenant, audit::RetentionClass retention_class);

  audit::Store& store_;
  const base::Clock& clock_;
  const RetentionPeriods periods_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace paxid::server
