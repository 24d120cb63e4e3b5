#pragma once

#include <string>

#include "audit/postgres_store.h"
#include "audit/sqlite_store.h"
#include "tests/postgres/cluster.h"

namespace paxid::audit {

// The cluster of this program.
tests::PostgresCluster& cluster();
// The database of the store in this directory; made when it does not exist.
std::string database_name(const std::string& directory);
PostgresStoreOptions postgres_options(const SqliteStoreOptions& options);

}  // namespace paxid::audit
