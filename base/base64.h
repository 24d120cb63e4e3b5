#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paxid::base {

// RFC 4648 section 4 (standard alphabet, padded). Decoding is strict: no white space,
// full padding, no bits left over.
std::string to_base64(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace paxid::base
