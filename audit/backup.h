#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit/sqlite_store.h"
#include "audit/store_check.h"
#include "base/clock.h"
#include "base/error.h"

// Copies of a store for the day when its disk is gone (docs/record_format.md section 12). Log and
// keys are copied apart: the copy of the log may lie anywhere, a copy of the keys opens only
// under the key-encryption key of its epoch, and no more once that is destroyed.
namespace paxid::audit {

// Copies log.db, the last checkpoints, the witnessed ones, the API-processing log and the file of
// erasures of the store in `directory`, each at one moment and beside the server that writes them,
// into `target`, which is new or empty. What fails leaves `target` empty or away.
base::Result<void> back_up_log(const std::string& directory, const std::string& target,
                               const Progress& progress);

// Copies keys.db into the new file `target`, sealed under a key of the key-encryption key.
// FAILED_PRECONDITION when that is not the one of keys.db.
base::Result<void> back_up_keys(const std::string& directory, const std::string& kek,
                                const std::string& target, const base::Clock& clock);

struct RestoreOptions {
  // What the store is to be opened with. `directory` is new or empty.
  SqliteStoreOptions store;
  std::string backup;  // a directory that back_up_log() has made
  std::string keys;    // a file that back_up_keys() has made; empty: take keys.db from `remains`
  // What is left of the store's directory: the last checkpoints, the witnessed ones, the file of
  // erasures, api.db when it is whole, and keys.db when there is no file of keys. Empty: nothing is
  // left.
  std::string remains;
  std::vector<std::string> checkpoints;  // files of notes that were kept elsewhere
  std::vector<std::string> erasures;     // copies of the file of erasures that were kept elsewhere
  // Restore also a log that is shorter than its newest checkpoint, or keys that are older than the
  // log, and write into the log what is lost.
  bool accept_loss = false;
  Progress progress;
};

struct RestoredLog {
  std::string origin;
  std::uint64_t size = 0;        // of the copy
  std::uint64_t lost_until = 0;  // the newest checkpoint covers so many; not above `size`: no loss
  std::uint64_t size_now = 0;    // with what the restore itself has recorded
};
struct RestoreReport {
  std::vector<RestoredLog> logs;
};

// What a leaf of a restore says as its `decision` (type 8).
inline constexpr std::uint16_t kRestored = 1;
inline constexpr std::uint16_t kRestoredWithLoss = 2;

// Puts a copy in the place of a lost store: checks it whole, compares it with every checkpoint that
// is known, erases again who was erased since, writes into each log that it was restored, and only
// then gives it its name. FAILED_PRECONDITION when something would be lost that `accept_loss`
// does not permit; DATA_LOSS when the copy does not prove itself.
base::Result<RestoreReport> restore_store(const RestoreOptions& options, const base::Clock& clock);

}  // namespace paxid::audit
