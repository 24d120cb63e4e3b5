#include "server/readiness.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include <utility>

namespace paxid::server {

std::string_view name_of(Unready reason) {
  switch (reason) {
    case Unready::kDiskLow:
      return "DISK_LOW";
    case Unready::kClockStepped:
      return "CLOCK_STEPPED";
    case Unready::kFilesLow:
      return "FILES_LOW";
    case Unready::kStoreUnreachable:
      return "STORE_UNREACHABLE";
  }
  return "";
}

FileDescriptors FileDescriptors::now() {
  FileDescriptors files;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    files.limit = static_cast<std::size_t>(limit.rlim_cur);
  }
  // To look takes a descriptor: when there is none left, all are in use.
  files.open = files.limit;
  if (DIR* directory = ::opendir("/proc/self/fd"); directory != nullptr) {
    files.open = 0;
    while (::readdir(directory) != nullptr) ++files.open;
    ::closedir(directory);
    files.open -= 3;  // ".", "..", and the directory itself
  }
  return files;
}

void FileDescriptors::raise_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
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
