#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

// Sixteen bytes of text, compared at once. GCC's vector types: the compiler knows them on every
// machine, and does without where the machine has no such instructions. Its own search for loops
// to vectorise finds these only sometimes.
namespace paxid::bcbp {

inline constexpr std::size_t kBlockBytes = 16;
using ByteBlock [[gnu::vector_size(kBlockBytes)]] = std::uint8_t;

// Requires kBlockBytes bytes at `bytes`.
inline ByteBlock load_block(const void* bytes) {
  ByteBlock block;
  std::memcpy(&block, bytes, kBlockBytes);
  return block;
}

// 0xFF for each byte from `first` to `last`, 0 for the others.
inline ByteBlock in_range(ByteBlock block, char first, char last) {
  const auto width = static_cast<std::uint8_t>(last - first);
  return (block - static_cast<std::uint8_t>(first)) <= width;
}

inline bool all_set(ByteBlock mask) {
  std::uint64_t halves[2];
  std::memcpy(halves, &mask, kBlockBytes);
  return (halves[0] & halves[1]) == ~std::uint64_t{0};
}

// Calls visit(offset) for blocks that cover `length` bytes; the last one overlaps the one in front
// of it where it has to. Requires length >= kBlockBytes.
template <class Visit>
void for_each_block(std::size_t length, Visit visit) {
  for (std::size_t at = 0; at + kBlockBytes < length; at += kBlockBytes) visit(at);
  visit(length - kBlockBytes);
}

}  // namespace paxid::bcbp
