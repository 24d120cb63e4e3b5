#include "audit/postgres_tables.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>
#include <thread>

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kSchemaVersion = 1;
// How many keys are wrapped anew at once.
constexpr std::uint64_t kRewrappedAtOnce = 1000;
// How many leaves are read at once.
constexpr std::uint64_t kLeafPage = 2048;
// The first number of our advisory locks; the second one is the log's, or 0 for the schema.
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(1348554060, 0)";

// Sealed bytes cannot be compressed, so nobody should try.
constexpr const char* kSchema = R"(
CREATE SCHEMA paxid;
CREATE TABLE paxid.store (version bigint NOT NULL, origin_prefix text, public_key bytea);
CREATE TABLE paxid.log (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  tenant text NOT NULL UNIQUE,
  origin text NOT NULL UNIQUE,
  size bigint NOT NULL DEFAULT 0
);
CREATE TABLE paxid.entrance (
  log bigint PRIMARY KEY,
  floor_unix_us bigint NOT NULL DEFAULT 0
);
CREATE TABLE paxid.record (
  log bigint NOT NULL, id uuid NOT NULL, digest bytea NOT NULL, ref uuid,
  sealed bytea, response bytea,
  PRIMARY KEY (log, id)
);
ALTER TABLE paxid.record ALTER sealed SET STORAGE EXTERNAL, ALTER response SET STORAGE EXTERNAL;
CREATE INDEX record_of_subject ON paxid.record (log, ref) WHERE ref IS NOT NULL;
CREATE TABLE paxid.pending (
  log bigint NOT NULL, time_unix_us bigint NOT NULL,
  arrival bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  id uuid NOT NULL, data bytea NOT NULL,
  PRIMARY KEY (log, time_unix_us, arrival)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE TABLE paxid.leaf (
  log bigint NOT NULL, idx bigint NOT NULL, id uuid NOT NULL, data bytea NOT NULL,
  PRIMARY KEY (log, idx), UNIQUE (log, id)
);
CREATE TABLE paxid.subject (
  log bigint NOT NULL, kind bigint NOT NULL, blind_index uuid NOT NULL, ref uuid NOT NULL,
  PRIMARY KEY (log, kind, blind_index), UNIQUE (log, ref)
);
CREATE TABLE paxid.subject_mark (
  log bigint NOT NULL, kind bigint NOT NULL, ref uuid NOT NULL, idx bigint NOT NULL,
  PRIMARY KEY (log, kind, ref)
);
CREATE TABLE paxid.pruned (
  log bigint NOT NULL, class bigint NOT NULL, bound bigint NOT NULL,
  PRIMARY KEY (log, class)
);
CREATE TABLE paxid.deadline (
  log bigint NOT NULL, id uuid NOT NULL, idx bigint NOT NULL, ref uuid NOT NULL,
  received_unix_us bigint NOT NULL, due_unix_us bigint NOT NULL, closed bigint,
  PRIMARY KEY (log, id)
);
CREATE TABLE paxid.tile (
  log bigint NOT NULL, level bigint NOT NULL, n bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (log, level, n)
);
ALTER TABLE paxid.tile ALTER hashes SET STORAGE EXTERNAL;
CREATE TABLE paxid.checkpoint (
  log bigint NOT NULL, size bigint NOT NULL, note text NOT NULL,
  PRIMARY KEY (log, size)
);
CREATE TABLE paxid.data_key (
  id uuid PRIMARY KEY, tenant text NOT NULL, kind bigint NOT NULL, wrapped bytea NOT NULL,
  kek_epoch bigint NOT NULL, created_unix_us bigint NOT NULL
);
CREATE UNIQUE INDEX data_key_of_log ON paxid.data_key (tenant, kind) WHERE kind <> 1;
CREATE TABLE paxid.sequencer (
  one bigint PRIMARY KEY CHECK (one = 1),
  holder uuid NOT NULL, epoch bigint NOT NULL, until timestamptz NOT NULL
);
)";

