#include "base/clock.h"

namespace paxid::base {

Date Clock::utc_date() const {
  const auto now = std::chrono::sys_time<std::chrono::microseconds>{
      std::chrono::microseconds{static_cast<std::int64_t>(unix_microseconds())}};
  return Date{std::chrono::floor<std::chrono::days>(now)};
}

std::uint64_t SystemClock::unix_microseconds() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace paxid::base
