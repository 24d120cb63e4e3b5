#include "audit/committer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "audit/effects.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;
using SteadyClock = std::chrono::steady_clock;

// A rest that may be written back while the writers wait, and how often a longer one is shortened.
constexpr std::uint64_t kShortRestPages = 128;
constexpr int kMostPasses = 6;
// Idle is who has been given nothing for so long.
constexpr std::chrono::milliseconds kIdleTime{100};

// One writes, one waits for the disk, one answers, one writes back.
constexpr std::size_t kThreads = 4;

const base::Error kUnknownOutcome{
    ErrorCode::kUnavailable,
    "a write failed; not known whether the record is in the log: retry after a restart",
    {}};
const base::Error kKeyInUse{ErrorCode::kUnavailable,
                            "erased, but the key is still in a file, since another program uses "
                            "keys.db or the disk is full: end that program, make room",
                            std::string(kKeysInUseField)};
const base::Error kNotAccepting{ErrorCode::kUnavailable, "the store is closed or failed", {}};

std::uint64_t nanoseconds_since(SteadyClock::time_point began) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(SteadyClock::now() - began).count());
}

}  // namespace

Committer::Committer(Connections databases, SqliteReadTables read, WriteTables write,
                     KeyStore& keys, LogRegistry& registry, const base::Clock& clock,
                     const Options& options)
    : database_(std::move(databases.writer)),
      write_back_(std::move(databases.write_back)),
      read_(std::move(read)),
      write_(std::move(write)),
      keys_(keys),
      registry_(registry),
      clock_(clock),
      options_(options),
      write_ahead_log_(database_.write_ahead_log()),
      noted_(options_.noted) {
  if (options_.keys_left) destroy_keys_from_ = SteadyClock::now() + options_.destroy_keys_again;
}

base::Result<std::unique_ptr<Committer>> Committer::start(Connections databases,
                                                          SqliteReadTables read, WriteTables write,
                                                          KeyStore& keys, LogRegistry& registry,
                                                          const base::Clock& clock,
                                                          const Options& options) {
  // COMMIT writes and does not wait: this class syncs, and answers nobody before.
  if (auto set = databases.writer.execute("PRAGMA synchronous=NORMAL"); !set) {
    return tl::unexpected(set.error());
  }
  std::unique_ptr<Committer> committer(new Committer(
      std::move(databases), std::move(read), std::move(write), keys, registry, clock, options));
  // What a killed process has left written is read from now on, so it must be on disk.
  if (auto synced = committer->write_ahead_log_.sync(); !synced) {
    return tl::unexpected(synced.error());
  }
  sqlite3_wal_hook(committer->database_.handle(), &Committer::note_wal_pages, committer.get());
  for (std::size_t i = 0; i < kThreads; ++i) {
    committer->threads_.emplace_back([self = committer.get()] { self->run(); });
  }
  return committer;
}

int Committer::note_wal_pages(void* committer, sqlite3*, const char*, int pages) {
  Committer& self = *static_cast<Committer*>(committer);
  const auto now = static_cast<std::uint64_t>(pages);
  // No longer than it was: begun anew, since everything was written back.
  if (now <= self.wal_pages_then_) self.wal_pages_then_ = 0;
  self.wal_pages_ = now;
  self.all_written_back_ = false;
  return SQLITE_OK;
}

void Committer::submit(Submission submission, Completion done) {
  base::Error refusal = kNotAccepting;
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && !poisoned_) {
      if (queue_.size() < options_.max_queued) {
        queue_.push_back({std::move(submission), std::move(done)});
        last_submission_ = SteadyClock::now();
        if (may_write()) wake_.notify_one();
        return;
      }
      refusal = {ErrorCode::kResourceExhausted, "too many records wait for the disk", {}};
    }
  }
  answers_.refuse(std::move(done), std::move(refusal));
}

void Committer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (threads_.empty()) return;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  finish();
}

