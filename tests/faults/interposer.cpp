// A library for LD_PRELOAD that stands between a program and the calls that bring data to disk, so
// that one of them fails. It counts the calls of the whole process on files below one directory.
//
//   PAXID_FAULT_UNDER    the directory, without links
//   PAXID_FAULT_CALL     write, sync, rename or truncate: which calls are counted
//   PAXID_FAULT_NUMBER   which of them fails, from 1 on; 0: none
//   PAXID_FAULT_KIND     EIO, ENOSPC, or KILL: the process is killed before the call
//   PAXID_FAULT_COUNTER  a file of 16 bytes: how many calls there were, whether one has failed
//   PAXID_FAULT_FULL     while this file exists, every write below the directory fails with ENOSPC
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum class Call { kNone, kWrite, kSync, kRename, kTruncate };

struct Plan {
  const char* under = nullptr;
  Call call = Call::kNone;
  std::uint64_t number = 0;
  int error = 0;  // 0: kill
  const char* full = nullptr;
  std::atomic<std::uint64_t>* calls = nullptr;
  std::atomic<std::uint64_t>* failed = nullptr;
};

std::uint64_t number_of(const char* text) {
  return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

Call call_of(const char* text) {
  if (text == nullptr) return Call::kNone;
  if (std::strcmp(text, "write") == 0) return Call::kWrite;
  if (std::strcmp(text, "sync") == 0) return Call::kSync;
  if (std::strcmp(text, "rename") == 0) return Call::kRename;
  return Call::kTruncate;
}

Plan make_plan() {
  Plan plan;
  plan.under = std::getenv("PAXID_FAULT_UNDER");
  plan.call = call_of(std::getenv("PAXID_FAULT_CALL"));
  plan.number = number_of(std::getenv("PAXID_FAULT_NUMBER"));
  plan.full = std::getenv("PAXID_FAULT_FULL");
  if (const char* kind = std::getenv("PAXID_FAULT_KIND"); kind != nullptr) {
    plan.error = std::strcmp(kind, "EIO") == 0      ? EIO
                 : std::strcmp(kind, "ENOSPC") == 0 ? ENOSPC
                                                    : 0;
  }
  if (const char* file = std::getenv("PAXID_FAULT_COUNTER"); file != nullptr) {
    const int fd = ::open(file, O_RDWR | O_CLOEXEC);
    void* memory = fd < 0 ? MAP_FAILED
                          : ::mmap(nullptr, 2 * sizeof(std::uint64_t), PROT_READ | PROT_WRITE,
                                   MAP_SHARED, fd, 0);
    if (fd >= 0) ::close(fd);
    if (memory != MAP_FAILED) {
      plan.calls = static_cast<std::atomic<std::uint64_t>*>(memory);
      plan.failed = plan.calls + 1;
    }
  }
  return plan;
}

const Plan& plan() {
  static const Plan the_plan = make_plan();
  return the_plan;
}

bool is_under(const char* path) {
  const char* under = plan().under;
  if (under == nullptr) return false;
  const std::size_t size = std::strlen(under);
  return std::strncmp(path, under, size) == 0 && path[size] == '/';
}

bool is_under(int fd) {
  if (plan().under == nullptr) return false;
  char link[64], path[PATH_MAX + 1];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = ::readlink(link, path, PATH_MAX);
  if (size < 0) return false;
  path[size] = '\0';
  return is_under(path);
}

// Whether this call is to fail; errno is set then.
bool fails(Call call) {
  const Plan& now = plan();
  const int before = errno;
  if (call == Call::kWrite && now.full != nullptr && ::access(now.full, F_OK) == 0) {
    errno = ENOSPC;
    return true;
  }
  errno = before;
  if (call != now.call || now.calls == nullptr || now.calls->fetch_add(1) + 1 != now.number)
    return false;
  now.failed->store(1);
  if (now.error == 0) ::kill(::getpid(), SIGKILL);
  errno = now.error;
  return true;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* data, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  return is_under(fd) && fails(Call::kWrite) ? -1 : real(fd, data, size);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  static const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
  return is_under(fd) && fails(Call::kWrite) ? -1 : real(fd, parts, count);
}

ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return is_under(fd) && fails(Call::kWrite) ? -1 : real(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return is_under(fd) && fails(Call::kWrite) ? -1 : real(fd, data, size, offset);
}

int fsync(int fd) {
  static const auto real = next<int (*)(int)>("fsync");
  return is_under(fd) && fails(Call::kSync) ? -1 : real(fd);
}

int fdatasync(int fd) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return is_under(fd) && fails(Call::kSync) ? -1 : real(fd);
}

int ftruncate(int fd, off_t size) {
  static const auto real = next<int (*)(int, off_t)>("ftruncate");
  return is_under(fd) && fails(Call::kTruncate) ? -1 : real(fd, size);
}

int ftruncate64(int fd, off64_t size) {
  static const auto real = next<int (*)(int, off64_t)>("ftruncate64");
  return is_under(fd) && fails(Call::kTruncate) ? -1 : real(fd, size);
}

int rename(const char* from, const char* to) {
  static const auto real = next<int (*)(const char*, const char*)>("rename");
  return is_under(to) && fails(Call::kRename) ? -1 : real(from, to);
}

}  // extern "C"
