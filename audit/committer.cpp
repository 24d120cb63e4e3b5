#include "audit/committer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "audit/effects.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
using SteadyClock = std::chrono::steady_clock;

// Write back when idle, or when the write-ahead log gets long under load.
constexpr std::uint64_t kIdleWriteBackPages = 4000;
constexpr std::uint64_t kBusyWriteBackPages = 16000;

const base::Error kUnknownOutcome{
    ErrorCode::kUnavailable,
    "a write failed; not known whether the record is in the log: retry after a restart",
    {}};
const base::Error kNotAccepting{ErrorCode::kUnavailable, "the store is closed or failed", {}};

}  // namespace

Committer::Committer(Database database, ReadTables read, WriteTables write, KeyStore& keys,
                     LogRegistry& registry, const base::Clock& clock, const Options& options)
    : database_(std::move(database)),
      read_(std::move(read)),
      write_(std::move(write)),
      keys_(keys),
      registry_(registry),
      clock_(clock),
      options_(options) {
  sqlite3_wal_hook(database_.handle(), &Committer::note_wal_pages, this);
  thread_ = std::thread([this] { run(); });
}

int Committer::note_wal_pages(void* committer, sqlite3*, const char*, int pages) {
  static_cast<Committer*>(committer)->wal_pages_ = static_cast<std::uint64_t>(pages);
  return SQLITE_OK;
}

void Committer::submit(Record record, Completion done) {
  base::Error refusal = kNotAccepting;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && !poisoned_) {
      if (queue_.size() < options_.max_queued) {
        queue_.push_back({std::move(record), std::move(done)});
        wake_.notify_one();
        return;
      }
      refusal = {ErrorCode::kResourceExhausted, "too many records wait for the disk", {}};
    }
  }
  ++refused_;
  done(tl::unexpected(std::move(refusal)));
}

void Committer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

StoreStatistics Committer::statistics() const {
  StoreStatistics numbers;
  numbers.appended = appended_;
  numbers.replayed = replayed_;
  numbers.conflicts = conflicts_;
  numbers.refused = refused_;
  numbers.rounds = rounds_;
  numbers.commits = commits_;
  numbers.checkpoints_signed = checkpoints_signed_;
  numbers.checkpoints_failed = checkpoints_failed_;
  numbers.checkpoint_unix_us = checkpoint_unix_us_;
  numbers.wal_pages = wal_pages_;
  numbers.healthy = healthy();
  numbers.storage = storage_version();
  const std::lock_guard lock(mutex_);
  numbers.queued = queue_.size();
  return numbers;
}

std::vector<Committer::Waiting> Committer::take_batch() {
  std::unique_lock lock(mutex_);
  const auto awake = [this] { return stopping_ || !queue_.empty(); };
  if (unsigned_since_) {
    wake_.wait_until(lock, *unsigned_since_ + options_.checkpoint_interval, awake);
  } else {
    wake_.wait(lock, awake);
  }
  // A record with an effect is alone: see audit/effects.h.
  const auto has_effect = [](const Waiting& waiting) {
    return waiting.record.effect != RecordEffect::kNone;
  };
  auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), options_.max_batch));
  const auto effect = std::find_if(queue_.begin(), queue_.begin() + count, has_effect);
  count = std::min(count, std::max<std::ptrdiff_t>(effect - queue_.begin(), 1));
  std::vector<Waiting> batch(std::make_move_iterator(queue_.begin()),
                             std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  return batch;
}

void Committer::run() {
  for (;;) {
    std::vector<Waiting> batch = take_batch();
    ++rounds_;
    if (!batch.empty()) commit(std::move(batch));
    if (!poisoned_ && signing_is_due()) sign_all();
    if (!poisoned_) write_back();
    const std::lock_guard lock(mutex_);
    if (stopping_ && queue_.empty()) break;
  }
  finish();
}

void Committer::fail_all(std::vector<Waiting>& waiting, const base::Error& error) {
  refused_ += waiting.size();
  for (Waiting& caller : waiting) caller.done(tl::unexpected(error));
}

void Committer::poison() {
  // What failed may still reach the disk, and a later transaction would build on it: nothing
  // more is written, and closing must not write back what is in doubt.
  database_.keep_wal_on_close();
  std::vector<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    poisoned_ = true;
    waiting.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
    queue_.clear();
  }
  // Nothing will be signed any more: with a time for it the thread would not sleep again.
  unsigned_since_.reset();
  fail_all(waiting, kNotAccepting);
}

