#include "audit/postgres_session.h"

#include <algorithm>
#include <chrono>

#include "audit/effects.h"
#include "audit/file.h"
#include "audit/merkle.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// Sessions that wait for the next caller.
constexpr std::size_t kMaxIdleSessions = 4;
// As long as a statement may take.
constexpr std::chrono::seconds kReaderPatience{12};

void keep_if_erasure(std::uint64_t index, ByteView data, GrownTree& grown) {
  const auto leaf = decode_leaf(data);
  if (!leaf || leaf->type != RecordType::kErasure) return;
  std::copy(data.begin(), data.end(),
            grown.erasures.emplace_back(index, LeafData{}).second.begin());
}

}  // namespace

base::Result<std::unique_ptr<PostgresSession>> PostgresLogs::open_session() {
  auto connection = PostgresConnection::open(connection_);
  if (!connection) return tl::unexpected(connection.error());
  if (auto prepared = PostgresTables::prepare(*connection); !prepared) {
    return tl::unexpected(prepared.error());
  }
  // Whoever wraps the keys anew waits until no session has this; taken before the epoch is read, it
  // is the epoch of all that this session writes.
  if (auto present = connection->run("be_present"); !present) {
    return tl::unexpected(present.error());
  }
  auto session = std::make_unique<PostgresSession>(*std::move(connection), cipher);
  const auto master = PostgresKeys::master(session->connection);
  if (!master) return tl::unexpected(master.error());
  if (!*master || (*master)->epoch != cipher.epoch()) {
    healthy = false;
    return base::fail(ErrorCode::kFailedPrecondition,
                      "the key-encryption key was replaced, or this is another database", "kek");
  }
  reachable = true;
  return session;
}

base::Result<void> PostgresLogs::plan_if_grown(PostgresSession& session) const {
  constexpr std::uint64_t kSmall = 512;
  std::uint64_t leaves = 0;
  for (const std::shared_ptr<Log>& log : registry.all()) leaves += registry.tree_of(*log)->size();
  if (leaves < 2 * session.planned_for + kSmall) return {};
  session.planned_for = leaves;
  return PostgresTables::plan_anew(session.connection);
}

void PostgresLogs::note(const base::Error& error, std::unique_ptr<PostgresSession>& session) {
  if (error.code == ErrorCode::kDataLoss) healthy = false;
  drop_if_broken(session);
}

void PostgresLogs::drop_if_broken(std::unique_ptr<PostgresSession>& session) {
  if (session != nullptr && session->connection.broken()) session.reset();
}

base::Result<void> PostgresLogs::load(PostgresSession& session, const LogRow& row) {
  const std::lock_guard loading(loading_);
  if (registry.find(row.tenant) != nullptr) return {};
  RecentSubjects none;
  return registry.load_log(row, session.tables, session.keys, none,
                           [](const std::string&, const Id16&) { return false; });
}

base::Result<std::shared_ptr<Log>> PostgresLogs::find(PostgresSession& session,
                                                      std::string_view tenant) {
  if (auto known = registry.find(tenant)) return known;
  const auto row = session.tables.log_of(tenant);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::shared_ptr<Log>();
  if (auto loaded = load(session, **row); !loaded) return tl::unexpected(loaded.error());
  return registry.find(tenant);
}

base::Result<std::shared_ptr<Log>> PostgresLogs::find_or_begin(PostgresSession& session,
                                                               const std::string& tenant) {
  auto known = find(session, tenant);
  if (!known || *known != nullptr) return known;
  const auto origin = registry.origin(tenant);
  if (!origin) return tl::unexpected(origin.error());
  const std::uint64_t now = clock.unix_microseconds();
  const auto id = KeyCipher::time_ordered_id(now);
  if (!id) return tl::unexpected(id.error());
  const auto key = KeyCipher::random_key();
  if (!key) return tl::unexpected(key.error());
  auto wrapped = cipher.wrap(*id, KeyKind::kLog, tenant, *key);
  if (!wrapped) return tl::unexpected(wrapped.error());
  auto transaction = PostgresTransaction::begin(session.connection);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto log = session.tables.insert_log(tenant, *origin);
  if (!log) return tl::unexpected(log.error());
  if (*log) {
    const NewKey fresh{*std::move(wrapped), KeyKind::kLog, tenant, std::nullopt};
    auto inserted = session.tables.insert_key(fresh, now);
    if (inserted) inserted = transaction->commit();
    if (!inserted) return tl::unexpected(inserted.error());
  }
  return find(session, tenant);
}

