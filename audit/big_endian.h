#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "audit/bytes.h"

namespace paxid::audit {

template <std::unsigned_integral Number>
std::array<std::uint8_t, sizeof(Number)> big_endian(Number value) {
  std::array<std::uint8_t, sizeof(Number)> bytes;
  for (std::size_t i = sizeof(Number); i-- > 0; value >>= 8) {
    bytes[i] = static_cast<std::uint8_t>(value);
  }
  return bytes;
}

// Of the first sizeof(Number) bytes, which are there.
template <std::unsigned_integral Number>
Number from_big_endian(ByteView bytes) {
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace paxid::audit
