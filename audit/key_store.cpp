#include "audit/key_store.h"

#include <string.h>

#include <algorithm>
#include <iterator>

#include "audit/crypto.h"
#include "audit/file.h"
#include "audit/kek.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::int64_t kApplicationId = 0x5058414B;  // "PXAK"
constexpr std::int64_t kSchemaVersion = 1;
constexpr std::size_t kWrappedBytes = kNonceBytes + kKeyBytes + kTagBytes;

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

// What the wrapping authenticates: a key cannot be moved to another row.
Bytes wrap_context(const Id16& id, KeyStore::Kind kind, std::uint32_t epoch,
                   std::string_view tenant) {
  Bytes context;
  const auto add = [&](ByteView part) { context.insert(context.end(), part.begin(), part.end()); };
  add(bytes_of("paxid/key/v1"));
  add(id);
  context.push_back(static_cast<std::uint8_t>(kind));
  for (int shift = 24; shift >= 0; shift -= 8) {
    context.push_back(static_cast<std::uint8_t>(epoch >> shift));
  }
  add(bytes_of(tenant));
  return context;
}

base::Result<base::SecretBytes> random_key() {
  base::SecretBytes key(kKeyBytes);
  if (auto filled = fill_random(key.fill()); !filled) return tl::unexpected(filled.error());
  return key;
}

// 48 bits of milliseconds, 80 random ones. In the order of time, so that keys and records of
// subjects are written in order; the time is that of the first leaf that names the subject, which
// anybody can read there.
base::Result<Id16> time_ordered_id(std::uint64_t time_unix_us) {
  auto id = random_id();
  if (!id) return id;
  const std::uint64_t milliseconds = time_unix_us / 1000;
  for (int i = 0; i < 6; ++i) {
    (*id)[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  }
  return id;
}

base::Result<base::SecretBytes> kek_of(const KeyStore::Options& options) {
  if (options.create_kek && is_kek_file(options.kek) && !file_exists(options.kek)) {
    if (auto made = create_kek(options.kek); !made) return tl::unexpected(made.error());
  }
  auto kek = load_kek(options.kek);
  if (!kek) return base::fail(ErrorCode::kFailedPrecondition, kek.error().message, "kek");
  return kek;
}

std::optional<base::SecretBytes> open_wrapped(const base::SecretBytes& kek, ByteView context,
                                              ByteView wrapped) {
  if (wrapped.size() != kWrappedBytes) return std::nullopt;
  auto key =
      aes256_gcm_open(kek, wrapped.first(kNonceBytes), context, wrapped.subspan(kNonceBytes));
  if (!key) return std::nullopt;
  base::SecretBytes secret{ByteView(*key)};
  explicit_bzero(key->data(), key->size());
  return secret;
}

}  // namespace

KeyStore::KeyStore(Database database, base::SecretBytes kek, bool read_only)
    : database_(std::move(database)), read_only_(read_only), kek_(std::move(kek)) {
  kek_.keep_in_memory();
}

base::Result<std::unique_ptr<KeyStore>> KeyStore::open(const Options& options) {
  if (!options.create_database && !file_exists(options.path)) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      options.path + ": missing; without it no body can be opened: restore it");
  }
  auto kek = kek_of(options);
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
    if (previous) return rewrap(*std::move(previous));
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
                  "DELETE FROM data_key WHERE id = ? AND tenant = ? AND kind = 1"}}) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = *std::move(prepared);
  }
  if (!is_new) return {};
  const auto key = random_key();
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
  Id16 id;
  if (!select_one_.fixed(2, id)) {
    return base::fail(ErrorCode::kDataLoss, "keys.db has a damaged master secret");
  }
  epoch_ = static_cast<std::uint32_t>(select_one_.integer(0));
  auto master = unwrap(id, Kind::kMaster, "", epoch_, select_one_.blob(1));
  select_one_.reset();
  if (!master) return false;
  master_ = *std::move(master);
  master_.keep_in_memory();
  return true;
}

