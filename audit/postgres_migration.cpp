#include "audit/postgres_migration.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audit/checkpoint.h"
#include "audit/file.h"
#include "audit/file_lock.h"
#include "audit/key_store.h"
#include "audit/merkle.h"
#include "audit/note.h"
#include "audit/postgres.h"
#include "audit/postgres_tables.h"
#include "audit/sqlite.h"
#include "audit/store_files.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// Rows and bytes of one statement.
constexpr std::size_t kMaxRows = 1000;
constexpr std::size_t kMaxBytes = std::size_t{4} << 20;

// How one table is copied. `columns`: i an integer, u a uuid, b bytes or null, t text.
struct Copied {
  const char* name;
  const char* columns;
  const char* select;
  const char* insert;
};

constexpr std::array kOfLogs{
    Copied{
        "copy_log", "itti",
        "SELECT id, tenant, origin, (SELECT count(*) FROM leaf WHERE leaf.log = log.id) FROM log",
        "INSERT INTO paxid.log (id, tenant, origin, size) OVERRIDING SYSTEM VALUE SELECT * FROM "
        "unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])"},
    Copied{"copy_entrance", "i", "SELECT id FROM log",
           "INSERT INTO paxid.entrance (log) SELECT * FROM unnest($1::bigint[])"},
    Copied{"copy_leaf", "iiub", "SELECT log, idx, substr(data, 15, 16), data FROM leaf",
           "INSERT INTO paxid.leaf SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], "
           "$4::bytea[])"},
    Copied{"copy_record", "iububb",
           "SELECT log, id, digest, substr(data, 31, 16), sealed, response FROM request JOIN leaf "
           "USING (log, idx) JOIN body USING (log, idx)",
           "INSERT INTO paxid.record SELECT log, id, digest, nullif(ref, "
           "'00000000-0000-0000-0000-000000000000'::uuid), sealed, response FROM "
           "unnest($1::bigint[], $2::uuid[], $3::bytea[], $4::uuid[], $5::bytea[], $6::bytea[]) r "
           "(log, id, digest, ref, sealed, response)"},
    // The newest subjects are not in the table of that name yet.
    Copied{"copy_subject", "iiuu",
           "SELECT log, kind, blind_index, ref FROM subject UNION SELECT log, kind, blind_index, "
           "CAST(substr(data, 31, 16) AS BLOB) FROM subject_first JOIN leaf USING (log, idx)",
           "INSERT INTO paxid.subject SELECT * FROM unnest($1::bigint[], $2::bigint[], "
           "$3::uuid[], $4::uuid[])"},
    Copied{"copy_mark", "iiui", "SELECT log, kind, ref, idx FROM subject_mark",
           "INSERT INTO paxid.subject_mark SELECT * FROM unnest($1::bigint[], $2::bigint[], "
           "$3::uuid[], $4::bigint[])"},
    Copied{"copy_pruned", "iii", "SELECT log, class, bound FROM pruned",
           "INSERT INTO paxid.pruned SELECT * FROM unnest($1::bigint[], $2::bigint[], "
           "$3::bigint[])"},
    Copied{"copy_deadline", "iuiuiii",
           "SELECT log, id, idx, ref, received_unix_us, due_unix_us, coalesce(closed, -1) FROM "
           "deadline",
           "INSERT INTO paxid.deadline SELECT log, id, idx, ref, received, due, nullif(closed, -1) "
           "FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[], $5::bigint[], "
           "$6::bigint[], $7::bigint[]) d (log, id, idx, ref, received, due, closed)"},
    Copied{"copy_tile", "iiib", "SELECT log, level, n, hashes FROM tile",
           "INSERT INTO paxid.tile SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], "
           "$4::bytea[])"},
    Copied{"copy_checkpoint", "iit", "SELECT log, size, note FROM checkpoint",
           "INSERT INTO paxid.checkpoint SELECT * FROM unnest($1::bigint[], $2::bigint[], "
           "$3::text[])"},
};
constexpr Copied kKeys{
    "copy_key", "utibii",
    "SELECT id, tenant, kind, wrapped, kek_epoch, created_unix_us FROM data_key",
    "INSERT INTO paxid.data_key SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], "
    "$4::bytea[], $5::bigint[], $6::bigint[])"};

// Some rows of one table, column by column.
class Rows {
 public:
  explicit Rows(std::string_view columns) : columns_(columns), values_(columns.size()) {}