// A plan is made for tables that grow. OFFSET 0 keeps a look-up by key one for each row before it,
// whatever the planner thinks of the order of joins, and so does ARRAY (SELECT ...).
constexpr std::array kStatements{
    PostgresStatement{"begin", "BEGIN"},
    PostgresStatement{"commit", "COMMIT"},
    PostgresStatement{"without_waiting", "SET LOCAL synchronous_commit TO off"},
    PostgresStatement{"be_present", "SELECT pg_advisory_lock_shared(1348554062, 0)"},
    PostgresStatement{"is_alone", "SELECT pg_try_advisory_xact_lock(1348554062, 0)::int::bigint"},
    PostgresStatement{"all_keys",
                      "SELECT id, tenant, kind, kek_epoch, wrapped FROM paxid.data_key WHERE id > "
                      "$1::uuid ORDER BY id LIMIT $2::bigint"},
    PostgresStatement{"rewrap_keys",
                      "UPDATE paxid.data_key k SET kek_epoch = $1::bigint, wrapped = n.wrapped "
                      "FROM unnest($2::uuid[], $3::bytea[]) n (id, wrapped) WHERE k.id = n.id AND "
                      "k.id = ANY ($2::uuid[])"},
    PostgresStatement{"introduce",
                      "UPDATE paxid.store SET origin_prefix = $1::text, public_key = $2::bytea "
                      "WHERE public_key IS NULL"},
    PostgresStatement{"is_ours",
                      "SELECT 1::bigint FROM paxid.store WHERE origin_prefix = $1::text AND "
                      "public_key = $2::bytea"},
    PostgresStatement{
        "take_lease",
        "INSERT INTO paxid.sequencer VALUES (1, $1::uuid, 1, clock_timestamp() + $2::bigint * "
        "interval '1 millisecond') ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, epoch "
        "= sequencer.epoch + CASE WHEN sequencer.holder = excluded.holder THEN 0 ELSE 1 END, until "
        "= excluded.until WHERE sequencer.until < clock_timestamp() OR sequencer.holder = "
        "excluded.holder RETURNING epoch"},
    PostgresStatement{"leave_lease",
                      "UPDATE paxid.sequencer SET until = clock_timestamp() WHERE holder = "
                      "$1::uuid"},
    PostgresStatement{"enter", "SELECT pg_advisory_xact_lock_shared(1348554061, $1::bigint::int)"},
    PostgresStatement{"enter_alone", "SELECT pg_advisory_xact_lock(1348554061, $1::bigint::int)"},
    PostgresStatement{"floor", "SELECT floor_unix_us FROM paxid.entrance WHERE log = $1::bigint"},
    PostgresStatement{
        "raise_floor",
        "UPDATE paxid.entrance SET floor_unix_us = greatest(floor_unix_us, $2::bigint, (SELECT "
        "max(time_unix_us) FROM paxid.pending WHERE log = $1::bigint)) WHERE log = $1::bigint "
        "RETURNING floor_unix_us"},
    PostgresStatement{"logs", "SELECT id, tenant, origin FROM paxid.log ORDER BY tenant"},
    PostgresStatement{"log_of", "SELECT id, tenant, origin FROM paxid.log WHERE tenant = $1::text"},
    PostgresStatement{"size", "SELECT size FROM paxid.log WHERE id = $1::bigint"},
    PostgresStatement{"lock_head",
                      "SELECT size FROM paxid.log WHERE id = $1::bigint FOR NO KEY UPDATE"},
    PostgresStatement{"insert_log",
                      "WITH made AS (INSERT INTO paxid.log (tenant, origin) VALUES ($1::text, "
                      "$2::text) ON CONFLICT DO NOTHING RETURNING id) "
                      "INSERT INTO paxid.entrance (log) SELECT id FROM made RETURNING log"},
    PostgresStatement{"leaf",
                      "SELECT data FROM paxid.leaf WHERE log = $1::bigint AND idx = $2::bigint"},
    PostgresStatement{"leaves",
                      "SELECT idx, data FROM paxid.leaf WHERE log = $1::bigint AND idx >= "
                      "$2::bigint ORDER BY idx LIMIT $3::bigint"},
    PostgresStatement{"leaves_at",
                      "SELECT data FROM paxid.leaf WHERE log = $1::bigint AND idx = ANY "
                      "($2::bigint[]) ORDER BY idx"},
    PostgresStatement{"body",
                      "SELECT sealed, response FROM paxid.leaf JOIN paxid.record USING (log, id) "
                      "WHERE log = $1::bigint AND idx = $2::bigint"},
    PostgresStatement{"has_body",
                      "SELECT 1::bigint FROM paxid.leaf JOIN paxid.record USING (log, id) "
                      "WHERE log = $1::bigint AND idx = $2::bigint AND sealed IS NOT NULL"},
    PostgresStatement{"drop_bodies",
                      "UPDATE paxid.record SET sealed = NULL, response = NULL WHERE ctid = ANY "
                      "(ARRAY (SELECT r.found FROM unnest($2::bigint[]) w (idx) CROSS JOIN LATERAL "
                      "(SELECT id FROM paxid.leaf WHERE log = $1::bigint AND idx = w.idx OFFSET 0) "
                      "l CROSS JOIN LATERAL (SELECT ctid AS found FROM paxid.record WHERE log = "
                      "$1::bigint AND id = l.id OFFSET 0) r))"},
    PostgresStatement{"without_bodies",
                      "SELECT s.ref FROM unnest($2::uuid[]) s (ref) CROSS JOIN LATERAL (SELECT "
                      "count(*) AS n FROM paxid.record WHERE log = $1::bigint AND ref = s.ref AND "
                      "sealed IS NOT NULL) b WHERE b.n = 0"},
    PostgresStatement{"request",
                      "SELECT idx, digest FROM paxid.leaf JOIN paxid.record USING (log, id) WHERE "
                      "log = $1::bigint AND id = $2::uuid"},
    PostgresStatement{
        "known_record",
        "SELECT r.digest, coalesce(l.data, p.data), r.response, l.idx FROM paxid.record r LEFT "
        "JOIN paxid.leaf l ON l.log = r.log AND l.id = r.id LEFT JOIN paxid.pending p ON p.log = "
        "r.log AND p.id = r.id WHERE r.log = $1::bigint AND r.id = $2::uuid"},
    PostgresStatement{"find_records",
                      "SELECT w.id, r.digest FROM unnest($2::uuid[]) w (id) CROSS JOIN LATERAL "
                      "(SELECT digest FROM paxid.record WHERE log = $1::bigint AND id = w.id "
                      "OFFSET 0) r"},
    PostgresStatement{
        "find_subjects",
        "SELECT w.kind, w.blind_index, s.ref, k.kek_epoch, k.wrapped FROM unnest($2::bigint[], "
        "$3::uuid[]) w (kind, blind_index) CROSS JOIN LATERAL (SELECT ref FROM paxid.subject WHERE "
        "log = $1::bigint AND kind = w.kind AND blind_index = w.blind_index OFFSET 0) s LEFT JOIN "
        "LATERAL (SELECT kek_epoch, wrapped FROM paxid.data_key WHERE id = s.ref AND tenant = "
        "$4::text AND kind = 1 OFFSET 0) k ON true"},
    PostgresStatement{
        "find_subjects_of",
        "SELECT w.id, r.ref, k.kek_epoch, k.wrapped FROM unnest($2::uuid[]) w (id) CROSS JOIN "
        "LATERAL (SELECT ref FROM paxid.record WHERE log = $1::bigint AND id = w.id OFFSET 0) r "
        "LEFT JOIN LATERAL (SELECT kek_epoch, wrapped FROM paxid.data_key WHERE id = r.ref AND "
        "tenant = $3::text AND kind = 1 OFFSET 0) k ON true"},
    PostgresStatement{"insert_keys",
                      "INSERT INTO paxid.data_key SELECT * FROM unnest($1::uuid[], "
                      "$2::text[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[])"},
    PostgresStatement{"insert_subjects",
                      "INSERT INTO paxid.subject SELECT $1::bigint, * FROM unnest($2::bigint[], "
                      "$3::uuid[], $4::uuid[])"},
    PostgresStatement{
        "insert_records",
        "INSERT INTO paxid.record (log, id, digest, ref, sealed, response) SELECT $1::bigint, * "
        "FROM unnest($2::uuid[], $3::bytea[], $4::uuid[], $5::bytea[], $6::bytea[])"},
    PostgresStatement{"insert_pending",
                      "INSERT INTO paxid.pending (log, time_unix_us, id, data) SELECT $1::bigint, "
                      "* FROM unnest($2::bigint[], $3::uuid[], $4::bytea[])"},
    PostgresStatement{"subject",
                      "SELECT ref FROM paxid.subject WHERE log = $1::bigint AND kind = $2::bigint "
                      "AND blind_index = $3::uuid"},
    PostgresStatement{"first_of_subjects",
                      "SELECT s.kind, s.blind_index FROM unnest($2::uuid[]) w (ref) CROSS JOIN "
                      "LATERAL (SELECT kind, blind_index FROM paxid.subject WHERE log = $1::bigint "
                      "AND ref = w.ref OFFSET 0) s"},
    PostgresStatement{"forget_subjects",
                      "DELETE FROM paxid.subject WHERE ctid = ANY (ARRAY (SELECT s.found FROM "
                      "unnest($2::bigint[], $3::uuid[]) w (kind, blind_index) CROSS JOIN LATERAL "
                      "(SELECT ctid AS found FROM paxid.subject WHERE log = $1::bigint AND kind = "
                      "w.kind AND blind_index = w.blind_index OFFSET 0) s))"},
    PostgresStatement{"records_of_subject",
                      "SELECT idx FROM paxid.record JOIN paxid.leaf USING (log, id) WHERE log = "
                      "$1::bigint AND ref = $2::uuid ORDER BY idx LIMIT $3::bigint"},
    PostgresStatement{"mark",
                      "SELECT idx FROM paxid.subject_mark WHERE log = $1::bigint AND kind = "
                      "$2::bigint AND ref = $3::uuid"},
    PostgresStatement{"marks",
                      "SELECT ref, idx FROM paxid.subject_mark WHERE log = $1::bigint AND kind = "
                      "$2::bigint"},
    PostgresStatement{"set_mark",
                      "INSERT INTO paxid.subject_mark VALUES ($1::bigint, $2::bigint, $3::uuid, "
                      "$4::bigint) ON CONFLICT (log, kind, ref) DO UPDATE SET idx = excluded.idx"},
    PostgresStatement{"unmark",
                      "DELETE FROM paxid.subject_mark WHERE log = $1::bigint AND kind = $2::bigint "
                      "AND ref = $3::uuid"},
    PostgresStatement{"pruned",
                      "SELECT bound FROM paxid.pruned WHERE log = $1::bigint AND class = "
                      "$2::bigint"},
    PostgresStatement{"set_pruned",
                      "INSERT INTO paxid.pruned VALUES ($1::bigint, $2::bigint, $3::bigint) ON "
                      "CONFLICT (log, class) DO UPDATE SET bound = excluded.bound"},
    PostgresStatement{"deadlines",
                      "SELECT id, idx, ref, received_unix_us, due_unix_us, closed FROM "
                      "paxid.deadline WHERE log = $1::bigint ORDER BY due_unix_us"},
    PostgresStatement{"insert_deadline",
                      "INSERT INTO paxid.deadline VALUES ($1::bigint, $2::uuid, $3::bigint, "
                      "$4::uuid, $5::bigint, $6::bigint)"},
    PostgresStatement{"close_deadline",
                      "UPDATE paxid.deadline SET closed = $3::bigint WHERE log = $1::bigint AND id "
                      "= $2::uuid"},
    PostgresStatement{"tile",
                      "SELECT hashes FROM paxid.tile WHERE log = $1::bigint AND level = $2::bigint "
                      "AND n = $3::bigint"},
    PostgresStatement{"insert_tile",
                      "INSERT INTO paxid.tile VALUES ($1::bigint, $2::bigint, $3::bigint, "
                      "$4::bytea)"},
    PostgresStatement{"checkpoint",
                      "SELECT note FROM paxid.checkpoint WHERE log = $1::bigint ORDER BY size DESC "
                      "LIMIT 1"},
    PostgresStatement{"insert_checkpoint",
                      "INSERT INTO paxid.checkpoint VALUES ($1::bigint, $2::bigint, $3::text) ON "
                      "CONFLICT DO NOTHING"},
    PostgresStatement{"has_pending",
                      "SELECT 1::bigint FROM paxid.pending WHERE log = $1::bigint AND time_unix_us "
                      ">= $2::bigint LIMIT 1"},
    PostgresStatement{
        "count_pending",
        "SELECT coalesce(sum(p.n), 0)::bigint, coalesce(min(p.oldest), 0) FROM paxid.log l LEFT "
        "JOIN unnest($1::bigint[], $2::bigint[]) w (log, bound) ON w.log = l.id CROSS JOIN LATERAL "
        "(SELECT count(*) AS n, min(time_unix_us) AS oldest FROM paxid.pending WHERE log = l.id "
        "AND time_unix_us >= coalesce(w.bound, 0) OFFSET 0) p"},
    PostgresStatement{
        "logs_with_pending",
        "SELECT l.id FROM paxid.log l LEFT JOIN unnest($1::bigint[], $2::bigint[]) w (log, bound) "
        "ON w.log = l.id CROSS JOIN LATERAL (SELECT 1 FROM paxid.pending WHERE log = l.id AND "
        "time_unix_us >= coalesce(w.bound, 0) LIMIT 1) p"},
    PostgresStatement{
        "take_pending",
        "WITH taken AS (DELETE FROM paxid.pending WHERE ctid = ANY (ARRAY (SELECT ctid FROM "
        "paxid.pending WHERE log = $1::bigint AND time_unix_us BETWEEN $4::bigint AND $2::bigint "
        "ORDER BY time_unix_us, arrival LIMIT $3::bigint)) RETURNING time_unix_us, arrival, id, "
        "data) SELECT id, time_unix_us, data FROM taken ORDER BY time_unix_us, arrival"},
    PostgresStatement{"insert_leaves",
                      "INSERT INTO paxid.leaf SELECT $1::bigint, $2::bigint + place - 1, id, data "
                      "FROM unnest($3::uuid[], $4::bytea[]) WITH ORDINALITY leaf (id, data, "
                      "place)"},
    PostgresStatement{"set_size", "UPDATE paxid.log SET size = $2::bigint WHERE id = $1::bigint"},
    PostgresStatement{"subject_key",
                      "SELECT kek_epoch, wrapped FROM paxid.data_key WHERE id = $1::uuid AND "
                      "tenant = $2::text AND kind = 1"},
    PostgresStatement{"drop_keys",
                      "DELETE FROM paxid.data_key k USING paxid.log l WHERE l.id = $1::bigint AND "
                      "k.id = ANY ($2::uuid[]) AND k.tenant = l.tenant AND k.kind = 1"},
    PostgresStatement{"one_key",
                      "SELECT id, kek_epoch, wrapped FROM paxid.data_key WHERE tenant = $1::text "
                      "AND kind = $2::bigint AND kind <> 1"},
};

