#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/bytes.h"
#include "audit/crypto.h"
#include "base/error.h"
#include "base/secret.h"

namespace paxid::audit {

// The field of the error of one damaged or missing key; other errors concern the whole store.
inline constexpr std::string_view kDataKeyField = "data_key";

// What a data key is for. The numbers are stored.
enum class KeyKind : std::uint8_t { kSubject = 1, kLog = 2, kMaster = 3 };

// A data key as it is stored, wrapped under the key-encryption key of its epoch
// (docs/record_format.md section 7).
struct WrappedKey {
  Id16 id{};
  std::uint32_t epoch = 1;
  Bytes wrapped;
};

struct DataKey {
  Id16 id{};
  base::SecretBytes key;
};

// The data keys that are stored.
class DataKeys {
 public:
  virtual ~DataKeys() = default;
  // NOT_FOUND when the subject was erased or never was; DATA_LOSS with the field kDataKeyField
  // when its row is damaged.
  virtual base::Result<base::SecretBytes> subject_key(std::string_view tenant,
                                                      const Id16& subject_ref) = 0;
  // Nothing before the log's first record.
  virtual base::Result<std::optional<DataKey>> log_key(std::string_view tenant) = 0;
};

// What is done with the key-encryption key and the master secret, wherever the wrapped keys are.
// Thread-safe, except open_master().
class KeyCipher {
 public:
  explicit KeyCipher(base::SecretBytes kek);

  // Takes the epoch of the master secret. False when the key-encryption key is another one.
  bool open_master(const WrappedKey& master);
  // How often the key-encryption key has been replaced, plus 1.
  std::uint32_t epoch() const { return epoch_; }
  void set_epoch(std::uint32_t epoch) { epoch_ = epoch; }

  static base::Result<base::SecretBytes> random_key();
  // Many with one call of the generator.
  static base::Result<std::vector<base::SecretBytes>> random_keys(std::size_t count);
  // 48 bits of milliseconds, 80 random ones. In the order of time, so that keys and records of
  // subjects are written in order; the time is that of the first leaf that names the subject, which
  // anybody can read there.
  static base::Result<Id16> time_ordered_id(std::uint64_t time_unix_us);
  base::Result<WrappedKey> wrap(const Id16& id, KeyKind kind, std::string_view tenant,
                                const base::SecretBytes& key) const;
  // Nothing when the row is damaged or of another key-encryption key.
  std::optional<base::SecretBytes> unwrap(const WrappedKey& key, KeyKind kind,
                                          std::string_view tenant) const;

  // How a subject is found again: 16 bytes of an HMAC whose key depends on tenant and kind.
  Id16 blind_index(std::string_view tenant, std::uint8_t kind, ByteView value) const;
  // What tells a retry from another request under the same id.
  Hash request_digest(std::string_view tenant, ByteView canonical_request) const;

 private:
  // The tenant and the kind of a blind index; without a kind the key of request digests.
  using IndexKeyName = std::pair<std::string, std::optional<std::uint8_t>>;
  std::shared_ptr<const HmacKey> index_key(std::string_view tenant,
                                           std::optional<std::uint8_t> kind) const;

  base::SecretBytes kek_;
  base::SecretBytes master_;
  std::uint32_t epoch_ = 1;
  // Derived from the master secret once; a log has a handful.
  mutable std::mutex index_mutex_;
  mutable std::map<IndexKeyName, std::shared_ptr<const HmacKey>> index_keys_;
};

// The error of a key whose row does not open.
tl::unexpected<base::Error> damaged_key();

}  // namespace paxid::audit
