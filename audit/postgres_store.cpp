#include "audit/postgres_store.h"

#include <atomic>
#include <future>
#include <iterator>
#include <limits>
#include <mutex>
#include <set>

#include "audit/effects.h"
#include "audit/file.h"
#include "audit/kek.h"
#include "audit/postgres_committer.h"
#include "audit/postgres_session.h"
#include "audit/registry_store.h"
#include "audit/replay.h"
#include "audit/sealed_body.h"
#include "audit/sequencer.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

class PostgresStore final : public RegistryStore {
 public:
  PostgresStore(const PostgresStoreOptions& options, std::unique_ptr<KeyCipher> cipher,
                SigningKey key, const base::Clock& clock, std::string version)
      : options_(options),
        version_(std::move(version)),
        cipher_(std::move(cipher)),
        registry_(options.directory, options.origin_prefix, std::move(key),
                  LogRegistry::Memory::kDatabase),
        logs_(options.connection, options.directory, *cipher_, registry_, clock),
        pool_(logs_) {}
  ~PostgresStore() override { close(); }

  // Reads the logs, then begins to serve.
  base::Result<void> start();

  base::Result<std::string> checkpoint(std::string_view tenant) override {
    auto issued = with_newest(
        tenant, [this](PostgresSession&, const std::shared_ptr<Log>& log) { return issue(*log); });
    if (!issued) return tl::unexpected(issued.error());
    return std::move(issued->note);
  }

  base::Result<std::uint64_t> tree_size(std::string_view tenant) override {
    return with_newest(tenant, [this](PostgresSession&, const std::shared_ptr<Log>& log) {
      return base::Result<std::uint64_t>(registry_.tree_of(*log)->size());
    });
  }

  base::Result<StoredRecord> leaf(std::string_view tenant, std::uint64_t index) override {
    return with_leaf(tenant, index, [&](PostgresSession& session, const std::shared_ptr<Log>& log) {
      return read_record(session.tables, log->id, index);
    });
  }

  // The place of a record that is pending is made first.
  base::Result<std::optional<std::uint64_t>> index_of(std::string_view tenant,
                                                      const Id16& request_id) override {
    using Index = base::Result<std::optional<std::uint64_t>>;
    return with_log(tenant,
                    [&](PostgresSession& session, const std::shared_ptr<Log>& log) -> Index {
                      for (const bool last : {false, true}) {
                        const auto known = session.tables.known_record(log->id, request_id);
                        if (!known) return tl::unexpected(known.error());
                        if (!*known) return std::nullopt;
                        if ((*known)->index) return (*known)->index;
                        if (last) break;
                        if (auto placed = logs_.sequence(session, log); !placed) {
                          return tl::unexpected(placed.error());
                        }
                      }
                      return base::fail(ErrorCode::kUnavailable, "the record has no place yet");
                    });
  }

  base::Result<Bytes> open_body(std::string_view tenant, std::uint64_t index) override {
    return with_leaf(
        tenant, index,
        [&](PostgresSession& session, const std::shared_ptr<Log>& log) -> base::Result<Bytes> {
          const auto record = read_record(session.tables, log->id, index).and_then(with_body);
          if (!record) return tl::unexpected(record.error());
          const auto key = key_of_body(session.keys, *log, *record);
          if (!key) return tl::unexpected(key.error());
          return audit::open_body(*key, record->leaf_data, *record->sealed_body);
        });
  }

  base::Result<base::SecretBytes> body_key(std::string_view tenant, std::uint64_t index) override {
    return with_leaf(tenant, index,
                     [&](PostgresSession& session,
                         const std::shared_ptr<Log>& log) -> base::Result<base::SecretBytes> {
                       const auto record =
                           read_record(session.tables, log->id, index).and_then(with_body);
                       if (!record) return tl::unexpected(record.error());
                       return key_of_body(session.keys, *log, *record);
                     });
  }

  base::Result<Bytes> open_response(std::string_view tenant, std::uint64_t index) override {
    return with_leaf(
        tenant, index,
        [&](PostgresSession& session, const std::shared_ptr<Log>& log) -> base::Result<Bytes> {
          const auto record = read_record(session.tables, log->id, index);
          if (!record) return tl::unexpected(record.error());
          return audit::open_response(session.keys, *log, *record);
        });
  }

  base::Result<std::optional<Id16>> subject_of(std::string_view tenant,
                                               const SubjectLookup& lookup) override {
    const Id16 index = blind_index(tenant, lookup);
    return with_log(tenant, [&](PostgresSession& session, const std::shared_ptr<Log>& log) {
      return session.tables.subject(log->id, lookup.kind, index);
    });
  }

