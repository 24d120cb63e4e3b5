#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace paxid::audit {

// An exclusive lock on a file, for as long as the object lives. The kernel lets go of it when
// the process dies, however it dies.
class FileLock {
 public:
  // Makes the file when there is none. FAILED_PRECONDITION when another process, or another object
  // of this one, has it.
  static base::Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace paxid::audit
