#include <libpq-fe.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "audit/leaf.h"
#include "tests/audit/failing_call.h"

using namespace paxid::audit;

namespace {

// A statement that the server answers with the failure.
const char* failing_statement() {
  switch (failure_code()) {
    case kServerFull:
      return "DO $$BEGIN RAISE SQLSTATE '53100'; END$$";
    case kServerIoError:
      return "DO $$BEGIN RAISE SQLSTATE '58030'; END$$";
    case kServerDamaged:
      return "DO $$BEGIN RAISE SQLSTATE 'XX001'; END$$";
    default:
      return "DO $$BEGIN RAISE SQLSTATE '40001'; END$$";
  }
}

// Of identifiers, hashes, leaves and tiles.
bool has_size_of_its_own(int length) {
  constexpr std::array<int, 4> kSizes{16, 32, kLeafBytes, 256 * 32};
  return std::find(kSizes.begin(), kSizes.end(), length) != kSizes.end();
}

bool loses(PGconn* connection) {
  if (failure_code() != kConnectionLost) return false;
  ::shutdown(PQsocket(connection), SHUT_RDWR);
  return true;
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names
extern "C" {

int __real_PQsendQuery(PGconn*, const char*);
int __wrap_PQsendQuery(PGconn* connection, const char* sql) {
  if (fails_now(Below::kPostgres) && !loses(connection)) sql = failing_statement();
  return __real_PQsendQuery(connection, sql);
}

int __real_PQsendQueryPrepared(PGconn*, const char*, int, const char* const*, const int*,
                               const int*, int);
int __wrap_PQsendQueryPrepared(PGconn* connection, const char* name, int count,
                               const char* const* values, const int* lengths, const int* formats,
                               int format) {
  if (fails_now(Below::kPostgres) && !loses(connection)) {
    return PQsendQueryParams(connection, failing_statement(), 0, nullptr, nullptr, nullptr, nullptr,
                             format);
  }
  return __real_PQsendQueryPrepared(connection, name, count, values, lengths, formats, format);
}

// Statements are prepared many at a time, so one stands for all: what the server does not take.
int __real_PQpipelineSync(PGconn*);
int __wrap_PQpipelineSync(PGconn* connection) {
  if (failure_code() == kConnectionLost && fails_now(Below::kPostgres)) loses(connection);
  return __real_PQpipelineSync(connection);
}

int __real_PQgetlength(const PGresult*, int, int);
int __wrap_PQgetlength(const PGresult* result, int row, int column) {
  const int length = __real_PQgetlength(result, row, column);
  return has_size_of_its_own(length) && fails_now(Below::kPostgresValues) ? length - 1 : length;
}

PGconn* __real_PQconnectdbParams(const char* const*, const char* const*, int);
PGconn* __wrap_PQconnectdbParams(const char* const* names, const char* const* values, int expand) {
  if (fails_now(Below::kPostgres)) return PQconnectdb("host=/nowhere");
  return __real_PQconnectdbParams(names, values, expand);
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier)
