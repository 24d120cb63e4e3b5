#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audit/bytes.h"
#include "base/error.h"

// The one place that calls SQLite, with gathering_vfs.h below it. Not thread-safe: each connection
// and its statements belong to one thread at a time.
namespace paxid::audit {

// RESOURCE_EXHAUSTED for a full disk or database, UNAVAILABLE for an I/O error, DATA_LOSS for
// a damaged file, INTERNAL else. `what` names the work; values are never echoed.
base::Error sqlite_error(int code, std::string_view what);

// A prepared statement. Bound blobs and texts must live until it is done.
class Statement {
 public:
  Statement() = default;

  // Begins anew with these values for the parameters 1, 2, …
  template <class... Values>
  void start(const Values&... values) {
    sqlite3_reset(handle_.get());
    int position = 0;
    (bind(++position, values), ...);
  }
  // True: there is a row. False: done, and the statement is reset. An error resets it too.
  base::Result<bool> next();
  // start and next for a statement that returns no row.
  template <class... Values>
  base::Result<void> run(const Values&... values) {
    start(values...);
    if (auto row = next(); !row) return tl::unexpected(row.error());
    return {};
  }
  // Ends the statement before its last row, which ends its read transaction.
  void reset() { sqlite3_reset(handle_.get()); }

  // Columns of the row, from 0. Views live until the next call.
  std::int64_t integer(int column) const;
  ByteView blob(int column) const;
  std::string_view text(int column) const;
  // False when the column does not have exactly this many bytes.
  template <std::size_t kSize>
  bool fixed(int column, std::array<std::uint8_t, kSize>& out) const {
    const ByteView bytes = blob(column);
    if (bytes.size() != kSize) return false;
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return true;
  }
  bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void bind(int position, std::int64_t value);
  void bind(int position, std::uint64_t value) { bind(position, static_cast<std::int64_t>(value)); }
  void bind(int position, int value) { bind(position, std::int64_t{value}); }
  void bind(int position, ByteView value);
  void bind(int position, const Bytes& value) { bind(position, ByteView(value)); }
  template <std::size_t kSize>
  void bind(int position, const std::array<std::uint8_t, kSize>& value) {
    bind(position, ByteView(value));
  }
  void bind(int position, const std::optional<Bytes>& value);
  void bind(int position, std::string_view value);

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// The write-ahead log of an open connection. Unlike the connection it may be synced by any thread,
// also while another one writes.
class WriteAheadLog {
 public:
  // Waits until everything that was committed before the call is on disk.
  base::Result<void> sync() const;

 private:
  friend class Database;
  explicit WriteAheadLog(sqlite3_file* file) : file_(file) {}
  sqlite3_file* file_;
};

class Database {
 public:
  enum class Access { kReadOnly, kReadWrite };

  // A read-write connection makes the file, with mode 0600, when there is none. A read-only one
  // never checkpoints. `vfs` empty: the default one.
  static base::Result<Database> open(const std::string& path, Access access,
                                     const std::string& vfs = {});

  static base::Result<Database> in_memory();

  base::Result<void> execute(const std::string& sql);
  base::Result<Statement> prepare(std::string_view sql);
  // The first column of the first row of `sql`.
  base::Result<std::int64_t> integer_of(std::string_view sql);
  base::Result<std::string> text_of(std::string_view sql);

  struct WrittenBack {
    bool busy = false;         // it could not begin; the counts are 0
    std::uint64_t frames = 0;  // that the write-ahead log had when it began
    std::uint64_t written_back =
        0;  // of them, when it ended; 0 too when they were begun anew since
    bool all() const { return !busy && written_back == frames; }
  };
  // Writes back as much of the write-ahead log as readers allow; with `truncate` everything, and
  // ends it.
  //
  // Before SQLite 3.51.3 a checkpoint that finds nothing to do must not run beside a writer on
  // another connection: the writer may begin the write-ahead log anew meanwhile, and a later
  // checkpoint would leave pages out (https://www.sqlite.org/wal.html#walresetbug).
  base::Result<WrittenBack> checkpoint(bool truncate);
  // Waits until what was written back is on disk. A checkpoint does so only when it has written
  // back everything, and has the less to wait for then.
  base::Result<void> sync_file();
  // Of a connection that has written; valid until it closes.
  WriteAheadLog write_ahead_log();
  // Replaces the content of `target`, page by page, by that of this database at one moment, while
  // another process goes on writing to it. `progress` may be empty.
  base::Result<void> copy_to(
      Database& target,
      const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);
  // The file that this database would be.
  base::Result<Bytes> file_image();
  // Closing leaves the write-ahead log as it is.
  void keep_wal_on_close();
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Close> handle_;

  friend class Transaction;
  // Prepares it with the first use.
  base::Result<void> run(Statement& statement, std::string_view sql);
  Statement begin_, commit_;
};

// A transaction that is rolled back unless it is committed.
class Transaction {
 public:
  static base::Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) {
    other.database_ = nullptr;
  }
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() { (void)rollback(); }
  base::Result<void> commit();
  base::Result<void> rollback();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

// "SQLite 3.40.1": the library that is linked.
std::string_view storage_version();

}  // namespace paxid::audit
