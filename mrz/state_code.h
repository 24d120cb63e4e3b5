#pragma once

#include <cstdint>
#include <string_view>

namespace paxid::mrz {

// What ICAO Doc 9303-3 section 5 says about a code of an issuer or a nationality.
enum class StateCode : std::uint8_t {
  kUnknown,
  kKnown,        // ISO 3166-1 alpha-3, or an ICAO addition to it
  kDeprecated,   // no longer issued, to be read: ANT, NTZ
  kSpecimen,     // UTO
  kNonstandard,  // DEU, printed by other states for Germans, whose own code is D
};

// `code` as a zone prints it, without trailing fillers.
StateCode state_code(std::string_view code);

// Whether two codes name the same state for the purposes of issuing passports: equal, D and
// DEU, or the British codes GBR, GBD, GBN, GBO, GBP, GBS.
bool same_state(std::string_view a, std::string_view b);

}  // namespace paxid::mrz