base::Result<void> PostgresLogs::find_all(PostgresSession& session) {
  const auto rows = session.tables.logs();
  if (!rows) return tl::unexpected(rows.error());
  for (const LogRow& row : *rows) {
    if (registry.find(row.tenant) != nullptr) continue;
    if (auto loaded = load(session, row); !loaded) return loaded;
  }
  return {};
}

base::Result<std::shared_ptr<const DataKey>> PostgresLogs::log_key(PostgresSession& session,
                                                                   const Log& log) {
  {
    const std::lock_guard lock(keys_mutex_);
    const auto known = log_keys_.find(log.id);
    if (known != log_keys_.end()) return known->second;
  }
  auto stored = session.keys.log_key(log.tenant);
  if (!stored) return tl::unexpected(stored.error());
  if (!*stored) return base::fail(ErrorCode::kDataLoss, "the log's key is missing");
  const std::lock_guard lock(keys_mutex_);
  auto key = std::make_shared<const DataKey>(**std::move(stored));
  return log_keys_.emplace(log.id, std::move(key)).first->second;
}

base::Result<void> PostgresLogs::grow(PostgresSession& session, const Log& log, GrowingTree& tree,
                                      GrownTree& grown) {
  return session.tables.for_each_leaf(
      log.id, tree.size(), [&](std::uint64_t index, ByteView data) -> base::Result<void> {
        keep_if_erasure(index, data, grown);
        return tree.append(leaf_hash(data),
                           [](TileId, const std::vector<Hash>&) { return base::Result<void>{}; });
      });
}

base::Result<void> PostgresLogs::publish(const std::shared_ptr<Log>& log, const GrownTree& grown) {
  {
    const std::lock_guard lock(noting_);
    // Several threads may have read the same leaves.
    std::uint64_t& below = noted_below_[log->id];
    std::string lines;
    for (const auto& [index, data] : grown.erasures) {
      if (index >= below) lines += erasure_line(log->tenant, data);
    }
    if (!lines.empty()) {
      auto noted = append_synced(erasures_file(directory_), bytes_of(lines));
      if (!noted) return noted;
    }
    below = std::max(below, grown.tree->size());
  }
  registry.publish(log, grown.tree);
  return {};
}

base::Result<void> PostgresLogs::note_earlier_erasures(PostgresSession& session, const Log& log) {
  const std::lock_guard lock(noting_);
  if (earlier_noted_.contains(log.id)) return {};
  const std::uint64_t size = registry.tree_of(log)->size();
  const auto marks = session.tables.marks(log.id, SubjectMark::kErased);
  if (!marks) return tl::unexpected(marks.error());
  const auto noted = noted_erasures(erasures_file(directory_));
  if (!noted) return tl::unexpected(noted.error());
  std::set<Id16> known;
  for (const NotedErasure& one : *noted) {
    if (one.tenant == log.tenant) known.insert(one.leaf.subject_ref);
  }
  std::string lines;
  for (const MarkRow& mark : *marks) {
    // Later ones are noted when the tree grows by them.
    if (mark.index >= size || known.contains(mark.ref)) continue;
    const auto leaf = session.tables.leaf(log.id, mark.index);
    if (!leaf) return tl::unexpected(leaf.error());
    if (*leaf) lines += erasure_line(log.tenant, **leaf);
  }
  if (!lines.empty()) {
    if (auto done = append_synced(erasures_file(directory_), bytes_of(lines)); !done) return done;
  }
  earlier_noted_.insert(log.id);
  return {};
}

base::Result<void> PostgresLogs::catch_up(PostgresSession& session,
                                          const std::shared_ptr<Log>& log) {
  if (auto noted = note_earlier_erasures(session, *log); !noted) return noted;
  const auto size = session.tables.size(log->id);
  if (!size) return tl::unexpected(size.error());
  const auto known = registry.tree_of(*log);
  if (*size == known->size()) return {};
  if (*size < known->size()) {
    // Another thread may have published more than was there when the size was read.
    const auto again = session.tables.size(log->id);
    if (!again) return tl::unexpected(again.error());
    if (*again >= known->size()) return {};
    return base::fail(ErrorCode::kDataLoss, "the database has lost leaves of " + log->origin);
  }
  GrowingTree tree = *known;
  GrownTree grown;
  if (auto read = grow(session, *log, tree, grown); !read) return read;
  grown.tree = std::make_shared<const GrowingTree>(std::move(tree));
  return publish(log, grown);
}