base::Result<void> KeyStore::rewrap(base::SecretBytes previous) {
  auto select = database_.prepare(
      "SELECT id, tenant, kind, kek_epoch, wrapped FROM data_key WHERE id > ? ORDER BY id LIMIT 1");
  if (!select) return tl::unexpected(select.error());
  auto update = database_.prepare("UPDATE data_key SET kek_epoch = ?, wrapped = ? WHERE id = ?");
  if (!update) return tl::unexpected(update.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  ++epoch_;
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
  // The rows as they were are overwritten, in the write-ahead log too.
  return database_.checkpoint(true);
}

base::Result<bool> KeyStore::rewrap_some(const base::SecretBytes& previous, Statement& select,
                                         Statement& update, Id16& after) {
  select.start(after);
  const auto row = select.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return false;
  if (!select.fixed(0, after)) return base::fail(ErrorCode::kDataLoss, "keys.db has a damaged row");
  const std::string tenant(select.text(1));
  const auto kind = static_cast<Kind>(select.integer(2));
  const auto context =
      wrap_context(after, kind, static_cast<std::uint32_t>(select.integer(3)), tenant);
  const auto key = open_wrapped(previous, context, select.blob(4));
  select.reset();
  // A damaged key concerns its subject alone, and opens nothing under any key.
  if (!key) return true;
  const auto wrapped = wrap(after, kind, tenant, *key);
  if (!wrapped) return tl::unexpected(wrapped.error());
  if (auto updated = update.run(std::int64_t{epoch_}, *wrapped, after); !updated) {
    return tl::unexpected(updated.error());
  }
  return true;
}

base::Result<Bytes> KeyStore::wrap(const Id16& id, Kind kind, std::string_view tenant,
                                   const base::SecretBytes& key) const {
  Bytes wrapped(kNonceBytes);
  if (auto filled = fill_random(wrapped); !filled) return tl::unexpected(filled.error());
  const Bytes sealed =
      aes256_gcm_seal(kek_, wrapped, wrap_context(id, kind, epoch_, tenant), key.reveal());
  wrapped.insert(wrapped.end(), sealed.begin(), sealed.end());
  return wrapped;
}

base::Result<Id16> KeyStore::insert(const Wanted& wanted, const base::SecretBytes& key,
                                    std::uint64_t time_unix_us) {
  const auto id = time_ordered_id(time_unix_us);
  if (!id) return id;
  const auto wrapped = wrap(*id, wanted.kind, wanted.tenant, key);
  if (!wrapped) return tl::unexpected(wrapped.error());
  auto inserted = insert_.run(*id, wanted.tenant, static_cast<int>(wanted.kind), *wrapped,
                              std::int64_t{epoch_}, time_unix_us);
  if (!inserted) return tl::unexpected(inserted.error());
  return id;
}

base::Result<base::SecretBytes> KeyStore::unwrap(const Id16& id, Kind kind, std::string_view tenant,
                                                 std::uint32_t epoch, ByteView wrapped) const {
  auto key = open_wrapped(kek_, wrap_context(id, kind, epoch, tenant), wrapped);
  if (key) return *std::move(key);
  return base::fail(ErrorCode::kDataLoss, "a data key in keys.db is damaged",
                    std::string(kDataKeyField));
}

KeyStore::~KeyStore() {
  std::vector<Subject> unused;
  for (const auto& [tenant, keys] : spare_) {
    for (const DataKey& key : keys) unused.push_back({tenant, key.id});
  }
  // What stays after an error opens nothing.
  (void)erase(unused);
}

base::Result<KeyStore::DataKey> KeyStore::make(const Wanted& wanted, std::uint64_t time_unix_us) {
  auto key = random_key();
  if (!key) return tl::unexpected(key.error());
  const auto id = insert(wanted, *key, time_unix_us);
  if (!id) return tl::unexpected(id.error());
  return DataKey{*id, *std::move(key)};
}

base::Result<std::vector<KeyStore::DataKey>> KeyStore::create(std::span<const Wanted> wanted,
                                                              std::uint64_t time_unix_us) {
  const std::lock_guard lock(mutex_);
  std::map<std::string_view, std::size_t> lacking;
  bool writes = false;
  for (const Wanted& want : wanted) {
    PAXID_CHECK(want.kind != Kind::kMaster);
    writes = writes || want.kind == Kind::kLog;
    if (want.kind == Kind::kSubject) ++lacking[want.tenant];
  }
  for (auto& [tenant, count] : lacking) {
    const auto spare = spare_.find(tenant);
    const std::size_t there = spare == spare_.end() ? 0 : spare->second.size();
    count = count > there ? std::max(count - there, kSpareKeys) : 0;
    writes = writes || count > 0;
  }
  std::map<std::string_view, std::vector<DataKey>> made;
  std::vector<DataKey> log_keys;
  if (writes) {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return tl::unexpected(transaction.error());
    for (const auto& [tenant, count] : lacking) {
      for (std::size_t i = 0; i < count; ++i) {
        auto key = make({tenant, Kind::kSubject}, time_unix_us);
        if (!key) return tl::unexpected(key.error());
        made[tenant].push_back(*std::move(key));
      }
    }
    for (const Wanted& want : wanted) {
      if (want.kind != Kind::kLog) continue;
      auto key = make(want, time_unix_us);
      if (!key) return tl::unexpected(key.error());
      log_keys.push_back(*std::move(key));
    }
    if (auto committed = transaction->commit(); !committed) {
      return tl::unexpected(committed.error());
    }
  }
  for (auto& [tenant, keys] : made) {
    std::deque<DataKey>& spare = spare_[std::string(tenant)];
    std::ranges::move(keys, std::back_inserter(spare));
  }
  std::vector<DataKey> keys;
  auto log_key = log_keys.begin();
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
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const Subject& subject : subjects) {
    if (auto gone = delete_subject_.run(subject.ref, std::string_view(subject.tenant)); !gone) {
      return gone;
    }
  }
  if (auto committed = transaction->commit(); !committed) return committed;
  return database_.checkpoint(true);
}

