#include "audit/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <mutex>
#include <set>

#include "audit/committer.h"
#include "audit/crypto.h"
#include "audit/effects.h"
#include "audit/file.h"
#include "audit/file_lock.h"
#include "audit/gathering_vfs.h"
#include "audit/kek.h"
#include "audit/key_store.h"
#include "audit/log_tables.h"
#include "audit/registry_store.h"
#include "audit/replay.h"
#include "audit/sealed_body.h"
#include "audit/sqlite.h"
#include "base/hex.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// One read-only connection, used by one thread at a time.
struct Reader {
  std::mutex mutex;
  Database database;
  SqliteReadTables tables;
};

class SqliteStore final : public RegistryStore {
 public:
  SqliteStore(FileLock lock, std::unique_ptr<KeyStore> keys, std::unique_ptr<LogRegistry> registry,
              std::unique_ptr<Reader> reader)
      : lock_(std::move(lock)),
        keys_(std::move(keys)),
        registry_(std::move(registry)),
        reader_(std::move(reader)) {}
  ~SqliteStore() override { close(); }
  void start(std::unique_ptr<Committer> committer) { committer_ = std::move(committer); }

  // Before anybody is served.
  base::Result<void> record_all(std::vector<Record> records) {
    for (Record& record : records) {
      std::promise<base::Result<void>> done;
      append(std::move(record), [&done](const base::Result<Receipt>& receipt) {
        // A key that goes later is not in anybody's way.
        const bool recorded = receipt || receipt.error().field == kKeysInUseField;
        done.set_value(recorded ? base::Result<void>{} : tl::unexpected(receipt.error()));
      });
      if (auto recorded = done.get_future().get(); !recorded) return recorded;
    }
    return {};
  }

  KeyStore& keys() { return *keys_; }
  LogRegistry& logs() { return *registry_; }