  base::Result<SubjectState> subject(std::string_view tenant, const Id16& ref) override {
    return with_newest(tenant, [&](PostgresSession& session, const std::shared_ptr<Log>& log) {
      // What is committed is durable.
      return read_subject(session.tables, log->id, ref, std::numeric_limits<std::uint64_t>::max());
    });
  }

  base::Result<std::vector<Deadline>> deadlines(std::string_view tenant) override {
    return with_log(tenant, [](PostgresSession& session, const std::shared_ptr<Log>& log) {
      return session.tables.deadlines(log->id);
    });
  }

  base::Result<std::uint64_t> pruned_below(std::string_view tenant,
                                           RetentionClass retention_class) override {
    return with_log(tenant, [&](PostgresSession& session, const std::shared_ptr<Log>& log) {
      return session.tables.pruned_below(log->id, retention_class);
    });
  }

  base::Result<std::vector<std::string>> tenants() override {
    if (auto open = available(); !open) return tl::unexpected(open.error());
    auto found = pool_.with([this](PostgresSession& session) { return logs_.find_all(session); });
    if (!found) return tl::unexpected(found.error());
    std::vector<std::string> names;
    for (const auto& log : registry_.all()) names.push_back(log->tenant);
    return names;
  }

  bool healthy() const override { return logs_.healthy; }
  bool reachable() const override { return logs_.healthy && logs_.reachable; }
  StoreStatistics statistics() const override {
    StoreStatistics numbers;
    committer_->count(numbers);
    sequencer_->count(numbers);
    numbers.healthy = healthy();
    numbers.reachable = reachable();
    numbers.storage = version_;
    return numbers;
  }

  void close() override {
    const std::lock_guard closing(closing_);
    if (closed_) return;
    if (committer_) committer_->stop();
    if (sequencer_) sequencer_->stop();
    closed_ = true;
  }

 private:
  base::Result<void> available() const {
    if (closed_ || !logs_.healthy) {
      return base::fail(ErrorCode::kUnavailable, "the store is closed or failed");
    }
    return {};
  }

  // `work` with the tenant's log, whichever server began it.
  template <class Work>
  auto with_log(std::string_view tenant, const Work& work)
      -> decltype(work(std::declval<PostgresSession&>(), std::declval<std::shared_ptr<Log>&>())) {
    using Outcome =
        decltype(work(std::declval<PostgresSession&>(), std::declval<std::shared_ptr<Log>&>()));
    if (auto open = available(); !open) return tl::unexpected(open.error());
    if (const auto name = registry_.origin(tenant); !name) return tl::unexpected(name.error());
    return pool_.with([&](PostgresSession& session) -> Outcome {
      auto log = logs_.find(session, tenant);
      if (!log) return tl::unexpected(log.error());
      if (*log == nullptr) return base::fail(ErrorCode::kNotFound, "the tenant has no log yet");
      return work(session, *log);
    });
  }

  // The same after everything that is durable has its place.
  template <class Work>
  auto with_newest(std::string_view tenant, const Work& work)
      -> decltype(work(std::declval<PostgresSession&>(), std::declval<std::shared_ptr<Log>&>())) {
    using Outcome =
        decltype(work(std::declval<PostgresSession&>(), std::declval<std::shared_ptr<Log>&>()));
    return with_log(
        tenant, [&](PostgresSession& session, const std::shared_ptr<Log>& log) -> Outcome {
          const auto pending = session.tables.has_pending(log->id, logs_.placed_before(log->id));
          if (!pending) return tl::unexpected(pending.error());
          auto read = *pending ? logs_.sequence(session, log) : logs_.catch_up(session, log);
          if (!read) return tl::unexpected(read.error());
          return work(session, log);
        });
  }

  // The same for one leaf, which may have been placed by another server.
  template <class Work>
  auto with_leaf(std::string_view tenant, std::uint64_t index, const Work& work)
      -> decltype(work(std::declval<PostgresSession&>(), std::declval<std::shared_ptr<Log>&>())) {
    using Outcome =
        decltype(work(std::declval<PostgresSession&>(), std::declval<std::shared_ptr<Log>&>()));
    return with_log(
        tenant, [&](PostgresSession& session, const std::shared_ptr<Log>& log) -> Outcome {
          if (index >= registry_.tree_of(*log)->size()) {
            auto read = logs_.catch_up(session, log);
            if (!read) return tl::unexpected(read.error());
          }
          if (index >= registry_.tree_of(*log)->size()) {
            return base::fail(ErrorCode::kNotFound, "the log has no leaf of this index", "index");
          }
          return work(session, log);
        });
  }

