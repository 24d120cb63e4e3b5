#include "audit/postgres.h"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::chrono::seconds kPatience{15};
constexpr int kBinary = 1;
// Types of arrays' elements (pg_type.dat).
constexpr std::uint32_t kByteaOid = 17;
constexpr std::uint32_t kBigintOid = 20;
constexpr std::uint32_t kTextOid = 25;
constexpr std::uint32_t kUuidOid = 2950;

void put32(Bytes& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}

Bytes big_endian(std::uint64_t value) {
  Bytes bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  return bytes;
}

// The head of a one-dimensional array that begins with 1.
Bytes array_of(std::uint32_t element, std::size_t count, bool has_null) {
  Bytes head;
  put32(head, count == 0 ? 0 : 1);
  put32(head, has_null ? 1 : 0);
  put32(head, element);
  if (count > 0) {
    put32(head, static_cast<std::uint32_t>(count));
    put32(head, 1);
  }
  return head;
}

void put_element(Bytes& to, ByteView value) {
  put32(to, static_cast<std::uint32_t>(value.size()));
  to.insert(to.end(), value.begin(), value.end());
}

void put_null(Bytes& to) { put32(to, 0xFFFFFFFF); }

bool begins(std::string_view state, std::string_view with) {
  return state.substr(0, with.size()) == with;
}

// By SQLSTATE (PostgreSQL, appendix A).
ErrorCode code_of(std::string_view state) {
  if (begins(state, "53")) return ErrorCode::kResourceExhausted;
  if (state == "XX001" || state == "XX002") return ErrorCode::kDataLoss;
  if (state.empty() || begins(state, "08") || begins(state, "57") || begins(state, "55") ||
      begins(state, "58") || begins(state, "25") || begins(state, "40")) {
    return ErrorCode::kUnavailable;
  }
  return ErrorCode::kInternal;
}

bool is_local(PGconn* connection) {
  const char* host = PQhost(connection);
  const char* address = PQhostaddr(connection);
  if (host != nullptr && (host[0] == '/' || host[0] == '@')) return true;
  const std::string_view numbers = address == nullptr ? "" : address;
  return begins(numbers, "127.") || numbers == "::1";
}

}  // namespace

PostgresValues& PostgresValues::integer(std::uint64_t value) { return raw(big_endian(value)); }

PostgresValues& PostgresValues::optional_uuid(const std::optional<Id16>& value) {
  if (value) return uuid(*value);
  values_.push_back(std::nullopt);
  return *this;
}

PostgresValues& PostgresValues::integers(std::span<const std::uint64_t> values) {
  Bytes array = array_of(kBigintOid, values.size(), false);
  for (const std::uint64_t value : values) put_element(array, big_endian(value));
  return raw(std::move(array));
}

PostgresValues& PostgresValues::uuids(std::span<const Id16> values) {
  Bytes array = array_of(kUuidOid, values.size(), false);
  for (const Id16& value : values) put_element(array, value);
  return raw(std::move(array));
}

PostgresValues& PostgresValues::optional_uuids(std::span<const std::optional<Id16>> values) {
  Bytes array = array_of(kUuidOid, values.size(), true);
  for (const std::optional<Id16>& value : values)
    value ? put_element(array, *value) : put_null(array);
  return raw(std::move(array));
}

PostgresValues& PostgresValues::byte_strings(std::span<const ByteView> values) {
  Bytes array = array_of(kByteaOid, values.size(), false);
  for (const ByteView value : values) put_element(array, value);
  return raw(std::move(array));
}

PostgresValues& PostgresValues::optional_byte_strings(
    std::span<const std::optional<ByteView>> values) {
  Bytes array = array_of(kByteaOid, values.size(), true);
  for (const std::optional<ByteView>& value : values) {
    value ? put_element(array, *value) : put_null(array);
  }
  return raw(std::move(array));
}

PostgresValues& PostgresValues::texts(std::span<const std::string_view> values) {
  Bytes array = array_of(kTextOid, values.size(), false);
  for (const std::string_view value : values) {
    put_element(array, {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
  }
  return raw(std::move(array));
}

void PostgresRows::Clear::operator()(pg_result* result) const { PQclear(result); }
int PostgresRows::count() const { return PQntuples(result_.get()); }
std::uint64_t PostgresRows::affected() const {
  return std::strtoull(PQcmdTuples(result_.get()), nullptr, 10);
}
bool PostgresRows::is_null(int row, int column) const {
  return PQgetisnull(result_.get(), row, column) != 0;
}
ByteView PostgresRows::bytes(int row, int column) const {
  return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_.get(), row, column)),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}