tl::unexpected<base::Error> damaged(std::string what) {
  return base::fail(ErrorCode::kDataLoss, "database: " + std::move(what));
}

std::uint64_t number(std::int64_t value) { return static_cast<std::uint64_t>(value); }
std::uint64_t number(SubjectMark kind) { return static_cast<std::uint64_t>(kind); }
std::uint64_t number(KeyKind kind) { return static_cast<std::uint64_t>(kind); }
std::uint64_t number(RetentionClass one) { return static_cast<std::uint64_t>(one); }

base::Result<void> done(const base::Result<PostgresRows>& rows) {
  if (!rows) return tl::unexpected(rows.error());
  return {};
}

// The integer of a statement that gives at most one row.
base::Result<std::optional<std::uint64_t>> optional_integer(
    const base::Result<PostgresRows>& rows) {
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  return rows->integer(0, 0);
}

PostgresValues values_of(const PostgresTables::PlacedBefore& placed) {
  std::vector<std::uint64_t> logs, times;
  for (const auto& [log, time] : placed) {
    logs.push_back(number(log));
    times.push_back(time);
  }
  return std::move(PostgresValues().integers(logs).integers(times));
}

std::optional<WrappedKey> wrapped_key(const Id16& id, const PostgresRows& rows, int row,
                                      int column) {
  if (rows.is_null(row, column + 1)) return std::nullopt;
  return WrappedKey{id, static_cast<std::uint32_t>(rows.integer(row, column)),
                    to_bytes(rows.bytes(row, column + 1))};
}

}  // namespace