base::Result<base::SecretBytes> KeyStore::subject_key(std::string_view tenant,
                                                      const Id16& subject_ref) {
  const std::lock_guard lock(mutex_);
  select_subject_.start(subject_ref, tenant);
  auto row = select_subject_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return base::fail(ErrorCode::kNotFound, "the subject has no key");
  auto key =
      unwrap(subject_ref, Kind::kSubject, tenant,
             static_cast<std::uint32_t>(select_subject_.integer(0)), select_subject_.blob(1));
  select_subject_.reset();
  return key;
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
  auto key = unwrap(found.id, Kind::kLog, tenant,
                    static_cast<std::uint32_t>(select_one_.integer(0)), select_one_.blob(1));
  select_one_.reset();
  if (!key) return tl::unexpected(key.error());
  found.key = *std::move(key);
  return found;
}

std::shared_ptr<const HmacKey> KeyStore::index_key(std::string_view tenant,
                                                   std::optional<std::uint8_t> kind) const {
  const std::lock_guard lock(index_mutex_);
  const IndexKeyName name{std::string(tenant), kind};
  std::shared_ptr<const HmacKey>& key = index_keys_[name];
  if (key == nullptr) {
    const std::uint8_t kind_byte[] = {kind.value_or(0)};
    const auto derived =
        kind ? derive_key(master_, {bytes_of("paxid/blind-index/v1"), kind_byte, bytes_of(tenant)})
             : derive_key(master_, {bytes_of("paxid/request-digest/v1"), bytes_of(tenant)});
    key = std::make_shared<const HmacKey>(derived.reveal());
  }
  return key;
}

Id16 KeyStore::blind_index(std::string_view tenant, std::uint8_t kind, ByteView value) const {
  const Hash hash = index_key(tenant, kind)->mac({value});
  Id16 index;
  std::copy_n(hash.begin(), index.size(), index.begin());
  return index;
}

Hash KeyStore::request_digest(std::string_view tenant, ByteView canonical_request) const {
  return index_key(tenant, std::nullopt)->mac({canonical_request});
}

}  // namespace paxid::audit