  base::Result<void> take(Statement& row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const int column = static_cast<int>(i);
      Column& to = values_[i];
      if (columns_[i] == 'i') {
        to.integers.push_back(static_cast<std::uint64_t>(row.integer(column)));
      } else if (columns_[i] == 'u') {
        if (!row.fixed(column, to.uuids.emplace_back())) {
          return base::fail(ErrorCode::kDataLoss, "an identifier has a wrong size");
        }
      } else if (row.is_null(column)) {
        to.bytes.emplace_back();
      } else {
        to.bytes.emplace_back(columns_[i] == 'b' ? to_bytes(row.blob(column))
                                                 : to_bytes(bytes_of(row.text(column))));
        bytes_ += to.bytes.back()->size();
      }
    }
    ++rows_;
    return {};
  }
  bool full() const { return rows_ == kMaxRows || bytes_ >= kMaxBytes; }
  bool empty() const { return rows_ == 0; }
  PostgresValues values() const {
    PostgresValues all;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == 'i') {
        all.integers(values_[i].integers);
      } else if (columns_[i] == 'u') {
        all.uuids(values_[i].uuids);
      } else if (columns_[i] == 'b') {
        const std::vector<std::optional<ByteView>> views(values_[i].bytes.begin(),
                                                         values_[i].bytes.end());
        all.optional_byte_strings(views);
      } else {
        std::vector<std::string_view> texts;
        for (const std::optional<Bytes>& text : values_[i].bytes) {
          texts.emplace_back(reinterpret_cast<const char*>(text->data()), text->size());
        }
        all.texts(texts);
      }
    }
    return all;
  }

 private:
  struct Column {
    std::vector<std::uint64_t> integers;
    std::vector<Id16> uuids;
    std::vector<std::optional<Bytes>> bytes;
  };
  std::string_view columns_;
  std::vector<Column> values_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
};

base::Result<void> copy(const Copied& table, Database& from, PostgresConnection& to) {
  const PostgresStatement insert{table.name, table.insert};
  if (auto prepared = to.prepare({&insert, 1}); !prepared) return prepared;
  auto select = from.prepare(table.select);
  if (!select) return tl::unexpected(select.error());
  select->start();
  for (bool more = true; more;) {
    Rows rows(table.columns);
    while (!rows.full()) {
      const auto row = select->next();
      if (!row) return tl::unexpected(row.error());
      more = *row;
      if (!more) break;
      if (auto taken = rows.take(*select); !taken) return taken;
    }
    if (rows.empty()) break;
    if (const auto written = to.run(table.name, rows.values()); !written) {
      return tl::unexpected(written.error());
    }
  }
  return {};
}

// Hashes what the database has of a log, and lets nothing earlier in.
base::Result<MigratedLog> count_again(PostgresTables& tables, PostgresConnection& connection,
                                      const LogRow& log) {
  Frontier frontier;
  std::uint64_t last_time = 0;
  auto read =
      tables.for_each_leaf(log.id, 0, [&](std::uint64_t, ByteView data) -> base::Result<void> {
        const auto leaf = decode_leaf(data);
        if (!leaf) return base::fail(ErrorCode::kDataLoss, leaf.error().message);
        last_time = leaf->time_unix_us;
        frontier.append(leaf_hash(data));
        return {};
      });
  if (!read) return tl::unexpected(read.error());
  auto floor = postgres_call::raise_floor(log.id, last_time);
  if (const auto raised = connection.run(floor.statement, std::move(floor.values)); !raised) {
    return tl::unexpected(raised.error());
  }
  return MigratedLog{log.origin, frontier.size(), frontier.root()};
}

// Of every log; `check` may refuse what was counted.
template <class Check>
base::Result<std::vector<MigratedLog>> count_all(PostgresConnection& connection,
                                                 const Check& check) {
  PostgresTables tables(connection);
  const auto logs = tables.logs();
  if (!logs) return tl::unexpected(logs.error());
  std::vector<MigratedLog> migrated;
  for (const LogRow& log : *logs) {
    auto counted = count_again(tables, connection, log);
    if (!counted) return tl::unexpected(counted.error());
    if (auto right = check(log, *counted); !right) return tl::unexpected(right.error());
    migrated.push_back(*std::move(counted));
  }
  return migrated;
}

base::Result<void> copy_all(const std::string& directory, PostgresConnection& connection) {
  auto log = Database::open(directory + "/log.db", Database::Access::kReadOnly);
  if (!log) return tl::unexpected(log.error());
  auto keys = Database::open(directory + "/keys.db", Database::Access::kReadOnly);
  if (!keys) return tl::unexpected(keys.error());
  for (const Copied& table : kOfLogs) {
    if (auto copied = copy(table, *log, connection); !copied) return copied;
  }
  if (auto copied = copy(kKeys, *keys, connection); !copied) return copied;
  return connection.execute(
      "SELECT setval(pg_get_serial_sequence('paxid.log', 'id'), max(id)) FROM paxid.log");
}

