#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/note.h"
#include "audit/signer.h"
#include "base/error.h"

// C2SP tlog-cosignature with Ed25519 (signature type 0x04): a witness says that, at a time, a
// checkpoint was consistent with all it had seen of the log before.
namespace paxid::audit {

inline constexpr std::size_t kMaxWitnesses = 32;

using WitnessKey = NamedKey<SignatureType::kCosignature>;

inline WitnessKey witness_key(std::string_view name, const PublicKey& key) {
  return named_key<SignatureType::kCosignature>(name, key);
}
inline base::Result<WitnessKey> parse_witness_vkey(std::string_view vkey) {
  return parse_named_key<SignatureType::kCosignature>(vkey);
}
// One vkey a line; empty lines and lines that begin with '#' are skipped. INVALID_ARGUMENT also for
// a name that occurs twice, and for more than kMaxWitnesses.
base::Result<std::vector<WitnessKey>> parse_witness_vkeys(std::string_view lines);

// The line of a witness on the checkpoint `text`, which ends with a newline.
base::Result<NoteSignature> cosign(std::string_view text, std::string_view name,
                                   const SigningKey& key, std::uint64_t unix_seconds);

struct Cosignature {
  std::string witness;
  std::uint64_t unix_seconds = 0;
  NoteSignature line;
};

// What the witnesses have signed of the note, one for each. Lines of others
// are ignored; PERMISSION_DENIED when the line of a witness is wrong.
base::Result<std::vector<Cosignature>> cosignatures_of(const Note& note,
                                                       std::span<const WitnessKey> witnesses);

}  // namespace paxid::audit
