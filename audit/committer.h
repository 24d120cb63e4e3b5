#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "audit/batch.h"
#include "audit/key_store.h"
#include "audit/log_registry.h"
#include "audit/log_tables.h"
#include "audit/sqlite.h"
#include "audit/store.h"
#include "base/clock.h"

namespace paxid::audit {

// The one thread that writes. It takes whatever is queued, makes it one transaction, and
// completes the callers when that is on disk. Between transactions it signs checkpoints and
// writes the write-ahead log back.
class Committer {
 public:
  struct Options {
    std::size_t max_queued;
    std::size_t max_batch;
    std::chrono::milliseconds checkpoint_interval;
    std::uint64_t checkpoint_leaves;
    std::string directory;  // of the store
  };

  // Owns the writing connection, whose statements the tables are.
  Committer(Database database, ReadTables read, WriteTables write, KeyStore& keys,
            LogRegistry& registry, const base::Clock& clock, const Options& options);
  ~Committer() { stop(); }
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Of a checked record. Thread-safe; see Store::append.
  void submit(Record record, Completion done);
  // Commits what is queued, signs, and ends the thread. Idempotent.
  void stop();
  bool healthy() const { return !poisoned_.load(); }
  StoreStatistics statistics() const;
  void count_signed() {
    ++checkpoints_signed_;
    checkpoint_unix_us_ = clock_.unix_microseconds();
  }

 private:
  struct Waiting {
    Record record;
    Completion done;
  };

  void run();
  std::vector<Waiting> take_batch();
  void commit(std::vector<Waiting> waiting);
  // Everything up to COMMIT and with it.
  base::Result<void> commit_transaction(Batch& batch, std::vector<Record> records);
  void fail_all(std::vector<Waiting>& waiting, const base::Error& error);
  void poison();
  bool signing_is_due() const;
  void sign_all();
  void write_back();
  void finish();
  static int note_wal_pages(void* committer, sqlite3*, const char*, int pages);

  Database database_;
  ReadTables read_;
  WriteTables write_;
  KeyStore& keys_;
  LogRegistry& registry_;
  const base::Clock& clock_;
  const Options options_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  bool stopping_ = false;

  // The committer's thread alone.
  std::optional<std::chrono::steady_clock::time_point> unsigned_since_;
  std::uint64_t unsigned_leaves_ = 0;

  std::atomic<bool> poisoned_{false};
  std::atomic<std::uint64_t> appended_{0}, replayed_{0}, conflicts_{0}, refused_{0}, rounds_{0},
      commits_{0}, checkpoints_signed_{0}, checkpoints_failed_{0}, wal_pages_{0},
      checkpoint_unix_us_{0};
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace paxid::audit
