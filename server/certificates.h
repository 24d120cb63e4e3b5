#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"

namespace paxid::server {

inline constexpr std::size_t kMaxPemBytes = 1024 * 1024;

// The files of a TLS server. gRPC itself says nothing when they do not fit: every handshake
// just fails. INVALID_ARGUMENT with `field` "certificate", "private_key" or "client_ca".
// Anything but ECDSA on P-256 or P-384, or RSA of at least 2048 bits, is refused; also a
// certificate that is not valid yet or no longer.
base::Result<void> check_certificates(const std::string& certificate_pem,
                                      const std::string& private_key_pem,
                                      const std::string& client_ca_pem);

// The serial number of the first certificate of a PEM text, lower-case hexadecimal without leading
// zeros, or nothing.
std::optional<std::string> serial_of(const std::string& certificate_pem);

// When the first certificate of a PEM text expires, in seconds since 1970, or nothing.
std::optional<std::int64_t> expiry_of(const std::string& certificate_pem);

}  // namespace paxid::server
