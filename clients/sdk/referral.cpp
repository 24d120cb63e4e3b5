#include "clients/sdk/referral.h"

#include <openssl/sha.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/check.h"
#include "base/hex.h"

namespace paxid::sdk {
namespace {

constexpr std::size_t kLettersOfGroup = 3;

}  // namespace

std::string new_referral_code() {
  std::array<std::uint8_t, kReferralCodeLength> random{};
  PAXID_CHECK(getrandom(random.data(), random.size(), 0) == static_cast<ssize_t>(random.size()));
  std::string code;
  for (const std::uint8_t byte : random) code += kReferralLetters[byte % kReferralLetters.size()];
  return code;
}

std::optional<std::string> referral_code_from(std::string_view text) {
  std::string code;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (kReferralLetters.find(c) == std::string_view::npos) return std::nullopt;
    code += c;
    if (code.size() > kReferralCodeLength) return std::nullopt;
  }
  if (code.size() != kReferralCodeLength) return std::nullopt;
  return code;
}

std::string shown_referral_code(std::string_view code) {
  PAXID_CHECK(code.size() == kReferralCodeLength);
  std::string shown;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (i > 0 && i % kLettersOfGroup == 0) shown += '-';
    shown += code[i];
  }
  return shown;
}

std::string request_id_of_referral(std::string_view code) {
  PAXID_CHECK(code.size() == kReferralCodeLength);
  const std::string text = "paxid/referral/v1\n" + std::string(code);
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest.data());
  std::array<std::uint8_t, 16> id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  id[6] = static_cast<std::uint8_t>(0x80 | (id[6] & 0x0F));
  id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3F));
  std::string uuid = base::to_hex(id);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) uuid.insert(at, 1, '-');
  return uuid;
}

}  // namespace paxid::sdk
