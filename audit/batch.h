#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "audit/key_store.h"
#include "audit/log_registry.h"
#include "audit/log_tables.h"
#include "audit/replay.h"
#include "audit/store.h"
#include "audit/submission.h"
#include "base/clock.h"
#include "base/error.h"

namespace paxid::audit {

// The records of one transaction. write() runs inside the committer's transaction, keep() after
// it is committed, so that the next one can build on it, and publish() when it is on disk.
class Batch {
 public:
  Batch(ReadTables& read, WriteTables& write, KeyStore& keys, LogRegistry& registry,
        const base::Clock& clock)
      : read_(read), write_(write), keys_(keys), registry_(registry), clock_(clock) {}

  // Decides every record and writes the fresh ones. An error fails the whole batch.
  base::Result<void> write(std::vector<Submission> submissions);
  void keep();
  // Makes the new trees visible. One result for each record, in order.
  std::vector<base::Result<Receipt>> publish();

  std::size_t fresh() const { return fresh_.size(); }
  // A log begins here: until publish() nobody else finds it.
  bool begins_log() const;

 private:
  // A log as this transaction leaves it.
  struct Draft {
    std::shared_ptr<Log> log;
    bool is_new = false;
    std::optional<GrowingTree> tree;  // once a record is appended, until keep()
    std::shared_ptr<const GrowingTree> kept;
    std::uint64_t last_time_unix_us = 0;
    std::optional<std::size_t> log_key;  // in key_refs_
  };
  struct KeyRef {
    std::optional<std::size_t> created;  // in created_, else
    KeyStore::DataKey loaded;
  };
  struct Fresh {
    std::size_t record;
    Draft* draft;
    std::size_t key;                     // what body and answer are sealed under, in key_refs_
    std::optional<std::size_t> subject;  // whose identifier is the subject's reference
    std::optional<RecentSubjects::Key> new_subject;
  };

  Record& record_at(std::size_t record) { return submissions_[record].record; }
  base::Result<Draft*> draft_of(const std::string& tenant);
  base::Result<void> decide_all();
  base::Result<void> decide(std::size_t record);
  base::Result<void> decide_fresh(std::size_t record, Draft& draft);
  // The key of the record's subject; nothing when the record has been refused.
  base::Result<std::optional<std::size_t>> subject_key(
      std::size_t record, Draft& draft, std::optional<RecentSubjects::Key>& new_subject);
  // The same for a record whose subject is another record's. The log's key when that one has
  // no subject: then nothing is set for it.
  struct SameSubject {
    std::size_t key;
    bool has_subject;
  };
  base::Result<std::optional<SameSubject>> same_subject_key(std::size_t record, Draft& draft);
  // The key of a subject that some record names already; nothing when the record has been refused.
  base::Result<std::optional<std::size_t>> known_subject_key(std::size_t record, const Draft& draft,
                                                             const Id16& ref, const char* field);
  base::Result<std::size_t> log_key(Draft& draft);
  std::size_t want_key(const Draft& draft, KeyStore::Kind kind);
  const KeyStore::DataKey& data_key(std::size_t ref) const;
  void refuse(std::size_t record, base::Error error);
  base::Result<void> append(const Fresh& fresh);
  base::Result<void> move_recent_subjects();

  ReadTables& read_;
  WriteTables& write_;
  KeyStore& keys_;
  LogRegistry& registry_;
  const base::Clock& clock_;

  std::vector<Submission> submissions_;
  std::vector<base::Result<Receipt>> results_;
  std::map<std::string, Draft, std::less<>> drafts_;
  // The first record of each request id in this batch, and who else waits for it.
  std::map<std::pair<const Draft*, Id16>, std::size_t> first_of_;
  std::vector<std::pair<std::size_t, std::size_t>> duplicates_;  // record, first
  std::map<std::tuple<const Draft*, std::uint8_t, Id16>, std::size_t> new_subjects_;
  std::vector<Fresh> fresh_;
  std::vector<KeyRef> key_refs_;
  std::vector<KeyStore::Wanted> wanted_;
  std::vector<KeyStore::DataKey> created_;
};

}  // namespace paxid::audit
