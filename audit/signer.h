#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "audit/bytes.h"
#include "base/error.h"
#include "base/secret.h"

// libcrypto's key, so that its headers stay out of ours.
struct evp_pkey_st;

// Ed25519 (RFC 8032). The one place that calls libcrypto's signatures.
namespace paxid::audit {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

// A private key. Movable; thread-safe once made.
class SigningKey {
 public:
  static base::Result<SigningKey> generate();
  // From the 32-byte seed of RFC 8032 section 5.1.5.
  static base::Result<SigningKey> from_seed(ByteView seed);
  // From a PKCS #8 PEM file without a pass phrase. FAILED_PRECONDITION when the file is
  // readable by group or others.
  static base::Result<SigningKey> load(const std::string& path);
  // Makes a key and writes it to a new file with mode 0600, on disk when this returns.
  // ALREADY_EXISTS when there is a file.
  static base::Result<SigningKey> create(const std::string& path);

  const PublicKey& public_key() const { return public_key_; }
  base::Result<Signature> sign(ByteView message) const;

 private:
  struct KeyDeleter {
    void operator()(evp_pkey_st* key) const;
  };
  using KeyHandle = std::unique_ptr<evp_pkey_st, KeyDeleter>;

  SigningKey(KeyHandle key, const PublicKey& public_key);
  static base::Result<SigningKey> from_handle(KeyHandle key);

  KeyHandle key_;
  PublicKey public_key_;
};

bool verify_ed25519(const PublicKey& key, ByteView message, ByteView signature);

}  // namespace paxid::audit
