#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
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

// The same in pieces. Not thread-safe.
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
base::Result<Id16> random_id();

// AES-256-GCM (NIST SP 800-38D), 12-byte nonce, 16-byte tag after the ciphertext. Requires
// a key of 32 bytes.
Bytes aes256_gcm_seal(const base::SecretBytes& key, ByteView nonce, ByteView context,
                      ByteView plaintext);
// Nothing when the tag is wrong or the input is shorter than a tag.
std::optional<Bytes> aes256_gcm_open(const base::SecretBytes& key, ByteView nonce, ByteView context,
                                     ByteView sealed);

}  // namespace paxid::audit
