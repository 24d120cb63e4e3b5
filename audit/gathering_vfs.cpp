#include "audit/gathering_vfs.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace paxid::audit {
namespace {

// The file system of Unix takes no more with one call.
constexpr int kMostHeld = 0x1FFFF;
// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
constexpr int kFrameHeaderBytes = 24;
constexpr std::ptrdiff_t kCommitOffset = 4;

struct Gatherer {
  sqlite3_vfs vfs{};  // what SQLite knows
  sqlite3_vfs* below = nullptr;
  std::string name;
};

sqlite3_vfs* below_of(sqlite3_vfs* vfs) { return reinterpret_cast<Gatherer*>(vfs)->below; }

// In memory of SQLite's, the file below behind it.
struct WalFile {
  sqlite3_file base;
  std::uint8_t* bytes;  // kMostHeld of them
  int held;
  sqlite3_int64 end;  // of the last write; -1 when it has failed
  bool commits;       // the last frame header was of a commit
  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

WalFile& of(sqlite3_file* file) { return *reinterpret_cast<WalFile*>(file); }

int write_below(WalFile& wal, const void* data, int size, sqlite3_int64 offset) {
  const int code = wal.below()->pMethods->xWrite(wal.below(), data, size, offset);
  wal.end = code == SQLITE_OK ? offset + size : -1;
  return code;
}

int write_held(WalFile& wal) {
  const int size = std::exchange(wal.held, 0);
  return size == 0 ? SQLITE_OK : write_below(wal, wal.bytes, size, wal.end - size);
}

bool is_commit(const void* header) {
  constexpr std::uint8_t kNone[4] = {};
  return std::memcmp(static_cast<const std::uint8_t*>(header) + kCommitOffset, kNone,
                     sizeof kNone) != 0;
}

int write_wal(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  WalFile& wal = of(file);
  const bool is_header = size == kFrameHeaderBytes;
  if (is_header) wal.commits = is_commit(data);
  const bool holds = offset == wal.end && size <= kMostHeld;
  if (!holds || wal.held + size > kMostHeld) {
    if (const int code = write_held(wal); code != SQLITE_OK) return code;
  }
  if (!holds) return write_below(wal, data, size, offset);
  std::memcpy(wal.bytes + wal.held, data, static_cast<std::size_t>(size));
  wal.held += size;
  wal.end += size;
  return wal.commits && !is_header ? write_held(wal) : SQLITE_OK;
}

int close_wal(sqlite3_file* file) {
  // What is still held was never committed.
  delete[] of(file).bytes;
  sqlite3_file* below = of(file).below();
  return below->pMethods->xClose(below);
}

template <auto kMethod, class... Arguments>
int forward(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* below = of(file).below();
  return (below->pMethods->*kMethod)(below, arguments...);
}

template <auto kMethod, class... Arguments>
int forward_written(sqlite3_file* file, Arguments... arguments) {
  const int code = write_held(of(file));
  return code != SQLITE_OK ? code : forward<kMethod>(file, arguments...);
}

// A write-ahead log is neither locked nor mapped: version 1 has all that SQLite calls.
constexpr sqlite3_io_methods kMethods = [] {
  sqlite3_io_methods m{};
  m.iVersion = 1;
  m.xClose = close_wal;
  m.xRead = forward_written<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>;
  m.xWrite = write_wal;
  m.xTruncate = forward_written<&sqlite3_io_methods::xTruncate, sqlite3_int64>;
  m.xSync = forward_written<&sqlite3_io_methods::xSync, int>;
  m.xFileSize = forward_written<&sqlite3_io_methods::xFileSize, sqlite3_int64*>;
  m.xLock = forward<&sqlite3_io_methods::xLock, int>;
  m.xUnlock = forward<&sqlite3_io_methods::xUnlock, int>;
  m.xCheckReservedLock = forward<&sqlite3_io_methods::xCheckReservedLock, int*>;
  m.xFileControl = forward<&sqlite3_io_methods::xFileControl, int, void*>;
  m.xSectorSize = forward<&sqlite3_io_methods::xSectorSize>;
  m.xDeviceCharacteristics = forward<&sqlite3_io_methods::xDeviceCharacteristics>;
  return m;
}();

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* below = below_of(vfs);
  if ((flags & SQLITE_OPEN_WAL) == 0) return below->xOpen(below, name, file, flags, out_flags);
  WalFile& wal = *new (file) WalFile{};
  std::unique_ptr<std::uint8_t[]> bytes(new (std::nothrow) std::uint8_t[kMostHeld]);
  if (bytes == nullptr) return SQLITE_NOMEM;
  const int code = below->xOpen(below, name, wal.below(), flags, out_flags);
  // A file with methods is closed, also after an error.
  if (wal.below()->pMethods == nullptr) return code;
  wal.bytes = bytes.release();
  wal.end = -1;
  wal.base.pMethods = &kMethods;
  return code;
}

template <auto kMethod, class... Arguments>
auto forward_vfs(sqlite3_vfs* vfs, Arguments... arguments) {
  return (below_of(vfs)->*kMethod)(below_of(vfs), arguments...);
}

void forward_calls(sqlite3_vfs& vfs) {
  using Symbol = void (*)();
  vfs.xDelete = forward_vfs<&sqlite3_vfs::xDelete, const char*, int>;
  vfs.xAccess = forward_vfs<&sqlite3_vfs::xAccess, const char*, int, int*>;
  vfs.xFullPathname = forward_vfs<&sqlite3_vfs::xFullPathname, const char*, int, char*>;
  vfs.xDlOpen = forward_vfs<&sqlite3_vfs::xDlOpen, const char*>;
  vfs.xDlError = forward_vfs<&sqlite3_vfs::xDlError, int, char*>;
  vfs.xDlSym = [](sqlite3_vfs* self, void* library, const char* symbol) -> Symbol {
    return below_of(self)->xDlSym(below_of(self), library, symbol);
  };
  vfs.xDlClose = forward_vfs<&sqlite3_vfs::xDlClose, void*>;
  vfs.xRandomness = forward_vfs<&sqlite3_vfs::xRandomness, int, char*>;
  vfs.xSleep = forward_vfs<&sqlite3_vfs::xSleep, int>;
  vfs.xCurrentTime = forward_vfs<&sqlite3_vfs::xCurrentTime, double*>;
  vfs.xGetLastError = forward_vfs<&sqlite3_vfs::xGetLastError, int, char*>;
  vfs.xCurrentTimeInt64 = forward_vfs<&sqlite3_vfs::xCurrentTimeInt64, sqlite3_int64*>;
}

}  // namespace

std::string gathering_vfs(const std::string& below) {
  static std::mutex making;
  const std::lock_guard lock(making);
  sqlite3_vfs* const found = sqlite3_vfs_find(below.empty() ? nullptr : below.c_str());
  if (found == nullptr) return {};
  std::string name = "paxid-gathering-" + std::string(found->zName);
  if (sqlite3_vfs_find(name.c_str()) != nullptr) return name;
  auto made = std::make_unique<Gatherer>();
  made->name = name;
  made->below = found;
  made->vfs = *found;
  made->vfs.iVersion = 2;  // nothing replaces its system calls
  made->vfs.szOsFile += static_cast<int>(sizeof(WalFile));
  made->vfs.pNext = nullptr;
  made->vfs.zName = made->name.c_str();
  made->vfs.xOpen = open_file;
  forward_calls(made->vfs);
  if (sqlite3_vfs_register(&made->vfs, 0) != SQLITE_OK) return {};
  // It is SQLite's from now on, as long as the process lives.
  [[maybe_unused]] const auto* registered = made.release();
  return name;
}

sqlite3_file* file_below(sqlite3_file* file) {
  return file->pMethods == &kMethods ? of(file).below() : file;
}

}  // namespace paxid::audit
