#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "audit/store.h"
#include "audit/store_options.h"
#include "base/clock.h"
#include "base/error.h"

namespace paxid::audit {

struct SqliteStoreOptions : StoreOptions {
  // `directory` holds log.db, keys.db, lock and one <tenant>.checkpoint per log.

  // An upper limit of log.db in 4 KiB pages; 0: none.
  std::uint32_t max_pages = 0;
  // A transaction is written while the last one waits for the disk when so many records are there
  // for it: a transaction has a fixed cost, about that of four records, and syncs wait for each
  // other, so few callers should not be split into small transactions that take turns.
  std::size_t overlap_from = 128;
  // The write-ahead log is written back when it has so many pages more than the last time, or a
  // quarter of them and nobody comes: the longer it is, the more of its pages have a later copy and
  // need no writing.
  std::uint64_t write_back_pages = 16'000;
  // When keys that were to go and could not, since another program uses keys.db, are tried again.
  std::chrono::milliseconds destroy_keys_again{10'000};
  // A restored copy beside newer keys: a subject that has bodies and no key was forgotten since the
  // copy was made, and is erased again instead of being a loss.
  bool erase_keyless = false;
  // The SQLite virtual file system of log.db; empty: the default one.
  std::string vfs;
};

// SQLite with a write-ahead log. One connection writes, whatever is queued becomes one transaction,
// and nobody is answered before it is on disk. Another connection writes back beside it, only when
// that is safe before SQLite 3.51.3 too (see Database::checkpoint).
//
// Refuses to open: FAILED_PRECONDITION when another process has the directory, group or
// others may enter it, or a key file is missing or not private; DATA_LOSS when the log is
// shorter than its last signed checkpoint or differs from it, is gone although its checkpoint
// file or its key is there, a stored tile is not what its leaves hash to, or a subject's key
// is missing. `clock` must outlive the store.
base::Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options,
                                                       const base::Clock& clock);

// Replaces the key-encryption key, a file, by a new one: wraps keys.db anew, writes that into every
// log, destroys the old one. Nobody may have the store open. After an error at any moment, or a
// crash, it can be done again, and goes on where it was. The new epoch of keys.db.
base::Result<std::uint32_t> replace_kek(const SqliteStoreOptions& options,
                                        const base::Clock& clock);

}  // namespace paxid::audit
