#pragma once

#include <string_view>

#include "audit/bytes.h"
#include "audit/leaf.h"
#include "base/error.h"
#include "base/secret.h"

// The sealed body (docs/record_format.md section 3): AES-256-GCM under a key of its own,
// with a commitment to that key, because GCM alone lets one ciphertext open to two texts.
namespace paxid::audit {

inline constexpr std::uint8_t kSealedVersion = 1;
// version, key id, nonce, key commitment, tag
inline constexpr std::size_t kSealedOverhead = 1 + 16 + 12 + 32 + 16;
inline constexpr std::size_t kMaxPlaintextBytes = 1 << 20;

// What a record key is for. The stored answer of a request is sealed like the body, under
// another key.
enum class SealPurpose { kBody, kResponse };

// SHA-256 of the origin: the log's name inside key derivation.
Hash log_id(std::string_view origin);

// K_rec. Whoever has it opens this one record and no other of the same subject. Requires a
// data key of 32 bytes.
base::SecretBytes record_key(const base::SecretBytes& data_key, SealPurpose purpose,
                             const Hash& log, const Id16& request_id);

// Seals under a record key with a random nonce. `key_id` names the data key. INVALID_ARGUMENT
// above kMaxPlaintextBytes.
base::Result<Bytes> seal(const base::SecretBytes& record_key, const Id16& key_id, ByteView context,
                         ByteView plaintext);

// Checks version, size and key commitment before it decrypts. DATA_LOSS with the reason.
base::Result<Bytes> open_sealed(const base::SecretBytes& record_key, ByteView context,
                                ByteView sealed);

// The identifier of the data key a sealed body was made with.
base::Result<Id16> sealed_key_id(ByteView sealed);

// SHA-256(0x02 || sealed): what the leaf holds.
Hash body_commit(ByteView sealed);

// Opens the body that `leaf_data` commits to: first the commitment, then the seal.
base::Result<Bytes> open_body(const base::SecretBytes& record_key, ByteView leaf_data,
                              ByteView sealed);

}  // namespace paxid::audit
