#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace paxid::server {

// Why the server should not be asked to record anything, though it runs. Health says NOT_SERVING;
// calls that come all the same are answered as long as that goes.
enum class Unready : std::uint8_t {
  kDiskLow,           // less is free below the store than the watermark
  kClockStepped,      // the host's clock jumped: records would carry a wrong time
  kFilesLow,          // four fifths of the file descriptors are in use: connections take one each
  kStoreUnreachable,  // the database of the records does not answer
};
// "DISK_LOW", "CLOCK_STEPPED", "FILES_LOW", "STORE_UNREACHABLE"
std::string_view name_of(Unready reason);

// File descriptors of this process.
struct FileDescriptors {
  std::size_t open = 0;
  std::size_t limit = 0;

  bool low() const { return open * 5 > limit * 4; }
  static FileDescriptors now();
  // Raises the limit to what the system allows without privileges.
  static void raise_limit();
};

// A jump of the clock that is worth stopping for. What a time service corrects in small steps
// stays below.
inline constexpr std::chrono::seconds kClockStepTolerance{60};

// Notices when the host's clock jumps against the time that has gone by. Not thread-safe.
class ClockWatch {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  ClockWatch(const base::Clock& clock, Steady now) : clock_(clock) { accept(now); }

  // By how much the clock has jumped since it was last accepted.
  std::chrono::microseconds jump(Steady now) const;
  bool stepped(Steady now) const { return std::chrono::abs(jump(now)) > kClockStepTolerance; }
  // The clock is right as it is now.
  void accept(Steady now);

 private:
  std::chrono::microseconds difference(Steady now) const;

  const base::Clock& clock_;
  std::chrono::microseconds accepted_{0};
};

// Whether enough is free on the disk of a directory. Once it was low it is enough again when a
// tenth more is free, so that health does not flutter. Not thread-safe.
class DiskWatch {
 public:
  DiskWatch(std::string directory, std::uint64_t watermark_bytes)
      : directory_(std::move(directory)), watermark_(watermark_bytes) {}

  // Looks at the disk; nothing when that fails.
  static std::optional<std::uint64_t> free_bytes(const std::string& directory);
  bool low() { return low(free_bytes(directory_)); }
  // The same for a known figure. An unknown one changes nothing.
  bool low(std::optional<std::uint64_t> free);

 private:
  const std::string directory_;
  const std::uint64_t watermark_;
  bool low_ = false;
};

}  // namespace paxid::server
