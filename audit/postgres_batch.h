#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "audit/postgres_session.h"
#include "audit/store.h"
#include "audit/submission.h"
#include "base/error.h"

namespace paxid::audit {

// The records of one log in one transaction of one of several servers. They become durable as
// pending ones, answered with promises; or, alone and with its place at once, one that needs it
// (needs_place()).
class PostgresBatch {
 public:
  PostgresBatch(PostgresLogs& logs, PostgresSession& session, std::shared_ptr<Log> log,
                std::span<const Submission> submissions)
      : logs_(logs), session_(session), log_(std::move(log)), submissions_(submissions) {}

  // With COMMIT. An error fails the whole batch; when the connection says try_again(), another
  // batch of the same submissions may succeed.
  base::Result<void> commit();
  // One for each record, in order.
  std::vector<base::Result<Receipt>> results() { return std::move(results_); }
  std::size_t fresh() const { return fresh_.size(); }

 private:
  struct Key {
    DataKey key;
    std::optional<WrappedKey> stored;  // until it is opened
  };
  struct Fresh {
    std::size_t record;
    std::optional<std::size_t> key;  // in keys_; nothing: the log's
    Id16 subject_ref{};
  };

  const Record& record_at(std::size_t record) const { return submissions_[record].record; }
  void refuse(std::size_t record, base::Error error);
  base::Result<void> begin();
  base::Result<void> look_up();
  base::Result<void> take_in(const std::vector<PostgresRows>& rows, std::size_t subjects,
                             std::size_t subjects_of);
  base::Result<void> decide(std::size_t record);
  base::Result<void> answer_again(std::size_t record);
  // False when the record has been refused.
  base::Result<bool> find_subject(Fresh& fresh);
  base::Result<bool> find_subject_of_request(Fresh& fresh);
  base::Result<bool> find_subject_by_ref(Fresh& fresh);
  base::Result<std::size_t> new_subject(const RecentSubjects::Key& key);
  base::Result<bool> open_key(Fresh& fresh, const Id16& ref, const WrappedKey& stored);
  base::Result<void> seal_all();
  base::Result<void> write();
  base::Result<void> place_it();
  base::Result<void> promise_all();

  PostgresLogs& logs_;
  PostgresSession& session_;
  const std::shared_ptr<Log> log_;
  const std::span<const Submission> submissions_;

  bool at_once_ = false;
  GrownTree placed_;  // after what was pending has its place
  std::uint64_t floor_unix_us_ = 0;
  std::map<Id16, Hash> known_;
  std::map<RecentSubjects::Key, StoredSubject> subjects_;
  std::map<Id16, SubjectOfRequest> subjects_of_;

  std::vector<base::Result<Receipt>> results_;
  std::map<Id16, std::size_t> first_of_;
  std::vector<std::pair<std::size_t, std::size_t>> duplicates_;  // record, first
  std::vector<DataKey> keys_;
  std::map<Id16, std::size_t> opened_;                       // in keys_, by subject_ref
  std::map<RecentSubjects::Key, std::size_t> new_subjects_;  // in keys_
  std::vector<NewKey> new_keys_;
  std::vector<Fresh> fresh_;
  std::vector<PendingRecord> pending_;  // of each fresh one
};

}  // namespace paxid::audit