StoreStatistics Committer::statistics() const {
  StoreStatistics numbers;
  answers_.count(numbers);
  numbers.appended = appended_;
  numbers.rounds = rounds_;
  numbers.commits = commits_;
  numbers.write_backs = write_backs_;
  numbers.write_back_attempts = write_back_attempts_;
  numbers.commit_nanoseconds = commit_nanoseconds_;
  numbers.sync_nanoseconds = sync_nanoseconds_;
  numbers.checkpoints_signed = checkpoints_signed_;
  numbers.checkpoints_failed = checkpoints_failed_;
  numbers.checkpoint_unix_us = checkpoint_unix_us_;
  numbers.wal_pages = all_written_back_ ? 0 : wal_pages_.load();
  numbers.healthy = healthy();
  numbers.storage = storage_version();
  const std::lock_guard lock(mutex_);
  numbers.queued = queue_.size();
  return numbers;
}

bool Committer::may_write() const {
  if (writing_ || held_ || queue_.empty()) return false;
  return published_ == next_turn_ || queue_.size() >= options_.overlap_from;
}

bool Committer::may_sign() const {
  return unsigned_since_ && !signing_ && !poisoned_ &&
         (unsigned_leaves_ >= options_.checkpoint_leaves ||
          SteadyClock::now() >= *unsigned_since_ + options_.checkpoint_interval);
}

std::uint64_t Committer::pages_since_write_back() const {
  const std::uint64_t then = wal_pages_then_;
  const std::uint64_t now = wal_pages_;
  return now > then ? now - then : 0;
}

std::optional<SteadyClock::time_point> Committer::write_back_from() const {
  if (writing_back_ || poisoned_) return {};
  const std::uint64_t pages = pages_since_write_back();
  if (pages >= options_.write_back_pages) return SteadyClock::time_point::min();
  if (pages > 0 && pages >= options_.write_back_pages / 4) return last_submission_ + kIdleTime;
  return {};
}

bool Committer::may_write_back() const {
  const auto from = write_back_from();
  return from && SteadyClock::now() >= *from;
}

bool Committer::may_destroy_keys() const {
  return destroy_keys_from_ && !writing_ && !held_ && !poisoned_ &&
         SteadyClock::now() >= *destroy_keys_from_;
}

void Committer::wait_for_work(std::unique_lock<std::mutex>& lock) {
  const auto awake = [this] {
    return may_write() || may_sign() || may_write_back() || may_destroy_keys() || has_ended();
  };
  auto until = SteadyClock::time_point::max();
  if (unsigned_since_ && !signing_ && !poisoned_) {
    until = *unsigned_since_ + options_.checkpoint_interval;
  }
  if (const auto from = write_back_from()) until = std::min(until, *from);
  // Else who has the connection looks when it gives it back.
  if (destroy_keys_from_ && !writing_ && !held_ && !poisoned_) {
    until = std::min(until, *destroy_keys_from_);
  }
  if (until == SteadyClock::time_point::max()) {
    wake_.wait(lock, awake);
  } else {
    wake_.wait_until(lock, until, awake);
  }
  ++rounds_;
}

Committer::Turn Committer::take_turn() {
  // A record with an effect is alone: see audit/effects.h.
  const auto has_effect = [](const Waiting& waiting) {
    return waiting.submission.record.effect != RecordEffect::kNone;
  };
  auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), options_.max_batch));
  const auto effect = std::find_if(queue_.begin(), queue_.begin() + count, has_effect);
  count = std::min(count, std::max<std::ptrdiff_t>(effect - queue_.begin(), 1));
  const Record& first = queue_.front().submission.record;
  Turn turn{next_turn_++, {}, has_effect(queue_.front()), first.effect == RecordEffect::kErase};
  turn.waiting.assign(std::make_move_iterator(queue_.begin()),
                      std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  writing_ = true;
  return turn;
}

void Committer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    // What is due comes before new records, which never end under load.
    if (may_write_back()) {
      writing_back_ = true;
      // This thread may have been woken for it.
      if (may_write()) wake_.notify_one();
      lock.unlock();
      write_back();
      lock.lock();
      writing_back_ = false;
    } else if (may_sign()) {
      unsigned_since_.reset();
      unsigned_leaves_ = 0;
      signing_ = true;
      // This thread may have been woken for it.
      if (may_write()) wake_.notify_one();
      lock.unlock();
      sign_all();
      lock.lock();
      signing_ = false;
    } else if (may_destroy_keys()) {
      writing_ = true;
      lock.unlock();
      if (!destroy_keys()) poison();
      let_others_write();
      lock.lock();
    } else if (may_write()) {
      Turn turn = take_turn();
      lock.unlock();
      commit(std::move(turn));
      lock.lock();
    } else if (has_ended()) {
      wake_.notify_all();
      return;
    } else {
      wait_for_work(lock);
    }
  }
}

