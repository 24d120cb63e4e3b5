#include "server/readiness.h"

#include <sys/statvfs.h>

#include <utility>

namespace paxid::server {

std::string_view name_of(Unready reason) {
  switch (reason) {
    case Unready::kDiskLow:
      return "DISK_LOW";
    case Unready::kClockStepped:
      return "CLOCK_STEPPED";
  }
  return "";
}

std::chrono::microseconds ClockWatch::difference(Steady now) const {
  const auto unix_time =
      std::chrono::microseconds(static_cast<std::int64_t>(clock_.unix_microseconds()));
  return unix_time - std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
}

std::chrono::microseconds ClockWatch::jump(Steady now) const { return difference(now) - accepted_; }

void ClockWatch::accept(Steady now) { accepted_ = difference(now); }

std::optional<std::uint64_t> DiskWatch::free_bytes(const std::string& directory) {
  struct statvfs disk {};
  if (::statvfs(directory.c_str(), &disk) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

bool DiskWatch::low(std::optional<std::uint64_t> free) {
  if (free) low_ = *free < (low_ ? watermark_ + watermark_ / 10 : watermark_);
  return low_;
}

}  // namespace paxid::server
