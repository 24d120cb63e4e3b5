#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit/bytes.h"
#include "audit/sqlite_store.h"
#include "base/clock.h"
#include "base/error.h"

namespace paxid::audit {

struct MigratedLog {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
};

// Takes the logs, the keys and all that stands beside them from the store of SQLite in a directory
// into an empty database: every index, every root, every key as it is wrapped. Nobody may have the
// store open. One transaction: after an error the database is as it was, and the store too. Before
// it ends every leaf that the database has is hashed again and the root compared; then log.db and
// keys.db get the ending `.migrated`, and only then the database has the logs: nobody can go on
// with both. The rest of the directory goes on to hold the database to what was signed. Destroy the
// two files: they keep who is erased from now on.
//
// Ended at any moment, it may be run again: it begins anew, or, when the database has this
// directory's master secret and all its leaves, ends what is left to do.
//
// ALREADY_EXISTS when the database has other logs or keys, else what open_sqlite_store() and
// open_postgres_store() refuse.
base::Result<std::vector<MigratedLog>> migrate_to_postgres(const SqliteStoreOptions& from,
                                                           const std::string& connection,
                                                           const base::Clock& clock);

}  // namespace paxid::audit
