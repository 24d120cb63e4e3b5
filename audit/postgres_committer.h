#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "audit/postgres_session.h"
#include "audit/store.h"
#include "audit/submission.h"

namespace paxid::audit {

// Brings queued records into the database, several transactions at a time, each on a connection of
// its own, and completes the callers when they are durable.
class PostgresCommitter {
 public:
  PostgresCommitter(PostgresLogs& logs, std::size_t max_queued);
  ~PostgresCommitter() { stop(); }
  PostgresCommitter(const PostgresCommitter&) = delete;
  PostgresCommitter& operator=(const PostgresCommitter&) = delete;

  // Of a checked record. Thread-safe; see Store::append.
  void submit(Submission submission, Completion done);
  // Commits what is queued. Idempotent.
  void stop();
  void count(StoreStatistics& numbers) const;

 private:
  void run();
  bool may_write() const;
  // Records of one log, or one that needs its place.
  std::vector<Waiting> take();
  void commit(std::unique_ptr<PostgresSession>& session, std::vector<Waiting> waiting);
  base::Result<std::vector<base::Result<Receipt>>> try_commit(
      std::unique_ptr<PostgresSession>& session, const std::vector<Submission>& submissions);

  PostgresLogs& logs_;
  const std::size_t max_queued_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  bool stopping_ = false;
  std::size_t writing_ = 0;     // transactions under way
  std::size_t last_batch_ = 0;  // records of the last one

  Answers answers_;
  std::atomic<std::uint64_t> appended_{0}, rounds_{0}, commits_{0}, commit_nanoseconds_{0};
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace paxid::audit