  const KeyCipher& cipher() const override { return *cipher_; }
  const LogRegistry& registry() const override { return registry_; }
  void submit(Submission submission, Completion done) override {
    committer_->submit(std::move(submission), std::move(done));
  }

  base::Result<std::vector<Hash>> with_nodes(std::string_view tenant, std::uint64_t size,
                                             const Prove& prove) override {
    using Outcome = base::Result<std::vector<Hash>>;
    return with_log(tenant,
                    [&](PostgresSession& session, const std::shared_ptr<Log>& log) -> Outcome {
                      if (size > registry_.tree_of(*log)->size()) {
                        if (auto read = logs_.catch_up(session, log); !read) {
                          return tl::unexpected(read.error());
                        }
                      }
                      const auto tree = registry_.tree_of(*log);
                      if (size > tree->size()) {
                        return base::fail(ErrorCode::kInvalidArgument,
                                          "the log is not that large yet", "tree_size");
                      }
                      return prove(nodes_of(*tree, log->id, session.tables));
                    });
  }

  base::Result<LogRegistry::Issued> issue_over(std::string_view tenant,
                                               std::uint64_t index) override {
    return with_leaf(tenant, index, [this](PostgresSession&, const std::shared_ptr<Log>& log) {
      return issue(*log);
    });
  }

  base::Result<LogRegistry::Issued> issue(Log& log) {
    auto issued = registry_.checkpoint(log);
    if (issued && issued->now_signed) sequencer_->count_signed();
    return issued;
  }

  base::Result<void> record_all(std::vector<Record> records);

  // In the order of dependence: the threads go first.
  const PostgresStoreOptions options_;
  const std::string version_;
  const std::unique_ptr<KeyCipher> cipher_;
  LogRegistry registry_;
  PostgresLogs logs_;
  PostgresPool pool_;
  std::unique_ptr<PostgresCommitter> committer_;
  std::unique_ptr<Sequencer> sequencer_;
  std::mutex closing_;
  std::atomic<bool> closed_{false};
};

// Before anybody is served.
base::Result<void> PostgresStore::record_all(std::vector<Record> records) {
  for (Record& record : records) {
    std::promise<base::Result<void>> done;
    append(std::move(record), [&done](const base::Result<Receipt>& receipt) {
      done.set_value(receipt ? base::Result<void>{} : tl::unexpected(receipt.error()));
    });
    auto recorded = done.get_future().get();
    // Another server was faster.
    if (!recorded && recorded.error().code != ErrorCode::kFailedPrecondition &&
        recorded.error().code != ErrorCode::kAlreadyExists) {
      return recorded;
    }
  }
  return {};
}

base::Result<void> PostgresStore::start() {
  const auto noted = noted_erasures(erasures_file(options_.directory));
  if (!noted) return tl::unexpected(noted.error());
  std::set<std::pair<std::string, Id16>> erased;
  for (const NotedErasure& one : *noted) erased.emplace(one.tenant, one.leaf.subject_ref);
  std::vector<Record> first_records;
  auto read = pool_.with([&](PostgresSession& session) -> base::Result<void> {
    RecentSubjects none;
    auto loaded = registry_.load(session.tables, session.keys, none,
                                 [&](const std::string& tenant, const Id16& ref) {
                                   return erased.contains({tenant, ref});
                                 });
    if (!loaded) return loaded;
    auto forgotten = forgotten_erasures(session.tables, registry_, *noted);
    if (!forgotten) return tl::unexpected(forgotten.error());
    auto epochs = unrecorded_epochs(session.tables, registry_, cipher_->epoch(), options_.software);
    if (!epochs) return tl::unexpected(epochs.error());
    first_records = *std::move(forgotten);
    std::ranges::move(*epochs, std::back_inserter(first_records));
    for (const std::shared_ptr<Log>& log : registry_.all()) {
      if (auto caught = logs_.catch_up(session, log); !caught) return caught;
    }
    return {};
  });
  if (!read) return read;
  committer_ = std::make_unique<PostgresCommitter>(logs_, options_.max_queued);
  sequencer_ = std::make_unique<Sequencer>(
      logs_, Sequencer::Options{options_.sequencing_interval, options_.checkpoint_interval,
                                options_.checkpoint_leaves});
  return record_all(std::move(first_records));
}

