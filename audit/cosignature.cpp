#include "audit/cosignature.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "audit/big_endian.h"
#include "audit/crypto.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::size_t kTimeBytes = sizeof(std::uint64_t);
constexpr std::uint64_t kMaxTime = std::numeric_limits<std::int64_t>::max();

tl::unexpected<base::Error> bad_vkey(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "witness");
}

std::string message_of(std::string_view text, std::uint64_t unix_seconds) {
  return "cosignature/v1\ntime " + std::to_string(unix_seconds) + "\n" + std::string(text);
}

}  // namespace

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
  const auto time = big_endian(unix_seconds);
  line.signature.assign(time.begin(), time.end());
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
    const std::uint64_t time = whole ? from_big_endian<std::uint64_t>(line.signature) : 0;
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