  base::Result<std::string> checkpoint(std::string_view tenant) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    auto issued = issue(**log);
    if (!issued) return tl::unexpected(issued.error());
    return std::move(issued->note);
  }

  base::Result<std::uint64_t> tree_size(std::string_view tenant) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    return registry_->tree_of(**log)->size();
  }

  base::Result<StoredRecord> leaf(std::string_view tenant, std::uint64_t index) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    if (index >= registry_->tree_of(**log)->size()) return no_leaf();
    const std::lock_guard reading(reader_->mutex);
    return read_record(reader_->tables, (*log)->id, index);
  }

  base::Result<std::optional<std::uint64_t>> index_of(std::string_view tenant,
                                                      const Id16& request_id) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const std::uint64_t size = registry_->tree_of(**log)->size();
    const std::lock_guard reading(reader_->mutex);
    const auto request = reader_->tables.request((*log)->id, request_id);
    if (!request) return tl::unexpected(request.error());
    if (!*request || (*request)->index >= size) return std::nullopt;
    return (*request)->index;
  }

  base::Result<Bytes> open_body(std::string_view tenant, std::uint64_t index) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const auto record = leaf(tenant, index).and_then(with_body);
    if (!record) return tl::unexpected(record.error());
    const auto key = key_of_body(*keys_, **log, *record);
    if (!key) return tl::unexpected(key.error());
    return audit::open_body(*key, record->leaf_data, *record->sealed_body);
  }

  base::Result<base::SecretBytes> body_key(std::string_view tenant, std::uint64_t index) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const auto record = leaf(tenant, index).and_then(with_body);
    if (!record) return tl::unexpected(record.error());
    return key_of_body(*keys_, **log, *record);
  }

  base::Result<Bytes> open_response(std::string_view tenant, std::uint64_t index) override {
    const auto stored = leaf(tenant, index);
    if (!stored) return tl::unexpected(stored.error());
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    return audit::open_response(*keys_, **log, *stored);
  }

  base::Result<std::optional<Id16>> subject_of(std::string_view tenant,
                                               const SubjectLookup& lookup) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const Id16 index = blind_index(tenant, lookup);
    const std::lock_guard reading(reader_->mutex);
    return reader_->tables.subject((*log)->id, lookup.kind, index);
  }

  base::Result<SubjectState> subject(std::string_view tenant, const Id16& ref) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const std::uint64_t size = registry_->tree_of(**log)->size();
    const std::lock_guard reading(reader_->mutex);
    // What is written and not on disk yet is not told.
    return read_subject(reader_->tables, (*log)->id, ref, size);
  }

  base::Result<std::vector<Deadline>> deadlines(std::string_view tenant) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const std::uint64_t size = registry_->tree_of(**log)->size();
    const std::lock_guard reading(reader_->mutex);
    auto list = reader_->tables.deadlines((*log)->id);
    // Not on disk yet.
    if (list) std::erase_if(*list, [size](const Deadline& one) { return one.index >= size; });
    return list;
  }

  base::Result<std::uint64_t> pruned_below(std::string_view tenant,
                                           RetentionClass retention_class) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const std::lock_guard reading(reader_->mutex);
    return reader_->tables.pruned_below((*log)->id, retention_class);
  }

  base::Result<std::vector<std::string>> tenants() override {
    if (auto open = available(); !open) return tl::unexpected(open.error());
    std::vector<std::string> names;
    for (const auto& log : registry_->all()) names.push_back(log->tenant);
    return names;
  }

  bool healthy() const override { return committer_->healthy(); }
  bool reachable() const override { return healthy(); }
  StoreStatistics statistics() const override { return committer_->statistics(); }

  void close() override {
    const std::lock_guard closing(closing_);
    if (closed_) return;
    if (committer_) committer_->stop();
    closed_ = true;
  }

 private:
  const KeyCipher& cipher() const override { return keys_->cipher(); }
  const LogRegistry& registry() const override { return *registry_; }
  void submit(Submission submission, Completion done) override {
    committer_->submit(std::move(submission), std::move(done));
  }

  static tl::unexpected<base::Error> no_leaf() {
    return base::fail(ErrorCode::kNotFound, "the log has no leaf of this index", "index");
  }

  base::Result<void> available() const {
    if (closed_ || !committer_->healthy()) {
      return base::fail(ErrorCode::kUnavailable, "the store is closed or failed");
    }
    return {};
  }

  base::Result<std::shared_ptr<Log>> log_of(std::string_view tenant) const {
    if (auto open = available(); !open) return tl::unexpected(open.error());
    if (const auto name = registry_->origin(tenant); !name) return tl::unexpected(name.error());
    auto log = registry_->find(tenant);
    if (log == nullptr) return base::fail(ErrorCode::kNotFound, "the tenant has no log yet");
    return log;
  }

  base::Result<LogRegistry::Issued> issue(Log& log) {
    auto issued = registry_->checkpoint(log);
    if (issued && issued->now_signed) committer_->count_signed();
    return issued;
  }

  base::Result<LogRegistry::Issued> issue_over(std::string_view tenant,
                                               std::uint64_t index) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    if (index >= registry_->tree_of(**log)->size()) return no_leaf();
    return issue(**log);
  }

  base::Result<std::vector<Hash>> with_nodes(std::string_view tenant, std::uint64_t size,
                                             const Prove& prove) override {
    const auto log = log_of(tenant);
    if (!log) return tl::unexpected(log.error());
    const auto tree = registry_->tree_of(**log);
    if (size > tree->size()) {
      return base::fail(ErrorCode::kInvalidArgument, "the log is not that large yet", "tree_size");
    }
    const std::lock_guard reading(reader_->mutex);
    return prove(nodes_of(*tree, (*log)->id, reader_->tables));
  }

  // In the order of dependence: the committer goes first, the lock last.
  const FileLock lock_;
  const std::unique_ptr<KeyStore> keys_;
  const std::unique_ptr<LogRegistry> registry_;
  const std::unique_ptr<Reader> reader_;
  std::unique_ptr<Committer> committer_;
  std::mutex closing_;
  std::atomic<bool> closed_{false};
};

// Keys of a log are made after log.db has its tables, so without tables log.db was lost.
base::Result<void> refuse_lost_log(Database& database, KeyStore& keys) {
  const auto empty = has_no_schema(database);
  if (!empty) return tl::unexpected(empty.error());
  if (!*empty) return {};
  const auto used = keys.has_log_keys();
  if (!used) return tl::unexpected(used.error());
  if (!*used) return {};
  return base::fail(ErrorCode::kDataLoss,
                    "log.db is missing or empty, but keys.db holds the keys of a log: restore "
                    "log.db, or begin anew in another directory under another origin prefix");
}

