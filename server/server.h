#pragma once

#include <chrono>
#include <memory>

#include "audit/postgres_store.h"
#include "audit/sqlite_store.h"
#include "base/clock.h"
#include "base/error.h"
#include "server/configuration.h"
#include "server/log.h"

namespace paxid::server {

// What the store of this configuration is opened with; keys that are missing are made.
audit::SqliteStoreOptions store_options(const Configuration& configuration);
audit::PostgresStoreOptions postgres_options(const Configuration& configuration);

// The running service: listeners, services, engine and store, wired together.
class Server {
 public:
  // Opens the store, then listens. `clock` and `log` must outlive the server. The error's
  // `field` is the configuration key it comes from.
  static base::Result<std::unique_ptr<Server>> start(const Configuration& configuration,
                                                     const base::Clock& clock, Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The ports that were bound; 0 for a listener that there is none of.
  int port() const;
  int admin_port() const;
  int metrics_port() const;

  // Forgets the flights whose time is over, looks at disk and clock. To be called now and then.
  void tend();

  // Reads the policy directory again, while calls go on: each keeps the policy it began with. On
  // an error everything stays as it is. The number of policies.
  base::Result<std::size_t> reload_policies();

  // Reads the deny list again; as for the policies. The number of its entries.
  base::Result<std::size_t> reload_deny_list();

  // The host's clock is right as it is: health no longer minds that it jumped.
  void accept_clock();

  // False from the moment the store has failed: the process must be restarted.
  bool healthy() const;

  // Health says NOT_SERVING, new calls are refused, calls under way may end within the drain
  // time, the store writes a final checkpoint and closes. Idempotent.
  void stop();

  // Commits what is queued, signs a final checkpoint and closes the store without waiting
  // for calls, also beside a stop() that is still draining. Calls under way fail. After
  // this the process should end.
  void close_store();

 private:
  struct Parts;
  // Takes checkpoints outside and deletes what the API-processing log has kept its year.
  void tend_outside();
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace paxid::server
