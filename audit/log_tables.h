#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/leaf.h"
#include "audit/recent_subjects.h"
#include "audit/retention.h"
#include "audit/sqlite.h"
#include "audit/tables.h"
#include "audit/tile.h"
#include "base/error.h"

// The tables of log.db (docs/record_format.md section 9). Every key begins with the log, so
// that no tenant's row can be reached through another's.
namespace paxid::audit {

// Whether the file is new or was emptied: no program has made its tables there.
base::Result<bool> has_no_schema(Database& database);
// Makes the tables of a new file; refuses one of another version or program.
base::Result<void> prepare_log_schema(Database& database);

// What a connection of SQLite reads.
class SqliteReadTables final : public ReadTables {
 public:
  // `recent`: what the tables do not have yet.
  static base::Result<SqliteReadTables> prepare(Database& database,
                                                std::shared_ptr<const RecentSubjects> recent);

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
  base::Result<std::uint64_t> indexed_below(std::int64_t log) override;
  base::Result<void> load_subjects(std::int64_t log, std::uint64_t first,
                                   RecentSubjects& recent) override;
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

 private:
  base::Result<std::optional<FirstOfSubject>> first_of_subject(std::int64_t log, const Id16& ref);

  Statement logs_, leaf_, leaves_, body_, request_, subject_, tile_, checkpoint_;
  Statement last_leaf_, subject_records_, mark_, marks_, pruned_, has_body_, deadlines_;
  Statement subject_first_, new_subjects_, indexed_;
  std::shared_ptr<const RecentSubjects> recent_;
};

// What the committer writes, inside its transaction; then it says keep() for each log, or drop().
class WriteTables final : public EffectTables {
 public:
  static base::Result<WriteTables> prepare(Database& database,
                                           std::shared_ptr<RecentSubjects> recent);

  // The new log's id.
  base::Result<std::int64_t> insert_log(std::string_view tenant, std::string_view origin);
  base::Result<void> insert_leaf(std::int64_t log, std::uint64_t index, const LeafData& data);
  base::Result<void> insert_body(std::int64_t log, std::uint64_t index, const BodyRow& body);
  base::Result<void> insert_request(std::int64_t log, const Id16& request_id,
                                    const RequestRow& request);
  // A subject that begins with the leaf `index`.
  base::Result<void> insert_subject(std::int64_t log, std::uint64_t index,
                                    const RecentSubjects::Key& key, const Id16& subject_ref);
  base::Result<void> insert_tile(std::int64_t log, TileId tile, const std::vector<Hash>& hashes);
  void add_subject_record(std::int64_t log, const Id16& ref, std::uint64_t index);
  // Moves some of what is in memory into the indexes of subjects, for a transaction of so many
  // leaves. Not together with forget_subjects().
  base::Result<void> move_recent(std::int64_t log, std::size_t leaves);
  base::Result<void> forget_subjects(std::int64_t log,
                                     std::span<const ReadTables::FirstOfSubject> firsts) override;
  void keep(std::int64_t log, std::uint64_t size) { recent_->keep(log, size); }
  void drop() { recent_->drop(); }
  base::Result<void> drop_bodies(std::int64_t log, std::span<const std::uint64_t> indexes) override;
  // Marks them, for the keys are in another file.
  base::Result<void> let_keys_go(std::int64_t log, std::span<const Id16> refs,
                                 std::uint64_t index) override;
  base::Result<void> mark(std::int64_t log, SubjectMark kind, const MarkRow& mark) override;
  base::Result<void> unmark(std::int64_t log, SubjectMark kind, const Id16& ref) override;
  base::Result<void> set_pruned_below(std::int64_t log, RetentionClass retention_class,
                                      std::uint64_t bound) override;
  base::Result<void> insert_deadline(std::int64_t log, const Deadline& row) override;
  base::Result<void> close_deadline(std::int64_t log, const Id16& request_id,
                                    std::uint64_t index) override;
  base::Result<void> insert_checkpoint(std::int64_t log, std::uint64_t size, std::string_view note);

 private:
  Statement log_, leaf_, body_, request_, subject_, tile_, checkpoint_;
  Statement subject_record_, subject_first_, forget_subject_, forget_first_, indexed_, drop_body_,
      mark_, unmark_, pruned_, deadline_, close_deadline_;
  std::shared_ptr<RecentSubjects> recent_;
};

}  // namespace paxid::audit