base::Result<void> prepare_postgres_schema(PostgresConnection& connection) {
  auto transaction = PostgresTransaction::begin(connection);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto alone = connection.execute(kSchemaLock); !alone) return alone;
  const PostgresStatement there{"has_schema",
                                "SELECT count(*) FROM pg_namespace WHERE nspname = 'paxid'"};
  if (auto prepared = connection.prepare({&there, 1}); !prepared) return prepared;
  const auto found = connection.run("has_schema");
  if (!found) return tl::unexpected(found.error());
  if (found->integer(0, 0) == 0) {
    auto made =
        connection.execute(std::string(kSchema) + "INSERT INTO paxid.store (version) VALUES (" +
                           std::to_string(kSchemaVersion) + ");");
    if (!made) return made;
  } else {
    const PostgresStatement version{"schema_version", "SELECT version FROM paxid.store"};
    if (auto prepared = connection.prepare({&version, 1}); !prepared) return prepared;
    const auto known = optional_integer(connection.run("schema_version"));
    if (!known) return tl::unexpected(known.error());
    if (*known != kSchemaVersion) {
      return base::fail(ErrorCode::kFailedPrecondition, "the schema paxid is of an unknown version",
                        "postgresql");
    }
  }
  return transaction->commit();
}

base::Result<bool> PostgresTables::introduce(std::string_view origin_prefix, ByteView public_key) {
  const auto values = [&] { return PostgresValues().text(origin_prefix).bytes(public_key); };
  if (const auto set = connection_->run("introduce", values()); !set) {
    return tl::unexpected(set.error());
  }
  const auto ours = optional_integer(connection_->run("is_ours", values()));
  if (!ours) return tl::unexpected(ours.error());
  return ours->has_value();
}

base::Result<std::optional<std::uint64_t>> PostgresTables::take_lease(
    const Id16& holder, std::chrono::milliseconds time) {
  return optional_integer(connection_->run(
      "take_lease",
      PostgresValues().uuid(holder).integer(static_cast<std::uint64_t>(time.count()))));
}

base::Result<void> PostgresTables::leave_lease(const Id16& holder) {
  return done(connection_->run("leave_lease", PostgresValues().uuid(holder)));
}

base::Result<void> PostgresTables::insert_key(const NewKey& key, std::uint64_t time_unix_us) {
  auto call = postgres_call::insert_keys({&key, 1}, time_unix_us);
  return done(connection_->run(call.statement, std::move(call.values)));
}

base::Result<void> PostgresTables::prepare(PostgresConnection& connection) {
  return connection.prepare(kStatements);
}

base::Result<void> PostgresTables::plan_anew(PostgresConnection& connection) {
  return connection.execute("DISCARD PLANS");
}

base::Result<std::vector<LogRow>> PostgresTables::logs() {
  const auto rows = connection_->run("logs");
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LogRow> list;
  for (int row = 0; row < rows->count(); ++row) {
    list.push_back({static_cast<std::int64_t>(rows->integer(row, 0)),
                    std::string(rows->text(row, 1)), std::string(rows->text(row, 2))});
  }
  return list;
}

base::Result<std::optional<LogRow>> PostgresTables::log_of(std::string_view tenant) {
  const auto rows = connection_->run("log_of", PostgresValues().text(tenant));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  return LogRow{static_cast<std::int64_t>(rows->integer(0, 0)), std::string(rows->text(0, 1)),
                std::string(rows->text(0, 2))};
}

base::Result<std::uint64_t> PostgresTables::size(std::int64_t log) {
  const auto size =
      optional_integer(connection_->run("size", PostgresValues().integer(number(log))));
  if (!size) return tl::unexpected(size.error());
  return size->value_or(0);
}

base::Result<std::optional<LeafData>> PostgresTables::leaf(std::int64_t log, std::uint64_t index) {
  const auto rows = connection_->run("leaf", PostgresValues().integer(number(log)).integer(index));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  LeafData data;
  if (!rows->fixed(0, 0, data)) return damaged("a leaf has a wrong size");
  return data;
}

