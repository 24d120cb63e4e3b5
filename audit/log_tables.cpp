#include "audit/log_tables.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::int64_t kApplicationId = 0x5058414C;  // "PXAL"
constexpr std::int64_t kSchemaVersion = 3;

constexpr const char* kSchema = R"(
CREATE TABLE log (
  id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE leaf (
  log INTEGER NOT NULL, idx INTEGER NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE body (
  log INTEGER NOT NULL, idx INTEGER NOT NULL, sealed BLOB, response BLOB,
  PRIMARY KEY (log, idx)
) STRICT;
CREATE TABLE request (
  log INTEGER NOT NULL, id BLOB NOT NULL, idx INTEGER NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY (log, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE subject (
  log INTEGER NOT NULL, kind INTEGER NOT NULL, blind_index BLOB NOT NULL, ref BLOB NOT NULL,
  PRIMARY KEY (log, kind, blind_index)
) STRICT, WITHOUT ROWID;
CREATE TABLE tile (
  log INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL,
  PRIMARY KEY (log, level, n)
) STRICT;
CREATE TABLE checkpoint (
  log INTEGER NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;
)";

// What version 2 adds.
constexpr const char* kSchemaOfVersion2 = R"(
CREATE TABLE subject_record (
  log INTEGER NOT NULL, ref BLOB NOT NULL, idx INTEGER NOT NULL,
  PRIMARY KEY (log, ref, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE subject_mark (
  log INTEGER NOT NULL, kind INTEGER NOT NULL, ref BLOB NOT NULL, idx INTEGER NOT NULL,
  PRIMARY KEY (log, kind, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE pruned (
  log INTEGER NOT NULL, class INTEGER NOT NULL, bound INTEGER NOT NULL,
  PRIMARY KEY (log, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE deadline (
  log INTEGER NOT NULL, id BLOB NOT NULL, idx INTEGER NOT NULL, ref BLOB NOT NULL,
  received_unix_us INTEGER NOT NULL, due_unix_us INTEGER NOT NULL, closed INTEGER,
  PRIMARY KEY (log, id)
) STRICT, WITHOUT ROWID;
)";

// What version 3 adds: the indexes of subjects are written behind (audit/recent_subjects.h).
constexpr const char* kSchemaOfVersion3 = R"(
CREATE TABLE subject_first (
  log INTEGER NOT NULL, idx INTEGER NOT NULL, kind INTEGER NOT NULL, blind_index BLOB NOT NULL,
  PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE indexed (
  log INTEGER NOT NULL PRIMARY KEY, bound INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";

// The leaves of a file of version 1 say what its subject_record would hold.
constexpr const char* kFillVersion2 = R"(
INSERT INTO subject_record (log, ref, idx)
  SELECT log, CAST(substr(data, 31, 16) AS BLOB), idx FROM leaf
  WHERE substr(data, 31, 16) <> zeroblob(16) ORDER BY 1, 2, 3;
)";

// A file of version 2 has all entries of its indexes.
constexpr const char* kFillVersion3 = R"(
DROP INDEX IF EXISTS subject_of_ref;
INSERT INTO subject_first (log, idx, kind, blind_index)
  SELECT subject.log, min(idx), kind, blind_index
  FROM subject JOIN subject_record USING (log, ref) GROUP BY subject.log, kind, blind_index
  ORDER BY 1, 2;
INSERT INTO indexed (log, bound) SELECT log, max(idx) + 1 FROM leaf GROUP BY log;
)";

tl::unexpected<base::Error> damaged(std::string what) {
  return base::fail(ErrorCode::kDataLoss, "log.db: " + std::move(what));
}

base::Result<void> prepare_all(
    Database& database, std::initializer_list<std::pair<Statement*, std::string_view>> list) {
  for (const auto& [statement, sql] : list) {
    auto prepared = database.prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = *std::move(prepared);
  }
  return {};
}

struct FileMark {
  std::int64_t version = 0;
  std::int64_t application = 0;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

base::Result<FileMark> mark_of(Database& database) {
  const auto version = database.integer_of("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto application = database.integer_of("PRAGMA application_id");
  if (!application) return tl::unexpected(application.error());
  return FileMark{*version, *application};
}

// The integer of a statement that gives at most one row.
base::Result<std::optional<std::uint64_t>> optional_index(Statement& statement) {
  const auto row = statement.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  const auto value = static_cast<std::uint64_t>(statement.integer(0));
  statement.reset();
  return value;
}

}  // namespace

base::Result<bool> has_no_schema(Database& database) {
  const auto mark = mark_of(database);
  if (!mark) return tl::unexpected(mark.error());
  return *mark == FileMark{};
}

base::Result<void> prepare_log_schema(Database& database) {
  const auto mark = mark_of(database);
  if (!mark) return tl::unexpected(mark.error());
  if (*mark == FileMark{kSchemaVersion, kApplicationId}) return {};
  const bool is_new = *mark == FileMark{};
  const bool is_first = *mark == FileMark{1, kApplicationId};
  if (!is_new && !is_first && *mark != FileMark{2, kApplicationId}) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "log.db is of another program or an unknown version");
  }
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  std::string steps;
  if (is_new) steps += kSchema;
  if (is_new || is_first) steps += kSchemaOfVersion2;
  if (is_first) steps += kFillVersion2;
  steps += kSchemaOfVersion3;
  if (!is_new) steps += kFillVersion3;
  auto made = database.execute(steps + "PRAGMA application_id=" + std::to_string(kApplicationId) +
                               ";PRAGMA user_version=" + std::to_string(kSchemaVersion));
  if (!made) return made;
  return transaction->commit();
}

base::Result<SqliteReadTables> SqliteReadTables::prepare(
    Database& database, std::shared_ptr<const RecentSubjects> recent) {
  SqliteReadTables tables;
  tables.recent_ = std::move(recent);
  auto prepared = prepare_all(
      database,
      {{&tables.logs_, "SELECT id, tenant, origin FROM log ORDER BY tenant"},
       {&tables.leaf_, "SELECT data FROM leaf WHERE log = ? AND idx = ?"},
       {&tables.leaves_, "SELECT idx, data FROM leaf WHERE log = ? AND idx >= ? ORDER BY idx"},
       {&tables.last_leaf_, "SELECT idx FROM leaf WHERE log = ? ORDER BY idx DESC LIMIT 1"},
       {&tables.body_, "SELECT sealed, response FROM body WHERE log = ? AND idx = ?"},
       {&tables.request_, "SELECT idx, digest FROM request WHERE log = ? AND id = ?"},
       {&tables.subject_, "SELECT ref FROM subject WHERE log = ? AND kind = ? AND blind_index = ?"},
       {&tables.subject_records_,
        "SELECT idx FROM subject_record WHERE log = ? AND ref = ? ORDER BY idx LIMIT ?"},
       {&tables.subject_first_,
        "SELECT kind, blind_index FROM subject_first WHERE log = ? AND idx = ?"},
       {&tables.new_subjects_,
        "SELECT kind, blind_index, substr(data, 31, 16) FROM subject_first JOIN leaf USING (log, "
        "idx) WHERE log = ? AND idx >= ?"},
       {&tables.indexed_, "SELECT bound FROM indexed WHERE log = ?"},
       {&tables.mark_, "SELECT idx FROM subject_mark WHERE log = ? AND kind = ? AND ref = ?"},
       {&tables.marks_, "SELECT ref, idx FROM subject_mark WHERE log = ? AND kind = ?"},
       {&tables.pruned_, "SELECT bound FROM pruned WHERE log = ? AND class = ?"},
       {&tables.has_body_, "SELECT sealed IS NOT NULL FROM body WHERE log = ? AND idx = ?"},
       {&tables.deadlines_,
        "SELECT id, idx, ref, received_unix_us, due_unix_us, closed FROM deadline WHERE log = ? "
        "ORDER BY due_unix_us"},
       {&tables.tile_, "SELECT hashes FROM tile WHERE log = ? AND level = ? AND n = ?"},
       {&tables.checkpoint_,
        "SELECT note FROM checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1"}});
  if (!prepared) return tl::unexpected(prepared.error());
  return tables;
}

base::Result<std::vector<LogRow>> SqliteReadTables::logs() {
  std::vector<LogRow> rows;
  logs_.start();
  for (;;) {
    const auto row = logs_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    rows.push_back({logs_.integer(0), std::string(logs_.text(1)), std::string(logs_.text(2))});
  }
}

base::Result<std::uint64_t> SqliteReadTables::size(std::int64_t log) {
  last_leaf_.start(log);
  const auto last = optional_index(last_leaf_);
  if (!last) return tl::unexpected(last.error());
  return *last ? **last + 1 : 0;
}

base::Result<std::optional<LeafData>> SqliteReadTables::leaf(std::int64_t log,
                                                             std::uint64_t index) {
  leaf_.start(log, index);
  const auto row = leaf_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  LeafData data;
  const bool whole = leaf_.fixed(0, data);
  leaf_.reset();
  if (!whole) return damaged("a leaf has a wrong size");
  return data;
}

base::Result<std::vector<LeafData>> SqliteReadTables::leaves(
    std::int64_t log, std::span<const std::uint64_t> indexes) {
  std::vector<LeafData> all;
  all.reserve(indexes.size());
  for (const std::uint64_t index : indexes) {
    const auto data = leaf(log, index);
    if (!data) return tl::unexpected(data.error());
    if (!*data) return damaged("a leaf is missing");
    all.push_back(**data);
  }
  return all;
}

base::Result<BodyRow> SqliteReadTables::body(std::int64_t log, std::uint64_t index) {
  body_.start(log, index);
  const auto row = body_.next();
  if (!row) return tl::unexpected(row.error());
  BodyRow body;
  if (*row) {
    const auto blob_at = [this](int column) -> std::optional<Bytes> {
      if (body_.is_null(column)) return std::nullopt;
      const ByteView bytes = body_.blob(column);
      return Bytes(bytes.begin(), bytes.end());
    };
    body = {blob_at(0), blob_at(1)};
    body_.reset();
  }
  return body;
}

base::Result<std::optional<RequestRow>> SqliteReadTables::request(std::int64_t log,
                                                                  const Id16& request_id) {
  request_.start(log, request_id);
  const auto row = request_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  RequestRow request;
  request.index = static_cast<std::uint64_t>(request_.integer(0));
  const bool whole = request_.fixed(1, request.digest);
  request_.reset();
  if (!whole) return damaged("a request digest has a wrong size");
  return request;
}

base::Result<std::optional<Id16>> SqliteReadTables::subject(std::int64_t log, std::uint8_t kind,
                                                            const Id16& blind_index) {
  if (const auto recent = recent_->find(log, {kind, blind_index})) return recent;
  subject_.start(log, int{kind}, blind_index);
  const auto row = subject_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  Id16 ref;
  const bool whole = subject_.fixed(0, ref);
  subject_.reset();
  if (!whole) return damaged("a subject reference has a wrong size");
  return ref;
}

base::Result<std::vector<std::uint64_t>> SqliteReadTables::records_of_subject(std::int64_t log,
                                                                              const Id16& ref,
                                                                              std::uint64_t limit) {
  // Before the tables: what is moved meanwhile is seen twice then, not missed.
  const std::vector<std::uint64_t> recent = recent_->records(log, ref);
  std::vector<std::uint64_t> indexes;
  subject_records_.start(log, ref, limit);
  for (;;) {
    const auto row = subject_records_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    indexes.push_back(static_cast<std::uint64_t>(subject_records_.integer(0)));
  }
  indexes.insert(indexes.end(), recent.begin(), recent.end());
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  if (indexes.size() > limit) indexes.resize(limit);
  return indexes;
}

base::Result<std::optional<ReadTables::FirstOfSubject>> SqliteReadTables::first_of_subject(
    std::int64_t log, const Id16& ref) {
  const auto records = records_of_subject(log, ref, 1);
  if (!records) return tl::unexpected(records.error());
  if (records->empty()) return std::nullopt;
  FirstOfSubject first{records->front(), {}};
  subject_first_.start(log, first.index);
  const auto row = subject_first_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  first.key.kind = static_cast<std::uint8_t>(subject_first_.integer(0));
  const bool whole = subject_first_.fixed(1, first.key.blind_index);
  subject_first_.reset();
  if (!whole) return damaged("a blind index has a wrong size");
  return first;
}

base::Result<std::vector<ReadTables::FirstOfSubject>> SqliteReadTables::first_of_subjects(
    std::int64_t log, std::span<const Id16> refs) {
  std::vector<FirstOfSubject> all;
  for (const Id16& ref : refs) {
    const auto first = first_of_subject(log, ref);
    if (!first) return tl::unexpected(first.error());
    if (*first) all.push_back(**first);
  }
  return all;
}

base::Result<std::uint64_t> SqliteReadTables::indexed_below(std::int64_t log) {
  indexed_.start(log);
  const auto bound = optional_index(indexed_);
  if (!bound) return tl::unexpected(bound.error());
  return bound->value_or(0);
}

base::Result<void> SqliteReadTables::load_subjects(std::int64_t log, std::uint64_t first,
                                                   RecentSubjects& recent) {
  new_subjects_.start(log, first);
  for (;;) {
    const auto row = new_subjects_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    RecentSubjects::Key key{static_cast<std::uint8_t>(new_subjects_.integer(0)), {}};
    Id16 ref;
    if (!new_subjects_.fixed(1, key.blind_index) || !new_subjects_.fixed(2, ref)) {
      new_subjects_.reset();
      return damaged("a blind index has a wrong size");
    }
    recent.load_subject(log, key, ref);
  }
}

base::Result<std::optional<std::uint64_t>> SqliteReadTables::mark(std::int64_t log,
                                                                  SubjectMark kind,
                                                                  const Id16& ref) {
  mark_.start(log, static_cast<int>(kind), ref);
  return optional_index(mark_);
}

base::Result<std::vector<MarkRow>> SqliteReadTables::marks(std::int64_t log, SubjectMark kind) {
  std::vector<MarkRow> rows;
  marks_.start(log, static_cast<int>(kind));
  for (;;) {
    const auto row = marks_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    MarkRow& mark = rows.emplace_back();
    mark.index = static_cast<std::uint64_t>(marks_.integer(1));
    if (!marks_.fixed(0, mark.ref)) {
      marks_.reset();
      return damaged("a subject reference has a wrong size");
    }
  }
}

base::Result<std::uint64_t> SqliteReadTables::pruned_below(std::int64_t log,
                                                           RetentionClass retention_class) {
  pruned_.start(log, static_cast<int>(retention_class));
  const auto bound = optional_index(pruned_);
  if (!bound) return tl::unexpected(bound.error());
  return bound->value_or(0);
}

base::Result<bool> SqliteReadTables::has_body(std::int64_t log, std::uint64_t index) {
  has_body_.start(log, index);
  const auto there = optional_index(has_body_);
  if (!there) return tl::unexpected(there.error());
  return there->value_or(0) != 0;
}

base::Result<std::vector<Id16>> SqliteReadTables::without_bodies(std::int64_t log,
                                                                 std::span<const Id16> refs) {
  constexpr std::uint64_t kAll = std::numeric_limits<std::int64_t>::max();
  std::vector<Id16> without;
  for (const Id16& ref : refs) {
    const auto records = records_of_subject(log, ref, kAll);
    if (!records) return tl::unexpected(records.error());
    bool some = false;
    for (auto index = records->begin(); index != records->end() && !some; ++index) {
      const auto there = has_body(log, *index);
      if (!there) return tl::unexpected(there.error());
      some = *there;
    }
    if (!some) without.push_back(ref);
  }
  return without;
}

base::Result<std::vector<Deadline>> SqliteReadTables::deadlines(std::int64_t log) {
  std::vector<Deadline> rows;
  deadlines_.start(log);
  for (;;) {
    const auto row = deadlines_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    Deadline& one = rows.emplace_back();
    const bool whole = deadlines_.fixed(0, one.request_id) && deadlines_.fixed(2, one.subject_ref);
    one.index = static_cast<std::uint64_t>(deadlines_.integer(1));
    one.received_unix_us = static_cast<std::uint64_t>(deadlines_.integer(3));
    one.due_unix_us = static_cast<std::uint64_t>(deadlines_.integer(4));
    if (!deadlines_.is_null(5)) one.closed_by = static_cast<std::uint64_t>(deadlines_.integer(5));
    if (!whole) {
      deadlines_.reset();
      return damaged("a deadline has a wrong size");
    }
  }
}

base::Result<std::vector<Hash>> SqliteReadTables::tile(std::int64_t log, TileId tile) {
  tile_.start(log, static_cast<int>(tile.level), tile.index);
  const auto row = tile_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return damaged("a tile is missing");
  const ByteView bytes = tile_.blob(0);
  std::vector<Hash> hashes;
  if (bytes.size() == kTileWidth * sizeof(Hash)) {
    hashes.resize(kTileWidth);
    for (std::size_t i = 0; i < kTileWidth; ++i) {
      std::ranges::copy(bytes.subspan(i * sizeof(Hash), sizeof(Hash)), hashes[i].begin());
    }
  }
  tile_.reset();
  if (hashes.empty()) return damaged("a tile has a wrong size");
  return hashes;
}

base::Result<std::optional<std::string>> SqliteReadTables::newest_checkpoint(std::int64_t log) {
  checkpoint_.start(log);
  const auto row = checkpoint_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  std::string note(checkpoint_.text(0));
  checkpoint_.reset();
  return note;
}

base::Result<void> SqliteReadTables::for_each_leaf(
    std::int64_t log, std::uint64_t first,
    const std::function<base::Result<void>(std::uint64_t, ByteView)>& visit) {
  leaves_.start(log, first);
  for (std::uint64_t expected = first;; ++expected) {
    const auto row = leaves_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    base::Result<void> visited = damaged("leaf " + std::to_string(expected) + " is missing");
    if (static_cast<std::uint64_t>(leaves_.integer(0)) == expected) {
      visited = visit(expected, leaves_.blob(1));
    }
    if (!visited) {
      leaves_.reset();
      return visited;
    }
  }
}

base::Result<WriteTables> WriteTables::prepare(Database& database,
                                               std::shared_ptr<RecentSubjects> recent) {
  WriteTables tables;
  tables.recent_ = std::move(recent);
  auto prepared = prepare_all(
      database,
      {{&tables.log_, "INSERT INTO log (tenant, origin) VALUES (?, ?) RETURNING id"},
       {&tables.leaf_, "INSERT INTO leaf (log, idx, data) VALUES (?, ?, ?)"},
       {&tables.body_, "INSERT INTO body (log, idx, sealed, response) VALUES (?, ?, ?, ?)"},
       {&tables.request_, "INSERT INTO request (log, id, idx, digest) VALUES (?, ?, ?, ?)"},
       {&tables.subject_first_,
        "INSERT INTO subject_first (log, idx, kind, blind_index) VALUES (?, ?, ?, ?)"},
       // After a crash some are moved again.
       {&tables.subject_,
        "INSERT OR IGNORE INTO subject (log, kind, blind_index, ref) VALUES (?, ?, ?, ?)"},
       {&tables.tile_, "INSERT INTO tile (log, level, n, hashes) VALUES (?, ?, ?, ?)"},
       {&tables.subject_record_,
        "INSERT OR IGNORE INTO subject_record (log, ref, idx) VALUES (?, ?, ?)"},
       {&tables.indexed_, "INSERT OR REPLACE INTO indexed (log, bound) VALUES (?, ?)"},
       {&tables.forget_subject_,
        "DELETE FROM subject WHERE log = ? AND kind = ? AND blind_index = ?"},
       {&tables.forget_first_, "DELETE FROM subject_first WHERE log = ? AND idx = ?"},
       {&tables.drop_body_,
        "UPDATE body SET sealed = NULL, response = NULL WHERE log = ? AND idx = ?"},
       {&tables.mark_,
        "INSERT OR REPLACE INTO subject_mark (log, kind, ref, idx) VALUES (?, ?, ?, ?)"},
       {&tables.unmark_, "DELETE FROM subject_mark WHERE log = ? AND kind = ? AND ref = ?"},
       {&tables.pruned_, "INSERT OR REPLACE INTO pruned (log, class, bound) VALUES (?, ?, ?)"},
       {&tables.deadline_,
        "INSERT OR REPLACE INTO deadline (log, id, idx, ref, received_unix_us, due_unix_us) "
        "VALUES (?, ?, ?, ?, ?, ?)"},
       {&tables.close_deadline_, "UPDATE deadline SET closed = ? WHERE log = ? AND id = ?"},
       // Signed twice for one size only when a restart lost the unwritten row.
       {&tables.checkpoint_,
        "INSERT OR REPLACE INTO checkpoint (log, size, note) VALUES (?, ?, ?)"}});
  if (!prepared) return tl::unexpected(prepared.error());
  return tables;
}

base::Result<std::int64_t> WriteTables::insert_log(std::string_view tenant,
                                                   std::string_view origin) {
  log_.start(tenant, origin);
  const auto row = log_.next();
  if (!row) return tl::unexpected(row.error());
  const std::int64_t id = log_.integer(0);
  const auto done = log_.next();
  if (!done) return tl::unexpected(done.error());
  return id;
}

base::Result<void> WriteTables::insert_leaf(std::int64_t log, std::uint64_t index,
                                            const LeafData& data) {
  return leaf_.run(log, index, data);
}

base::Result<void> WriteTables::insert_body(std::int64_t log, std::uint64_t index,
                                            const BodyRow& body) {
  return body_.run(log, index, body.sealed, body.response);
}

base::Result<void> WriteTables::insert_request(std::int64_t log, const Id16& request_id,
                                               const RequestRow& request) {
  return request_.run(log, request_id, request.index, request.digest);
}

base::Result<void> WriteTables::insert_subject(std::int64_t log, std::uint64_t index,
                                               const RecentSubjects::Key& key,
                                               const Id16& subject_ref) {
  recent_->add_subject(log, key, subject_ref);
  return subject_first_.run(log, index, int{key.kind}, key.blind_index);
}

base::Result<void> WriteTables::insert_tile(std::int64_t log, TileId tile,
                                            const std::vector<Hash>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
  return tile_.run(log, static_cast<int>(tile.level), tile.index, bytes);
}

void WriteTables::add_subject_record(std::int64_t log, const Id16& ref, std::uint64_t index) {
  recent_->add_record(log, {ref, index});
}

base::Result<void> WriteTables::move_recent(std::int64_t log, std::size_t leaves) {
  const RecentSubjects::Move move = recent_->move(log, leaves);
  base::Result<void> written;
  for (const auto& [key, ref] : move.subjects) {
    if (written) written = subject_.run(log, int{key.kind}, key.blind_index, ref);
  }
  for (const auto& [ref, index] : move.records) {
    if (written) written = subject_record_.run(log, ref, index);
  }
  if (written && move.indexed) written = indexed_.run(log, *move.indexed);
  return written;
}

base::Result<void> WriteTables::forget_subjects(
    std::int64_t log, std::span<const ReadTables::FirstOfSubject> firsts) {
  for (const ReadTables::FirstOfSubject& first : firsts) {
    recent_->forget_subject(log, first.key);
    auto gone = forget_subject_.run(log, int{first.key.kind}, first.key.blind_index);
    if (gone) gone = forget_first_.run(log, first.index);
    if (!gone) return gone;
  }
  return {};
}

base::Result<void> WriteTables::drop_bodies(std::int64_t log,
                                            std::span<const std::uint64_t> indexes) {
  for (const std::uint64_t index : indexes) {
    if (auto dropped = drop_body_.run(log, index); !dropped) return dropped;
  }
  return {};
}

base::Result<void> WriteTables::let_keys_go(std::int64_t log, std::span<const Id16> refs,
                                            std::uint64_t index) {
  for (const Id16& ref : refs) {
    if (auto marked = mark(log, SubjectMark::kKeyToGo, {ref, index}); !marked) return marked;
  }
  return {};
}

base::Result<void> WriteTables::mark(std::int64_t log, SubjectMark kind, const MarkRow& mark) {
  return mark_.run(log, static_cast<int>(kind), mark.ref, mark.index);
}

base::Result<void> WriteTables::unmark(std::int64_t log, SubjectMark kind, const Id16& ref) {
  return unmark_.run(log, static_cast<int>(kind), ref);
}

base::Result<void> WriteTables::set_pruned_below(std::int64_t log, RetentionClass retention_class,
                                                 std::uint64_t bound) {
  return pruned_.run(log, static_cast<int>(retention_class), bound);
}

base::Result<void> WriteTables::insert_deadline(std::int64_t log, const Deadline& row) {
  return deadline_.run(log, row.request_id, row.index, row.subject_ref, row.received_unix_us,
                       row.due_unix_us);
}

base::Result<void> WriteTables::close_deadline(std::int64_t log, const Id16& request_id,
                                               std::uint64_t index) {
  return close_deadline_.run(index, log, request_id);
}

base::Result<void> WriteTables::insert_checkpoint(std::int64_t log, std::uint64_t size,
                                                  std::string_view note) {
  return checkpoint_.run(log, size, note);
}

}  // namespace paxid::audit
