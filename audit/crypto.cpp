#include "audit/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/check.h"

namespace paxid::audit {
namespace {

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Free>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free>;

// Fetched once: a fetch for each call costs more than the hash of a tree node.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  PAXID_CHECK(algorithm != nullptr);
  return algorithm;
}

EVP_MAC* hmac_algorithm() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  PAXID_CHECK(algorithm != nullptr);
  return algorithm;
}

const EVP_CIPHER* gcm_algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  PAXID_CHECK(algorithm != nullptr);
  return algorithm;
}

void hmac_into(std::span<std::uint8_t> out, ByteView key, std::initializer_list<ByteView> parts) {
  MacContext context(EVP_MAC_CTX_new(hmac_algorithm()));
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  PAXID_CHECK(context && EVP_MAC_init(context.get(), key.data(), key.size(), params) == 1);
  for (ByteView part : parts) {
    PAXID_CHECK(EVP_MAC_update(context.get(), part.data(), part.size()) == 1);
  }
  std::size_t written = 0;
  PAXID_CHECK(EVP_MAC_final(context.get(), out.data(), &written, out.size()) == 1);
  PAXID_CHECK(written == out.size());
}

int as_int(std::size_t size) {
  PAXID_CHECK(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(size);
}

}  // namespace

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Hash sha256(std::initializer_list<ByteView> parts) {
  Hash hash;
  DigestContext context(EVP_MD_CTX_new());
  PAXID_CHECK(context && EVP_DigestInit_ex(context.get(), sha256_algorithm(), nullptr) == 1);
  for (ByteView part : parts) {
    PAXID_CHECK(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  }
  PAXID_CHECK(EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) == 1);
  return hash;
}

struct Sha256::State {
  DigestContext context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  PAXID_CHECK(state_->context &&
              EVP_DigestInit_ex(state_->context.get(), sha256_algorithm(), nullptr) == 1);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(ByteView bytes) {
  PAXID_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

Hash Sha256::finish() {
  Hash hash;
  PAXID_CHECK(EVP_DigestFinal_ex(state_->context.get(), hash.data(), nullptr) == 1);
  return hash;
}

Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  Hash hash;
  hmac_into(hash, key, parts);
  return hash;
}

base::SecretBytes derive_key(const base::SecretBytes& key, std::initializer_list<ByteView> parts) {
  base::SecretBytes derived(kKeyBytes);
  hmac_into(derived.fill(), key.reveal(), parts);
  return derived;
}

bool equal_secret(ByteView a, ByteView b) {
  PAXID_CHECK(a.size() == b.size());
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

base::Result<void> fill_random(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), as_int(out.size())) != 1) {
    return base::fail(base::ErrorCode::kInternal, "the system has no random numbers");
  }
  return {};
}

base::Result<Id16> random_id() {
  Id16 id;
  if (auto filled = fill_random(id); !filled) return tl::unexpected(filled.error());
  return id;
}

Bytes aes256_gcm_seal(const base::SecretBytes& key, ByteView nonce, ByteView context,
                      ByteView plaintext) {
  PAXID_CHECK(key.size() == kKeyBytes && nonce.size() == kNonceBytes);
  CipherContext cipher(EVP_CIPHER_CTX_new());
  PAXID_CHECK(cipher && EVP_EncryptInit_ex2(cipher.get(), gcm_algorithm(), key.reveal().data(),
                                            nonce.data(), nullptr) == 1);
  int written = 0;
  PAXID_CHECK(EVP_EncryptUpdate(cipher.get(), nullptr, &written, context.data(),
                                as_int(context.size())) == 1);
  Bytes sealed(plaintext.size() + kTagBytes);
  if (!plaintext.empty()) {
    PAXID_CHECK(EVP_EncryptUpdate(cipher.get(), sealed.data(), &written, plaintext.data(),
                                  as_int(plaintext.size())) == 1);
  }
  std::uint8_t* tag = sealed.data() + plaintext.size();
  PAXID_CHECK(EVP_EncryptFinal_ex(cipher.get(), tag, &written) == 1);
  PAXID_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, as_int(kTagBytes), tag) ==
              1);
  return sealed;
}

std::optional<Bytes> aes256_gcm_open(const base::SecretBytes& key, ByteView nonce, ByteView context,
                                     ByteView sealed) {
  PAXID_CHECK(key.size() == kKeyBytes && nonce.size() == kNonceBytes);
  if (sealed.size() < kTagBytes) return std::nullopt;
  const ByteView ciphertext = sealed.first(sealed.size() - kTagBytes);
  std::array<std::uint8_t, kTagBytes> tag;
  std::copy_n(sealed.end() - kTagBytes, kTagBytes, tag.begin());

  CipherContext cipher(EVP_CIPHER_CTX_new());
  PAXID_CHECK(cipher && EVP_DecryptInit_ex2(cipher.get(), gcm_algorithm(), key.reveal().data(),
                                            nonce.data(), nullptr) == 1);
  int written = 0;
  PAXID_CHECK(EVP_DecryptUpdate(cipher.get(), nullptr, &written, context.data(),
                                as_int(context.size())) == 1);
  Bytes plaintext(ciphertext.size());
  if (!ciphertext.empty()) {
    PAXID_CHECK(EVP_DecryptUpdate(cipher.get(), plaintext.data(), &written, ciphertext.data(),
                                  as_int(ciphertext.size())) == 1);
  }
  PAXID_CHECK(
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, as_int(kTagBytes), tag.data()) == 1);
  std::uint8_t rest[kTagBytes];
  if (EVP_DecryptFinal_ex(cipher.get(), rest, &written) != 1) {
    OPENSSL_cleanse(plaintext.data(), plaintext.size());
    return std::nullopt;
  }
  return plaintext;
}

}  // namespace paxid::audit