base::Result<std::vector<MigratedLog>> compare(PostgresConnection& connection, Store& store) {
  const auto has_same_root = [&](const LogRow& log,
                                 const MigratedLog& counted) -> base::Result<void> {
    const auto note = store.checkpoint(log.tenant);
    if (!note) return tl::unexpected(note.error());
    const auto parsed = parse_note(*note);
    const auto checkpoint = parsed ? parse_checkpoint(parsed->text)
                                   : base::fail(ErrorCode::kDataLoss, "the checkpoint");
    if (checkpoint && checkpoint->size == counted.size && checkpoint->root == counted.root) {
      return {};
    }
    return base::fail(ErrorCode::kDataLoss, log.origin + ": what was copied has another root");
  };
  return count_all(connection, has_same_root);
}

// What the files are called before and after.
std::string log_file(const std::string& directory) { return directory + "/log.db"; }
std::string keys_file(const std::string& directory) { return directory + "/keys.db"; }
std::string aside(const std::string& path) { return path + ".migrated"; }
std::string there_or_aside(const std::string& path) {
  return file_exists(path) ? path : aside(path);
}

base::Result<void> set_aside(const std::string& directory) {
  for (const std::string& path : {log_file(directory), keys_file(directory)}) {
    if (!file_exists(path)) continue;
    if (auto renamed = rename_file(path, aside(path)); !renamed) return renamed;
  }
  return {};
}

base::Result<void> put_back(const std::string& directory) {
  for (const std::string& path : {keys_file(directory), log_file(directory)}) {
    if (file_exists(path) || !file_exists(aside(path))) continue;
    if (auto renamed = rename_file(aside(path), path); !renamed) return renamed;
  }
  return {};
}

// The root of the first `size` leaves.
base::Result<Hash> root_of_first(PostgresTables& tables, std::int64_t log, std::uint64_t size) {
  Frontier frontier;
  auto read = tables.for_each_leaf(log, 0, [&](std::uint64_t, ByteView data) -> base::Result<void> {
    if (frontier.size() < size) frontier.append(leaf_hash(data));
    return {};
  });
  if (!read) return tl::unexpected(read.error());
  return frontier.root();
}

base::Result<bool> has_all_leaves(PostgresTables& tables, Database& files) {
  auto logs = files.prepare("SELECT id, tenant FROM log");
  if (!logs) return tl::unexpected(logs.error());
  auto leaves = files.prepare("SELECT data FROM leaf WHERE log = ? ORDER BY idx");
  if (!leaves) return tl::unexpected(leaves.error());
  logs->start();
  for (;;) {
    const auto more = logs->next();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return true;
    Frontier frontier;
    leaves->start(logs->integer(0));
    for (;;) {
      const auto leaf = leaves->next();
      if (!leaf) return tl::unexpected(leaf.error());
      if (!*leaf) break;
      frontier.append(leaf_hash(leaves->blob(0)));
    }
    const auto copied = tables.log_of(logs->text(1));
    if (!copied) return tl::unexpected(copied.error());
    if (!*copied) return false;
    const auto root = root_of_first(tables, (*copied)->id, frontier.size());
    if (!root) return tl::unexpected(root.error());
    if (*root != frontier.root()) return false;
  }
}

// Whether the database is what an earlier run has made of these files: it has their master secret
// and every leaf.
base::Result<bool> is_of_these_files(PostgresConnection& connection, const WrappedKey& master,
                                     const std::string& directory) {
  using Access = Database::Access;
  auto keys = Database::open(there_or_aside(keys_file(directory)), Access::kReadWrite);
  if (!keys) return tl::unexpected(keys.error());
  auto secret = keys->prepare("SELECT id FROM data_key WHERE id = ?");
  if (!secret) return tl::unexpected(secret.error());
  secret->start(master.id);
  const auto same = secret->next();
  if (!same) return tl::unexpected(same.error());
  if (!*same) return false;
  auto log = Database::open(there_or_aside(log_file(directory)), Access::kReadWrite);
  if (!log) return tl::unexpected(log.error());
  PostgresTables tables(connection);
  return has_all_leaves(tables, *log);
}

// An earlier run was ended after its COMMIT.
base::Result<std::vector<MigratedLog>> finish(const std::string& directory,
                                              PostgresConnection& connection,
                                              const std::optional<WrappedKey>& master) {
  const auto lock = FileLock::take(directory + "/lock");
  if (!lock) return tl::unexpected(lock.error());
  const auto ours = master ? is_of_these_files(connection, *master, directory) : false;
  if (!ours) return tl::unexpected(ours.error());
  if (!*ours) {
    return base::fail(ErrorCode::kAlreadyExists, "the database has other logs or keys already");
  }
  if (auto done = set_aside(directory); !done) return tl::unexpected(done.error());
  return count_all(connection,
                   [](const LogRow&, const MigratedLog&) { return base::Result<void>(); });
}

