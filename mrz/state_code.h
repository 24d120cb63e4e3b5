#pragma once

#include <cstdint>
#include <optional>
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

// A row of data/state_codes.tsv. Static lifetime.
struct StateEntry {
  std::string_view code;
  StateCode kind = StateCode::kUnknown;
  std::string_view what;     // "ISO 3166-1 alpha-3", or who uses the code
  std::string_view edition;  // in which the row was read ...
  std::string_view date;     // ... and that edition's date, YYYY-MM-DD
};

// The row of `code`; nothing where state_code() is kUnknown.
std::optional<StateEntry> state_entry(std::string_view code);

// Whether two codes name the same state for the purposes of issuing passports: equal, D and
// DEU, or the British codes GBR, GBD, GBN, GBO, GBP, GBS.
bool same_state(std::string_view a, std::string_view b);

}  // namespace paxid::mrz
