#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
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

// Writes what is queued and completes the callers when it is on disk. A few threads take turns: one
// makes a transaction of whatever is queued, then waits for the disk while the next one may write
// on; what is on disk first is answered first. Beside that they sign checkpoints and write the
// write-ahead log back, over a connection of its own. The writing connection belongs to the thread
// whose turn it is to write.
class Committer {
 public:
  struct Options {
    std::size_t max_queued;
    std::size_t max_batch;
    // See SqliteStoreOptions.
    std::size_t overlap_from;
    std::uint64_t write_back_pages;
    std::chrono::milliseconds checkpoint_interval;
    std::uint64_t checkpoint_leaves;
    std::string directory;  // of the store
    std::chrono::milliseconds destroy_keys_again;
    // See destroy_marked_keys().
    bool keys_left;
    std::set<Id16> noted;
  };

  // Owns both connections: the statements of the writing one are the tables, the other one has read
  // something and only writes back.
  struct Connections {
    Database writer;
    Database write_back;
  };
  static base::Result<std::unique_ptr<Committer>> start(Connections databases,
                                                        SqliteReadTables read, WriteTables write,
                                                        KeyStore& keys, LogRegistry& registry,
                                                        const base::Clock& clock,
                                                        const Options& options);
  ~Committer() { stop(); }
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Of a checked record. Thread-safe; see Store::append.
  void submit(Submission submission, Completion done);
  // Commits what is queued, signs, and ends the threads. Idempotent.
  void stop();
  bool healthy() const { return !poisoned_.load(); }
  StoreStatistics statistics() const;
  void count_signed() {
    ++checkpoints_signed_;
    checkpoint_unix_us_ = clock_.unix_microseconds();
  }

 private:
  // A transaction on its way: written in the order of the numbers, and published in it.
  struct Turn {
    std::uint64_t number = 0;
    std::vector<Waiting> waiting;
    bool has_effect = false;
    bool erases = false;
  };

  Committer(Connections databases, SqliteReadTables read, WriteTables write, KeyStore& keys,
            LogRegistry& registry, const base::Clock& clock, const Options& options);

  void run();
  // What a thread may do next; all with the lock.
  bool may_write() const;
  bool may_sign() const;
  bool may_write_back() const;
  bool may_destroy_keys() const;
  // When the write-ahead log is to be written back; empty when it is short.
  std::optional<std::chrono::steady_clock::time_point> write_back_from() const;
  bool has_ended() const { return stopping_ && queue_.empty() && published_ == next_turn_; }
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  Turn take_turn();

  void commit(Turn turn);
  // Everything up to COMMIT and with it.
  base::Result<void> commit_transaction(Batch& batch, std::vector<Submission> submissions);
  // Waits until all earlier turns are published, then for the disk.
  base::Result<void> make_durable(const Turn& turn, bool wrote);
  // Of all that is marked to go, on disk when it returns. True: they have gone. False: another
  // program uses keys.db, or the disk is full, and it is tried again later. With the writing
  // connection.
  base::Result<bool> destroy_keys();
  bool keys_are_left() const;
  void let_others_write();
  void end_turn(bool kept_writing, std::size_t fresh);
  void poison();
  void sign_all();
  base::Result<void> write_back_beside_writers();
  // With the writers held. False: a reader needs some of it, or nothing is written any more.
  base::Result<bool> write_back_rest();
  void write_back();
  void hold_writers();
  void release_writers();
  std::uint64_t pages_since_write_back() const;
  void finish();
  static int note_wal_pages(void* committer, sqlite3*, const char*, int pages);

  Database database_;
  Database write_back_;
  SqliteReadTables read_;
  WriteTables write_;
  KeyStore& keys_;
  LogRegistry& registry_;
  const base::Clock& clock_;
  const Options options_;
  const WriteAheadLog write_ahead_log_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;   // there may be work
  std::condition_variable order_;  // a turn was published, or a held writer has ended
  std::deque<Waiting> queue_;
  bool stopping_ = false;
  bool writing_ = false;         // a thread has the writing connection
  bool held_ = false;            // nobody may begin to write
  bool writing_back_ = false;    // a thread has the other one
  bool signing_ = false;         // a thread signs
  std::uint64_t next_turn_ = 0;  // number of the next transaction
  std::uint64_t published_ = 0;  // turns below it are on disk and published
  std::chrono::steady_clock::time_point last_submission_;
  std::optional<std::chrono::steady_clock::time_point> unsigned_since_;
  std::optional<std::chrono::steady_clock::time_point> destroy_keys_from_;
  std::uint64_t unsigned_leaves_ = 0;

  std::set<Id16> noted_;  // of destroy_marked_keys(); belongs to who has the writing connection
  std::atomic<bool> poisoned_{false};
  Answers answers_;
  std::atomic<std::uint64_t> appended_{0}, rounds_{0}, commits_{0}, checkpoints_signed_{0},
      checkpoints_failed_{0}, write_backs_{0}, write_back_attempts_{0}, checkpoint_unix_us_{0},
      commit_nanoseconds_{0}, sync_nanoseconds_{0};
  // Of the write-ahead log: its pages after the last commit, and when it was last written back.
  std::atomic<std::uint64_t> wal_pages_{0}, wal_pages_then_{0};
  std::atomic<bool> all_written_back_{false};  // and nothing was committed since
  std::vector<std::thread> threads_;           // last: start when all else is there
};

}  // namespace paxid::audit