// What is marked in the files to go must have gone: the database knows no such mark.
base::Result<void> no_key_is_left(const std::string& directory) {
  auto log = Database::open(directory + "/log.db", Database::Access::kReadOnly);
  if (!log) return tl::unexpected(log.error());
  const auto left = log->integer_of("SELECT EXISTS (SELECT 1 FROM subject_mark WHERE kind = " +
                                    std::to_string(static_cast<int>(SubjectMark::kKeyToGo)) + ")");
  if (!left) return tl::unexpected(left.error());
  if (*left == 0) return {};
  return base::fail(ErrorCode::kUnavailable,
                    "keys of erased persons are still in keys.db or its write-ahead log, since "
                    "another program uses it: end that program and migrate again",
                    std::string(kKeysInUseField));
}

// Of a store that is open, into a transaction.
base::Result<std::vector<MigratedLog>> copy_store(const SqliteStoreOptions& from,
                                                  PostgresConnection& to,
                                                  const base::Clock& clock) {
  SqliteStoreOptions how = from;
  how.create_keys = false;
  // Nobody else has it, it is whole, and what was begun is ended.
  const auto store = open_sqlite_store(how, clock);
  if (!store) return tl::unexpected(store.error());
  if (auto gone = no_key_is_left(from.directory); !gone) return tl::unexpected(gone.error());
  const auto key = open_signing_key(from.signing_key_file, false);
  if (!key) return tl::unexpected(key.error());
  const auto ours = PostgresTables(to).introduce(from.origin_prefix, key->public_key());
  if (!ours) return tl::unexpected(ours.error());
  if (!*ours) return base::fail(ErrorCode::kAlreadyExists, "the database is of other logs");
  if (auto copied = copy_all(from.directory, to); !copied) return tl::unexpected(copied.error());
  return compare(to, **store);
}

// The files go aside before the database has the logs for good: at no moment could both go on with
// them, which would be two histories under one name.
base::Result<void> change_over(const std::string& directory, PostgresConnection& to,
                               PostgresTransaction& transaction) {
  const auto lock = FileLock::take(directory + "/lock");
  if (!lock) return tl::unexpected(lock.error());
  auto done = set_aside(directory);
  if (done) done = transaction.commit();
  if (done) return {};
  if (to.broken()) {
    return base::fail(ErrorCode::kUnavailable,
                      "the database went away; not known whether it has the logs: migrate again");
  }
  if (auto back = put_back(directory); !back) return back;
  return done;
}

}  // namespace

base::Result<std::vector<MigratedLog>> migrate_to_postgres(const SqliteStoreOptions& from,
                                                           const std::string& connection,
                                                           const base::Clock& clock) {
  for (const std::string& path : {log_file(from.directory), keys_file(from.directory)}) {
    if (file_exists(there_or_aside(path))) continue;
    return base::fail(ErrorCode::kNotFound, path + ": missing", "directory");
  }
  auto to = PostgresConnection::open(connection);
  if (!to) return tl::unexpected(to.error());
  if (auto made = prepare_postgres_schema(*to); !made) return tl::unexpected(made.error());
  if (auto prepared = PostgresTables::prepare(*to); !prepared) {
    return tl::unexpected(prepared.error());
  }
  auto transaction = PostgresTransaction::begin(*to);
  if (!transaction) return tl::unexpected(transaction.error());
  // Between two statements a large store is sorted and joined, which may take minutes.
  if (auto patient = to->execute("SET LOCAL idle_in_transaction_session_timeout = 0"); !patient) {
    return tl::unexpected(patient.error());
  }
  const auto logs = PostgresTables(*to).logs();
  if (!logs) return tl::unexpected(logs.error());
  const auto master = PostgresKeys::master(*to);
  if (!master) return tl::unexpected(master.error());
  if (!logs->empty() || *master) {
    auto finished = finish(from.directory, *to, *master);
    if (!finished) return finished;
    if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
    return finished;
  }
  if (auto back = put_back(from.directory); !back) return tl::unexpected(back.error());
  auto migrated = copy_store(from, *to, clock);
  if (!migrated) return migrated;
  if (auto done = change_over(from.directory, *to, *transaction); !done) {
    return tl::unexpected(done.error());
  }
  return migrated;
}

}  // namespace paxid::audit
