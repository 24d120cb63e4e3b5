#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
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
  std::uint64_t planned_for = 0;  // leaves of all logs when the plans were made
};

// A tree that is not published yet, and the erasures among the leaves it has more.
struct GrownTree {
  std::shared_ptr<const GrowingTree> tree;
  std::vector<std::pair<std::uint64_t, LeafData>> erasures;  // index, leaf
};

// What the threads of a store share. Thread-safe.
//
// Every server notes every erasure of every log in the file of its own directory that outlives the
// database (erasures_file()), whichever server erased: whoever starts with a database that was put
// back erases again.
class PostgresLogs {
 public:
  // `directory`: the server's own.
  PostgresLogs(std::string connection, std::string directory, KeyCipher& keys, LogRegistry& logs,
               const base::Clock& time)
      : clock(time),
        cipher(keys),
        registry(logs),
        connection_(std::move(connection)),
        directory_(std::move(directory)) {}

  base::Result<std::unique_ptr<PostgresSession>> open_session();
  // Plans are kept until all logs together have twice the leaves they were made for: then another
  // one may be better, above all in a database that was empty.
  base::Result<void> plan_if_grown(PostgresSession& session) const;
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

  // Reads what others have placed; the first time, what was erased before as well.
  base::Result<void> catch_up(PostgresSession& session, const std::shared_ptr<Log>& log);
  // Gives every leaf that is pending now its place. Any server may, at any time.
  base::Result<void> sequence(PostgresSession& session, const std::shared_ptr<Log>& log);
  // The same inside a transaction, for leaves up to a time that none will come before any more.
  // What it returns is to be published after its COMMIT.
  base::Result<GrownTree> place(PostgresSession& session, const Log& log,
                                std::uint64_t until_unix_us);
  // No leaf of the log that is pending is earlier, nor will be: everything up to there was placed,
  // and the floor of the entrance is no lower.
  std::uint64_t placed_before(std::int64_t log) const;
  PostgresTables::PlacedBefore placed_before() const;
  // Makes a tree visible whose leaves are committed, after its erasures are noted.
  base::Result<void> publish(const std::shared_ptr<Log>& log, const GrownTree& grown);

  const base::Clock& clock;
  const KeyCipher& cipher;
  LogRegistry& registry;
  std::atomic<bool> healthy{true};
  std::atomic<bool> reachable{true};

 private:
  base::Result<void> load(PostgresSession& session, const LogRow& row);
  base::Result<void> grow(PostgresSession& session, const Log& log, GrowingTree& tree,
                          GrownTree& grown);
  base::Result<void> note_earlier_erasures(PostgresSession& session, const Log& log);

  const std::string connection_;
  const std::string directory_;
  mutable std::mutex placing_;
  PostgresTables::PlacedBefore placed_before_;
  std::mutex noting_;
  std::map<std::int64_t, std::uint64_t> noted_below_;  // by log: these leaves of grown trees
  std::set<std::int64_t> earlier_noted_;               // the logs of which all earlier ones are
  std::mutex loading_;
  std::mutex keys_mutex_;
  std::map<std::int64_t, std::shared_ptr<const DataKey>> log_keys_;
};

// The most sessions that a server's readers have at once; further readers wait.
inline constexpr std::size_t kMaxReadSessions = 8;

// Sessions that callers borrow for a moment. Thread-safe.
class PostgresPool {
 public:
  explicit PostgresPool(PostgresLogs& logs) : logs_(logs) {}

  // `work` must be such that it can be done twice: a session that the database has ended meanwhile
  // is replaced once. RESOURCE_EXHAUSTED when all sessions are taken for too long.
  template <class Work>
  auto with(const Work& work) -> decltype(work(std::declval<PostgresSession&>())) {
    const Place place(*this);
    if (!place.taken()) return tl::unexpected(too_many());
    for (bool again = false;; again = true) {
      auto session = take(again);
      if (!session) return tl::unexpected(session.error());
      auto planned = logs_.plan_if_grown(**session);
      auto result = planned ? work(**session) : tl::unexpected(planned.error());
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
  // One of the kMaxReadSessions, waited for.
  class Place {
   public:
    explicit Place(PostgresPool& pool);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    bool taken() const { return taken_; }

   private:
    PostgresPool& pool_;
    bool taken_;
  };
  static base::Error too_many();
  base::Result<std::unique_ptr<PostgresSession>> take(bool fresh);
  void give_back(std::unique_ptr<PostgresSession> session);

  PostgresLogs& logs_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t taken_ = 0;
  std::vector<std::unique_ptr<PostgresSession>> idle_;
};

}  // namespace paxid::audit
