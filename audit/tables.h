#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/bytes.h"
#include "audit/leaf.h"
#include "audit/recent_subjects.h"
#include "audit/retention.h"
#include "audit/store.h"
#include "audit/tile.h"
#include "base/error.h"

// What a store keeps beside the tree, whatever keeps it: the rows, how they are read, and what
// effects write. Every key begins with the log, so that no tenant's row can be reached through
// another's.
namespace paxid::audit {

struct LogRow {
  std::int64_t id = 0;
  std::string tenant;
  std::string origin;
};

struct RequestRow {
  std::uint64_t index = 0;
  Hash digest{};
};

struct BodyRow {
  std::optional<Bytes> sealed;    // nothing: the leaf has no body, or it was erased
  std::optional<Bytes> response;  // nothing: erased
};

// What is said of a subject beside its records; each mark names the leaf that set it.
enum class SubjectMark : std::uint8_t {
  kErased = 1,
  kHeld = 2,             // nothing may be erased or pruned
  kReleaseProposed = 3,  // one person wants the hold to end
  kRestricted = 4,       // its data are kept, not used
  kKeyToGo = 5,          // the key in keys.db is to be deleted; SQLite's store alone
};

struct MarkRow {
  Id16 ref{};
  std::uint64_t index = 0;
};

// What is read of the logs. Belongs to one thread at a time, as its connection does. What may be
// wanted of many is asked of many at once: a question may be a way over a network.
class ReadTables {
 public:
  virtual ~ReadTables() = default;

  virtual base::Result<std::vector<LogRow>> logs() = 0;
  virtual base::Result<std::optional<LeafData>> leaf(std::int64_t log, std::uint64_t index) = 0;
  // In the order of the indexes, which ascend; DATA_LOSS when one is missing.
  virtual base::Result<std::vector<LeafData>> leaves(std::int64_t log,
                                                     std::span<const std::uint64_t> indexes) = 0;
  virtual base::Result<BodyRow> body(std::int64_t log, std::uint64_t index) = 0;
  virtual base::Result<std::optional<RequestRow>> request(std::int64_t log,
                                                          const Id16& request_id) = 0;
  virtual base::Result<std::optional<Id16>> subject(std::int64_t log, std::uint8_t kind,
                                                    const Id16& blind_index) = 0;
  // The number of leaves, if none is missing.
  virtual base::Result<std::uint64_t> size(std::int64_t log) = 0;
  // The leaf that the subject's key in the blind index was made with, and that key.
  struct FirstOfSubject {
    std::uint64_t index = 0;
    RecentSubjects::Key key;
  };
  // Of those who have one, in any order.
  virtual base::Result<std::vector<FirstOfSubject>> first_of_subjects(
      std::int64_t log, std::span<const Id16> refs) = 0;
  // The leaves from this one on are not all in the indexes of subjects; RecentSubjects has them.
  virtual base::Result<std::uint64_t> indexed_below(std::int64_t log) = 0;
  // Fills `recent` with the subjects that began there.
  virtual base::Result<void> load_subjects(std::int64_t log, std::uint64_t first,
                                           RecentSubjects& recent) = 0;
  // The leaves that name the subject, ascending, at most `limit`.
  virtual base::Result<std::vector<std::uint64_t>> records_of_subject(std::int64_t log,
                                                                      const Id16& ref,
                                                                      std::uint64_t limit) = 0;
  // The leaf that set the mark, or nothing.
  virtual base::Result<std::optional<std::uint64_t>> mark(std::int64_t log, SubjectMark kind,
                                                          const Id16& ref) = 0;
  virtual base::Result<std::vector<MarkRow>> marks(std::int64_t log, SubjectMark kind) = 0;
  virtual base::Result<std::uint64_t> pruned_below(std::int64_t log,
                                                   RetentionClass retention_class) = 0;
  virtual base::Result<bool> has_body(std::int64_t log, std::uint64_t index) = 0;
  // Those of the subjects of whose records none has a body, in any order.
  virtual base::Result<std::vector<Id16>> without_bodies(std::int64_t log,
                                                         std::span<const Id16> refs) = 0;
  // By the day they are due.
  virtual base::Result<std::vector<Deadline>> deadlines(std::int64_t log) = 0;
  // DATA_LOSS when there is no such tile.
  virtual base::Result<std::vector<Hash>> tile(std::int64_t log, TileId tile) = 0;
  // The note of the largest tree, or nothing.
  virtual base::Result<std::optional<std::string>> newest_checkpoint(std::int64_t log) = 0;

  // Calls `visit` with every leaf from `first` on in order; DATA_LOSS when one is left out.
  virtual base::Result<void> for_each_leaf(
      std::int64_t log, std::uint64_t first,
      const std::function<base::Result<void>(std::uint64_t, ByteView)>& visit) = 0;
};

// What records with an effect write beside their leaf.
class EffectTables {
 public:
  virtual ~EffectTables() = default;

  // Removes every way to find the subjects again.
  virtual base::Result<void> forget_subjects(
      std::int64_t log, std::span<const ReadTables::FirstOfSubject> firsts) = 0;
  // The sealed bodies and the stored answers of leaves.
  virtual base::Result<void> drop_bodies(std::int64_t log,
                                         std::span<const std::uint64_t> indexes) = 0;
  // The keys of these subjects go with the transaction of the leaf `index`, or, where they are in
  // a file of their own, are marked to go after it.
  virtual base::Result<void> let_keys_go(std::int64_t log, std::span<const Id16> refs,
                                         std::uint64_t index) = 0;
  virtual base::Result<void> mark(std::int64_t log, SubjectMark kind, const MarkRow& mark) = 0;
  virtual base::Result<void> unmark(std::int64_t log, SubjectMark kind, const Id16& ref) = 0;
  virtual base::Result<void> set_pruned_below(std::int64_t log, RetentionClass retention_class,
                                              std::uint64_t bound) = 0;
  virtual base::Result<void> insert_deadline(std::int64_t log, const Deadline& row) = 0;
  virtual base::Result<void> close_deadline(std::int64_t log, const Id16& request_id,
                                            std::uint64_t index) = 0;
};

}  // namespace paxid::audit
