#include "audit/key_store.h"

#include <algorithm>
#include <iterator>

#include "audit/file.h"
#include "audit/kek.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::int64_t kApplicationId = 0x5058414B;  // "PXAK"
constexpr std::int64_t kSchemaVersion = 1;

constexpr const char* kSchema = R"(
CREATE TABLE data_key (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  tenant TEXT NOT NULL,
  kind INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  kek_epoch INTEGER NOT NULL,
  created_unix_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX data_key_of_log ON data_key (tenant, kind) WHERE kind <> 1;
)";

tl::unexpected<base::Error> in_use() {
  return base::fail(ErrorCode::kUnavailable,
                    "another program uses keys.db, so that what was deleted is still in it or in "
                    "its write-ahead log: end that program and try again",
                    std::string(kKeysInUseField));
}

}  // namespace

KeyStore::KeyStore(Database database, base::SecretBytes kek, bool read_only)
    : database_(std::move(database)), read_only_(read_only), cipher_(std::move(kek)) {}

base::Result<std::unique_ptr<KeyStore>> KeyStore::open(const Options& options) {
  if (!options.create_database && !file_exists(options.path)) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      options.path + ": missing; without it no body can be opened: restore it");
  }
  auto kek = open_kek(options.kek, options.create_kek);
  if (!kek) return tl::unexpected(kek.error());
  auto database = Database::open(
      options.path, options.read_only ? Database::Access::kReadOnly : Database::Access::kReadWrite);
  if (!database) return tl::unexpected(database.error());
  std::unique_ptr<KeyStore> store(
      new KeyStore(*std::move(database), *std::move(kek), options.read_only));
  if (auto prepared = store->prepare(options.previous_kek); !prepared) {
    return tl::unexpected(prepared.error());
  }
  return store;
}

base::Result<void> KeyStore::prepare(const std::string& previous_kek) {
  // secure_delete: an erased key must not stay in a free page.
  if (auto set = database_.execute(read_only_ ? "PRAGMA busy_timeout=5000; PRAGMA query_only=ON;"
                                              : "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                                "PRAGMA busy_timeout=5000;"
                                                "PRAGMA secure_delete=ON;"
                                                "PRAGMA temp_store=MEMORY;");
      !set) {
    return set;
  }
  if (auto created = create_tables(); !created) return created;
  auto opened = load_master();
  if (!opened) return tl::unexpected(opened.error());
  if (*opened) return {};
  if (!previous_kek.empty() && !read_only_) {
    auto previous = load_kek(previous_kek);
    if (previous) return rewrap(KeyCipher(*std::move(previous)));
    if (previous.error().code != ErrorCode::kNotFound) return tl::unexpected(previous.error());
  }
  return base::fail(ErrorCode::kFailedPrecondition,
                    "the key-encryption key is not the one of keys.db", "kek");
}

base::Result<void> KeyStore::create_tables() {
  const auto version = database_.integer_of("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const bool is_new = *version == 0;
  if (is_new && read_only_) {
    return base::fail(ErrorCode::kFailedPrecondition, "keys.db has no keys");
  }
  if (is_new) {
    if (auto created = create_schema(); !created) return created;
  } else if (*version != kSchemaVersion) {
    return base::fail(ErrorCode::kFailedPrecondition, "keys.db has an unknown version");
  }
  for (auto [statement, sql] :
       {std::pair{&insert_,
                  "INSERT INTO data_key (id, tenant, kind, wrapped, kek_epoch, created_unix_us) "
                  "VALUES (?, ?, ?, ?, ?, ?)"},
        std::pair{&select_subject_,
                  "SELECT kek_epoch, wrapped FROM data_key "
                  "WHERE id = ? AND tenant = ? AND kind = 1"},
        std::pair{&select_one_,
                  "SELECT kek_epoch, wrapped, id FROM data_key WHERE tenant = ? AND kind = ? "
                  "AND kind <> 1"},
        std::pair{&delete_subject_,
                  "DELETE FROM data_key WHERE id = ? AND tenant = ? AND kind = 1"},
        std::pair{&begin_reading_, "BEGIN"}, std::pair{&end_reading_, "COMMIT"}}) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = *std::move(prepared);
  }
  if (!is_new) return {};
  const auto key = KeyCipher::random_key();
  if (!key) return tl::unexpected(key.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto made = insert({"", Kind::kMaster}, *key, 0); !made) {
    return tl::unexpected(made.error());
  }
  // The version marks a complete file, so it comes with the master secret.
  if (auto marked = database_.execute("PRAGMA user_version=" + std::to_string(kSchemaVersion));
      !marked) {
    return marked;
  }
  return transaction->commit();
}

base::Result<void> KeyStore::create_schema() {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto made = database_.execute("DROP TABLE IF EXISTS data_key;" + std::string(kSchema) +
                                    "PRAGMA application_id=" + std::to_string(kApplicationId));
      !made) {
    return made;
  }
  return transaction->commit();
}

