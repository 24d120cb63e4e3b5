#include "audit/named_key.h"

#include <algorithm>

#include "audit/big_endian.h"
#include "audit/crypto.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/utf8.h"

namespace paxid::audit {
namespace {

// The Unicode property White_Space.
bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_control(char32_t c) { return c < 0x20 && c != '\n'; }

template <SignatureType type>
tl::unexpected<base::Error> bad_vkey(std::string message) {
  return base::fail(base::ErrorCode::kInvalidArgument, std::move(message),
                    type == SignatureType::kEd25519 ? "vkey" : "witness");
}

template <SignatureType type>
std::array<std::uint8_t, 1 + std::tuple_size_v<PublicKey>> typed_key(const PublicKey& key) {
  std::array<std::uint8_t, 1 + std::tuple_size_v<PublicKey>> typed;
  typed[0] = static_cast<std::uint8_t>(type);
  std::copy(key.begin(), key.end(), typed.begin() + 1);
  return typed;
}

}  // namespace

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxKeyNameBytes) return false;
  const auto points = base::to_code_points(name);
  return points && std::ranges::none_of(*points, [](char32_t c) {
           return is_space(c) || is_control(c) || c == U'+';
         });
}

template <SignatureType type>
NamedKey<type> named_key(std::string_view name, const PublicKey& key) {
  PAXID_CHECK(is_key_name(name));
  const Hash hash = sha256({bytes_of(name), bytes_of("\n"), typed_key<type>(key)});
  return {std::string(name), from_big_endian<std::uint32_t>(hash), key};
}

template <SignatureType type>
std::string to_vkey(const NamedKey<type>& key) {
  return key.name + "+" + base::to_hex(big_endian(key.key_id)) + "+" +
         base::to_base64(typed_key<type>(key.public_key));
}

template <SignatureType type>
base::Result<NamedKey<type>> parse_named_key(std::string_view vkey) {
  // Names hold no '+'; base64 may.
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return bad_vkey<type>("a vkey is name+key id+key");
  const std::string_view name = vkey.substr(0, first);
  if (!is_key_name(name)) return bad_vkey<type>("the vkey has no proper key name");
  const auto typed = base::from_base64(vkey.substr(second + 1));
  if (!typed || typed->empty()) return bad_vkey<type>("the key of the vkey is not base64");
  if ((*typed)[0] != static_cast<std::uint8_t>(type)) {
    return bad_vkey<type>(type == SignatureType::kEd25519
                              ? "the vkey is not of type 0x01 (Ed25519)"
                              : "the vkey is not of type 0x04 (Ed25519 cosignature)");
  }
  if (typed->size() != 1 + std::tuple_size_v<PublicKey>) {
    return bad_vkey<type>("the key of the vkey has a wrong size");
  }
  PublicKey key;
  std::copy(typed->begin() + 1, typed->end(), key.begin());
  NamedKey<type> parsed = named_key<type>(name, key);
  if (to_vkey(parsed) != vkey) return bad_vkey<type>("the key id of the vkey is not the key's");
  return parsed;
}

template NamedKey<SignatureType::kEd25519> named_key(std::string_view, const PublicKey&);
template NamedKey<SignatureType::kCosignature> named_key(std::string_view, const PublicKey&);
template std::string to_vkey(const NamedKey<SignatureType::kEd25519>&);
template std::string to_vkey(const NamedKey<SignatureType::kCosignature>&);
template base::Result<NamedKey<SignatureType::kEd25519>> parse_named_key(std::string_view);
template base::Result<NamedKey<SignatureType::kCosignature>> parse_named_key(std::string_view);

}  // namespace paxid::audit