std::string_view PostgresRows::text(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}
std::uint64_t PostgresRows::integer(int row, int column) const {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes(row, column)) value = value << 8 | byte;
  return value;
}
std::optional<Bytes> PostgresRows::optional_bytes(int row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return to_bytes(bytes(row, column));
}

void PostgresConnection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

base::Result<PostgresConnection> PostgresConnection::open(const std::string& connection) {
  // What the string says itself comes later, and holds.
  static constexpr std::array<const char*, 8> kNames{"connect_timeout",
                                                     "keepalives_idle",
                                                     "keepalives_interval",
                                                     "keepalives_count",
                                                     "tcp_user_timeout",
                                                     "application_name",
                                                     "dbname",
                                                     nullptr};
  const std::array<const char*, 8> values{
      "5", "5", "2", "3", "10000", "paxid-server", connection.c_str(), nullptr};
  PostgresConnection opened(PQconnectdbParams(kNames.data(), values.data(), 1));
  if (PQstatus(opened.connection_.get()) != CONNECTION_OK) {
    return base::fail(ErrorCode::kUnavailable, "PostgreSQL does not answer", "postgresql");
  }
  if (auto right = opened.check_session(); !right) return tl::unexpected(right.error());
  return opened;
}

base::Result<void> PostgresConnection::check_session() {
  const auto refuse = [](std::string message) {
    return base::fail(ErrorCode::kFailedPrecondition, std::move(message), "postgresql");
  };
  PGconn* connection = connection_.get();
  if (!is_local(connection) && PQsslInUse(connection) == 0) {
    return refuse("the database is on another host and the connection has no TLS");
  }
  if (PQserverVersion(connection) < 140000) return refuse("PostgreSQL 14 or newer is needed");
  // Look-ups are by key. Plans are made once, also while a table is still empty.
  auto set = execute(
      "SET client_min_messages = warning; SET enable_seqscan = off; SET enable_hashjoin = off;"
      "SET enable_mergejoin = off; SET jit = off; SET plan_cache_mode = force_generic_plan;"
      "SET lock_timeout = '8s'; SET statement_timeout = '12s';"
      // Whoever stands still in a transaction holds up everybody who waits for its locks.
      "SET idle_in_transaction_session_timeout = '5s';"
      "SET default_transaction_isolation = 'read committed';");
  if (!set) return set;
  const PostgresStatement settings{
      "settings",
      "SELECT current_setting('fsync') || current_setting('full_page_writes') || "
      "current_setting('server_encoding') || (current_setting('synchronous_commit') = "
      "'off')::text"};
  if (auto prepared = prepare({&settings, 1}); !prepared) return prepared;
  const auto rows = run("settings");
  if (!rows) return tl::unexpected(rows.error());
  if (rows->count() != 1 || rows->text(0, 0) != "ononUTF8false") {
    return refuse(
        "the database needs fsync, full_page_writes and synchronous_commit, and the encoding UTF8");
  }
  return {};
}

bool PostgresConnection::broken() const {
  return lost_ || PQstatus(connection_.get()) != CONNECTION_OK;
}

std::string PostgresConnection::version() const {
  const int number = PQserverVersion(connection_.get());
  return "PostgreSQL " + std::to_string(number / 10000) + "." + std::to_string(number % 10000);
}

base::Error PostgresConnection::error_of(const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view known = state == nullptr ? "" : state;
  // unique_violation, serialization_failure, deadlock_detected
  try_again_ = known == "23505" || known == "40001" || known == "40P01";
  // Its details would name values; the first line names tables.
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message == nullptr) return {ErrorCode::kUnavailable, "PostgreSQL: connection lost", {}};
  return {code_of(known), "PostgreSQL " + std::string(known) + ": " + message, {}};
}

base::Result<pg_result*> PostgresConnection::next() {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  PGconn* connection = connection_.get();
  while (PQisBusy(connection) != 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    pollfd socket{PQsocket(connection), POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&socket, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || PQconsumeInput(connection) == 0) {
      lost_ = true;
      return base::fail(ErrorCode::kUnavailable, ready == 0 ? "PostgreSQL does not answer in time"
                                                            : "PostgreSQL: connection lost");
    }
  }
  return PQgetResult(connection);
}

base::Result<PostgresRows> PostgresConnection::finish_statement() {
  std::optional<PostgresRows> rows;
  std::optional<base::Error> error;
  for (;;) {
    const auto result = next();
    if (!result) return tl::unexpected(result.error());
    if (*result == nullptr) break;
    PostgresRows owner(*result);
    const ExecStatusType status = PQresultStatus(*result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      rows = std::move(owner);
    } else if (status == PGRES_PIPELINE_ABORTED) {
      if (!error) error = base::Error{ErrorCode::kUnavailable, "an earlier statement failed", {}};
    } else if (!error) {
      error = error_of(*result);
    }
    if (broken()) break;
  }
  if (error) return tl::unexpected(*std::move(error));
  if (!rows) return base::fail(ErrorCode::kUnavailable, "PostgreSQL: connection lost");
  return *std::move(rows);
}

