#pragma once

#include <cstdint>

namespace paxid::audit {

// A SQLite virtual file system over the default one whose writes can be made to fail. One
// for the process; its name is for SqliteStoreOptions::vfs.
inline constexpr const char* kFaultVfs = "paxid-fault";

enum class Fault { kIoError, kDiskFull };

void register_fault_vfs();
// From now on the write, sync or truncation after `successes` further ones fails, and with
// `lasting` every later one.
void fail_after(std::uint64_t successes, Fault fault, bool lasting);
// Syncs wait until they are released.
void hold_syncs();
// Those of databases alone, not of their write-ahead logs; whether one has come since.
void hold_database_syncs();
bool database_sync_waits();
void release_syncs();
// Nothing fails any more. Returns whether something has failed since fail_after.
bool stop_failing();

}  // namespace paxid::audit