base::Result<bool> KeyStore::load_master() {
  select_one_.start("", static_cast<int>(Kind::kMaster));
  auto row = select_one_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return base::fail(ErrorCode::kDataLoss, "keys.db has no master secret");
  WrappedKey master;
  if (!select_one_.fixed(2, master.id)) {
    return base::fail(ErrorCode::kDataLoss, "keys.db has a damaged master secret");
  }
  master.epoch = static_cast<std::uint32_t>(select_one_.integer(0));
  master.wrapped = to_bytes(select_one_.blob(1));
  select_one_.reset();
  return cipher_.open_master(master);
}

base::Result<void> KeyStore::rewrap(const KeyCipher& previous) {
  auto select = database_.prepare(
      "SELECT id, tenant, kind, kek_epoch, wrapped FROM data_key WHERE id > ? ORDER BY id LIMIT 1");
  if (!select) return tl::unexpected(select.error());
  auto update = database_.prepare("UPDATE data_key SET kek_epoch = ?, wrapped = ? WHERE id = ?");
  if (!update) return tl::unexpected(update.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  cipher_.set_epoch(cipher_.epoch() + 1);
  Id16 after{};
  for (bool more = true; more;) {
    const auto some = rewrap_some(previous, *select, *update, after);
    if (!some) return tl::unexpected(some.error());
    more = *some;
  }
  const auto opened = load_master();
  if (!opened) return tl::unexpected(opened.error());
  if (!*opened) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "neither key-encryption key is the one of keys.db", "kek");
  }
  if (auto committed = transaction->commit(); !committed) return committed;
  return truncate_write_ahead_log();
}

base::Result<bool> KeyStore::rewrap_some(const KeyCipher& previous, Statement& select,
                                         Statement& update, Id16& after) {
  select.start(after);
  const auto row = select.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return false;
  if (!select.fixed(0, after)) return base::fail(ErrorCode::kDataLoss, "keys.db has a damaged row");
  const std::string tenant(select.text(1));
  const auto kind = static_cast<Kind>(select.integer(2));
  const WrappedKey before{after, static_cast<std::uint32_t>(select.integer(3)),
                          to_bytes(select.blob(4))};
  const auto key = previous.unwrap(before, kind, tenant);
  select.reset();
  // A damaged key concerns its subject alone, and opens nothing under any key.
  if (!key) return true;
  const auto wrapped = cipher_.wrap(after, kind, tenant, *key);
  if (!wrapped) return tl::unexpected(wrapped.error());
  if (auto updated = update.run(std::int64_t{wrapped->epoch}, wrapped->wrapped, after); !updated) {
    return tl::unexpected(updated.error());
  }
  return true;
}

base::Result<Id16> KeyStore::insert(const Wanted& wanted, const base::SecretBytes& key,
                                    std::uint64_t time_unix_us) {
  const auto id = KeyCipher::time_ordered_id(time_unix_us);
  if (!id) return id;
  const auto wrapped = cipher_.wrap(*id, wanted.kind, wanted.tenant, key);
  if (!wrapped) return tl::unexpected(wrapped.error());
  auto inserted = insert_.run(*id, wanted.tenant, static_cast<int>(wanted.kind), wrapped->wrapped,
                              std::int64_t{wrapped->epoch}, time_unix_us);
  if (!inserted) return tl::unexpected(inserted.error());
  return id;
}

KeyStore::~KeyStore() {
  std::vector<Subject> unused;
  for (const auto& [tenant, keys] : spare_) {
    for (const DataKey& key : keys) unused.push_back({tenant, key.id});
  }
  // What stays after an error opens nothing.
  (void)erase(unused);
}

