#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bcbp/name_candidate.h"

namespace paxid::bcbp {

// Item 11 of a pass: 20 bytes, `SURNAME/GIVEN[TITLE]`, left-justified, padded with blanks,
// cut without a mark when it is longer (IATA Resolution 792, Attachment C).
inline constexpr std::size_t kNameFieldBytes = 20;

// A full field (no trailing blank) was possibly cut; a field with a trailing blank was not.
// Requires the field as printed, with its padding; an unpadded text of 20 bytes is full.
bool is_full_name_field(std::string_view field);

// All readings of the field, most likely first, at least one.
std::vector<NameCandidate> name_field_candidates(std::string_view field);

// A booked name, from a name item of the reservation. Upper or lower case, blanks, hyphens
// and apostrophes as booked.
struct BookedName {
  std::string surname;
  std::string given;
  std::string title;   // may be empty
  std::string suffix;  // may be empty when it is part of surname or given
  std::string ptc;     // CHD or INF where it is printed behind the title
};
BookedName to_booked_name(const NameCandidate& candidate);

// Why a pass name is, or is not, what an airline prints for a booked name.
enum class CutReason : std::uint8_t {
  kWhole,             // the entire name, with or without its title
  kNamesDropped,      // whole later given names are missing, the rest is entire
  kGivenNameDropped,  // only the surname is printed, and it did not fill the field
  kCutAtFieldEnd,     // the field is full and holds the first 20 bytes of the name
  kCutWithInitials,   // the surname was cut so that the first letter(s) of the given name fit
  kNotFull,           // the field has room left, yet the name is shorter than the booked one
  kDifferent,         // no way of cutting the booked name gives these bytes
  kNoName,            // one of the two has no letter
};
std::string_view name_of(CutReason reason);

struct CutVerdict {
  bool legal = false;
  CutReason reason = CutReason::kDifferent;
};

// Whether the name field of a pass (raw, at most 20 bytes, padding optional) is a legal cut
// of the booked name. Separators inside names (blank, hyphen, apostrophe) may be kept,
// blanked or removed; a title may be glued, spaced, cut or dropped; later given names may be
// dropped whole. The field, padded, must equal the first 20 bytes of such a print: a field with
// room left is never a prefix of a longer name, so JOHN and a blank is no cut of JOHNATHAN.
CutVerdict is_legal_cut(std::string_view pass_name, const BookedName& booking);

// The same for a booked name as text (`SURNAME/GIVEN TITLE`): the best verdict over all of
// its readings.
CutVerdict is_legal_cut(std::string_view pass_name, std::string_view booking_text);

}  // namespace paxid::bcbp
