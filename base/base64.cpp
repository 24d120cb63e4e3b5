#include "base/base64.h"

#include <openssl/evp.h>

#include <limits>

#include "base/check.h"

namespace paxid::base {

std::string to_base64(std::span<const std::uint8_t> bytes) {
  PAXID_CHECK(bytes.size() < std::numeric_limits<int>::max() / 2);
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.empty()) return std::vector<std::uint8_t>{};
  if (text.size() % 4 != 0 || text.size() > std::numeric_limits<int>::max()) return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  const int length = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(bytes.size() - padding);
  // OpenSSL skips surrounding white space and ignores leftover bits; encoding again is the
  // definition of a canonical text.
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace paxid::base
