#include "tests/audit/postgres_backend.h"

#include <algorithm>
#include <cctype>

#include "tests/audit/store_fixture.h"

namespace paxid::audit {

tests::PostgresCluster& cluster() {
  static tests::PostgresCluster own(PAXID_POSTGRES_CLUSTER);
  return own;
}

std::string database_name(const std::string& directory) {
  std::string name = "store";
  for (const char letter : directory) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) continue;
    // In lower case they must stay apart.
    if (std::isupper(static_cast<unsigned char>(letter)) != 0) name.push_back('_');
    name.push_back(static_cast<char>(std::tolower(letter)));
  }
  return name;
}

PostgresStoreOptions postgres_options(const SqliteStoreOptions& options) {
  PostgresStoreOptions made;
  static_cast<StoreOptions&>(made) = options;
  made.connection = cluster().database(database_name(options.directory));
  return made;
}

base::Result<std::unique_ptr<Store>> open_store(const SqliteStoreOptions& options,
                                                const base::Clock& clock) {
  return open_postgres_store(postgres_options(options), clock);
}

std::uint64_t stored_subject_keys(const SqliteStoreOptions& options) {
  return std::stoull(cluster().execute(database_name(options.directory),
                                       "SELECT count(*) FROM paxid.data_key WHERE kind = 1"));
}

}  // namespace paxid::audit
