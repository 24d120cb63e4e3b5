#include "audit/sequencer.h"

#include <algorithm>

#include "audit/crypto.h"

namespace paxid::audit {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Who does not renew his lease so long is taken for lost.
constexpr std::chrono::milliseconds kLease{1500};
constexpr std::chrono::milliseconds kLook{400};

}  // namespace

Sequencer::Sequencer(PostgresLogs& logs, const Options& options)
    : logs_(logs), options_(options), holder_(random_id().value_or(Id16{})) {
  thread_ = std::thread([this] { run(); });
}

void Sequencer::count_signed() {
  ++signed_;
  signed_unix_us_ = logs_.clock.unix_microseconds();
}

void Sequencer::count(StoreStatistics& numbers) const {
  numbers.checkpoints_signed = signed_;
  numbers.checkpoints_failed = failed_;
  numbers.checkpoint_unix_us = signed_unix_us_;
  numbers.promised = promised_;
  numbers.oldest_promise_unix_us = oldest_promise_;
}

void Sequencer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void Sequencer::run() {
  for (;;) {
    const auto now = SteadyClock::now();
    if (session_ == nullptr && now >= next_look_) {
      next_look_ = now + kLook;
      auto opened = logs_.open_session();
      if (opened) {
        session_ = *std::move(opened);
        next_look_ = now;
      } else {
        logs_.reachable = false;  // what readers fail to open does not end the writing
      }
    }
    // Damaged data are not built on.
    if (session_ != nullptr && logs_.healthy) {
      if (auto done = step(now); !done) {
        leads_ = false;
        logs_.note(done.error(), session_);
      }
    }
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, options_.interval, [this] { return stopping_; })) break;
  }
  if (session_ == nullptr || !logs_.healthy) return;
  auto ended = sequence_all();
  if (ended) ended = sign_all();
  if (ended) ended = session_->tables.leave_lease(holder_);
  if (!ended) ++failed_;
}

base::Result<void> Sequencer::step(Time now) {
  if (auto planned = logs_.plan_if_grown(*session_); !planned) return planned;
  if (now >= next_look_) {
    next_look_ = now + kLook;
    if (auto looked = look_around(); !looked) return looked;
  }
  if (!leads_) return {};
  if (auto sequenced = sequence_all(); !sequenced) return sequenced;
  sign_if_due(now);
  return {};
}

base::Result<void> Sequencer::look_around() {
  const auto epoch = session_->tables.take_lease(holder_, kLease);
  if (!epoch) return tl::unexpected(epoch.error());
  leads_ = epoch->has_value();
  logs_.reachable = true;
  const auto pending = session_->tables.count_pending(logs_.placed_before());
  if (!pending) return tl::unexpected(pending.error());
  promised_ = pending->count;
  oldest_promise_ = pending->oldest_unix_us;
  if (auto found = logs_.find_all(*session_); !found) return found;
  for (const std::shared_ptr<Log>& log : logs_.registry.all()) {
    if (auto read = logs_.catch_up(*session_, log); !read) return read;
  }
  return {};
}

base::Result<void> Sequencer::sequence_all() {
  const auto ids = session_->tables.logs_with_pending(logs_.placed_before());
  if (!ids) return tl::unexpected(ids.error());
  if (ids->empty()) return {};
  if (auto found = logs_.find_all(*session_); !found) return found;
  for (const std::shared_ptr<Log>& log : logs_.registry.all()) {
    if (std::ranges::find(*ids, log->id) == ids->end()) continue;
    if (auto sequenced = logs_.sequence(*session_, log); !sequenced) return sequenced;
  }
  return {};
}

void Sequencer::sign_if_due(Time now) {
  std::uint64_t leaves = 0;
  for (const std::shared_ptr<Log>& log : logs_.registry.all()) {
    leaves += logs_.registry.unsigned_leaves(*log);
  }
  if (leaves == 0) return unsigned_since_.reset();
  if (!unsigned_since_) unsigned_since_ = now;
  if (now < *unsigned_since_ + options_.checkpoint_interval &&
      leaves < options_.checkpoint_leaves) {
    return;
  }
  unsigned_since_.reset();
  if (auto done = sign_all(); !done) ++failed_;
}

base::Result<void> Sequencer::sign_all() {
  for (const std::shared_ptr<Log>& log : logs_.registry.all()) {
    const auto issued = logs_.registry.checkpoint(*log);
    if (!issued) return tl::unexpected(issued.error());
    if (issued->now_signed) count_signed();
  }
  std::vector<SignedCheckpoint> notes = logs_.registry.take_unrecorded();
  for (const SignedCheckpoint& one : notes) {
    auto recorded = session_->tables.insert_checkpoint(one.log, one.size, one.note);
    if (recorded) continue;
    logs_.registry.give_back_unrecorded(std::move(notes));
    return recorded;
  }
  return {};
}

}  // namespace paxid::audit
