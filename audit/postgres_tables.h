#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/key_cipher.h"
#include "audit/postgres.h"
#include "audit/tables.h"
#include "base/error.h"

// The tables of the schema `paxid` (docs/record_format.md section 9).
namespace paxid::audit {

// Makes the schema when there is none; refuses one of another version. Several servers may do so at
// once.
base::Result<void> prepare_postgres_schema(PostgresConnection& connection);

// A record that has no place yet.
struct PendingRecord {
  Id16 request_id{};
  std::uint64_t time_unix_us = 0;
  Hash digest{};
  std::optional<Id16> subject_ref;
  LeafData data{};
  BodyRow body;
};

// What is stored under a request id.
struct KnownRecord {
  Hash digest{};
  LeafData data{};
  std::optional<Bytes> response;       // nothing: erased
  std::optional<std::uint64_t> index;  // nothing: it has no place yet
};

// A stored subject, and its key; without one it was erased, or the key was lost.
struct StoredSubject {
  std::uint64_t kind = 0;
  Id16 blind_index{};
  Id16 ref{};
  std::optional<WrappedKey> key;
};
// The subject of the record of a request; `ref` nothing: it has none.
struct SubjectOfRequest {
  Id16 request_id{};
  std::optional<Id16> ref;
  std::optional<WrappedKey> key;
};

// A key that is made, and the blind index that finds it; without one the log's own.
struct NewKey {
  WrappedKey key;
  KeyKind kind = KeyKind::kSubject;
  std::string tenant;
  std::optional<RecentSubjects::Key> subject;
};

// The statements of one connection, which belongs to one thread at a time.
class PostgresTables final : public ReadTables, public EffectTables {
 public:
  static base::Result<void> prepare(PostgresConnection& connection);
  // The next plan of each statement is made for the tables as they are now.
  static base::Result<void> plan_anew(PostgresConnection& connection);
  explicit PostgresTables(PostgresConnection& connection) : connection_(&connection) {}

  base::Result<std::vector<LogRow>> logs() override;
  base::Result<std::optional<LeafData>> leaf(std::int64_t log, std::uint64_t index) override;
  base::Result<std::vector<LeafData>> leaves(std::int64_t log,
                                             std::span<const std::uint64_t> indexes) override;
  base::Result<BodyRow> body(std::int64_t log, std::uint64_t index) override;
  base::Result<std::optional<RequestRow>> request(std::int64_t log,
                                                  const Id16& request_id) override;
  base::Result<std::optional<Id16>> subject(std::int64_t log, std::uint8_t kind,
                                            const Id16& blind_index) override;
  base::Result<std::uint64_t> size(std::int64_t log) override;
  base::Result<std::vector<FirstOfSubject>> first_of_subjects(std::int64_t log,
                                                              std::span<const Id16> refs) override;
  // Everything is indexed at once.
  base::Result<std::uint64_t> indexed_below(std::int64_t log) override { return size(log); }
  base::Result<void> load_subjects(std::int64_t, std::uint64_t, RecentSubjects&) override {
    return {};
  }
  base::Result<std::vector<std::uint64_t>> records_of_subject(std::int64_t log, const Id16& ref,
                                                              std::uint64_t limit) override;
  base::Result<std::optional<std::uint64_t>> mark(std::int64_t log, SubjectMark kind,
                                                  const Id16& ref) override;
  base::Result<std::vector<MarkRow>> marks(std::int64_t log, SubjectMark kind) override;
  base::Result<std::uint64_t> pruned_below(std::int64_t log,
                                           RetentionClass retention_class) override;
  base::Result<bool> has_body(std::int64_t log, std::uint64_t index) override;
  base::Result<std::vector<Id16>> without_bodies(std::int64_t log,
                                                 std::span<const Id16> refs) override;
  base::Result<std::vector<Deadline>> deadlines(std::int64_t log) override;
  base::Result<std::vector<Hash>> tile(std::int64_t log, TileId tile) override;
  base::Result<std::optional<std::string>> newest_checkpoint(std::int64_t log) override;
  base::Result<void> for_each_leaf(
      std::int64_t log, std::uint64_t first,
      const std::function<base::Result<void>(std::uint64_t, ByteView)>& visit) override;

  base::Result<void> forget_subjects(std::int64_t log,
                                     std::span<const FirstOfSubject> firsts) override;
  base::Result<void> drop_bodies(std::int64_t log, std::span<const std::uint64_t> indexes) override;
  base::Result<void> let_keys_go(std::int64_t log, std::span<const Id16> refs,
                                 std::uint64_t index) override;
  base::Result<void> mark(std::int64_t log, SubjectMark kind, const MarkRow& mark) override;
  base::Result<void> unmark(std::int64_t log, SubjectMark kind, const Id16& ref) override;
  base::Result<void> set_pruned_below(std::int64_t log, RetentionClass retention_class,
                                      std::uint64_t bound) override;
  base::Result<void> insert_deadline(std::int64_t log, const Deadline& row) override;
  base::Result<void> close_deadline(std::int64_t log, const Id16& request_id,
                                    std::uint64_t index) override;