base::Result<Database> open_writer(const std::string& path, const SqliteStoreOptions& options,
                                   KeyStore& keys) {
  const std::string vfs = gathering_vfs(options.vfs);
  if (vfs.empty()) return base::fail(ErrorCode::kInternal, "SQLite has no such file system");
  auto database = Database::open(path, Database::Access::kReadWrite, vfs);
  if (!database) return database;
  // Automatic checkpoints would run inside a caller's commit; the committer does them.
  // No other writer exists, so waiting for one is only for tools that hold a lock for a moment.
  std::string pragmas =
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
      "PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;";
  if (options.max_pages > 0) {
    pragmas += "PRAGMA max_page_count=" + std::to_string(options.max_pages) + ";";
  }
  if (auto set = database->execute(pragmas); !set) return tl::unexpected(set.error());
  const auto mode = database->text_of("PRAGMA journal_mode");
  if (!mode) return tl::unexpected(mode.error());
  if (*mode != "wal") {
    return base::fail(ErrorCode::kFailedPrecondition, path + ": cannot use a write-ahead log");
  }
  if (auto there = refuse_lost_log(*database, keys); !there) return tl::unexpected(there.error());
  if (auto schema = prepare_log_schema(*database); !schema) return tl::unexpected(schema.error());
  return database;
}

base::Result<Database> open_write_back(const std::string& path, const std::string& vfs) {
  auto database = Database::open(path, Database::Access::kReadWrite, vfs);
  if (!database) return database;
  database->keep_wal_on_close();
  if (auto set = database->execute(
          "PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0;");
      !set) {
    return tl::unexpected(set.error());
  }
  // Only who has read knows that there is a write-ahead log.
  if (auto read = database->integer_of("PRAGMA user_version"); !read) {
    return tl::unexpected(read.error());
  }
  return database;
}

base::Result<std::unique_ptr<Reader>> open_reader(const std::string& path, const std::string& vfs,
                                                  std::shared_ptr<const RecentSubjects> recent) {
  auto database = Database::open(path, Database::Access::kReadOnly, vfs);
  if (!database) return tl::unexpected(database.error());
  if (auto set = database->execute("PRAGMA busy_timeout=5000; PRAGMA query_only=ON;"); !set) {
    return tl::unexpected(set.error());
  }
  auto tables = SqliteReadTables::prepare(*database, std::move(recent));
  if (!tables) return tl::unexpected(tables.error());
  auto reader = std::make_unique<Reader>();
  reader->database = *std::move(database);
  reader->tables = *std::move(tables);
  return reader;
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options,
                                                       const base::Clock& clock) {
  if (auto checked = check_options(options); !checked) return tl::unexpected(checked.error());
  if (auto made = make_private_directory(options.directory); !made) {
    return tl::unexpected(made.error());
  }
  auto lock = FileLock::take(options.directory + "/lock");
  if (!lock) return tl::unexpected(lock.error());

  const std::string log_path = options.directory + "/log.db";
  const bool is_new = !file_exists(log_path);
  if (is_new) {
    // Before keys are made for it.
    if (auto none = refuse_other_checkpoints(options.directory, {}); !none) {
      return tl::unexpected(none.error());
    }
  }
  auto signer = open_signing_key(options.signing_key_file, options.create_keys && is_new);
  if (!signer) return tl::unexpected(signer.error());
  auto keys = KeyStore::open({options.directory + "/keys.db", options.kek,
                              options.create_keys && is_new, is_new, options.previous_kek});
  if (!keys) return tl::unexpected(keys.error());
  // The writing connection comes first: it recovers the write-ahead log.
  auto writer = open_writer(log_path, options, **keys);
  if (!writer) return tl::unexpected(writer.error());
  auto write_back = open_write_back(log_path, options.vfs);
  if (!write_back) return tl::unexpected(write_back.error());
  const auto recent = std::make_shared<RecentSubjects>();
  auto read = SqliteReadTables::prepare(*writer, recent);
  if (!read) return tl::unexpected(read.error());
  auto write = WriteTables::prepare(*writer, recent);
  if (!write) return tl::unexpected(write.error());
  auto reader = open_reader(log_path, options.vfs, recent);
  if (!reader) return tl::unexpected(reader.error());

  auto registry = std::make_unique<LogRegistry>(options.directory, options.origin_prefix,
                                                *std::move(signer), LogRegistry::Memory::kFiles);
  const auto noted = noted_erasures(erasures_file(options.directory));
  if (!noted) return tl::unexpected(noted.error());
  std::set<std::pair<std::string, Id16>> erased;
  for (const NotedErasure& one : *noted) erased.emplace(one.tenant, one.leaf.subject_ref);
  const auto may_lack_key = [&](const std::string& tenant, const Id16& ref) {
    return options.erase_keyless || erased.contains({tenant, ref});
  };
  if (auto loaded = registry->load(*read, **keys, *recent, may_lack_key); !loaded) {
    return tl::unexpected(loaded.error());
  }
  std::set<Id16> noted_now;
  const auto gone = destroy_marked_keys(*writer, *read, *write, **keys, registry->all(),
                                        options.directory, noted_now);
  // Who uses keys.db must not keep everybody from being served.
  const bool keys_left = !gone && gone.error().field == kKeysInUseField;
  if (!gone && !keys_left) return tl::unexpected(gone.error());
  auto first_records = forgotten_erasures(*read, *registry, *noted);
  if (!first_records) return tl::unexpected(first_records.error());
  if (options.erase_keyless) {
    auto keyless = keyless_subjects(*writer, *read, **keys, *registry, options.software);
    if (!keyless) return tl::unexpected(keyless.error());
    std::erase_if(*keyless, [&](const Record& one) {
      return erased.contains({one.tenant, *one.subject_ref});
    });
    std::ranges::move(*keyless, std::back_inserter(*first_records));
  }
  auto epochs = unrecorded_epochs(*read, *registry, (*keys)->kek_epoch(), options.software);
  if (!epochs) return tl::unexpected(epochs.error());
  std::ranges::move(*epochs, std::back_inserter(*first_records));
  auto store = std::make_unique<SqliteStore>(*std::move(lock), *std::move(keys),
                                             std::move(registry), *std::move(reader));
  auto committer = Committer::start(
      {*std::move(writer), *std::move(write_back)}, *std::move(read), *std::move(write),
      store->keys(), store->logs(), clock,
      {options.max_queued, kMaxBatchRecords, options.overlap_from, options.write_back_pages,
       options.checkpoint_interval, options.checkpoint_leaves, options.directory,
       options.destroy_keys_again, keys_left, std::move(noted_now)});
  if (!committer) return tl::unexpected(committer.error());
  store->start(*std::move(committer));
  if (auto recorded = store->record_all(*std::move(first_records)); !recorded) {
    return tl::unexpected(recorded.error());
  }
  return store;
}

