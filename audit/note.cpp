#include "audit/note.h"

#include <algorithm>

#include "audit/big_endian.h"
#include "audit/crypto.h"
#include "base/base64.h"
#include "base/utf8.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t kKeyIdBytes = sizeof(NoteSignature::key_id);

tl::unexpected<base::Error> unreadable(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "note");
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
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
  return NoteSignature{std::string(name), from_big_endian<std::uint32_t>(*bytes),
                       Bytes(bytes->begin() + kKeyIdBytes, bytes->end())};
}

const VerifierKey* find_key(std::span<const VerifierKey> keys, const NoteSignature& signature) {
  const auto found = std::ranges::find_if(keys, [&](const VerifierKey& key) {
    return key.key_id == signature.key_id && key.name == signature.name;
  });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace

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
    const auto id = big_endian(signature.key_id);
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
