#include "base/base64.h"

#include <openssl/evp.h>

#include <array>
#include <limits>

#include "base/check.h"

namespace paxid::base {
namespace {

constexpr std::uint8_t kNoDigit = 0xFF;  // its upper two bits are those that no digit has

constexpr std::array<std::uint8_t, 256> kDigits = [] {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

std::uint32_t digit(char c) { return kDigits[static_cast<unsigned char>(c)]; }

}  // namespace

std::string to_base64(std::span<const std::uint8_t> bytes) {
  PAXID_CHECK(bytes.size() < std::numeric_limits<int>::max() / 2);
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// Not OpenSSL's, which skips white space and ignores bits that are left over, and is slow.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3 - padding);
  std::uint8_t* to = bytes.data();
  const char* from = text.data();
  std::uint32_t seen = 0;  // bits of all digits
  for (const char* const end = from + (text.size() - (padding > 0 ? 4 : 0)); from != end;
       from += 4, to += 3) {
    const std::uint32_t a = digit(from[0]), b = digit(from[1]), c = digit(from[2]),
                        d = digit(from[3]);
    seen |= a | b | c | d;
    to[0] = static_cast<std::uint8_t>(a << 2 | b >> 4);
    to[1] = static_cast<std::uint8_t>(b << 4 | c >> 2);
    to[2] = static_cast<std::uint8_t>(c << 6 | d);
  }
  if (padding > 0) {
    const std::uint32_t a = digit(from[0]), b = digit(from[1]);
    const std::uint32_t c = padding == 1 ? digit(from[2]) : 0;
    seen |= a | b | c;
    to[0] = static_cast<std::uint8_t>(a << 2 | b >> 4);
    if (padding == 1) to[1] = static_cast<std::uint8_t>(b << 4 | c >> 2);
    // The one form: no bit is left over.
    if ((padding == 1 ? c & 0x03 : b & 0x0F) != 0) return std::nullopt;
  }
  if (seen > 0x3F) return std::nullopt;
  return bytes;
}

}  // namespace paxid::base