base::Result<std::vector<LeafData>> PostgresTables::leaves(std::int64_t log,
                                                           std::span<const std::uint64_t> indexes) {
  const auto rows =
      connection_->run("leaves_at", PostgresValues().integer(number(log)).integers(indexes));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LeafData> all(static_cast<std::size_t>(rows->count()));
  if (all.size() != indexes.size()) return damaged("a leaf is missing");
  for (int row = 0; row < rows->count(); ++row) {
    if (!rows->fixed(row, 0, all[static_cast<std::size_t>(row)])) {
      return damaged("a leaf has a wrong size");
    }
  }
  return all;
}

base::Result<BodyRow> PostgresTables::body(std::int64_t log, std::uint64_t index) {
  const auto rows = connection_->run("body", PostgresValues().integer(number(log)).integer(index));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return BodyRow{};
  return BodyRow{rows->optional_bytes(0, 0), rows->optional_bytes(0, 1)};
}

base::Result<std::optional<RequestRow>> PostgresTables::request(std::int64_t log,
                                                                const Id16& request_id) {
  const auto rows =
      connection_->run("request", PostgresValues().integer(number(log)).uuid(request_id));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  RequestRow request{rows->integer(0, 0), {}};
  if (!rows->fixed(0, 1, request.digest)) return damaged("a request digest has a wrong size");
  return request;
}

base::Result<std::optional<KnownRecord>> PostgresTables::known_record(std::int64_t log,
                                                                      const Id16& request_id) {
  const auto rows =
      connection_->run("known_record", PostgresValues().integer(number(log)).uuid(request_id));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  KnownRecord known;
  if (!rows->fixed(0, 0, known.digest)) return damaged("a request digest has a wrong size");
  if (!rows->fixed(0, 1, known.data)) return damaged("a record has no leaf");
  known.response = rows->optional_bytes(0, 2);
  if (!rows->is_null(0, 3)) known.index = rows->integer(0, 3);
  return known;
}

base::Result<std::optional<Id16>> PostgresTables::subject(std::int64_t log, std::uint8_t kind,
                                                          const Id16& blind_index) {
  const auto rows = connection_->run(
      "subject", PostgresValues().integer(number(log)).integer(kind).uuid(blind_index));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  Id16 ref;
  if (!rows->fixed(0, 0, ref)) return damaged("a subject reference has a wrong size");
  return ref;
}

base::Result<std::vector<ReadTables::FirstOfSubject>> PostgresTables::first_of_subjects(
    std::int64_t log, std::span<const Id16> refs) {
  const auto rows =
      connection_->run("first_of_subjects", PostgresValues().integer(number(log)).uuids(refs));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<FirstOfSubject> all(static_cast<std::size_t>(rows->count()));
  for (int row = 0; row < rows->count(); ++row) {
    RecentSubjects::Key& key = all[static_cast<std::size_t>(row)].key;
    key.kind = static_cast<std::uint8_t>(rows->integer(row, 0));
    if (!rows->fixed(row, 1, key.blind_index)) return damaged("a blind index has a wrong size");
  }
  return all;
}

base::Result<std::vector<std::uint64_t>> PostgresTables::records_of_subject(std::int64_t log,
                                                                            const Id16& ref,
                                                                            std::uint64_t limit) {
  const auto rows = connection_->run(
      "records_of_subject", PostgresValues().integer(number(log)).uuid(ref).integer(limit));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::uint64_t> indexes;
  for (int row = 0; row < rows->count(); ++row) indexes.push_back(rows->integer(row, 0));
  return indexes;
}

base::Result<std::optional<std::uint64_t>> PostgresTables::mark(std::int64_t log, SubjectMark kind,
                                                                const Id16& ref) {
  return optional_integer(connection_->run(
      "mark", PostgresValues().integer(number(log)).integer(number(kind)).uuid(ref)));
}

base::Result<std::vector<MarkRow>> PostgresTables::marks(std::int64_t log, SubjectMark kind) {
  const auto rows =
      connection_->run("marks", PostgresValues().integer(number(log)).integer(number(kind)));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<MarkRow> list;
  for (int row = 0; row < rows->count(); ++row) {
    MarkRow& mark = list.emplace_back();
    mark.index = rows->integer(row, 1);
    if (!rows->fixed(row, 0, mark.ref)) return damaged("a subject reference has a wrong size");
  }
  return list;
}

base::Result<std::uint64_t> PostgresTables::pruned_below(std::int64_t log,
                                                         RetentionClass retention_class) {
  const auto bound = optional_integer(connection_->run(
      "pruned", PostgresValues().integer(number(log)).integer(number(retention_class))));
  if (!bound) return tl::unexpected(bound.error());
  return bound->value_or(0);
}

base::Result<bool> PostgresTables::has_body(std::int64_t log, std::uint64_t index) {
  const auto there = optional_integer(
      connection_->run("has_body", PostgresValues().integer(number(log)).integer(index)));
  if (!there) return tl::unexpected(there.error());
  return there->has_value();
}

base::Result<std::vector<Id16>> PostgresTables::without_bodies(std::int64_t log,
                                                               std::span<const Id16> refs) {
  const auto rows =
      connection_->run("without_bodies", PostgresValues().integer(number(log)).uuids(refs));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Id16> without(static_cast<std::size_t>(rows->count()));
  for (int row = 0; row < rows->count(); ++row) {
    if (!rows->fixed(row, 0, without[static_cast<std::size_t>(row)])) {
      return damaged("a subject reference has a wrong size");
    }
  }
  return without;
}

base::Result<std::vector<Deadline>> PostgresTables::deadlines(std::int64_t log) {
  const auto rows = connection_->run("deadlines", PostgresValues().integer(number(log)));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Deadline> list;
  for (int row = 0; row < rows->count(); ++row) {
    Deadline& one = list.emplace_back();
    if (!rows->fixed(row, 0, one.request_id) || !rows->fixed(row, 2, one.subject_ref)) {
      return damaged("a deadline has a wrong size");
    }
    one.index = rows->integer(row, 1);
    one.received_unix_us = rows->integer(row, 3);
    one.due_unix_us = rows->integer(row, 4);
    if (!rows->is_null(row, 5)) one.closed_by = rows->integer(row, 5);
  }
  return list;
}

