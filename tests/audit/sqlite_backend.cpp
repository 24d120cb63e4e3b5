#include <sqlite3.h>

#include "tests/audit/store_fixture.h"

namespace paxid::audit {

base::Result<std::unique_ptr<Store>> open_store(const SqliteStoreOptions& options,
                                                const base::Clock& clock) {
  return open_sqlite_store(options, clock);
}

std::uint64_t stored_subject_keys(const SqliteStoreOptions& options) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open((options.directory + "/keys.db").c_str(), &database), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database, "SELECT count(*) FROM data_key WHERE kind = 1", -1,
                               &statement, nullptr),
            SQLITE_OK);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const auto count = static_cast<std::uint64_t>(sqlite3_column_int64(statement, 0));
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return count;
}

}  // namespace paxid::audit
