#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/error.h"

namespace paxid::bcbp {

// How far the security block of a pass vouches for it. Only kValid raises trust; a pass
// without a verified signature can be made by anybody.
enum class SignatureState : std::uint8_t {
  kUnsigned,     // no security block, or one without data
  kNoKey,        // there is data, and no key to check it with
  kBadEncoding,  // the data is no base64 of an ECDSA signature
  kInvalid,      // well formed, and not made by this key over these bytes
  kValid,
};
// "unsigned", "no_key", "bad_encoding", "invalid", "valid". Static lifetime.
std::string_view name_of(SignatureState state);

inline constexpr std::size_t kMaxPublicKeyBytes = 4096;

// An airline's public key: ECDSA on the curve P-256. Keys are exchanged bilaterally; which
// key belongs to which issuer and security type (item 28) is for the caller to know.
// Immutable; may be used from several threads at once; cheap to copy.
class PublicKey {
 public:
  // SubjectPublicKeyInfo in PEM. kInvalidArgument for anything but one P-256 key.
  static base::Result<PublicKey> from_pem(std::string_view pem);

  // Whether `signature_text` (item 30: strict base64 of a DER SEQUENCE{r, s} or of the 64
  // bytes r || s) is this key's ECDSA-SHA-256 signature over `covered`, which must be the
  // raw bytes as scanned. Never answers kUnsigned or kNoKey but for an empty text.
  SignatureState verify(std::string_view covered, std::string_view signature_text) const;

 private:
  struct Key;
  explicit PublicKey(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
  std::shared_ptr<const Key> key_;
};

}  // namespace paxid::bcbp
