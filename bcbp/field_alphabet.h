#pragma once

#include <cstdint>
#include <string_view>

#include "bcbp/items.h"

namespace paxid::bcbp {

enum class FieldVerdict : std::uint8_t {
  kConforms,
  kLowercase,  // conforms once the letters are upper case
  kReserved,   // a code that the standard keeps for later
  kDeparts,
};

// Whether a complete field (printable ASCII, the item's whole length) holds what the
// standard allows (IATA Resolution 792, Attachment C, and its code lists).
FieldVerdict check_field(Alphabet alphabet, std::string_view field);

// Whether leg 1 stands where it must. A blank that was lost or added in front of a leg makes
// many fields implausible at once, while carriers that deviate do so in one or two.
// `field` must be complete.
bool is_plausible(Item item, std::string_view field);

}  // namespace paxid::bcbp
