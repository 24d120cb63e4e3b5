#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "audit/postgres_session.h"
#include "audit/store.h"

namespace paxid::audit {

// One thread of each server. The one that holds the lease gives pending leaves their places,
// several times in a tenth of a second, and signs checkpoints; the others wait to take over, and
// read what it has placed. The lease saves work, no more: whoever places holds the log's head and
// reads where it stands, so two that both believe to hold the lease, or one that was paused, do no
// harm.
class Sequencer {
 public:
  struct Options {
    std::chrono::milliseconds interval;  // of looking for pending leaves
    std::chrono::milliseconds checkpoint_interval;
    std::uint64_t checkpoint_leaves;
  };
  Sequencer(PostgresLogs& logs, const Options& options);
  ~Sequencer() { stop(); }
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // Places what is pending, signs, and leaves the lease to another one. Idempotent.
  void stop();
  // Thread-safe.
  void count(StoreStatistics& numbers) const;
  void count_signed();

 private:
  using Time = std::chrono::steady_clock::time_point;

  void run();
  base::Result<void> step(Time now);
  base::Result<void> look_around();
  base::Result<void> sequence_all();
  void sign_if_due(Time now);
  base::Result<void> sign_all();

  PostgresLogs& logs_;
  const Options options_;
  const Id16 holder_;
  std::unique_ptr<PostgresSession> session_;
  bool leads_ = false;
  Time next_look_{};
  std::optional<Time> unsigned_since_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> signed_{0}, failed_{0}, signed_unix_us_{0}, promised_{0},
      oldest_promise_{0};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace paxid::audit
