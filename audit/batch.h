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
#include "base/clock.h"
#include "base/error.h"

namespace paxid::audit {

// The records of one transaction. write() runs inside the committer's transaction, publish()
// after it is on disk; without publish() nothing has happened.
class Batch {
 public:
  Batch(ReadTables& read, WriteTables& write, KeyStore& keys, LogRegistry& registry,
        const base::Clock& clock)
      : read_(read), write_(write), keys_(keys), registry_(registry), clock_(clock) {}

  // Decides every record and writes the fresh ones. An error fails the whole batch.
  base::Result<void> write(std::vector<Record> records);
  // Makes the new trees visible. One result for each record, in order.
  std::vector<base::Result<Receipt>> publish();

  std::size_t fresh() const { return fresh_.size(); }

 private:
  // A log as this transaction leaves it.
  struct Draft {
    std::shared_ptr<Log> log;
    bool is_new = false;
    std::optional<GrowingTree> tree;  // once a record is appended
    std::uint64_t last_time_unix_us = 0;
    std::optional<std::size_t> log_key;  // in key_refs_
  };
  struct KeyRef {
    std::optional<std::size_t> created;  // in created_, else
    KeyStore::DataKey loaded;
  };
  struct NewSubject {
    std::uint8_t kind;
    Id16 blind_index;
  };
  struct Fresh {
    std::size_t record;
    Draft* draft;
    std::size_t key;                     // what body and answer are sealed under, in key_refs_
    std::optional<std::size_t> subject;  // whose identifier is the subject's reference
    std::optional<NewSubject> new_subject;
    Hash digest;
  };

  base::Result<Draft*> draft_of(const std::string& tenant);
  base::Result<void> decide(std::size_t record);
  base::Result<void> decide_fresh(std::size_t record, Draft& draft, const Hash& digest);
  // The key of the record's subject; nothing when the record has been refused.
  base::Result<std::optional<std::size_t>> subject_key(std::size_t record, Draft& draft,
                                                       std::optional<NewSubject>& new_subject);
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

  ReadTables& read_;
  WriteTables& write_;
  KeyStore& keys_;
  LogRegistry& registry_;
  const base::Clock& clock_;

  std::vector<Record> records_;
  std::vector<base::Result<Receipt>> results_;
  std::map<std::string, Draft, std::less<>> drafts_;
  // The first record of each request id in this batch, and who else waits for it.
  std::map<std::pair<std::string, Id16>, std::pair<std::size_t, Hash>> first_of_;
  std::vector<std::pair<std::size_t, std::size_t>> duplicates_;  // record, first
  std::map<std::tuple<std::string, std::uint8_t, Id16>, std::size_t> new_subjects_;
  std::vector<Fresh> fresh_;
  std::vector<KeyRef> key_refs_;
  std::vector<KeyStore::Wanted> wanted_;
  std::vector<KeyStore::DataKey> created_;
};

}  // namespace paxid::audit
