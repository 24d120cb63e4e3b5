#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "base/base64.h"
#include "base/hex.h"

// Ways to write test values short. tests/data/audit/SOURCES.md says where they are from.
namespace paxid::audit {

inline Bytes hex(std::string_view text) {
  const auto bytes = base::from_hex(text);
  EXPECT_TRUE(bytes) << text;
  return bytes.value_or(Bytes{});
}

template <std::size_t kSize>
std::array<std::uint8_t, kSize> fixed(const Bytes& bytes) {
  std::array<std::uint8_t, kSize> value{};
  EXPECT_EQ(bytes.size(), kSize);
  std::copy_n(bytes.begin(), std::min(kSize, bytes.size()), value.begin());
  return value;
}

inline Hash hash_hex(std::string_view text) { return fixed<32>(hex(text)); }
inline Hash hash_base64(std::string_view text) {
  return fixed<32>(base::from_base64(text).value_or(Bytes{}));
}

inline Bytes bytes(std::string_view text) { return Bytes(text.begin(), text.end()); }
inline std::string text(ByteView bytes) { return std::string(bytes.begin(), bytes.end()); }

inline Id16 id16(std::uint8_t first, std::uint8_t step = 1) {
  Id16 id;
  for (std::uint8_t& byte : id) {
    byte = first;
    first = static_cast<std::uint8_t>(first + step);
  }
  return id;
}

inline Hash filled_hash(std::uint8_t byte) {
  Hash hash;
  hash.fill(byte);
  return hash;
}

}  // namespace paxid::audit
