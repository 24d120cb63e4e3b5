#include "audit/postgres_committer.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "audit/postgres_batch.h"
#include "audit/store_options.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kThreads = 3;
// How often a transaction is begun again because another server was faster.
constexpr int kMaxAttempts = 8;
// Bodies and answers of one transaction.
constexpr std::size_t kMaxBatchBytes = std::size_t{8} << 20;

const base::Error kNotAccepting{
    ErrorCode::kUnavailable, "the store is closed, failed, or its database does not answer", {}};
const base::Error kUnknownOutcome{
    ErrorCode::kUnavailable,
    "the database went away; not known whether the record is in the log: retry with the same "
    "request id",
    {}};

}  // namespace

PostgresCommitter::PostgresCommitter(PostgresLogs& logs, std::size_t max_queued)
    : logs_(logs), max_queued_(max_queued) {
  for (std::size_t i = 0; i < kThreads; ++i) threads_.emplace_back([this] { run(); });
}

void PostgresCommitter::submit(Submission submission, Completion done) {
  base::Error refusal = kNotAccepting;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && logs_.healthy && logs_.reachable) {
      if (queue_.size() < max_queued_) {
        queue_.push_back({std::move(submission), std::move(done)});
        if (may_write()) wake_.notify_one();
        return;
      }
      refusal = {ErrorCode::kResourceExhausted, "too many records wait for the database", {}};
    }
  }
  answers_.refuse(std::move(done), std::move(refusal));
}

void PostgresCommitter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void PostgresCommitter::count(StoreStatistics& numbers) const {
  answers_.count(numbers);
  numbers.appended = appended_;
  numbers.rounds = rounds_;
  numbers.commits = commits_;
  numbers.commit_nanoseconds = commit_nanoseconds_;
  const std::lock_guard lock(mutex_);
  numbers.queued = queue_.size();
}

// While another transaction is under way, one more is worth its fixed cost only if it is as large:
// few callers are not split into many small transactions.
bool PostgresCommitter::may_write() const {
  return !queue_.empty() &&
         (writing_ == 0 || queue_.size() >= std::min(last_batch_, kMaxBatchRecords));
}

std::vector<Waiting> PostgresCommitter::take() {
  std::vector<Waiting> taken;
  std::deque<Waiting> left;
  std::size_t bytes = 0;
  const std::string tenant = queue_.front().submission.record.tenant;
  bool closed = false;
  for (Waiting& waiting : queue_) {
    const Record& record = waiting.submission.record;
    // In the order of their coming within a log.
    const bool mine = !closed && record.tenant == tenant;
    const bool alone = mine && needs_place(record);
    if (mine &&
        (taken.empty() || (!alone && taken.size() < kMaxBatchRecords && bytes < kMaxBatchBytes))) {
      bytes += record.body.size() + record.response.size();
      taken.push_back(std::move(waiting));
      closed = alone;
    } else {
      closed = closed || mine;
      left.push_back(std::move(waiting));
    }
  }
  queue_ = std::move(left);
  last_batch_ = taken.size();
  ++writing_;
  return taken;
}

void PostgresCommitter::run() {
  std::unique_ptr<PostgresSession> session;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return may_write() || (stopping_ && queue_.empty()); });
    ++rounds_;
    if (queue_.empty()) return wake_.notify_all();
    std::vector<Waiting> waiting = take();
    if (may_write()) wake_.notify_one();
    lock.unlock();
    commit(session, std::move(waiting));
    lock.lock();
    --writing_;
    if (may_write()) wake_.notify_one();
    if (stopping_ && queue_.empty()) wake_.notify_all();
  }
}

base::Result<std::vector<base::Result<Receipt>>> PostgresCommitter::try_commit(
    std::unique_ptr<PostgresSession>& session, const std::vector<Submission>& submissions) {
  if (session == nullptr) {
    auto opened = logs_.open_session();
    if (!opened) return tl::unexpected(opened.error());
    session = *std::move(opened);
  }
  if (auto planned = logs_.plan_if_grown(*session); !planned) {
    return tl::unexpected(planned.error());
  }
  auto log = logs_.find_or_begin(*session, submissions.front().record.tenant);
  if (!log) return tl::unexpected(log.error());
  if (*log == nullptr) return base::fail(ErrorCode::kDataLoss, "a log could not be begun");
  PostgresBatch batch(logs_, *session, *log, submissions);
  if (auto committed = batch.commit(); !committed) return tl::unexpected(committed.error());
  ++commits_;
  appended_ += batch.fresh();
  return batch.results();
}

void PostgresCommitter::commit(std::unique_ptr<PostgresSession>& session,
                               std::vector<Waiting> waiting) {
  const auto began = SteadyClock::now();
  std::vector<Submission> submissions;
  submissions.reserve(waiting.size());
  for (Waiting& one : waiting) submissions.push_back(std::move(one.submission));
  bool lost = false;
  for (int attempt = 0;; ++attempt) {
    auto results = try_commit(session, submissions);
    if (results) {
      commit_nanoseconds_ += static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::nanoseconds>(SteadyClock::now() - began).count());
      return answers_.give(waiting, *std::move(results));
    }
    const bool was_open = session != nullptr;
    logs_.note(results.error(), session);
    if (was_open && session == nullptr && !lost) {
      // The connection may have been dead for long. Whether or not the transaction was committed:
      // done again, it finds what is there.
      lost = true;
      continue;
    }
    if (session != nullptr && session->connection.try_again() && attempt < kMaxAttempts) continue;
    return answers_.refuse(waiting, lost ? kUnknownOutcome : results.error());
  }
}

}  // namespace paxid::audit
