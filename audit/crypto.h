#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "audit/bytes.h"
#include "base/error.h"
#include "base/secret.h"

// The one place that calls libcrypto's symmetric functions. Thread-safe.
namespace paxid::audit {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;

ByteView bytes_of(std::string_view text);

// Of the concatenation of the parts.
Hash sha256(std::initializer_list<ByteView> parts);
Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);
// The same as a key.
base::SecretBytes derive_key(const base::SecretBytes& key, std::initializer_list<ByteView> parts);

// A key that signs many messages: what depends on it alone is computed once.
class HmacKey {
 public:
  explicit HmacKey(ByteView key);
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(HmacKey&&) noexcept;
  ~HmacKey();
  Hash mac(std::initializer_list<ByteView> parts) const;

 private:
  friend Hash hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);
  struct State;
  std::unique_ptr<State> state_;
};

// SHA-256 in pieces. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void update(ByteView bytes);
  // Once, at the end.
  Hash finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// In constant time. Requires equal sizes.
bool equal_secret(ByteView a, ByteView b);

// Fills from the operating system's generator. INTERNAL when it has none.
base::Result<void> fill_random(std::span<std::uint8_t> out);
// The same from a reserve of this thread: for what need not be secret, nonces and identifiers. At
// most 512 bytes.
base::Result<void> fill_nonce(std::span<std::uint8_t> out);
base::Result<Id16> random_id();

// AES-256-GCM (NIST SP 800-38D), 12-byte nonce, 16-byte tag after the ciphertext. Requires
// a key of 32 bytes.
Bytes aes256_gcm_seal(const base::SecretBytes& key, ByteView nonce, ByteView context,
                      ByteView plaintext);
// The same into `out`, which is kTagBytes longer than the plaintext.
void aes256_gcm_seal(const base::SecretBytes& key, ByteView nonce, ByteView context,
                     ByteView plaintext, std::span<std::uint8_t> out);
// Nothing when the tag is wrong or the input is shorter than a tag.
std::optional<Bytes> aes256_gcm_open(const base::SecretBytes& key, ByteView nonce, ByteView context,
                                     ByteView sealed);

}  // namespace paxid::audit