// The master secret of a new store, made by whichever server is first.
base::Result<std::optional<WrappedKey>> make_master(PostgresConnection& connection,
                                                    const KeyCipher& cipher,
                                                    const base::Clock& clock) {
  const std::uint64_t now = clock.unix_microseconds();
  const auto id = KeyCipher::time_ordered_id(now);
  if (!id) return tl::unexpected(id.error());
  const auto secret = KeyCipher::random_key();
  if (!secret) return tl::unexpected(secret.error());
  auto wrapped = cipher.wrap(*id, KeyKind::kMaster, "", *secret);
  if (!wrapped) return tl::unexpected(wrapped.error());
  PostgresTables tables(connection);
  const NewKey key{*std::move(wrapped), KeyKind::kMaster, "", std::nullopt};
  auto inserted = tables.insert_key(key, now);
  if (!inserted && !connection.try_again()) return tl::unexpected(inserted.error());
  return PostgresKeys::master(connection);
}

// With the master secret, wrapped anew when the key-encryption key is a new one.
base::Result<void> open_master(PostgresConnection& connection, KeyCipher& cipher,
                               const WrappedKey& master, const std::string& previous_kek) {
  if (cipher.open_master(master)) return {};
  if (!previous_kek.empty()) {
    auto previous = load_kek(previous_kek);
    if (!previous && previous.error().code != ErrorCode::kNotFound) {
      return tl::unexpected(previous.error());
    }
    const bool is_known = previous.has_value();
    KeyCipher before(is_known ? *std::move(previous) : base::SecretBytes());
    if (is_known && before.open_master(master)) {
      cipher.set_epoch(before.epoch() + 1);
      if (auto done = PostgresKeys(connection, cipher).rewrap(before); !done) return done;
      const auto again = PostgresKeys::master(connection);
      if (!again) return tl::unexpected(again.error());
      if (*again && cipher.open_master(**again)) return {};
    }
  }
  return base::fail(ErrorCode::kFailedPrecondition,
                    "the key-encryption key is not the one of this database", "kek");
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_postgres_store(const PostgresStoreOptions& options,
                                                         const base::Clock& clock) {
  if (auto checked = check_options(options); !checked) return tl::unexpected(checked.error());
  if (auto made = make_private_directory(options.directory); !made) {
    return tl::unexpected(made.error());
  }
  auto connection = PostgresConnection::open(options.connection);
  if (!connection) return tl::unexpected(connection.error());
  if (auto made = prepare_postgres_schema(*connection); !made) return tl::unexpected(made.error());
  if (auto prepared = PostgresTables::prepare(*connection); !prepared) {
    return tl::unexpected(prepared.error());
  }
  PostgresTables tables(*connection);
  auto master = PostgresKeys::master(*connection);
  if (!master) return tl::unexpected(master.error());
  const bool is_new = !*master;
  if (is_new) {
    const auto logs = tables.logs();
    if (!logs) return tl::unexpected(logs.error());
    if (!logs->empty()) {
      return base::fail(ErrorCode::kDataLoss,
                        "the database has logs and no keys: restore data_key");
    }
    // Before keys are made for it.
    if (auto none = refuse_other_checkpoints(options.directory, {}); !none) {
      return tl::unexpected(none.error());
    }
  }
  auto signer = open_signing_key(options.signing_key_file, options.create_keys && is_new);
  if (!signer) return tl::unexpected(signer.error());
  auto kek = open_kek(options.kek, options.create_keys && is_new);
  if (!kek) return tl::unexpected(kek.error());
  auto cipher = std::make_unique<KeyCipher>(*std::move(kek));
  const auto ours = tables.introduce(options.origin_prefix, signer->public_key());
  if (!ours) return tl::unexpected(ours.error());
  if (!*ours) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "the database has logs of another origin prefix or signing key",
                      "signing_key_file");
  }
  if (is_new) {
    master = make_master(*connection, *cipher, clock);
    if (!master) return tl::unexpected(master.error());
    if (!*master) return base::fail(ErrorCode::kDataLoss, "the master secret is gone");
  }
  auto opened = open_master(*connection, *cipher, **master, options.previous_kek);
  if (!opened) return tl::unexpected(opened.error());
  auto store = std::make_unique<PostgresStore>(options, std::move(cipher), *std::move(signer),
                                               clock, connection->version());
  if (auto started = store->start(); !started) return tl::unexpected(started.error());
  return store;
}

}  // namespace paxid::audit
