#pragma once

#include <atomic>
#include <cstdint>

#include "base/date.h"

namespace paxid::base {

// Where time comes from. Libraries below `server` take dates as arguments; only the
// outermost layer asks a clock. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01T00:00:00Z. May step backwards when the host's clock does.
  virtual std::uint64_t unix_microseconds() const = 0;
  // The date in UTC.
  Date utc_date() const;
};

class SystemClock final : public Clock {
 public:
  std::uint64_t unix_microseconds() const override;
};

// A clock that stands still until it is set. For tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::uint64_t unix_microseconds) : now_(unix_microseconds) {}
  std::uint64_t unix_microseconds() const override { return now_.load(); }
  void set(std::uint64_t unix_microseconds) { now_.store(unix_microseconds); }

 private:
  std::atomic<std::uint64_t> now_;
};

}  // namespace paxid::base
