#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/bytes.h"
#include "base/error.h"

// libpq's types, so that its header stays out of ours.
struct pg_conn;
struct pg_result;

// The one place that calls libpq. Not thread-safe: a connection belongs to one thread at a time.
namespace paxid::audit {

// The values of a statement's parameters, in order: bigint, uuid, bytea, text, and arrays of
// them. Binary, so that nothing is ever quoted.
class PostgresValues {
 public:
  PostgresValues& integer(std::uint64_t value);
  PostgresValues& uuid(const Id16& value) { return raw(Bytes(value.begin(), value.end())); }
  PostgresValues& optional_uuid(const std::optional<Id16>& value);
  PostgresValues& bytes(ByteView value) { return raw(to_bytes(value)); }
  PostgresValues& text(std::string_view value) { return raw(Bytes(value.begin(), value.end())); }

  PostgresValues& integers(std::span<const std::uint64_t> values);
  PostgresValues& uuids(std::span<const Id16> values);
  PostgresValues& optional_uuids(std::span<const std::optional<Id16>> values);
  PostgresValues& byte_strings(std::span<const ByteView> values);
  PostgresValues& optional_byte_strings(std::span<const std::optional<ByteView>> values);
  PostgresValues& texts(std::span<const std::string_view> values);

 private:
  friend class PostgresConnection;
  PostgresValues& raw(Bytes value) {
    values_.push_back(std::move(value));
    return *this;
  }
  std::vector<std::optional<Bytes>> values_;
};

// What a statement returned.
class PostgresRows {
 public:
  explicit PostgresRows(pg_result* result) : result_(result) {}

  int count() const;
  std::uint64_t affected() const;
  bool is_null(int row, int column) const;
  std::uint64_t integer(int row, int column) const;
  // Live as long as this object.
  ByteView bytes(int row, int column) const;
  std::string_view text(int row, int column) const;
  std::optional<Bytes> optional_bytes(int row, int column) const;
  // False when the value does not have exactly this many bytes.
  template <std::size_t kSize>
  bool fixed(int row, int column, std::array<std::uint8_t, kSize>& out) const {
    const ByteView view = bytes(row, column);
    if (view.size() != kSize) return false;
    std::copy(view.begin(), view.end(), out.begin());
    return true;
  }

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

struct PostgresStatement {
  const char* name;
  const char* sql;
};

// A statement that was prepared, with its values.
struct PostgresCall {
  const char* statement;
  PostgresValues values;
};

class PostgresConnection {
 public:
  // `connection`: a libpq connection string or URI. FAILED_PRECONDITION when it goes over a network
  // without TLS, or the server does not keep what it has confirmed (fsync off); UNAVAILABLE when
  // nobody answers.
  static base::Result<PostgresConnection> open(const std::string& connection);

  // One or several statements without values.
  base::Result<void> execute(const std::string& sql);
  // All of them with one round trip.
  base::Result<void> prepare(std::span<const PostgresStatement> statements);
  base::Result<PostgresRows> run(const char* statement, PostgresValues values = {});
  // All of them with one round trip. The first error ends the rest. `meanwhile` runs after they
  // were sent.
  base::Result<std::vector<PostgresRows>> pipeline(std::vector<PostgresCall> calls,
                                                   const std::function<void()>& meanwhile = {});

  // The connection is of no use any more; whether its last transaction was committed is not known.
  bool broken() const;
  // The last error says that the same transaction may succeed when it is done again: another one
  // was faster.
  bool try_again() const { return try_again_; }
  // "PostgreSQL 15.18".
  std::string version() const;

 private:
  friend class PostgresTransaction;
  explicit PostgresConnection(pg_conn* connection) : connection_(connection) {}
  base::Result<void> check_session();
  base::Error error_of(const pg_result* result);
  // The next result, or null behind the last one of a statement. Bounded in time.
  base::Result<pg_result*> next();
  base::Result<PostgresRows> finish_statement();
  // The results of what was sent in the pipeline mode, which it leaves.
  base::Result<std::vector<PostgresRows>> finish_pipeline(
      std::size_t statements, const std::function<void()>& meanwhile = {});

  struct Close {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Close> connection_;
  bool lost_ = false;
  bool try_again_ = false;
};

// A transaction that is rolled back unless it is committed.
class PostgresTransaction {
 public:
  static base::Result<PostgresTransaction> begin(PostgresConnection& connection);
  // For BEGIN and COMMIT in pipelines of the caller's.
  explicit PostgresTransaction(PostgresConnection& connection) : connection_(&connection) {}
  PostgresTransaction(PostgresTransaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  PostgresTransaction& operator=(PostgresTransaction&&) = delete;
  ~PostgresTransaction();
  base::Result<void> commit();
  // It ended otherwise.
  void ended() { connection_ = nullptr; }

 private:
  PostgresConnection* connection_;
};

}  // namespace paxid::audit
