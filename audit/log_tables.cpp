#include "audit/log_tables.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::int64_t kApplicationId = 0x5058414C;  // "PXAL"
constexpr std::int64_t kSchemaVersion = 1;

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
  if (*mark != FileMark{}) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "log.db is of another program or an unknown version");
  }
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  auto made = database.execute(std::string(kSchema) +
                               "PRAGMA application_id=" + std::to_string(kApplicationId) +
                               ";PRAGMA user_version=" + std::to_string(kSchemaVersion));
  if (!made) return made;
  return transaction->commit();
}

base::Result<ReadTables> ReadTables::prepare(Database& database) {
  ReadTables tables;
  auto prepared = prepare_all(
      database,
      {{&tables.logs_, "SELECT id, tenant, origin FROM log ORDER BY tenant"},
       {&tables.leaf_, "SELECT data FROM leaf WHERE log = ? AND idx = ?"},
       {&tables.leaves_, "SELECT idx, data FROM leaf WHERE log = ? ORDER BY idx"},
       {&tables.body_, "SELECT sealed, response FROM body WHERE log = ? AND idx = ?"},
       {&tables.request_, "SELECT idx, digest FROM request WHERE log = ? AND id = ?"},
       {&tables.subject_, "SELECT ref FROM subject WHERE log = ? AND kind = ? AND blind_index = ?"},
       {&tables.subjects_, "SELECT DISTINCT ref FROM subject WHERE log = ?"},
       {&tables.tile_, "SELECT hashes FROM tile WHERE log = ? AND level = ? AND n = ?"},
       {&tables.checkpoint_, "SELECT 1 FROM checkpoint WHERE log = ? LIMIT 1"}});
  if (!prepared) return tl::unexpected(prepared.error());
  return tables;
}

base::Result<std::vector<LogRow>> ReadTables::logs() {
  std::vector<LogRow> rows;
  logs_.start();
  for (;;) {
    const auto row = logs_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    rows.push_back({logs_.integer(0), std::string(logs_.text(1)), std::string(logs_.text(2))});
  }
}

base::Result<std::optional<LeafData>> ReadTables::leaf(std::int64_t log, std::uint64_t index) {
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

base::Result<BodyRow> ReadTables::body(std::int64_t log, std::uint64_t index) {
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

base::Result<std::optional<RequestRow>> ReadTables::request(std::int64_t log,
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

base::Result<std::optional<Id16>> ReadTables::subject(std::int64_t log, std::uint8_t kind,
                                                      const Id16& blind_index) {
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

base::Result<std::vector<Id16>> ReadTables::subjects(std::int64_t log) {
  std::vector<Id16> refs;
  subjects_.start(log);
  for (;;) {
    const auto row = subjects_.next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return refs;
    if (!subjects_.fixed(0, refs.emplace_back())) {
      subjects_.reset();
      return damaged("a subject reference has a wrong size");
    }
  }
}

base::Result<std::vector<Hash>> ReadTables::tile(std::int64_t log, TileId tile) {
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

base::Result<bool> ReadTables::has_checkpoint(std::int64_t log) {
  checkpoint_.start(log);
  auto row = checkpoint_.next();
  checkpoint_.reset();
  return row;
}

base::Result<void> ReadTables::for_each_leaf(
    std::int64_t log, const std::function<base::Result<void>(std::uint64_t, ByteView)>& visit) {
  leaves_.start(log);
  for (std::uint64_t expected = 0;; ++expected) {
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

base::Result<WriteTables> WriteTables::prepare(Database& database) {
  WriteTables tables;
  auto prepared = prepare_all(
      database,
      {{&tables.log_, "INSERT INTO log (tenant, origin) VALUES (?, ?) RETURNING id"},
       {&tables.leaf_, "INSERT INTO leaf (log, idx, data) VALUES (?, ?, ?)"},
       {&tables.body_, "INSERT INTO body (log, idx, sealed, response) VALUES (?, ?, ?, ?)"},
       {&tables.request_, "INSERT INTO request (log, id, idx, digest) VALUES (?, ?, ?, ?)"},
       {&tables.subject_, "INSERT INTO subject (log, kind, blind_index, ref) VALUES (?, ?, ?, ?)"},
       {&tables.tile_, "INSERT INTO tile (log, level, n, hashes) VALUES (?, ?, ?, ?)"},
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

base::Result<void> WriteTables::insert_subject(std::int64_t log, std::uint8_t kind,
                                               const Id16& blind_index, const Id16& subject_ref) {
  return subject_.run(log, int{kind}, blind_index, subject_ref);
}

base::Result<void> WriteTables::insert_tile(std::int64_t log, TileId tile,
                                            const std::vector<Hash>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
  return tile_.run(log, static_cast<int>(tile.level), tile.index, bytes);
}

base::Result<void> WriteTables::insert_checkpoint(std::int64_t log, std::uint64_t size,
                                                  std::string_view note) {
  return checkpoint_.run(log, size, note);
}

}  // namespace paxid::audit