base::Result<void> Committer::commit_transaction(Batch& batch, std::vector<Record> records) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  // Checkpoints signed since the last transaction travel with this one.
  std::vector<SignedCheckpoint> notes = registry_.take_unrecorded();
  base::Result<void> written = batch.write(std::move(records));
  for (const SignedCheckpoint& note : notes) {
    if (written) written = write_.insert_checkpoint(note.log, note.size, note.note);
  }
  if (written) written = transaction->commit();
  if (written) return {};
  registry_.give_back_unrecorded(std::move(notes));
  if (auto rolled_back = transaction->rollback(); !rolled_back) {
    return base::fail(ErrorCode::kUnavailable, "roll back: " + rolled_back.error().message);
  }
  return written;
}

void Committer::commit(std::vector<Waiting> waiting) {
  if (poisoned_) return fail_all(waiting, kNotAccepting);
  std::vector<Record> records;
  records.reserve(waiting.size());
  const bool has_effect = !waiting.empty() && waiting.front().record.effect != RecordEffect::kNone;
  for (Waiting& caller : waiting) records.push_back(std::move(caller.record));

  Batch batch(read_, write_, keys_, registry_, clock_);
  const auto committed = commit_transaction(batch, std::move(records));
  if (!committed) {
    // A full disk is rolled back cleanly; whatever else fails leaves the outcome open, and
    // nothing is built on data that do not prove themselves.
    if (committed.error().code == ErrorCode::kResourceExhausted) {
      return fail_all(waiting, committed.error());
    }
    poison();
    const bool damaged = committed.error().code == ErrorCode::kDataLoss;
    return fail_all(waiting, damaged ? committed.error() : kUnknownOutcome);
  }
  std::vector<base::Result<Receipt>> results = batch.publish();
  if (has_effect) {
    // The keys go before anybody is told that they have gone.
    const auto logs = registry_.all();
    auto gone = destroy_marked_keys(database_, read_, write_, keys_, logs, options_.directory);
    if (!gone) {
      poison();
      return fail_all(waiting, kUnknownOutcome);
    }
  }
  ++commits_;
  appended_ += batch.fresh();
  if (batch.fresh() > 0) {
    if (!unsigned_since_) unsigned_since_ = SteadyClock::now();
    unsigned_leaves_ += batch.fresh();
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (results[i]) {
      replayed_ += results[i]->replayed ? 1 : 0;
    } else if (results[i].error().code == ErrorCode::kAlreadyExists) {
      ++conflicts_;
    } else {
      ++refused_;
    }
    waiting[i].done(std::move(results[i]));
  }
}

bool Committer::signing_is_due() const {
  return unsigned_since_ && (unsigned_leaves_ >= options_.checkpoint_leaves ||
                             SteadyClock::now() >= *unsigned_since_ + options_.checkpoint_interval);
}

void Committer::sign_all() {
  unsigned_since_.reset();
  unsigned_leaves_ = 0;
  for (const std::shared_ptr<Log>& log : registry_.all()) {
    const auto issued = registry_.checkpoint(*log);
    if (!issued) {
      ++checkpoints_failed_;
      unsigned_since_ = SteadyClock::now();
    } else if (issued->now_signed) {
      count_signed();
    }
  }
}

void Committer::write_back() {
  const std::uint64_t pages = wal_pages_;
  if (pages < kIdleWriteBackPages) return;
  if (pages < kBusyWriteBackPages) {
    const std::lock_guard lock(mutex_);
    if (!queue_.empty()) return;
  }
  // An error on the way back leaves the log whole in the write-ahead log, but the disk is
  // not to be trusted any more.
  if (auto done = database_.checkpoint(false); !done) {
    if (done.error().code != ErrorCode::kResourceExhausted) poison();
  }
  wal_pages_ = 0;
}

void Committer::finish() {
  if (poisoned_) return;
  sign_all();
  Batch nothing(read_, write_, keys_, registry_, clock_);
  // The checkpoint files are what a restart is held to; the table is a history for people.
  if (auto recorded = commit_transaction(nothing, {}); !recorded) ++checkpoints_failed_;
  if (auto done = database_.checkpoint(true); !done) ++checkpoints_failed_;
}

}  // namespace paxid::audit
