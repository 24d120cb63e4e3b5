#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "audit/store.h"
#include "audit/store_options.h"
#include "base/clock.h"
#include "base/error.h"

namespace paxid::audit {

struct PostgresStoreOptions : StoreOptions {
  // `directory` is this server's own: one <tenant>.checkpoint per log, which holds the database to
  // what this server has signed, and the file `erasures`.

  // A libpq connection string or URI; the schema `paxid` is made there. Not in it: options of ours.
  std::string connection;
  // How often the sequencer looks for leaves without a place.
  std::chrono::milliseconds sequencing_interval{40};
};

// PostgreSQL 14 or newer, for several servers at once, each with the same signing key and the same
// key-encryption key. A record is durable as a pending row when it is answered, with a signed
// promise; one elected server gives it its place within a tenth of a second, and any other one
// takes over (docs/adr/2026-11-23-promises-from-many-servers.md).
//
// Unlike SQLite's, this store recovers by itself when its database went away: reachable() says so.
//
// Refuses to open: UNAVAILABLE when the database does not answer; FAILED_PRECONDITION when it is
// not to be trusted with a record (see audit/postgres.h), belongs to logs of another origin or key,
// or when a key file is missing or not private; DATA_LOSS as SQLite's, when the log is shorter than
// a checkpoint that this directory remembers or differs from it. `clock` must outlive the store.
base::Result<std::unique_ptr<Store>> open_postgres_store(const PostgresStoreOptions& options,
                                                         const base::Clock& clock);

}  // namespace paxid::audit