base::Result<void> PostgresConnection::execute(const std::string& sql) {
  try_again_ = false;
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0) {
    lost_ = true;
    return base::fail(ErrorCode::kUnavailable, "PostgreSQL: connection lost");
  }
  const auto done = finish_statement();
  if (!done) return tl::unexpected(done.error());
  return {};
}

base::Result<void> PostgresConnection::prepare(std::span<const PostgresStatement> statements) {
  PGconn* connection = connection_.get();
  bool sent = !lost_ && PQenterPipelineMode(connection) == 1;
  for (const PostgresStatement& statement : statements) {
    sent = sent && PQsendPrepare(connection, statement.name, statement.sql, 0, nullptr) == 1;
  }
  if (!sent) {
    lost_ = true;
    return base::fail(ErrorCode::kUnavailable, "PostgreSQL: connection lost");
  }
  const auto done = finish_pipeline(statements.size());
  if (!done) return tl::unexpected(done.error());
  return {};
}

base::Result<PostgresRows> PostgresConnection::run(const char* statement, PostgresValues values) {
  std::vector<PostgresCall> calls;
  calls.push_back({statement, std::move(values)});
  auto rows = pipeline(std::move(calls));
  if (!rows) return tl::unexpected(rows.error());
  return std::move(rows->front());
}

base::Result<std::vector<PostgresRows>> PostgresConnection::pipeline(
    std::vector<PostgresCall> calls, const std::function<void()>& meanwhile) {
  try_again_ = false;
  PGconn* connection = connection_.get();
  bool sent = !lost_ && PQenterPipelineMode(connection) == 1;
  for (const PostgresCall& call : calls) {
    std::vector<const char*> values;
    std::vector<int> lengths;
    for (const std::optional<Bytes>& value : call.values.values_) {
      // An empty value is not null.
      values.push_back(!value           ? nullptr
                       : value->empty() ? ""
                                        : reinterpret_cast<const char*>(value->data()));
      lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
    const std::vector<int> formats(values.size(), kBinary);
    sent = sent && PQsendQueryPrepared(connection, call.statement, static_cast<int>(values.size()),
                                       values.data(), lengths.data(), formats.data(), kBinary) == 1;
  }
  if (!sent) {
    lost_ = true;
    return base::fail(ErrorCode::kUnavailable, "PostgreSQL: connection lost");
  }
  return finish_pipeline(calls.size(), meanwhile);
}

base::Result<std::vector<PostgresRows>> PostgresConnection::finish_pipeline(
    std::size_t statements, const std::function<void()>& meanwhile) {
  PGconn* connection = connection_.get();
  if (PQpipelineSync(connection) == 0) {
    lost_ = true;
    return base::fail(ErrorCode::kUnavailable, "PostgreSQL: connection lost");
  }
  if (meanwhile) meanwhile();
  std::vector<PostgresRows> all;
  std::optional<base::Error> error;
  for (std::size_t i = 0; i < statements; ++i) {
    auto rows = finish_statement();
    if (rows) {
      all.push_back(*std::move(rows));
    } else if (!error) {
      error = std::move(rows.error());
    }
    if (broken()) break;
  }
  if (broken()) {
    if (error) return tl::unexpected(*std::move(error));
    return base::fail(ErrorCode::kUnavailable, "PostgreSQL: connection lost");
  }
  // The end of the pipeline is a result of its own, without a null behind it.
  const auto end = next();
  if (end && *end != nullptr) PQclear(*end);
  if (!end || PQexitPipelineMode(connection) == 0) {
    lost_ = true;
    return base::fail(ErrorCode::kUnavailable, "PostgreSQL: connection lost");
  }
  if (error) return tl::unexpected(*std::move(error));
  return all;
}

base::Result<PostgresTransaction> PostgresTransaction::begin(PostgresConnection& connection) {
  if (auto begun = connection.execute("BEGIN"); !begun) return tl::unexpected(begun.error());
  return PostgresTransaction(connection);
}

base::Result<void> PostgresTransaction::commit() {
  return std::exchange(connection_, nullptr)->execute("COMMIT");
}

PostgresTransaction::~PostgresTransaction() {
  // A connection that cannot roll back is broken, and the server has done it.
  if (connection_ == nullptr || connection_->broken()) return;
  // Why it is rolled back stays known.
  const bool try_again = connection_->try_again_;
  (void)connection_->execute("ROLLBACK");
  connection_->try_again_ = try_again;
}

}  // namespace paxid::audit
