#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "audit/key_cipher.h"
#include "audit/log_registry.h"
#include "audit/postgres.h"
#include "audit/postgres_tables.h"
#include "base/clock.h"
#include "base/error.h"

namespace paxid::audit {

// One connection and what is done on it. Belongs to one thread at a time.
struct PostgresSession {
  PostgresSession(PostgresConnection opened, const KeyCipher& cipher)
      : connection(std::move(opened)), tables(connection), keys(connection, cipher) {}
  PostgresSession(const PostgresSession&) = delete;
  PostgresSession& operator=(const PostgresSession&) = delete;

  PostgresConnection connection;
  PostgresTables tables;
  PostgresKeys keys;
};

// What the threads of a store share. Thread-safe.
class PostgresLogs {
 public:
  PostgresLogs(std::string connection, KeyCipher& keys, LogRegistry& logs, const base::Clock& time)
      : clock(time), cipher(keys), registry(logs), connection_(std::move(connection)) {}

  base::Result<std::unique_ptr<PostgresSession>> open_session();
  // Ends a session that is of no use any more.
  void drop_if_broken(std::unique_ptr<PostgresSession>& session);
  // The same after an error of writing: damaged data are not built on.
  void note(const base::Error& error, std::unique_ptr<PostgresSession>& session);

  // The tenant's log, also one that another server has begun. Null when there is none.
  base::Result<std::shared_ptr<Log>> find(PostgresSession& session, std::string_view tenant);
  // The same; begins it when there is none.
  base::Result<std::shared_ptr<Log>> find_or_begin(PostgresSession& session,
                                                   const std::string& tenant);
  base::Result<std::shared_ptr<const DataKey>> log_key(PostgresSession& session, const Log& log);
  // Loads the logs that are not known yet.
  base::Result<void> find_all(PostgresSession& session);

  // Reads what others have placed.
  base::Result<void> catch_up(PostgresSession& session, const std::shared_ptr<Log>& log);
  // Gives every leaf that is pending now its place. Any server may, at any time.
  base::Result<void> sequence(PostgresSession& session, const std::shared_ptr<Log>& log);
  // The same inside a transaction, for leaves up to a time that none will come before any more. The
  // tree that is to be published after its COMMIT.
  base::Result<std::shared_ptr<const GrowingTree>> place(PostgresSession& session, const Log& log,
                                                         std::uint64_t until_unix_us);

  const base::Clock& clock;
  const KeyCipher& cipher;
  LogRegistry& registry;
  std::atomic<bool> healthy{true};
  std::atomic<bool> reachable{true};

 private:
  base::Result<void> load(PostgresSession& session, const LogRow& row);
  base::Result<void> grow(PostgresSession& session, const Log& log, GrowingTree& tree);

  const std::string connection_;
  std::mutex loading_;
  std::mutex keys_mutex_;
  std::map<std::int64_t, std::shared_ptr<const DataKey>> log_keys_;
};

// Sessions that callers borrow for a moment. Thread-safe.
class PostgresPool {
 public:
  explicit PostgresPool(PostgresLogs& logs) : logs_(logs) {}

  // `work` must be such that it can be done twice: a session that the database has ended meanwhile
  // is replaced once.
  template <class Work>
  auto with(const Work& work) -> decltype(work(std::declval<PostgresSession&>())) {
    for (bool again = false;; again = true) {
      auto session = take(again);
      if (!session) return tl::unexpected(session.error());
      auto result = work(**session);
      if (!result) logs_.drop_if_broken(*session);
      if (*session != nullptr) {
        give_back(*std::move(session));
      } else if (!again) {
        continue;
      }
      return result;
    }
  }

 private:
  base::Result<std::unique_ptr<PostgresSession>> take(bool fresh);
  void give_back(std::unique_ptr<PostgresSession> session);

  PostgresLogs& logs_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PostgresSession>> idle_;
};

}  // namespace paxid::audit