  // The first one says whose logs these are; false when they are not of this prefix and key.
  base::Result<bool> introduce(std::string_view origin_prefix, ByteView public_key);
  // The lease of the sequencer by the clock of the database: its epoch, when it is free or the
  // holder's already.
  base::Result<std::optional<std::uint64_t>> take_lease(const Id16& holder,
                                                        std::chrono::milliseconds time);
  base::Result<void> leave_lease(const Id16& holder);
  base::Result<void> insert_key(const NewKey& key, std::uint64_t time_unix_us);

  // Nothing when another one has made the tenant's log meanwhile.
  base::Result<std::optional<std::int64_t>> insert_log(std::string_view tenant,
                                                       std::string_view origin);
  base::Result<std::optional<LogRow>> log_of(std::string_view tenant);
  base::Result<std::optional<KnownRecord>> known_record(std::int64_t log, const Id16& request_id);
  // By log: every leaf before this time has its place, for good. Rows of pending leaves that have
  // gone stay in the table until it is vacuumed; whoever begins here does not meet them.
  using PlacedBefore = std::map<std::int64_t, std::uint64_t>;
  base::Result<bool> has_pending(std::int64_t log, std::uint64_t from_unix_us);
  struct PendingCount {
    std::uint64_t count = 0;
    std::uint64_t oldest_unix_us = 0;  // 0: none
  };
  base::Result<PendingCount> count_pending(const PlacedBefore& placed);
  base::Result<std::vector<std::int64_t>> logs_with_pending(const PlacedBefore& placed);

  // Of the transaction in hand: holds the log as it is until the end. Its size.
  base::Result<std::uint64_t> lock_head(std::int64_t log);
  // Takes the oldest pending leaves of these times, at most kMaxPlaced, in the order of their
  // times.
  struct Unplaced {
    Id16 request_id{};
    std::uint64_t time_unix_us = 0;
    LeafData data{};
  };
  static constexpr std::uint64_t kMaxPlaced = 2048;
  base::Result<std::vector<Unplaced>> take_pending(std::int64_t log, std::uint64_t from_unix_us,
                                                   std::uint64_t until_unix_us);
  base::Result<void> insert_leaves(std::int64_t log, std::uint64_t first,
                                   std::span<const Unplaced> leaves);
  base::Result<void> insert_tile(std::int64_t log, TileId tile, const std::vector<Hash>& hashes);
  base::Result<void> insert_checkpoint(std::int64_t log, std::uint64_t size, std::string_view note);

 private:
  PostgresConnection* connection_;
};

// Pieces of pipelines.
namespace postgres_call {
PostgresCall begin();
PostgresCall commit();
// This transaction's COMMIT does not wait for the disk.
PostgresCall without_waiting();
// The entrance of a log: who brings records in has it shared, until his transaction ends.
PostgresCall enter(std::int64_t log);
PostgresCall enter_alone(std::int64_t log);
// The time that no new leaf may be earlier than.
PostgresCall floor(std::int64_t log);
// Raises it to the latest time of all pending leaves, or to this one.
PostgresCall raise_floor(std::int64_t log, std::uint64_t time_unix_us);
PostgresCall find_records(std::int64_t log, std::span<const Id16> request_ids);
PostgresCall find_subjects(std::int64_t log, std::string_view tenant,
                           std::span<const RecentSubjects::Key> keys);
PostgresCall find_subjects_of(std::int64_t log, std::string_view tenant,
                              std::span<const Id16> request_ids);
PostgresCall insert_keys(std::span<const NewKey> keys, std::uint64_t time_unix_us);
PostgresCall insert_subjects(std::int64_t log, std::span<const NewKey> keys);
PostgresCall insert_records(std::int64_t log, std::span<const PendingRecord> records);
PostgresCall insert_pending(std::int64_t log, std::span<const PendingRecord> records);
}  // namespace postgres_call

// Of the rows of those.
base::Result<std::vector<std::pair<Id16, Hash>>> found_records(const PostgresRows& rows);
base::Result<std::vector<StoredSubject>> found_subjects(const PostgresRows& rows);
base::Result<std::vector<SubjectOfRequest>> found_subjects_of(const PostgresRows& rows);

// The data keys in the table data_key.
class PostgresKeys final : public DataKeys {
 public:
  PostgresKeys(PostgresConnection& connection, const KeyCipher& cipher)
      : connection_(&connection), cipher_(&cipher) {}
  base::Result<base::SecretBytes> subject_key(std::string_view tenant,
                                              const Id16& subject_ref) override;
  base::Result<std::optional<DataKey>> log_key(std::string_view tenant) override;

  // Wraps every key anew, from `previous` to the own cipher and its epoch. FAILED_PRECONDITION
  // while another server is there.
  base::Result<void> rewrap(const KeyCipher& previous);

  // The key of the master secret, or nothing in a new store.
  static base::Result<std::optional<WrappedKey>> master(PostgresConnection& connection);

 private:
  base::Result<bool> rewrap_some(const KeyCipher& previous, Id16& after);

  PostgresConnection* connection_;
  const KeyCipher* cipher_;
};

}  // namespace paxid::audit