base::Result<std::vector<Hash>> PostgresTables::tile(std::int64_t log, TileId tile) {
  const auto rows = connection_->run(
      "tile", PostgresValues().integer(number(log)).integer(tile.level).integer(tile.index));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0 || rows->bytes(0, 0).size() != kTileWidth * sizeof(Hash)) {
    return damaged("a tile is missing or has a wrong size");
  }
  std::vector<Hash> hashes(kTileWidth);
  const ByteView bytes = rows->bytes(0, 0);
  for (std::size_t i = 0; i < kTileWidth; ++i) {
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * sizeof(Hash)), sizeof(Hash),
                hashes[i].begin());
  }
  return hashes;
}

base::Result<std::optional<std::string>> PostgresTables::newest_checkpoint(std::int64_t log) {
  const auto rows = connection_->run("checkpoint", PostgresValues().integer(number(log)));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  return std::string(rows->text(0, 0));
}

base::Result<void> PostgresTables::for_each_leaf(
    std::int64_t log, std::uint64_t first,
    const std::function<base::Result<void>(std::uint64_t, ByteView)>& visit) {
  for (std::uint64_t next = first;;) {
    const auto rows = connection_->run(
        "leaves", PostgresValues().integer(number(log)).integer(next).integer(kLeafPage));
    if (!rows) return tl::unexpected(rows.error());
    for (int row = 0; row < rows->count(); ++row, ++next) {
      if (rows->integer(row, 0) != next) return damaged("a leaf is missing");
      if (auto visited = visit(next, rows->bytes(row, 1)); !visited) return visited;
    }
    if (static_cast<std::uint64_t>(rows->count()) < kLeafPage) return {};
  }
}

base::Result<void> PostgresTables::forget_subjects(std::int64_t log,
                                                   std::span<const FirstOfSubject> firsts) {
  std::vector<std::uint64_t> kinds;
  std::vector<Id16> indexes;
  for (const FirstOfSubject& first : firsts) {
    kinds.push_back(first.key.kind);
    indexes.push_back(first.key.blind_index);
  }
  return done(connection_->run(
      "forget_subjects", PostgresValues().integer(number(log)).integers(kinds).uuids(indexes)));
}

base::Result<void> PostgresTables::drop_bodies(std::int64_t log,
                                               std::span<const std::uint64_t> indexes) {
  return done(
      connection_->run("drop_bodies", PostgresValues().integer(number(log)).integers(indexes)));
}

base::Result<void> PostgresTables::let_keys_go(std::int64_t log, std::span<const Id16> refs,
                                               std::uint64_t) {
  return done(connection_->run("drop_keys", PostgresValues().integer(number(log)).uuids(refs)));
}

base::Result<void> PostgresTables::mark(std::int64_t log, SubjectMark kind, const MarkRow& mark) {
  return done(connection_->run("set_mark", PostgresValues()
                                               .integer(number(log))
                                               .integer(number(kind))
                                               .uuid(mark.ref)
                                               .integer(mark.index)));
}

base::Result<void> PostgresTables::unmark(std::int64_t log, SubjectMark kind, const Id16& ref) {
  return done(connection_->run(
      "unmark", PostgresValues().integer(number(log)).integer(number(kind)).uuid(ref)));
}

base::Result<void> PostgresTables::set_pruned_below(std::int64_t log,
                                                    RetentionClass retention_class,
                                                    std::uint64_t bound) {
  return done(connection_->run(
      "set_pruned",
      PostgresValues().integer(number(log)).integer(number(retention_class)).integer(bound)));
}

base::Result<void> PostgresTables::insert_deadline(std::int64_t log, const Deadline& row) {
  return done(connection_->run("insert_deadline", PostgresValues()
                                                      .integer(number(log))
                                                      .uuid(row.request_id)
                                                      .integer(row.index)
                                                      .uuid(row.subject_ref)
                                                      .integer(row.received_unix_us)
                                                      .integer(row.due_unix_us)));
}

base::Result<void> PostgresTables::close_deadline(std::int64_t log, const Id16& request_id,
                                                  std::uint64_t index) {
  return done(connection_->run(
      "close_deadline", PostgresValues().integer(number(log)).uuid(request_id).integer(index)));
}

base::Result<std::optional<std::int64_t>> PostgresTables::insert_log(std::string_view tenant,
                                                                     std::string_view origin) {
  const auto id =
      optional_integer(connection_->run("insert_log", PostgresValues().text(tenant).text(origin)));
  if (!id) return tl::unexpected(id.error());
  if (!*id) return std::nullopt;
  return static_cast<std::int64_t>(**id);
}

base::Result<bool> PostgresTables::has_pending(std::int64_t log, std::uint64_t from_unix_us) {
  const auto there = optional_integer(
      connection_->run("has_pending", PostgresValues().integer(number(log)).integer(from_unix_us)));
  if (!there) return tl::unexpected(there.error());
  return there->has_value();
}

base::Result<PostgresTables::PendingCount> PostgresTables::count_pending(
    const PlacedBefore& placed) {
  const auto rows = connection_->run("count_pending", values_of(placed));
  if (!rows) return tl::unexpected(rows.error());
  return PendingCount{rows->integer(0, 0), rows->integer(0, 1)};
}

base::Result<std::vector<std::int64_t>> PostgresTables::logs_with_pending(
    const PlacedBefore& placed) {
  const auto rows = connection_->run("logs_with_pending", values_of(placed));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::int64_t> logs;
  for (int row = 0; row < rows->count(); ++row) {
    logs.push_back(static_cast<std::int64_t>(rows->integer(row, 0)));
  }
  return logs;
}

base::Result<std::uint64_t> PostgresTables::lock_head(std::int64_t log) {
  const auto size =
      optional_integer(connection_->run("lock_head", PostgresValues().integer(number(log))));
  if (!size) return tl::unexpected(size.error());
  if (!*size) return damaged("a log is missing");
  return **size;
}

