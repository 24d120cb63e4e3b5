#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "audit/crypto.h"
#include "audit/sealed_body.h"
#include "base/base64.h"
#include "base/hex.h"

namespace paxid::audit {

// A sealed body, and what the keys that open it are derived from.
struct SoughtBody {
  Hash context{};  // log_id() of the origin
  Id16 request_id{};
  Bytes sealed;
};

// Whether the 32 bytes are the data key or the key of this record.
inline bool opens(ByteView key, const SoughtBody& body) {
  const ByteView commitment = ByteView(body.sealed).subspan(1 + 16 + 12, 32);
  const auto commits = [&](const base::SecretBytes& record_key) {
    return std::ranges::equal(hmac_sha256(record_key.reveal(), {bytes_of("commit")}), commitment);
  };
  const base::SecretBytes candidate(key);
  return commits(candidate) ||
         commits(record_key(candidate, SealPurpose::kBody, body.context, body.request_id));
}

// Takes every 32 bytes of every file below `root` for a key: as they stand, and written as
// hexadecimal digits or in base64. The first file that has one that opens the body.
inline std::optional<std::string> file_that_opens(const std::string& root, const SoughtBody& body) {
  constexpr std::size_t kKey = 32, kHex = 64, kBase64 = 43;
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  const auto is_base64 = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '/';
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::string_view text = content;
    std::size_t hex = 0, base64 = 0;  // how many such digits end here
    for (std::size_t at = 0; at < text.size(); ++at) {
      hex = is_hex(text[at]) ? hex + 1 : 0;
      base64 = is_base64(text[at]) ? base64 + 1 : 0;
      const std::size_t end = at + 1;
      bool found = end >= kKey && opens(bytes_of(text.substr(end - kKey, kKey)), body);
      if (!found && hex >= kHex) {
        found = opens(*base::from_hex(text.substr(end - kHex, kHex)), body);
      }
      if (!found && base64 >= kBase64) {
        const auto key = base::from_base64(std::string(text.substr(end - kBase64, kBase64)) + "=");
        found = key && opens(*key, body);
      }
      if (found) return entry.path().string();
    }
  }
  return std::nullopt;
}

}  // namespace paxid::audit
