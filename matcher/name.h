#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paxid::matcher {

// Where a name was read. The place decides what may have happened to it there: a zone cuts
// at 39, 31 or 30 characters (Doc 9303-4, -6, -5), a boarding pass at 20 (IATA Resolution
// 792 item 11), a booking glues titles to the given name.
enum class Source : std::uint8_t { kTyped, kBooking, kBoardingPass, kMrz, kVisual, kChip };

// "typed", "booking", "boarding_pass", "mrz", "visual", "chip". Static lifetime.
std::string_view name_of(Source source);
std::optional<Source> source_from(std::string_view name);

// A name as one place prints it, UTF-8, any script, any case. Either `full` is set (order of
// the parts unknown), or at least one of `surname` and `given`; a name without any text has
// no opinion. "SURNAME/GIVEN" of a booking or pass, "SURNAME<<GIVEN" of a zone and
// "Surname, Given" are understood in `full`.
struct NameText {
  std::string full;
  std::string surname;  // primary identifier
  std::string given;    // secondary identifiers
  Source source = Source::kTyped;
  std::string language;  // BCP 47 primary subtag ("uk"), or "" when unknown
  std::string issuer;    // Doc 9303-3 section 5 code of the document's issuer ("UKR"), or ""
  // The field was full, so its last part, or the whole given name, may be cut. Without this
  // the source and the length decide; a zone or pass name at its limit counts as cut.
  bool maybe_truncated = false;
};

}  // namespace paxid::matcher