void Committer::poison() {
  // What failed may still reach the disk, and a later transaction would build on it: nothing
  // more is written.
  std::vector<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    poisoned_ = true;
    waiting.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
    queue_.clear();
    // Nothing will be signed or destroyed any more.
    unsigned_since_.reset();
    destroy_keys_from_.reset();
  }
  answers_.refuse(waiting, kNotAccepting);
}

base::Result<void> Committer::commit_transaction(Batch& batch,
                                                 std::vector<Submission> submissions) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  // Checkpoints signed since the last transaction travel with this one.
  std::vector<SignedCheckpoint> notes = registry_.take_unrecorded();
  base::Result<void> written = batch.write(std::move(submissions));
  for (const SignedCheckpoint& note : notes) {
    if (written) written = write_.insert_checkpoint(note.log, note.size, note.note);
  }
  if (written) written = transaction->commit();
  if (written) {
    batch.keep();
    return {};
  }
  write_.drop();
  registry_.give_back_unrecorded(std::move(notes));
  if (auto rolled_back = transaction->rollback(); !rolled_back) {
    return base::fail(ErrorCode::kUnavailable, "roll back: " + rolled_back.error().message);
  }
  return written;
}

void Committer::commit(Turn turn) {
  const auto began = SteadyClock::now();
  std::vector<Submission> submissions;
  submissions.reserve(turn.waiting.size());
  for (Waiting& caller : turn.waiting) submissions.push_back(std::move(caller.submission));

  Batch batch(read_, write_, keys_, registry_, clock_);
  const bool poisoned = poisoned_;
  const auto committed = poisoned ? base::Result<void>(tl::unexpected(kNotAccepting))
                                  : commit_transaction(batch, std::move(submissions));
  // A full disk is rolled back cleanly; whatever else fails leaves the outcome open, and nothing is
  // built on data that do not prove themselves.
  const bool open_outcome =
      !committed && !poisoned && committed.error().code != ErrorCode::kResourceExhausted;
  if (open_outcome) poison();
  // What follows must find no trace of a new log, or of keys that go.
  const bool keep_writing = committed && (turn.has_effect || batch.begins_log());
  if (!keep_writing) let_others_write();
  const auto durable = make_durable(turn, committed && batch.fresh() > 0);
  if (!committed) {
    end_turn(false, 0);
    const bool damaged = committed.error().code == ErrorCode::kDataLoss;
    return answers_.refuse(turn.waiting,
                           open_outcome && !damaged ? kUnknownOutcome : committed.error());
  }
  if (!durable) {
    end_turn(keep_writing, 0);
    return answers_.refuse(turn.waiting, kUnknownOutcome);
  }
  std::vector<base::Result<Receipt>> results = batch.publish();
  // The keys go before who erases is told that they have gone.
  const bool destroys = turn.erases || (turn.has_effect && !keys_are_left());
  const auto gone = destroys ? destroy_keys() : base::Result<bool>(true);
  if (!gone) {
    poison();
    end_turn(keep_writing, 0);
    return answers_.refuse(turn.waiting, kUnknownOutcome);
  }
  ++commits_;
  commit_nanoseconds_ += nanoseconds_since(began);
  appended_ += batch.fresh();
  end_turn(keep_writing, batch.fresh());
  if (turn.erases && !*gone && results.front()) return answers_.refuse(turn.waiting, kKeyInUse);
  answers_.give(turn.waiting, std::move(results));
}

base::Result<bool> Committer::destroy_keys() {
  const auto logs = registry_.all();
  auto gone =
      destroy_marked_keys(database_, read_, write_, keys_, logs, options_.directory, noted_);
  if (gone) gone = write_ahead_log_.sync();
  // A full disk is rolled back cleanly.
  const bool later = !gone && (gone.error().field == kKeysInUseField ||
                               gone.error().code == ErrorCode::kResourceExhausted);
  if (!gone && !later) return tl::unexpected(gone.error());
  const std::lock_guard lock(mutex_);
  destroy_keys_from_.reset();
  if (later && !poisoned_) {
    destroy_keys_from_ = SteadyClock::now() + options_.destroy_keys_again;
  }
  return !later;
}

bool Committer::keys_are_left() const {
  const std::lock_guard lock(mutex_);
  return destroy_keys_from_.has_value();
}