base::Result<std::vector<KeyStore::DataKey>> KeyStore::make(std::span<const Wanted> wanted,
                                                            std::uint64_t time_unix_us) {
  auto secrets = KeyCipher::random_keys(wanted.size());
  if (!secrets) return tl::unexpected(secrets.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  std::vector<DataKey> made;
  made.reserve(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto id = insert(wanted[i], (*secrets)[i], time_unix_us);
    if (!id) return tl::unexpected(id.error());
    made.push_back({*id, std::move((*secrets)[i])});
  }
  if (auto committed = transaction->commit(); !committed) {
    return tl::unexpected(committed.error());
  }
  return made;
}

base::Result<std::vector<KeyStore::DataKey>> KeyStore::create(std::span<const Wanted> wanted,
                                                              std::uint64_t time_unix_us) {
  const std::lock_guard lock(mutex_);
  // Those of logs first, then spare ones for each tenant that lacks some.
  std::vector<Wanted> lacking;
  std::map<std::string_view, std::size_t> subjects;
  for (const Wanted& want : wanted) {
    PAXID_CHECK(want.kind != Kind::kMaster);
    if (want.kind == Kind::kLog) lacking.push_back(want);
    if (want.kind == Kind::kSubject) ++subjects[want.tenant];
  }
  const std::size_t of_logs = lacking.size();
  for (const auto& [tenant, count] : subjects) {
    const auto spare = spare_.find(tenant);
    const std::size_t there = spare == spare_.end() ? 0 : spare->second.size();
    if (count <= there) continue;
    lacking.insert(lacking.end(), std::max(count - there, kSpareKeys), {tenant, Kind::kSubject});
  }
  std::vector<DataKey> made;
  if (!lacking.empty()) {
    auto stored = make(lacking, time_unix_us);
    if (!stored) return tl::unexpected(stored.error());
    made = *std::move(stored);
  }
  for (std::size_t i = of_logs; i < made.size(); ++i) {
    spare_[std::string(lacking[i].tenant)].push_back(std::move(made[i]));
  }
  std::vector<DataKey> keys;
  keys.reserve(wanted.size());
  auto log_key = made.begin();
  for (const Wanted& want : wanted) {
    if (want.kind == Kind::kLog) {
      keys.push_back(std::move(*log_key++));
      continue;
    }
    std::deque<DataKey>& spare = spare_.find(want.tenant)->second;
    keys.push_back(std::move(spare.front()));
    spare.pop_front();
  }
  return keys;
}

base::Result<void> KeyStore::erase(std::span<const Subject> subjects) {
  if (subjects.empty()) return {};
  const std::lock_guard lock(mutex_);
  // Whoever writes to the log waits with it: no longer than a gate notices.
  if (auto set = database_.execute("PRAGMA busy_timeout=250"); !set) return set;
  auto erased = delete_rows(subjects);
  if (erased) erased = truncate_write_ahead_log();
  if (auto set = database_.execute("PRAGMA busy_timeout=5000"); !set) return set;
  return erased;
}

base::Result<void> KeyStore::delete_rows(std::span<const Subject> subjects) {
  auto transaction = Transaction::begin(database_);
  if (!transaction && (sqlite3_errcode(database_.handle()) & 0xFF) == SQLITE_BUSY) return in_use();
  if (!transaction) return tl::unexpected(transaction.error());
  for (const Subject& subject : subjects) {
    if (auto gone = delete_subject_.run(subject.ref, std::string_view(subject.tenant)); !gone) {
      return gone;
    }
  }
  return transaction->commit();
}

base::Result<void> KeyStore::overwrite_deleted() {
  const std::lock_guard lock(mutex_);
  return truncate_write_ahead_log();
}

base::Result<void> KeyStore::truncate_write_ahead_log() {
  const auto done = database_.checkpoint(true);
  if (!done) return tl::unexpected(done.error());
  if (done->busy) return in_use();
  // What was cut off must not come back.
  return database_.write_ahead_log().sync();
}

base::Result<KeyStore::Reading> KeyStore::read_together() {
  const std::lock_guard lock(mutex_);
  if (auto begun = begin_reading_.run(); !begun) return tl::unexpected(begun.error());
  return Reading(*this);
}

KeyStore::Reading::~Reading() {
  if (keys_ == nullptr) return;
  const std::lock_guard lock(keys_->mutex_);
  // A transaction that has only read has nothing that could fail.
  (void)keys_->end_reading_.run();
}

base::Result<base::SecretBytes> KeyStore::subject_key(std::string_view tenant,
                                                      const Id16& subject_ref) {
  const std::lock_guard lock(mutex_);
  select_subject_.start(subject_ref, tenant);
  auto row = select_subject_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return base::fail(ErrorCode::kNotFound, "the subject has no key");
  const WrappedKey stored{subject_ref, static_cast<std::uint32_t>(select_subject_.integer(0)),
                          to_bytes(select_subject_.blob(1))};
  select_subject_.reset();
  auto key = cipher_.unwrap(stored, Kind::kSubject, tenant);
  if (!key) return damaged_key();
  return *std::move(key);
}

base::Result<bool> KeyStore::has_log_keys() {
  const std::lock_guard lock(mutex_);
  auto count = database_.integer_of("SELECT EXISTS (SELECT 1 FROM data_key WHERE kind = 2)");
  if (!count) return tl::unexpected(count.error());
  return *count != 0;
}

base::Result<std::optional<KeyStore::DataKey>> KeyStore::log_key(std::string_view tenant) {
  const std::lock_guard lock(mutex_);
  select_one_.start(tenant, static_cast<int>(Kind::kLog));
  auto row = select_one_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  DataKey found;
  if (!select_one_.fixed(2, found.id)) {
    return base::fail(ErrorCode::kDataLoss, "keys.db has a damaged log key");
  }
  const WrappedKey stored{found.id, static_cast<std::uint32_t>(select_one_.integer(0)),
                          to_bytes(select_one_.blob(1))};
  select_one_.reset();
  auto key = cipher_.unwrap(stored, Kind::kLog, tenant);
  if (!key) return damaged_key();
  found.key = *std::move(key);
  return found;
}

}  // namespace paxid::audit