base::Result<std::uint32_t> replace_kek(const SqliteStoreOptions& options,
                                        const base::Clock& clock) {
  if (!is_kek_file(options.kek)) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "only a key in a file can be replaced here; give a new one to the service "
                      "together with the one of before",
                      "kek");
  }
  // An empty directory would become a new store.
  if (!file_exists(options.directory + "/log.db")) {
    return base::fail(ErrorCode::kNotFound, options.directory + "/log.db: missing", "directory");
  }
  // Nothing is begun beside a server that runs.
  if (const auto free = FileLock::take(options.directory + "/lock"); !free) {
    return tl::unexpected(free.error());
  }
  const std::string next = next_kek_path(options.kek);
  if (!file_exists(next)) {
    // Only beside the one that opens the keys: else it would be lost with the next step.
    if (const auto current = load_kek(options.kek); !current) {
      return tl::unexpected(current.error());
    }
    if (auto made = create_kek(next); !made) return tl::unexpected(made.error());
  }
  SqliteStoreOptions how = options;
  how.kek = next;
  how.previous_kek = options.kek;
  how.create_keys = false;
  std::uint32_t epoch = 0;
  {
    const auto store = open_sqlite_store(how, clock);
    if (!store) return tl::unexpected(store.error());
    (*store)->close();
    KeyStore::Options keys;
    keys.path = options.directory + "/keys.db";
    keys.kek = next;
    const auto opened = KeyStore::open(keys);
    if (!opened) return tl::unexpected(opened.error());
    // They were wrapped anew before, and perhaps could not be overwritten.
    if (auto gone = (*opened)->overwrite_deleted(); !gone) return tl::unexpected(gone.error());
    epoch = (*opened)->kek_epoch();
  }
  if (auto gone = destroy_kek(options.kek); !gone) return tl::unexpected(gone.error());
  if (auto renamed = rename_file(next, options.kek); !renamed) {
    return tl::unexpected(renamed.error());
  }
  return epoch;
}

}  // namespace paxid::audit
