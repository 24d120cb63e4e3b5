#include "audit/cosignature.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "audit/crypto.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::uint8_t kCosignatureType = 0x04;
constexpr std::size_t kTimeBytes = 8;
constexpr std::uint64_t kMaxTime = std::numeric_limits<std::int64_t>::max();

tl::unexpected<base::Error> bad_vkey(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "witness");
}

Bytes typed_key(const PublicKey& key) {
  Bytes typed{kCosignatureType};
  typed.insert(typed.end(), key.begin(), key.end());
  return typed;
}

std::string message_of(std::string_view text, std::uint64_t unix_seconds) {
  return "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + std::string(text);
}

std::uint64_t big_endian64(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kTimeBytes; ++i) value = value << 8 | bytes[i];
  return value;
}

std::string hex32(std::uint32_t value) {
  Bytes bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  return base::to_hex(bytes);
}

}  // namespace

WitnessKey witness_key(std::string_view name, const PublicKey& key) {
  PAXID_CHECK(is_key_name(name));
  const Hash hash = sha256({bytes_of(name), bytes_of("\n"), typed_key(key)});
  return {std::string(name),
          std::uint32_t{hash[0]} << 24 | std::uint32_t{hash[1]} << 16 |
              std::uint32_t{hash[2]} << 8 | std::uint32_t{hash[3]},
          key};
}

std::string to_vkey(const WitnessKey& key) {
  return key.name + "+" + hex32(key.key_id) + "+" + base::to_base64(typed_key(key.public_key));
}

base::Result<WitnessKey> parse_witness_vkey(std::string_view vkey) {
  // Names hold no '+'; base64 may.
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return bad_vkey("a witness is name+key id+key");
  const std::string_view name = vkey.substr(0, first);
  if (!is_key_name(name)) return bad_vkey("the witness has no proper key name");
  const auto typed = base::from_base64(vkey.substr(second + 1));
  if (!typed || typed->empty()) return bad_vkey("the key of the witness is not base64");
  if ((*typed)[0] != kCosignatureType) {
    return bad_vkey("the key of the witness is not of type 0x04 (Ed25519 cosignature)");
  }
  if (typed->size() != 1 + std::tuple_size_v<PublicKey>) {
    return bad_vkey("the key of the witness has a wrong size");
  }
  PublicKey key;
  std::copy(typed->begin() + 1, typed->end(), key.begin());
  WitnessKey parsed = witness_key(name, key);
  if (to_vkey(parsed) != vkey) return bad_vkey("the key id of the witness is not the key's");
  return parsed;
}

base::Result<std::vector<WitnessKey>> parse_witness_vkeys(std::string_view lines) {
  std::vector<WitnessKey> witnesses;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    auto key = parse_witness_vkey(line);
    if (!key) return tl::unexpected(key.error());
    if (std::ranges::any_of(witnesses, [&](const WitnessKey& w) { return w.name == key->name; })) {
      return bad_vkey("a witness occurs twice");
    }
    if (witnesses.size() == kMaxWitnesses) return bad_vkey("there are more than 32 witnesses");
    witnesses.push_back(*std::move(key));
  }
  return witnesses;
}

base::Result<NoteSignature> cosign(std::string_view text, std::string_view name,
                                   const SigningKey& key, std::uint64_t unix_seconds) {
  if (!is_key_name(name)) return bad_vkey("not a proper key name");
  if (!text.ends_with('\n')) return bad_vkey("the text does not end with a newline");
  if (unix_seconds > kMaxTime) return bad_vkey("the time is beyond 2^63 - 1");
  const auto signature = key.sign(bytes_of(message_of(text, unix_seconds)));
  if (!signature) return tl::unexpected(signature.error());
  NoteSignature line{std::string(name), witness_key(name, key.public_key()).key_id, {}};
  for (int shift = 56; shift >= 0; shift -= 8) {
    line.signature.push_back(static_cast<std::uint8_t>(unix_seconds >> shift));
  }
  line.signature.insert(line.signature.end(), signature->begin(), signature->end());
  return line;
}

base::Result<std::vector<Cosignature>> cosignatures_of(const Note& note,
                                                       std::span<const WitnessKey> witnesses) {
  std::vector<Cosignature> found;
  for (const NoteSignature& line : note.signatures) {
    const auto witness = std::ranges::find_if(witnesses, [&](const WitnessKey& key) {
      return key.key_id == line.key_id && key.name == line.name;
    });
    if (witness == witnesses.end()) continue;
    const bool again = std::ranges::any_of(
        found, [&](const Cosignature& one) { return one.witness == witness->name; });
    if (again) continue;
    const bool whole = line.signature.size() == kTimeBytes + std::tuple_size_v<Signature>;
    const std::uint64_t time = whole ? big_endian64(line.signature) : 0;
    if (!whole || time > kMaxTime ||
        !verify_ed25519(witness->public_key, bytes_of(message_of(note.text, time)),
                        ByteView(line.signature).subspan(kTimeBytes))) {
      return base::fail(ErrorCode::kPermissionDenied, "a cosignature of a witness is wrong",
                        "witness");
    }
    found.push_back({witness->name, time, line});
  }
  return found;
}

}  // namespace paxid::audit
