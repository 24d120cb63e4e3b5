#include "tests/audit/fault_vfs.h"

#include <sqlite3.h>

#include <condition_variable>
#include <mutex>

namespace paxid::audit {
namespace {

// SQLite calls back without a context of ours, hence this one global of the tests.
struct Plan {
  std::mutex mutex;
  std::condition_variable released;
  bool held = false;
  bool database_held = false;
  bool database_waits = false;
  bool active = false;
  bool lasting = false;
  bool failed = false;
  std::uint64_t successes = 0;
  Fault fault = Fault::kIoError;
};
Plan& plan() {
  static Plan the_plan;
  return the_plan;
}

int outcome(int io_error) {
  Plan& now = plan();
  const std::lock_guard lock(now.mutex);
  if (!now.active) return SQLITE_OK;
  if (now.successes > 0) {
    --now.successes;
    return SQLITE_OK;
  }
  if (now.failed && !now.lasting) return SQLITE_OK;
  now.failed = true;
  return now.fault == Fault::kDiskFull ? SQLITE_FULL : io_error;
}

struct FaultFile {
  sqlite3_file base;
  bool is_database;  // not its write-ahead log
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultFile* of(sqlite3_file* file) { return reinterpret_cast<FaultFile*>(file); }

template <auto kMethod, class... Arguments>
int forward(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* real = of(file)->real();
  return (real->pMethods->*kMethod)(real, arguments...);
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const int code = outcome(SQLITE_IOERR_WRITE);
  return code != SQLITE_OK ? code : forward<&sqlite3_io_methods::xWrite>(file, data, size, offset);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const int code = outcome(SQLITE_IOERR_TRUNCATE);
  return code != SQLITE_OK ? code : forward<&sqlite3_io_methods::xTruncate>(file, size);
}
int sync_file(sqlite3_file* file, int flags) {
  {
    Plan& now = plan();
    std::unique_lock lock(now.mutex);
    const bool is_database = of(file)->is_database;
    now.database_waits = now.database_waits || (is_database && now.database_held);
    now.released.wait(lock, [&] { return !now.held && !(is_database && now.database_held); });
  }
  const int code = outcome(SQLITE_IOERR_FSYNC);
  return code != SQLITE_OK ? code : forward<&sqlite3_io_methods::xSync>(file, flags);
}
void shm_barrier(sqlite3_file* file) {
  sqlite3_file* real = of(file)->real();
  real->pMethods->xShmBarrier(real);
}

const sqlite3_io_methods* methods() {
  static const sqlite3_io_methods table = [] {
    sqlite3_io_methods m{};
    m.iVersion = 2;
    m.xClose = forward<&sqlite3_io_methods::xClose>;
    m.xRead = forward<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>;
    m.xWrite = write_file;
    m.xTruncate = truncate_file;
    m.xSync = sync_file;
    m.xFileSize = forward<&sqlite3_io_methods::xFileSize, sqlite3_int64*>;
    m.xLock = forward<&sqlite3_io_methods::xLock, int>;
    m.xUnlock = forward<&sqlite3_io_methods::xUnlock, int>;
    m.xCheckReservedLock = forward<&sqlite3_io_methods::xCheckReservedLock, int*>;
    m.xFileControl = forward<&sqlite3_io_methods::xFileControl, int, void*>;
    m.xSectorSize = forward<&sqlite3_io_methods::xSectorSize>;
    m.xDeviceCharacteristics = forward<&sqlite3_io_methods::xDeviceCharacteristics>;
    m.xShmMap = forward<&sqlite3_io_methods::xShmMap, int, int, int, void volatile**>;
    m.xShmLock = forward<&sqlite3_io_methods::xShmLock, int, int, int>;
    m.xShmBarrier = shm_barrier;
    m.xShmUnmap = forward<&sqlite3_io_methods::xShmUnmap, int>;
    return m;
  }();
  return &table;
}

sqlite3_vfs* default_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  of(file)->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  sqlite3_file* real = of(file)->real();
  const int code = default_vfs()->xOpen(default_vfs(), name, real, flags, out_flags);
  if (real->pMethods != nullptr) file->pMethods = methods();
  return code;
}

}  // namespace

void register_fault_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs copy = *default_vfs();
    copy.zName = kFaultVfs;
    copy.szOsFile = static_cast<int>(sizeof(FaultFile)) + default_vfs()->szOsFile;
    copy.pNext = nullptr;
    copy.xOpen = open_file;
    return copy;
  }();
  sqlite3_vfs_register(&vfs, 0);
}

void fail_after(std::uint64_t successes, Fault fault, bool lasting) {
  Plan& now = plan();
  const std::lock_guard lock(now.mutex);
  now.active = true;
  now.lasting = lasting;
  now.failed = false;
  now.successes = successes;
  now.fault = fault;
}

void hold_syncs() {
  const std::lock_guard lock(plan().mutex);
  plan().held = true;
}

void hold_database_syncs() {
  const std::lock_guard lock(plan().mutex);
  plan().database_held = true;
  plan().database_waits = false;
}

bool database_sync_waits() {
  const std::lock_guard lock(plan().mutex);
  return plan().database_waits;
}

void release_syncs() {
  const std::lock_guard lock(plan().mutex);
  plan().held = false;
  plan().database_held = false;
  plan().released.notify_all();
}

bool stop_failing() {
  Plan& now = plan();
  const std::lock_guard lock(now.mutex);
  now.active = false;
  return now.failed;
}

}  // namespace paxid::audit
