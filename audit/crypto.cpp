// SHA-256 through its own functions: a context of EVP costs an allocation and a look-up, which is
// more than hashing a tree node or a short message does. They are deprecated, not removed.
#define OPENSSL_API_COMPAT 10101

#include "audit/crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/check.h"

namespace paxid::audit {
namespace {

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Free>;

// Fetched once: a fetch for each call costs more than sealing a short text.
const EVP_CIPHER* gcm_algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  PAXID_CHECK(algorithm != nullptr);
  return algorithm;
}

int as_int(std::size_t size) {
  PAXID_CHECK(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  return static_cast<int>(size);
}

}  // namespace

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

namespace {

void update(SHA256_CTX& context, ByteView bytes) {
  PAXID_CHECK(SHA256_Update(&context, bytes.data(), bytes.size()) == 1);
}

Hash finish(SHA256_CTX& context) {
  Hash hash;
  PAXID_CHECK(SHA256_Final(hash.data(), &context) == 1);
  return hash;
}

}  // namespace

Hash sha256(std::initializer_list<ByteView> parts) {
  SHA256_CTX context;
  PAXID_CHECK(SHA256_Init(&context) == 1);
  for (ByteView part : parts) update(context, part);
  return finish(context);
}

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  PAXID_CHECK(SHA256_Init(&state_->context) == 1);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(ByteView bytes) { audit::update(state_->context, bytes); }

Hash Sha256::finish() { return audit::finish(state_->context); }

// RFC 2104: the two hashes after the block of the padded key.
struct HmacKey::State {
  SHA256_CTX inner;
  SHA256_CTX outer;

  explicit State(ByteView key) {
    std::array<std::uint8_t, SHA256_CBLOCK> block{};
    if (key.size() > block.size()) {
      const Hash hash = sha256({key});
      std::ranges::copy(hash, block.begin());
    } else {
      std::ranges::copy(key, block.begin());
    }
    begin(inner, block, 0x36);
    begin(outer, block, 0x5C);
    OPENSSL_cleanse(block.data(), block.size());
  }
  ~State() { OPENSSL_cleanse(this, sizeof *this); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Hash mac(std::initializer_list<ByteView> parts) const {
    SHA256_CTX context = inner;
    for (ByteView part : parts) update(context, part);
    const Hash hash = finish(context);
    context = outer;
    update(context, hash);
    return finish(context);  // wipes the context
  }

 private:
  static void begin(SHA256_CTX& context, std::array<std::uint8_t, SHA256_CBLOCK> block,
                    std::uint8_t pad) {
    for (std::uint8_t& byte : block) byte ^= pad;
    PAXID_CHECK(SHA256_Init(&context) == 1);
    update(context, block);
    OPENSSL_cleanse(block.data(), block.size());
  }
};

HmacKey::HmacKey(ByteView key) : state_(std::make_unique<State>(key)) {}
HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;
HmacKey::~HmacKey() = default;

Hash HmacKey::mac(std::initializer_list<ByteView> parts) const { return state_->mac(parts); }

Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  return HmacKey::State(key).mac(parts);
}

base::SecretBytes derive_key(const base::SecretBytes& key, std::initializer_list<ByteView> parts) {
  Hash hash = hmac_sha256(key.reveal(), parts);
  base::SecretBytes derived{ByteView(hash)};
  OPENSSL_cleanse(hash.data(), hash.size());
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

base::Result<void> fill_nonce(std::span<std::uint8_t> out) {
  struct Reserve {
    std::array<std::uint8_t, 512> bytes;
    std::size_t left = 0;
  };
  thread_local Reserve reserve;
  PAXID_CHECK(out.size() <= reserve.bytes.size());
  if (reserve.left < out.size()) {
    if (auto filled = fill_random(reserve.bytes); !filled) return filled;
    reserve.left = reserve.bytes.size();
  }
  reserve.left -= out.size();
  std::copy_n(reserve.bytes.begin() + static_cast<std::ptrdiff_t>(reserve.left), out.size(),
              out.begin());
  return {};
}

base::Result<Id16> random_id() {
  Id16 id;
  if (auto filled = fill_nonce(id); !filled) return tl::unexpected(filled.error());
  return id;
}

void aes256_gcm_seal(const base::SecretBytes& key, ByteView nonce, ByteView context,
                     ByteView plaintext, std::span<std::uint8_t> out) {
  PAXID_CHECK(key.size() == kKeyBytes && nonce.size() == kNonceBytes);
  PAXID_CHECK(out.size() == plaintext.size() + kTagBytes);
  CipherContext cipher(EVP_CIPHER_CTX_new());
  PAXID_CHECK(cipher && EVP_EncryptInit_ex2(cipher.get(), gcm_algorithm(), key.reveal().data(),
                                            nonce.data(), nullptr) == 1);
  int written = 0;
  PAXID_CHECK(EVP_EncryptUpdate(cipher.get(), nullptr, &written, context.data(),
                                as_int(context.size())) == 1);
  if (!plaintext.empty()) {
    PAXID_CHECK(EVP_EncryptUpdate(cipher.get(), out.data(), &written, plaintext.data(),
                                  as_int(plaintext.size())) == 1);
  }
  std::uint8_t* tag = out.data() + plaintext.size();
  PAXID_CHECK(EVP_EncryptFinal_ex(cipher.get(), tag, &written) == 1);
  PAXID_CHECK(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, as_int(kTagBytes), tag) ==
              1);
}

Bytes aes256_gcm_seal(const base::SecretBytes& key, ByteView nonce, ByteView context,
                      ByteView plaintext) {
  Bytes sealed(plaintext.size() + kTagBytes);
  aes256_gcm_seal(key, nonce, context, plaintext, sealed);
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