base::Result<GrownTree> PostgresLogs::place(PostgresSession& session, const Log& log,
                                            std::uint64_t until_unix_us) {
  // Whoever holds the head reads where the log stands: nobody can write from an older view.
  const auto size = session.tables.lock_head(log.id);
  if (!size) return tl::unexpected(size.error());
  GrowingTree tree = *registry.tree_of(log);
  GrownTree grown;
  if (auto read = grow(session, log, tree, grown); !read) return tl::unexpected(read.error());
  if (tree.size() != *size) {
    return base::fail(ErrorCode::kDataLoss, "the database has lost leaves of " + log.origin);
  }
  for (;;) {
    const auto taken = session.tables.take_pending(log.id, placed_before(log.id), until_unix_us);
    if (!taken) return tl::unexpected(taken.error());
    if (taken->empty()) break;
    const std::uint64_t first = tree.size();
    if (first + taken->size() > kMaxTreeSize) {
      return base::fail(ErrorCode::kResourceExhausted, "the log is full");
    }
    for (const PostgresTables::Unplaced& leaf : *taken) {
      keep_if_erasure(tree.size(), leaf.data, grown);
      auto appended =
          tree.append(leaf_hash(leaf.data), [&](TileId tile, const std::vector<Hash>& hashes) {
            return session.tables.insert_tile(log.id, tile, hashes);
          });
      if (!appended) return tl::unexpected(appended.error());
    }
    auto written = session.tables.insert_leaves(log.id, first, *taken);
    if (!written) return tl::unexpected(written.error());
  }
  grown.tree = std::make_shared<const GrowingTree>(std::move(tree));
  return grown;
}

base::Result<void> PostgresLogs::sequence(PostgresSession& session,
                                          const std::shared_ptr<Log>& log) {
  // Who is bringing records in ends first; who comes later is told not to be earlier than the
  // floor. The database does all of it by itself, so nobody waits for a server that stands still.
  namespace call = postgres_call;
  std::vector<PostgresCall> calls;
  calls.push_back(call::begin());
  calls.push_back(call::without_waiting());
  calls.push_back(call::enter_alone(log->id));
  calls.push_back(call::raise_floor(log->id, 0));
  calls.push_back(call::commit());
  PostgresTransaction cut(session.connection);
  const auto rows = session.connection.pipeline(std::move(calls));
  if (!rows) return tl::unexpected(rows.error());
  cut.ended();
  const PostgresRows& floor = (*rows)[3];
  if (floor.count() != 1) return base::fail(ErrorCode::kDataLoss, "a log has no entrance");

  auto transaction = PostgresTransaction::begin(session.connection);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto grown = place(session, *log, floor.integer(0, 0));
  if (!grown) return tl::unexpected(grown.error());
  if (auto committed = transaction->commit(); !committed) return committed;
  {
    const std::lock_guard lock(placing_);
    std::uint64_t& before = placed_before_[log->id];
    before = std::max(before, floor.integer(0, 0));
  }
  return publish(log, *grown);
}

std::uint64_t PostgresLogs::placed_before(std::int64_t log) const {
  const std::lock_guard lock(placing_);
  const auto found = placed_before_.find(log);
  return found == placed_before_.end() ? 0 : found->second;
}

PostgresTables::PlacedBefore PostgresLogs::placed_before() const {
  const std::lock_guard lock(placing_);
  return placed_before_;
}

PostgresPool::Place::Place(PostgresPool& pool) : pool_(pool) {
  std::unique_lock lock(pool.mutex_);
  taken_ = pool.freed_.wait_for(lock, kReaderPatience,
                                [&pool] { return pool.taken_ < kMaxReadSessions; });
  if (taken_) ++pool.taken_;
}

PostgresPool::Place::~Place() {
  if (!taken_) return;
  const std::lock_guard lock(pool_.mutex_);
  --pool_.taken_;
  pool_.freed_.notify_one();
}

base::Error PostgresPool::too_many() {
  return {ErrorCode::kResourceExhausted, "too many readers wait for the database", {}};
}

base::Result<std::unique_ptr<PostgresSession>> PostgresPool::take(bool fresh) {
  if (!fresh) {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  return logs_.open_session();
}

void PostgresPool::give_back(std::unique_ptr<PostgresSession> session) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdleSessions) idle_.push_back(std::move(session));
}

}  // namespace paxid::audit
