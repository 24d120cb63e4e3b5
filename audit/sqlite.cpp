#include "audit/sqlite.h"

#include "audit/file.h"
#include "audit/gathering_vfs.h"
#include "base/check.h"

namespace paxid::audit {

using base::ErrorCode;

base::Error sqlite_error(int code, std::string_view what) {
  ErrorCode kind = ErrorCode::kInternal;
  switch (code & 0xFF) {
    case SQLITE_FULL:
      kind = ErrorCode::kResourceExhausted;
      break;
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
      kind = ErrorCode::kUnavailable;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
      kind = ErrorCode::kDataLoss;
      break;
    default:
      break;
  }
  return {kind,
          std::string(what) + ": " + sqlite3_errstr(code) + " (" + std::to_string(code) + ")",
          {}};
}

base::Result<bool> Statement::next() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(handle_.get());
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(
      sqlite_error(sqlite3_extended_errcode(sqlite3_db_handle(handle_.get())), "audit store"));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

ByteView Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

void Statement::bind(int position, std::int64_t value) {
  PAXID_CHECK(sqlite3_bind_int64(handle_.get(), position, value) == SQLITE_OK);
}

void Statement::bind(int position, ByteView value) {
  // A null pointer would bind NULL: an empty blob needs some address.
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  PAXID_CHECK(sqlite3_bind_blob64(handle_.get(), position, data, value.size(), SQLITE_STATIC) ==
              SQLITE_OK);
}

void Statement::bind(int position, const std::optional<Bytes>& value) {
  if (value) return bind(position, ByteView(*value));
  PAXID_CHECK(sqlite3_bind_null(handle_.get(), position) == SQLITE_OK);
}

void Statement::bind(int position, std::string_view value) {
  PAXID_CHECK(sqlite3_bind_text64(handle_.get(), position, value.empty() ? "" : value.data(),
                                  value.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}

namespace {

// Before the first connection of the process; later it is refused, and nothing else changes. SQLite
// would count its memory under a lock with every allocation, and nobody asks for the figures.
void do_not_count_memory() {
  [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

base::Result<Database> Database::open(const std::string& path, Access access,
                                      const std::string& vfs) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::kReadOnly ? SQLITE_OPEN_READONLY
                                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (access == Access::kReadWrite) {
    // SQLite would make it readable by all that the umask lets; the files beside it take
    // over the mode of this one.
    auto made = create_private_file(path, {});
    if (!made && made.error().code != ErrorCode::kAlreadyExists) {
      return tl::unexpected(made.error());
    }
  }
  do_not_count_memory();
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  Database database;
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "open " + path));
  // Tables come from a file that somebody may have put there.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (access == Access::kReadOnly) database.keep_wal_on_close();
  return database;
}

base::Result<Database> Database::in_memory() {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(
      ":memory:", &handle,
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
      nullptr);
  Database database;
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "audit store"));
  return database;
}

base::Result<void> Database::copy_to(
    Database& target, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  constexpr int kPagesAtOnce = 4096;
  // The copy begins anew when the source changes in between, unless it reads in a transaction.
  if (auto begun = execute("BEGIN"); !begun) return begun;
  base::Result<void> copied = integer_of("SELECT count(*) FROM sqlite_schema").map([](auto) {});
  if (copied) {
    sqlite3_backup* backup =
        sqlite3_backup_init(target.handle_.get(), "main", handle_.get(), "main");
    int code = backup == nullptr ? sqlite3_extended_errcode(target.handle_.get()) : SQLITE_OK;
    while (code == SQLITE_OK) {
      code = sqlite3_backup_step(backup, kPagesAtOnce);
      const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup));
      const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup));
      if (progress) progress(total - left, total);
    }
    const int finished = sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE) code = finished;
    if (code != SQLITE_OK) copied = tl::unexpected(sqlite_error(code, "copy of a database"));
  }
  if (auto ended = execute("ROLLBACK"); !ended && copied) return ended;
  return copied;
}

base::Result<Bytes> Database::file_image() {
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> image(
      sqlite3_serialize(handle_.get(), "main", &size, 0), sqlite3_free);
  if (!image) return base::fail(ErrorCode::kResourceExhausted, "no memory for a copy of keys.db");
  return Bytes(image.get(), image.get() + size);
}

base::Result<void> Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "audit store"));
  return {};
}

base::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  Statement statement;
  statement.handle_.reset(handle);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "audit store"));
  return statement;
}

base::Result<std::int64_t> Database::integer_of(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return base::fail(ErrorCode::kInternal, "audit store: a query without an answer");
  return statement->integer(0);
}

base::Result<std::string> Database::text_of(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return base::fail(ErrorCode::kInternal, "audit store: a query without an answer");
  return std::string(statement->text(0));
}

base::Result<Database::WrittenBack> Database::checkpoint(bool truncate) {
  const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  int frames = 0;
  int written_back = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, mode, &frames, &written_back);
  // Another one, or a writer in the middle of its commit, was in the way.
  if ((code & 0xFF) == SQLITE_BUSY) return WrittenBack{true};
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "audit store: checkpoint"));
  return WrittenBack{false, static_cast<std::uint64_t>(frames),
                     static_cast<std::uint64_t>(written_back)};
}

namespace {

base::Result<void> sync(sqlite3_file* file) {
  const int code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_error(code, "audit store: sync"));
  return {};
}

// A file of the open connection: `operation` names it.
sqlite3_file* file_of(sqlite3* handle, int operation) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle, "main", operation, &file);
  PAXID_CHECK(file != nullptr && file->pMethods != nullptr);
  return file;
}

}  // namespace

base::Result<void> WriteAheadLog::sync() const { return audit::sync(file_); }

base::Result<void> Database::sync_file() {
  return sync(file_of(handle_.get(), SQLITE_FCNTL_FILE_POINTER));
}

WriteAheadLog Database::write_ahead_log() {
  return WriteAheadLog(file_below(file_of(handle_.get(), SQLITE_FCNTL_JOURNAL_POINTER)));
}

void Database::keep_wal_on_close() {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

base::Result<void> Database::run(Statement& statement, std::string_view sql) {
  if (statement.handle_ == nullptr) {
    auto prepared = prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    statement = *std::move(prepared);
  }
  return statement.run();
}

base::Result<Transaction> Transaction::begin(Database& database) {
  if (auto begun = database.run(database.begin_, "BEGIN IMMEDIATE"); !begun) {
    return tl::unexpected(begun.error());
  }
  return Transaction(database);
}

base::Result<void> Transaction::commit() {
  if (auto committed = database_->run(database_->commit_, "COMMIT"); !committed) return committed;
  database_ = nullptr;
  return {};
}

base::Result<void> Transaction::rollback() {
  Database* database = std::exchange(database_, nullptr);
  // Some errors have rolled back already.
  if (database == nullptr || !database->in_transaction()) return {};
  return database->execute("ROLLBACK");
}

std::string_view storage_version() {
  static const std::string version = std::string("SQLite ") + sqlite3_libversion();
  return version;
}

}  // namespace paxid::audit
