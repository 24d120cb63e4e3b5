#include "audit/sealed_body.h"

#include <algorithm>

#include "audit/crypto.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

constexpr std::size_t kKeyIdOffset = 1;
constexpr std::size_t kNonceOffset = 17;
constexpr std::size_t kKeyCommitOffset = 29;
constexpr std::size_t kCiphertextOffset = 61;
constexpr std::uint8_t kCommitPrefix[] = {0x02};

std::string_view label_of(SealPurpose purpose) {
  return purpose == SealPurpose::kBody ? "paxid/rec/v1" : "paxid/rsp/v1";
}

Hash key_commit(const base::SecretBytes& record_key) {
  return hmac_sha256(record_key.reveal(), {bytes_of("commit")});
}

tl::unexpected<base::Error> damaged(std::string message) {
  return base::fail(base::ErrorCode::kDataLoss, std::move(message), "sealed_body");
}

}  // namespace

Hash log_id(std::string_view origin) { return sha256({bytes_of(origin)}); }

base::SecretBytes record_key(const base::SecretBytes& data_key, SealPurpose purpose,
                             const Hash& log, const Id16& request_id) {
  PAXID_CHECK(data_key.size() == kKeyBytes);
  return derive_key(data_key, {bytes_of(label_of(purpose)), log, request_id});
}

base::Result<Bytes> seal(const base::SecretBytes& record_key, const Id16& key_id, ByteView context,
                         ByteView plaintext) {
  if (plaintext.size() > kMaxPlaintextBytes) {
    return base::fail(base::ErrorCode::kInvalidArgument, "the body is larger than 1 MiB", "body");
  }
  std::array<std::uint8_t, kNonceBytes> nonce;
  if (auto filled = fill_nonce(nonce); !filled) return tl::unexpected(filled.error());

  Bytes sealed;
  sealed.reserve(kSealedOverhead + plaintext.size());
  sealed.push_back(kSealedVersion);
  sealed.insert(sealed.end(), key_id.begin(), key_id.end());
  sealed.insert(sealed.end(), nonce.begin(), nonce.end());
  const Hash commit = key_commit(record_key);
  sealed.insert(sealed.end(), commit.begin(), commit.end());
  PAXID_CHECK(sealed.size() == kCiphertextOffset);
  sealed.resize(kSealedOverhead + plaintext.size());
  aes256_gcm_seal(record_key, nonce, context, plaintext,
                  std::span(sealed).subspan(kCiphertextOffset));
  return sealed;
}

base::Result<Bytes> open_sealed(const base::SecretBytes& record_key, ByteView context,
                                ByteView sealed) {
  if (sealed.size() < kSealedOverhead || sealed.size() > kSealedOverhead + kMaxPlaintextBytes) {
    return damaged("the sealed body has an impossible size");
  }
  if (sealed[0] != kSealedVersion) return damaged("the sealed body has an unknown version");
  const ByteView commit = sealed.subspan(kKeyCommitOffset, sizeof(Hash));
  if (!equal_secret(commit, key_commit(record_key))) {
    return damaged("the sealed body was not made with this key");
  }
  auto plaintext = aes256_gcm_open(record_key, sealed.subspan(kNonceOffset, kNonceBytes), context,
                                   sealed.subspan(kCiphertextOffset));
  if (!plaintext) return damaged("the sealed body or its leaf was changed");
  return *std::move(plaintext);
}

base::Result<Id16> sealed_key_id(ByteView sealed) {
  if (sealed.size() < kSealedOverhead) return damaged("the sealed body has an impossible size");
  if (sealed[0] != kSealedVersion) return damaged("the sealed body has an unknown version");
  Id16 id;
  std::copy_n(sealed.begin() + kKeyIdOffset, id.size(), id.begin());
  return id;
}

Hash body_commit(ByteView sealed) { return sha256({kCommitPrefix, sealed}); }

base::Result<Bytes> open_body(const base::SecretBytes& record_key, ByteView leaf_data,
                              ByteView sealed) {
  auto leaf = decode_leaf(leaf_data);
  if (!leaf) return tl::unexpected(leaf.error());
  if (body_commit(sealed) != leaf->body_commit) {
    return damaged("the sealed body is not the one the leaf commits to");
  }
  return open_sealed(record_key, body_context(encode(*leaf)), sealed);
}

}  // namespace paxid::audit
