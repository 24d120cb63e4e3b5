#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "audit/bytes.h"

namespace paxid::audit {

// The newest entries of the two indexes of subjects: which subject a blind index finds, and which
// leaves name a subject. Their keys have nothing to do with time: written at once, each would
// change a page of the tables that no other record of its transaction changes, and pages are what a
// transaction costs. So they are kept here and moved into the tables later, many at a time in the
// order of their keys. A log has two generations of them: one is filled while the other is moved,
// some entries with each transaction, or with one of several small ones. Nothing is lost with this
// object: it is made again from the leaves and the table subject_first, from the leaf that the
// table `indexed` names.
//
// Reading is thread-safe. One thread at a time writes; what it adds, forgets and moves belongs to
// its transaction until keep() or drop().
class RecentSubjects {
 public:
  struct Key {
    std::uint8_t kind = 0;
    Id16 blind_index{};
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Record {
    Id16 ref{};
    std::uint64_t index = 0;
    friend auto operator<=>(const Record&, const Record&) = default;
  };

  std::optional<Id16> find(std::int64_t log, const Key& key) const;
  // The leaves that name the subject, ascending.
  std::vector<std::uint64_t> records(std::int64_t log, const Id16& ref) const;

  // At opening: the log's entries begin with the leaf `first`.
  void load(std::int64_t log, std::uint64_t first);
  void load_subject(std::int64_t log, const Key& key, const Id16& ref);
  void load_record(std::int64_t log, const Record& record);

  void add_subject(std::int64_t log, const Key& key, const Id16& ref);
  void add_record(std::int64_t log, const Record& record);
  void forget_subject(std::int64_t log, const Key& key);

  // The next entries to write into the tables, in a transaction of so many leaves: a little more of
  // the leaves of subjects than twice as many, and as large a part of the subjects, so that one
  // generation is moved before the next one is full. Small transactions leave it to a later one,
  // since few entries change nearly as many pages as many do. `indexed`: with these the tables have
  // every entry of the leaves below it.
  struct Move {
    std::vector<std::pair<Key, Id16>> subjects;
    std::vector<Record> records;
    std::optional<std::uint64_t> indexed;
  };
  Move move(std::int64_t log, std::size_t leaves);

  // After COMMIT; `size` is the log's. After ROLLBACK.
  void keep(std::int64_t log, std::uint64_t size);
  void drop();

 private:
  struct Generation {
    std::uint64_t first = 0;  // leaf
    std::map<Key, Id16> subjects;
    std::set<Record> records;
  };
  struct Entries {
    Generation filling;
    Generation moving;
    bool unfinished = false;  // the tables do not say yet that `moving` is in them
    std::size_t owed = 0;     // leaves of transactions that have moved nothing
  };
  struct Staged {
    std::vector<std::pair<Key, Id16>> subjects;
    std::vector<Record> records;
    std::vector<Key> forgotten;
    std::size_t moved_subjects = 0;
    std::size_t moved_records = 0;
    bool finished = false;
    std::optional<std::size_t> owed;
  };

  mutable std::mutex mutex_;
  std::map<std::int64_t, Entries> logs_;
  std::map<std::int64_t, Staged> staged_;  // of the transaction in hand
};

}  // namespace paxid::audit
