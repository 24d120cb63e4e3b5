#include "audit/key_store.h"

#include <algorithm>
#include <iterator>

#include "audit/crypto.h"
#include "audit/file.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::int64_t kApplicationId = 0x5058414B;  // "PXAK"
constexpr std::int64_t kSchemaVersion = 1;
constexpr std::uint32_t kFirstEpoch = 1;
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

base::Result<base::SecretBytes> load_kek(const std::string& path, bool create) {
  if (create && !file_exists(path)) {
    auto made = random_key();
    if (!made) return made;
    if (auto written = create_private_file(path, made->reveal()); !written) {
      return tl::unexpected(written.error());
    }
  }
  auto kek = read_private_file(path, kMaxKeyFileBytes);
  if (!kek) {
    return base::fail(ErrorCode::kFailedPrecondition, kek.error().message, "kek_file");
  }
  if (kek->size() != kKeyBytes) {
    return base::fail(ErrorCode::kFailedPrecondition, path + ": a key has 32 bytes", "kek_file");
  }
  return kek;
}

}  // namespace

KeyStore::KeyStore(Database database, base::SecretBytes kek)
    : database_(std::move(database)), kek_(std::move(kek)) {}

base::Result<std::unique_ptr<KeyStore>> KeyStore::open(const Options& options) {
  if (!options.create_database && !file_exists(options.path)) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      options.path + ": missing; without it no body can be opened: restore it");
  }
  auto kek = load_kek(options.kek_file, options.create_kek);
  if (!kek) return tl::unexpected(kek.error());
  auto database = Database::open(options.path, Database::Access::kReadWrite);
  if (!database) return tl::unexpected(database.error());
  std::unique_ptr<KeyStore> store(new KeyStore(*std::move(database), *std::move(kek)));
  if (auto prepared = store->prepare(); !prepared) return tl::unexpected(prepared.error());
  return store;
}

base::Result<void> KeyStore::prepare() {
  // secure_delete: an erased key must not stay in a free page.
  if (auto set = database_.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                   "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;");
      !set) {
    return set;
  }
  const auto version = database_.integer_of("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version == 0) {
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
  if (*version == 0) {
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
    if (auto committed = transaction->commit(); !committed) return committed;
  }
  return load_master();
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

base::Result<void> KeyStore::load_master() {
  select_one_.start("", static_cast<int>(Kind::kMaster));
  auto row = select_one_.next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return base::fail(ErrorCode::kDataLoss, "keys.db has no master secret");
  Id16 id;
  if (!select_one_.fixed(2, id)) {
    return base::fail(ErrorCode::kDataLoss, "keys.db has a damaged master secret");
  }
  auto master = unwrap(id, Kind::kMaster, "", static_cast<std::uint32_t>(select_one_.integer(0)),
                       select_one_.blob(1));
  select_one_.reset();
  if (!master) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "the key-encryption key is not the one of keys.db", "kek_file");
  }
  master_ = *std::move(master);
  return {};
}

base::Result<Id16> KeyStore::insert(const Wanted& wanted, const base::SecretBytes& key,
                                    std::uint64_t time_unix_us) {
  const auto id = time_ordered_id(time_unix_us);
  if (!id) return id;
  Bytes wrapped(kNonceBytes);
  if (auto filled = fill_random(wrapped); !filled) return tl::unexpected(filled.error());
  const Bytes sealed = aes256_gcm_seal(
      kek_, wrapped, wrap_context(*id, wanted.kind, kFirstEpoch, wanted.tenant), key.reveal());
  wrapped.insert(wrapped.end(), sealed.begin(), sealed.end());
  auto inserted = insert_.run(*id, wanted.tenant, static_cast<int>(wanted.kind), wrapped,
                              std::int64_t{kFirstEpoch}, time_unix_us);
  if (!inserted) return tl::unexpected(inserted.error());
  return id;
}

base::Result<base::SecretBytes> KeyStore::unwrap(const Id16& id, Kind kind, std::string_view tenant,
                                                 std::uint32_t epoch, ByteView wrapped) const {
  if (wrapped.size() == kWrappedBytes) {
    auto key = aes256_gcm_open(kek_, wrapped.first(kNonceBytes),
                               wrap_context(id, kind, epoch, tenant), wrapped.subspan(kNonceBytes));
    if (key) {
      base::SecretBytes secret{ByteView(*key)};
      std::ranges::fill(*key, std::uint8_t{0});
      return secret;
    }
  }
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
