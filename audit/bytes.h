#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace paxid::audit {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

// A SHA-256 value: leaf hash, node, root, commitment, digest of a bundle.
using Hash = std::array<std::uint8_t, 32>;

// A random or registered identifier: request, subject, actor, trace, key.
using Id16 = std::array<std::uint8_t, 16>;

}  // namespace paxid::audit