void Committer::let_others_write() {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (held_) order_.notify_all();
  if (may_write()) wake_.notify_one();
}

void Committer::hold_writers() {
  std::unique_lock lock(mutex_);
  held_ = true;
  order_.wait(lock, [this] { return !writing_; });
}

void Committer::release_writers() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  if (may_write()) wake_.notify_one();
}

base::Result<void> Committer::make_durable(const Turn& turn, bool wrote) {
  {
    std::unique_lock lock(mutex_);
    order_.wait(lock, [&] { return published_ == turn.number; });
  }
  if (poisoned_) return tl::unexpected(kNotAccepting);
  if (!wrote) return {};
  const auto began = SteadyClock::now();
  auto synced = write_ahead_log_.sync();
  sync_nanoseconds_ += nanoseconds_since(began);
  if (!synced) poison();
  return synced;
}

void Committer::end_turn(bool kept_writing, std::size_t fresh) {
  const std::lock_guard lock(mutex_);
  if (kept_writing) writing_ = false;
  ++published_;
  if (fresh > 0 && !poisoned_) {
    if (!unsigned_since_) unsigned_since_ = SteadyClock::now();
    unsigned_leaves_ += fresh;
  }
  if (published_ != next_turn_ || held_) order_.notify_all();
  if (may_write() || has_ended()) wake_.notify_one();
}

void Committer::sign_all() {
  bool failed = false;
  for (const std::shared_ptr<Log>& log : registry_.all()) {
    const auto issued = registry_.checkpoint(*log);
    if (!issued) {
      ++checkpoints_failed_;
      failed = true;
    } else if (issued->now_signed) {
      count_signed();
    }
  }
  if (!failed) return;
  const std::lock_guard lock(mutex_);
  if (!poisoned_ && !unsigned_since_) unsigned_since_ = SteadyClock::now();
}

base::Result<void> Committer::write_back_beside_writers() {
  // Before each pass frames are left to write back, and only this thread takes any away, so no
  // writer begins the write-ahead log anew before it is done (see Database::checkpoint).
  std::uint64_t before = 0;
  for (int pass = 0; pass < kMostPasses && !poisoned_; ++pass) {
    const auto done = write_back_.checkpoint(false);
    if (!done) return tl::unexpected(done.error());
    if (done->busy) continue;
    if (auto synced = write_back_.sync_file(); !synced) {
      // Whatever it says: what was written back may not be there.
      return base::fail(ErrorCode::kUnavailable, synced.error().message);
    }
    // Commits that the pass has not seen, or a reader that has needed the rest and may have gone.
    // Nothing of what it has seen written back is none of the two: it may have been begun anew.
    const bool left = done->all() ? wal_pages_ > done->frames : done->written_back > before;
    if (!left || wal_pages_ <= done->written_back + kShortRestPages) break;
    before = done->written_back;
  }
  return {};
}

base::Result<bool> Committer::write_back_rest() {
  if (poisoned_) return false;
  const auto done = write_back_.checkpoint(false);
  if (!done) return tl::unexpected(done.error());
  return done->all();
}

void Committer::write_back() {
  // A checkpoint syncs the write-ahead log before it touches the database, so nothing gets there
  // that could be lost here.
  ++write_back_attempts_;
  const auto beside = write_back_beside_writers();
  // Only a writer who finds everything written back begins it anew: the short rest.
  hold_writers();
  const auto all = beside.and_then([this] { return write_back_rest(); });
  all_written_back_ = all && *all;
  if (all_written_back_) ++write_backs_;
  wal_pages_then_ = wal_pages_.load();
  // An error on the way back leaves the log whole in the write-ahead log, but the disk is
  // not to be trusted any more.
  if (!all && all.error().code != ErrorCode::kResourceExhausted) poison();
  release_writers();
}

void Committer::finish() {
  // Closing must not write back what is in doubt.
  if (poisoned_) return database_.keep_wal_on_close();
  sign_all();
  Batch nothing(read_, write_, keys_, registry_, clock_);
  // The checkpoint files are what a restart is held to; the table is a history for people.
  if (auto recorded = commit_transaction(nothing, {}); !recorded) ++checkpoints_failed_;
  if (auto done = database_.checkpoint(true); !done) ++checkpoints_failed_;
}

}  // namespace paxid::audit
