#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "audit/signer.h"
#include "audit/store.h"
#include "base/clock.h"
#include "base/error.h"

namespace paxid::audit {

// The most records that wait for the committer; further ones are refused.
inline constexpr std::size_t kDefaultMaxQueued = 4096;
// The most records of one transaction.
inline constexpr std::size_t kMaxBatchRecords = 512;

struct SqliteStoreOptions {
  // Holds log.db, keys.db, lock and one <tenant>.checkpoint per log; made with mode 0700 when
  // it does not exist. Every file in it is made with mode 0600.
  std::string directory;
  // The log of a tenant has the origin "<origin_prefix>/<tenant>".
  std::string origin_prefix;
  // Ed25519 key of all logs of this store, PKCS #8 PEM, mode 0600.
  std::string signing_key_file;
  // Where the 32 bytes are that wrap every data key: audit/kek.h. Keep them away from the backup of
  // `directory`.
  std::string kek;
  // The ones of before, when `kek` is new: keys.db is wrapped anew, and every log says so in a
  // record. Empty, or nothing there: none.
  std::string previous_kek;
  // What records that the store writes itself name as their software.
  Hash software{};
  // Make the files of the signing key and of the kek when they do not exist. Only for the first
  // start: a store that has data refuses new keys.
  bool create_keys = false;

  std::size_t max_queued = kDefaultMaxQueued;
  // A checkpoint is signed this long after the tree grew, or after this many leaves.
  std::chrono::milliseconds checkpoint_interval{1000};
  std::uint64_t checkpoint_leaves = 4096;
  // An upper limit of log.db in 4 KiB pages; 0: none.
  std::uint32_t max_pages = 0;
  // A restored copy beside newer keys: a subject that has bodies and no key was forgotten since the
  // copy was made, and is erased again instead of being a loss.
  bool erase_keyless = false;
  // The SQLite virtual file system of log.db; empty: the default one.
  std::string vfs;
};

// SQLite, write-ahead log, synchronous=FULL. One committer thread owns the only connection
// that writes or checkpoints (SQLite before 3.51.3 can corrupt a database when two do);
// whatever is queued becomes one transaction.
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
