#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "bcbp/signature.h"

namespace paxid::bcbp {

inline constexpr std::size_t kMaxKeyTableBytes = 1 << 20;
inline constexpr std::size_t kMaxKeys = 1000;

// Which public keys sign whose passes. No barcode carries its key, and no list of them is
// published: an operator writes down what airlines have handed over. Immutable once filled; may
// be used from several threads at once; cheap to copy.
class KeyTable {
 public:
  // TOML, a [[key]] for each:
  //   issuer      two or three letters or digits: item 21 of the pass; where that is absent or
  //               blank, the operating carrier (item 42) of the first leg
  //   type        one letter or digit: item 28, type of security data
  //   public_key  SubjectPublicKeyInfo, PEM, on the curve P-256
  // The same issuer and type may have several keys, so that an airline can change its key.
  // kInvalidArgument; `field` is the place, such as "key[2].issuer".
  static base::Result<KeyTable> parse(std::string_view toml);

  bool empty() const { return keys_.empty(); }

  // kNoKey when the table has none for this issuer and type; else kValid when one of them made
  // the signature, or why none did. See PublicKey::verify.
  SignatureState verify(std::string_view issuer, std::string_view type, std::string_view covered,
                        std::string_view signature_text) const;

 private:
  using IssuerAndType = std::pair<std::string, std::string>;
  std::map<IssuerAndType, std::vector<PublicKey>> keys_;
};

}  // namespace paxid::bcbp