base::Result<std::vector<PostgresTables::Unplaced>> PostgresTables::take_pending(
    std::int64_t log, std::uint64_t from_unix_us, std::uint64_t until_unix_us) {
  const auto rows = connection_->run("take_pending", PostgresValues()
                                                         .integer(number(log))
                                                         .integer(until_unix_us)
                                                         .integer(kMaxPlaced)
                                                         .integer(from_unix_us));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Unplaced> leaves(static_cast<std::size_t>(rows->count()));
  for (int row = 0; row < rows->count(); ++row) {
    Unplaced& leaf = leaves[static_cast<std::size_t>(row)];
    leaf.time_unix_us = rows->integer(row, 1);
    if (!rows->fixed(row, 0, leaf.request_id) || !rows->fixed(row, 2, leaf.data)) {
      return damaged("a pending leaf has a wrong size");
    }
  }
  return leaves;
}

base::Result<void> PostgresTables::insert_leaves(std::int64_t log, std::uint64_t first,
                                                 std::span<const Unplaced> leaves) {
  std::vector<Id16> ids;
  std::vector<ByteView> data;
  for (const Unplaced& leaf : leaves) {
    ids.push_back(leaf.request_id);
    data.emplace_back(leaf.data);
  }
  std::vector<PostgresCall> calls;
  calls.push_back(
      {"insert_leaves",
       PostgresValues().integer(number(log)).integer(first).uuids(ids).byte_strings(data)});
  calls.push_back(
      {"set_size", PostgresValues().integer(number(log)).integer(first + leaves.size())});
  const auto written = connection_->pipeline(std::move(calls));
  if (!written) return tl::unexpected(written.error());
  return {};
}

base::Result<void> PostgresTables::insert_tile(std::int64_t log, TileId tile,
                                               const std::vector<Hash>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * sizeof(Hash));
  for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
  return done(connection_->run(
      "insert_tile",
      PostgresValues().integer(number(log)).integer(tile.level).integer(tile.index).bytes(bytes)));
}

base::Result<void> PostgresTables::insert_checkpoint(std::int64_t log, std::uint64_t size,
                                                     std::string_view note) {
  return done(connection_->run("insert_checkpoint",
                               PostgresValues().integer(number(log)).integer(size).text(note)));
}

namespace postgres_call {

PostgresCall begin() { return {"begin", {}}; }
PostgresCall commit() { return {"commit", {}}; }
PostgresCall without_waiting() { return {"without_waiting", {}}; }
PostgresCall enter(std::int64_t log) { return {"enter", PostgresValues().integer(number(log))}; }
PostgresCall enter_alone(std::int64_t log) {
  return {"enter_alone", PostgresValues().integer(number(log))};
}
PostgresCall floor(std::int64_t log) { return {"floor", PostgresValues().integer(number(log))}; }
PostgresCall raise_floor(std::int64_t log, std::uint64_t time_unix_us) {
  return {"raise_floor", PostgresValues().integer(number(log)).integer(time_unix_us)};
}

PostgresCall find_records(std::int64_t log, std::span<const Id16> request_ids) {
  return {"find_records", PostgresValues().integer(number(log)).uuids(request_ids)};
}

PostgresCall find_subjects(std::int64_t log, std::string_view tenant,
                           std::span<const RecentSubjects::Key> keys) {
  std::vector<std::uint64_t> kinds;
  std::vector<Id16> indexes;
  for (const RecentSubjects::Key& key : keys) {
    kinds.push_back(key.kind);
    indexes.push_back(key.blind_index);
  }
  return {"find_subjects",
          PostgresValues().integer(number(log)).integers(kinds).uuids(indexes).text(tenant)};
}

PostgresCall find_subjects_of(std::int64_t log, std::string_view tenant,
                              std::span<const Id16> request_ids) {
  return {"find_subjects_of",
          PostgresValues().integer(number(log)).uuids(request_ids).text(tenant)};
}

PostgresCall insert_keys(std::span<const NewKey> keys, std::uint64_t time_unix_us) {
  std::vector<Id16> ids;
  std::vector<std::string_view> tenants;
  std::vector<ByteView> wrapped;
  std::vector<std::uint64_t> kinds, epochs;
  for (const NewKey& key : keys) {
    ids.push_back(key.key.id);
    tenants.push_back(key.tenant);
    kinds.push_back(number(key.kind));
    wrapped.emplace_back(key.key.wrapped);
    epochs.push_back(key.key.epoch);
  }
  const std::vector<std::uint64_t> times(keys.size(), time_unix_us);
  return {"insert_keys", PostgresValues()
                             .uuids(ids)
                             .texts(tenants)
                             .integers(kinds)
                             .byte_strings(wrapped)
                             .integers(epochs)
                             .integers(times)};
}

PostgresCall insert_subjects(std::int64_t log, std::span<const NewKey> keys) {
  // Everybody in the same order, so that two who bring the same ones wait and do not deadlock.
  std::vector<const NewKey*> sorted;
  for (const NewKey& key : keys) {
    if (key.subject) sorted.push_back(&key);
  }
  std::ranges::sort(sorted, {}, [](const NewKey* key) { return *key->subject; });
  std::vector<std::uint64_t> kinds;
  std::vector<Id16> indexes, refs;
  for (const NewKey* key : sorted) {
    kinds.push_back(key->subject->kind);
    indexes.push_back(key->subject->blind_index);
    refs.push_back(key->key.id);
  }
  return {"insert_subjects",
          PostgresValues().integer(number(log)).integers(kinds).uuids(indexes).uuids(refs)};
}

PostgresCall insert_records(std::int64_t log, std::span<const PendingRecord> records) {
  std::vector<const PendingRecord*> sorted;
  for (const PendingRecord& record : records) sorted.push_back(&record);
  std::ranges::sort(sorted, {}, &PendingRecord::request_id);
  std::vector<Id16> ids;
  std::vector<ByteView> digests;
  std::vector<std::optional<Id16>> refs;
  std::vector<std::optional<ByteView>> sealed, responses;
  for (const PendingRecord* record : sorted) {
    ids.push_back(record->request_id);
    digests.emplace_back(record->digest);
    refs.push_back(record->subject_ref);
    sealed.emplace_back(record->body.sealed);
    responses.emplace_back(record->body.response);
  }
  return {"insert_records", PostgresValues()
                                .integer(number(log))
                                .uuids(ids)
                                .byte_strings(digests)
                                .optional_uuids(refs)
                                .optional_byte_strings(sealed)
                                .optional_byte_strings(responses)};
}

PostgresCall insert_pending(std::int64_t log, std::span<const PendingRecord> records) {
  std::vector<std::uint64_t> times;
  std::vector<Id16> ids;
  std::vector<ByteView> data;
  for (const PendingRecord& record : records) {
    times.push_back(record.time_unix_us);
    ids.push_back(record.request_id);
    data.emplace_back(record.data);
  }
  return {"insert_pending",
          PostgresValues().integer(number(log)).integers(times).uuids(ids).byte_strings(data)};
}

}  // namespace postgres_call

