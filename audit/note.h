#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/named_key.h"
#include "audit/signer.h"
#include "base/error.h"

// C2SP signed note (c2sp.org/signed-note), signature type 0x01 (Ed25519), byte for byte.
namespace paxid::audit {

inline constexpr std::size_t kMaxNoteBytes = 1 << 20;
inline constexpr std::size_t kMaxNoteSignatures = 100;

using VerifierKey = NamedKey<SignatureType::kEd25519>;

inline VerifierKey verifier_key(std::string_view name, const PublicKey& key) {
  return named_key<SignatureType::kEd25519>(name, key);
}
inline base::Result<VerifierKey> parse_vkey(std::string_view vkey) {
  return parse_named_key<SignatureType::kEd25519>(vkey);
}

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;

  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

// `text` ends with a newline.
struct Note {
  std::string text;
  std::vector<NoteSignature> signatures;

  friend bool operator==(const Note&, const Note&) = default;
};

// INVALID_ARGUMENT with the reason. Verifies nothing.
base::Result<Note> parse_note(std::string_view bytes);
std::string to_text(const Note& note);

// Signs `text` under `name`: one line, or a whole note with that line. A further signer adds
// its line to Note::signatures.
// INVALID_ARGUMENT when the text does not end with a newline or holds control characters.
base::Result<NoteSignature> sign_text(std::string_view text, std::string_view name,
                                      const SigningKey& key);
base::Result<std::string> sign_note(std::string_view text, std::string_view name,
                                    const SigningKey& key);

// The note, with only the signatures that a trusted key made. Signatures of other keys are
// ignored; one of a trusted key that fails refuses the note (PERMISSION_DENIED), so does
// none at all.
base::Result<Note> open_note(std::string_view bytes, std::span<const VerifierKey> trusted);

}  // namespace paxid::audit
