#include "audit/key_cipher.h"

#include <string.h>

#include <algorithm>

namespace paxid::audit {
namespace {

constexpr std::size_t kWrappedBytes = kNonceBytes + kKeyBytes + kTagBytes;

// What the wrapping authenticates: a key cannot be moved to another row.
Bytes wrap_context(const Id16& id, KeyKind kind, std::uint32_t epoch, std::string_view tenant) {
  constexpr std::string_view kLabel = "paxid/key/v1";
  Bytes context;
  context.reserve(kLabel.size() + id.size() + 1 + sizeof epoch + tenant.size());
  const auto add = [&](ByteView part) { context.insert(context.end(), part.begin(), part.end()); };
  add(bytes_of(kLabel));
  add(id);
  context.push_back(static_cast<std::uint8_t>(kind));
  for (int shift = 24; shift >= 0; shift -= 8) {
    context.push_back(static_cast<std::uint8_t>(epoch >> shift));
  }
  add(bytes_of(tenant));
  return context;
}

}  // namespace

KeyCipher::KeyCipher(base::SecretBytes kek) : kek_(std::move(kek)) { kek_.keep_in_memory(); }

bool KeyCipher::open_master(const WrappedKey& master) {
  epoch_ = master.epoch;
  auto opened = unwrap(master, KeyKind::kMaster, "");
  if (!opened) return false;
  master_ = *std::move(opened);
  master_.keep_in_memory();
  return true;
}

base::Result<base::SecretBytes> KeyCipher::random_key() {
  auto one = random_keys(1);
  if (!one) return tl::unexpected(one.error());
  return std::move(one->front());
}

base::Result<std::vector<base::SecretBytes>> KeyCipher::random_keys(std::size_t count) {
  base::SecretBytes bytes(count * kKeyBytes);
  if (auto filled = fill_random(bytes.fill()); !filled) return tl::unexpected(filled.error());
  std::vector<base::SecretBytes> keys;
  keys.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    keys.emplace_back(bytes.reveal().subspan(i * kKeyBytes, kKeyBytes));
  }
  return keys;
}

base::Result<Id16> KeyCipher::time_ordered_id(std::uint64_t time_unix_us) {
  auto id = random_id();
  if (!id) return id;
  const std::uint64_t milliseconds = time_unix_us / 1000;
  for (int i = 0; i < 6; ++i) {
    (*id)[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  }
  return id;
}

base::Result<WrappedKey> KeyCipher::wrap(const Id16& id, KeyKind kind, std::string_view tenant,
                                         const base::SecretBytes& key) const {
  WrappedKey wrapped{id, epoch_, Bytes(kNonceBytes)};
  if (auto filled = fill_nonce(wrapped.wrapped); !filled) return tl::unexpected(filled.error());
  const Bytes sealed =
      aes256_gcm_seal(kek_, wrapped.wrapped, wrap_context(id, kind, epoch_, tenant), key.reveal());
  wrapped.wrapped.insert(wrapped.wrapped.end(), sealed.begin(), sealed.end());
  return wrapped;
}

std::optional<base::SecretBytes> KeyCipher::unwrap(const WrappedKey& key, KeyKind kind,
                                                   std::string_view tenant) const {
  if (key.wrapped.size() != kWrappedBytes) return std::nullopt;
  const ByteView wrapped(key.wrapped);
  auto opened =
      aes256_gcm_open(kek_, wrapped.first(kNonceBytes),
                      wrap_context(key.id, kind, key.epoch, tenant), wrapped.subspan(kNonceBytes));
  if (!opened) return std::nullopt;
  base::SecretBytes secret{ByteView(*opened)};
  explicit_bzero(opened->data(), opened->size());
  return secret;
}

std::shared_ptr<const HmacKey> KeyCipher::index_key(std::string_view tenant,
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

Id16 KeyCipher::blind_index(std::string_view tenant, std::uint8_t kind, ByteView value) const {
  const Hash hash = index_key(tenant, kind)->mac({value});
  Id16 index;
  std::copy_n(hash.begin(), index.size(), index.begin());
  return index;
}

Hash KeyCipher::request_digest(std::string_view tenant, ByteView canonical_request) const {
  return index_key(tenant, std::nullopt)->mac({canonical_request});
}

tl::unexpected<base::Error> damaged_key() {
  return base::fail(base::ErrorCode::kDataLoss, "a stored data key is damaged",
                    std::string(kDataKeyField));
}

}  // namespace paxid::audit