base::Result<std::vector<std::pair<Id16, Hash>>> found_records(const PostgresRows& rows) {
  std::vector<std::pair<Id16, Hash>> found(static_cast<std::size_t>(rows.count()));
  for (int row = 0; row < rows.count(); ++row) {
    auto& [id, digest] = found[static_cast<std::size_t>(row)];
    if (!rows.fixed(row, 0, id) || !rows.fixed(row, 1, digest)) {
      return damaged("a request digest has a wrong size");
    }
  }
  return found;
}

base::Result<std::vector<StoredSubject>> found_subjects(const PostgresRows& rows) {
  std::vector<StoredSubject> found(static_cast<std::size_t>(rows.count()));
  for (int row = 0; row < rows.count(); ++row) {
    StoredSubject& subject = found[static_cast<std::size_t>(row)];
    subject.kind = rows.integer(row, 0);
    if (!rows.fixed(row, 1, subject.blind_index) || !rows.fixed(row, 2, subject.ref)) {
      return damaged("a subject reference has a wrong size");
    }
    subject.key = wrapped_key(subject.ref, rows, row, 3);
  }
  return found;
}

base::Result<std::vector<SubjectOfRequest>> found_subjects_of(const PostgresRows& rows) {
  std::vector<SubjectOfRequest> found(static_cast<std::size_t>(rows.count()));
  for (int row = 0; row < rows.count(); ++row) {
    SubjectOfRequest& subject = found[static_cast<std::size_t>(row)];
    if (!rows.fixed(row, 0, subject.request_id)) return damaged("a request id has a wrong size");
    if (rows.is_null(row, 1)) continue;
    Id16 ref;
    if (!rows.fixed(row, 1, ref)) return damaged("a subject reference has a wrong size");
    subject.ref = ref;
    subject.key = wrapped_key(ref, rows, row, 2);
  }
  return found;
}

base::Result<base::SecretBytes> PostgresKeys::subject_key(std::string_view tenant,
                                                          const Id16& subject_ref) {
  const auto rows =
      connection_->run("subject_key", PostgresValues().uuid(subject_ref).text(tenant));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return base::fail(ErrorCode::kNotFound, "the subject has no key");
  auto key =
      cipher_->unwrap(wrapped_key(subject_ref, *rows, 0, 0).value(), KeyKind::kSubject, tenant);
  if (!key) return damaged_key();
  return *std::move(key);
}

base::Result<std::optional<DataKey>> PostgresKeys::log_key(std::string_view tenant) {
  const auto rows =
      connection_->run("one_key", PostgresValues().text(tenant).integer(number(KeyKind::kLog)));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  DataKey found;
  if (!rows->fixed(0, 0, found.id)) return damaged("a log key is damaged");
  auto key = cipher_->unwrap(wrapped_key(found.id, *rows, 0, 1).value(), KeyKind::kLog, tenant);
  if (!key) return damaged_key();
  found.key = *std::move(key);
  return found;
}

base::Result<std::optional<WrappedKey>> PostgresKeys::master(PostgresConnection& connection) {
  const auto rows =
      connection.run("one_key", PostgresValues().text("").integer(number(KeyKind::kMaster)));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return std::nullopt;
  Id16 id;
  if (!rows->fixed(0, 0, id)) return damaged("the master secret is damaged");
  return wrapped_key(id, *rows, 0, 1);
}

base::Result<bool> PostgresKeys::rewrap_some(const KeyCipher& previous, Id16& after) {
  const auto rows =
      connection_->run("all_keys", PostgresValues().uuid(after).integer(kRewrappedAtOnce));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() == 0) return false;
  std::vector<Id16> ids;
  std::vector<WrappedKey> wrapped;
  for (int row = 0; row < rows->count(); ++row) {
    if (!rows->fixed(row, 0, after)) return damaged("a key is damaged");
    const auto kind = static_cast<KeyKind>(rows->integer(row, 2));
    const auto before = wrapped_key(after, *rows, row, 3);
    const auto key = before ? previous.unwrap(*before, kind, rows->text(row, 1)) : std::nullopt;
    // A damaged key concerns its subject alone, and opens nothing under any key.
    if (!key) continue;
    auto again = cipher_->wrap(after, kind, rows->text(row, 1), *key);
    if (!again) return tl::unexpected(again.error());
    ids.push_back(after);
    wrapped.push_back(*std::move(again));
  }
  const std::vector<ByteView> bytes = [&] {
    std::vector<ByteView> views;
    for (const WrappedKey& key : wrapped) views.emplace_back(key.wrapped);
    return views;
  }();
  if (auto written = done(connection_->run(
          "rewrap_keys",
          PostgresValues().integer(cipher_->epoch()).uuids(ids).byte_strings(bytes)));
      !written) {
    return tl::unexpected(written.error());
  }
  return true;
}

base::Result<void> PostgresKeys::rewrap(const KeyCipher& previous) {
  auto transaction = PostgresTransaction::begin(*connection_);
  if (!transaction) return tl::unexpected(transaction.error());
  // The sessions of a server that has just ended may live a moment longer.
  constexpr int kTries = 50;
  constexpr std::chrono::milliseconds kBetween{100};
  auto alone = optional_integer(connection_->run("is_alone"));
  for (int i = 1; i < kTries && alone && *alone != 1; ++i) {
    std::this_thread::sleep_for(kBetween);
    alone = optional_integer(connection_->run("is_alone"));
  }
  if (!alone) return tl::unexpected(alone.error());
  if (*alone != 1) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "another server has this store open: stop all of them first", "previous_kek");
  }
  Id16 after{};
  for (bool more = true; more;) {
    const auto some = rewrap_some(previous, after);
    if (!some) return tl::unexpected(some.error());
    more = *some;
  }
  return transaction->commit();
}

}  // namespace paxid::audit
