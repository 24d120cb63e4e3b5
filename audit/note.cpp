#include "audit/note.h"

#include <algorithm>

#include "audit/crypto.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/utf8.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::uint8_t kEd25519Type = 0x01;
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t kKeyIdBytes = 4;

tl::unexpected<base::Error> unreadable(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "note");
}

tl::unexpected<base::Error> bad_vkey(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "vkey");
}

// The Unicode property White_Space.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

std::uint32_t big_endian32(ByteView bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
}

std::array<std::uint8_t, kKeyIdBytes> big_endian32(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

std::array<std::uint8_t, 33> typed_key(const PublicKey& key) {
  std::array<std::uint8_t, 33> typed;
  typed[0] = kEd25519Type;
  std::copy(key.begin(), key.end(), typed.begin() + 1);
  return typed;
}

base::Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return unreadable("a signature line lacks its dash");
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return unreadable("a signature line lacks its signature");
  const std::string_view name = line.substr(0, space);
  if (!is_key_name(name)) return unreadable("a signature line has no proper key name");
  const auto bytes = base::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) return unreadable("a signature is not base64");
  return NoteSignature{std::string(name), big_endian32(*bytes),
                       Bytes(bytes->begin() + kKeyIdBytes, bytes->end())};
}

const VerifierKey* find_key(std::span<const VerifierKey> keys, const NoteSignature& signature) {
  const auto found = std::ranges::find_if(keys, [&](const VerifierKey& key) {
    return key.key_id == signature.key_id && key.name == signature.name;
  });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxKeyNameBytes || has_control(name)) return false;
  const auto points = base::to_code_points(name);
  return points &&
         std::ranges::none_of(*points, [](char32_t c) { return is_space(c) || c == U'+'; });
}

VerifierKey verifier_key(std::string_view name, const PublicKey& key) {
  PAXID_CHECK(is_key_name(name));
  const Hash hash = sha256({bytes_of(name), bytes_of("\n"), typed_key(key)});
  return {std::string(name), big_endian32(hash), key};
}

std::string to_vkey(const VerifierKey& key) {
  return key.name + "+" + base::to_hex(big_endian32(key.key_id)) + "+" +
         base::to_base64(typed_key(key.public_key));
}

base::Result<VerifierKey> parse_vkey(std::string_view vkey) {
  // Names hold no '+'; base64 may.
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return bad_vkey("a vkey is name+key id+key");
  const std::string_view name = vkey.substr(0, first);
  if (!is_key_name(name)) return bad_vkey("the vkey has no proper key name");
  const auto typed = base::from_base64(vkey.substr(second + 1));
  if (!typed || typed->empty()) return bad_vkey("the key of the vkey is not base64");
  if ((*typed)[0] != kEd25519Type) return bad_vkey("the vkey is not of type 0x01 (Ed25519)");
  if (typed->size() != 1 + std::tuple_size_v<PublicKey>) {
    return bad_vkey("the key of the vkey has a wrong size");
  }
  PublicKey key;
  std::copy(typed->begin() + 1, typed->end(), key.begin());
  VerifierKey parsed = verifier_key(name, key);
  if (to_vkey(parsed) != vkey) return bad_vkey("the key id of the vkey is not the key's");
  return parsed;
}

base::Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes) return unreadable("the note is larger than 1 MiB");
  if (!base::is_valid_utf8(bytes)) return unreadable("the note is not UTF-8");
  if (has_control(bytes)) return unreadable("the note holds control characters");
  const std::size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) return unreadable("the note has no signatures");
  Note note;
  note.text = bytes.substr(0, split + 1);
  std::string_view lines = bytes.substr(split + 2);
  if (lines.empty()) return unreadable("the note has no signatures");
  if (!lines.ends_with('\n')) return unreadable("the note does not end with a newline");
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    auto signature = parse_signature_line(lines.substr(0, end));
    if (!signature) return tl::unexpected(signature.error());
    if (note.signatures.size() == kMaxNoteSignatures) {
      return unreadable("the note has more than 100 signatures");
    }
    note.signatures.push_back(*std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return note;
}

std::string to_text(const Note& note) {
  std::string text = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    const auto id = big_endian32(signature.key_id);
    Bytes bytes(id.begin(), id.end());
    bytes.insert(bytes.end(), signature.signature.begin(), signature.signature.end());
    text += kSignaturePrefix;
    text += signature.name + " " + base::to_base64(bytes) + "\n";
  }
  return text;
}

base::Result<NoteSignature> sign_text(std::string_view text, std::string_view name,
                                      const SigningKey& key) {
  if (!is_key_name(name)) return unreadable("not a proper key name");
  if (!text.ends_with('\n')) return unreadable("the text does not end with a newline");
  if (text.size() > kMaxNoteBytes / 2) return unreadable("the text is larger than 512 KiB");
  if (has_control(text) || !base::is_valid_utf8(text)) {
    return unreadable("the text is not UTF-8 or holds control characters");
  }
  const auto signature = key.sign(bytes_of(text));
  if (!signature) return tl::unexpected(signature.error());
  return NoteSignature{std::string(name), verifier_key(name, key.public_key()).key_id,
                       Bytes(signature->begin(), signature->end())};
}

base::Result<std::string> sign_note(std::string_view text, std::string_view name,
                                    const SigningKey& key) {
  auto signature = sign_text(text, name, key);
  if (!signature) return tl::unexpected(signature.error());
  return to_text(Note{std::string(text), {*std::move(signature)}});
}

base::Result<Note> open_note(std::string_view bytes, std::span<const VerifierKey> trusted) {
  auto note = parse_note(bytes);
  if (!note) return note;
  std::vector<NoteSignature> verified;
  std::vector<const VerifierKey*> seen;
  for (NoteSignature& signature : note->signatures) {
    const VerifierKey* key = find_key(trusted, signature);
    if (key == nullptr || std::ranges::find(seen, key) != seen.end()) continue;
    seen.push_back(key);
    if (!verify_ed25519(key->public_key, bytes_of(note->text), signature.signature)) {
      return base::fail(ErrorCode::kPermissionDenied, "a signature of a trusted key is wrong",
                        "note");
    }
    verified.push_back(std::move(signature));
  }
  if (verified.empty()) {
    return base::fail(ErrorCode::kPermissionDenied, "no trusted key signed the note", "note");
  }
  note->signatures = std::move(verified);
  return note;
}

}  // namespace paxid::audit
