#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/signer.h"
#include "base/error.h"

// The Ed25519 keys of signed notes: a name, the type of signature and the key give the key id
// (c2sp.org/signed-note).
namespace paxid::audit {

inline constexpr std::size_t kMaxKeyNameBytes = 255;

enum class SignatureType : std::uint8_t {
  kEd25519 = 0x01,      // of the log on its own note
  kCosignature = 0x04,  // of a witness on a checkpoint (c2sp.org/tlog-cosignature)
};

// A public key as verifiers are told it. A key of one type is none of another.
template <SignatureType type>
struct NamedKey {
  std::string name;
  std::uint32_t key_id = 0;
  PublicKey public_key{};

  friend bool operator==(const NamedKey&, const NamedKey&) = default;
};

// Non-empty, valid UTF-8, no Unicode space, no control character, no '+'.
bool is_key_name(std::string_view name);

// SHA-256(name || 0x0A || type || key)[:4], big-endian. Requires is_key_name(name).
template <SignatureType type>
NamedKey<type> named_key(std::string_view name, const PublicKey& key);

// "name+hex key id+base64(type || key)".
template <SignatureType type>
std::string to_vkey(const NamedKey<type>& key);

// INVALID_ARGUMENT for a wrong form, another type or a key id that is not the key's.
template <SignatureType type>
base::Result<NamedKey<type>> parse_named_key(std::string_view vkey);

}  // namespace paxid::audit
