#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// Which customs of naming the State that issued a document belongs to. For figures about many
// passengers; it says nothing about one.
namespace paxid::cli {

enum class NamingRegion : std::uint8_t {
  kNorthAmericaOceania,
  kLatin,
  kWestEurope,
  kEastEurope,
  kMiddleEast,
  kTurkic,
  kSouthAsia,
  kSoutheastAsia,
  kEastAsia,
  kSubsaharanAfrica,
  kOther,  // organisations, stateless persons, codes that no State has
};
inline constexpr std::size_t kNamingRegions = 11;

// Of a code as a zone prints it (Doc 9303-3 section 5).
NamingRegion naming_region_of(std::string_view state_code);

// The key of its name in the catalogues of messages.
std::string_view message_key_of(NamingRegion region);

}  // namespace paxid::cli
