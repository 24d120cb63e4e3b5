#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/date.h"
#include "mrz/fixed_text.h"

namespace paxid::mrz {

// The sizes and layouts that are read. TD1..TD3 and the visas are ICAO Doc 9303 parts 4 to 8;
// the others are national layouts outside it.
enum class Format : std::uint8_t {
  kNone,   // the size names no format
  kTd1,    // 3 x 30
  kTd2,    // 2 x 36
  kTd3,    // 2 x 44
  kMrvA,   // visa, 2 x 44
  kMrvB,   // visa, 2 x 36
  kFraId,  // French identity card until 2021, 2 x 36
  kCheDl,  // Swiss driving licence, 9 / 30 / 30
  kFraDl,  // French driving licence, 1 x 30
  kSvk,    // old Slovak identity card, 2 x 34
};

// "TD1", "TD2", "TD3", "MRVA", "MRVB", "FRA_ID", "CHE_DL", "FRA_DL", "SVK_2x34"; "" for kNone.
std::string_view name_of(Format format);

// The fields of a document as the zone prints them: trailing fillers removed, fillers inside
// as one blank each, a blank field empty. Dates and sex are the cells as printed, fillers
// included ("7408<<", "<"). A field that the format does not have is empty. A cell that is
// no printable ASCII stands as `?`. Personal data: never log it.
struct Document {
  FixedText<2> document_code;     // "P", "PP", "ID"
  FixedText<3> issuer;            // "UTO", "D"
  FixedText<39> surname;          // primary identifier, parts separated by one blank
  FixedText<39> given_names;      // secondary identifier, parts separated by one blank
  FixedText<24> document_number;  // with its tail where it is a long one
  FixedText<3> nationality;       // "" where the format has none
  FixedText<6> birth_date;
  FixedText<1> sex;  // "M", "F", "X" or "<"
  FixedText<6> expiry_date;
  FixedText<16> optional1;  // what is left after a long number's tail and digit
  FixedText<16> optional2;

  friend bool operator==(const Document&, const Document&) = default;
};

enum class DateState : std::uint8_t {
  kAbsent,      // the format has no such field
  kBlank,       // all fillers
  kPartial,     // some of year, month, day unknown (legal for a birth date, 9303-3 4.8)
  kComplete,    // a day of the calendar
  kImpossible,  // no calendar has it, or a cell is no digit
};

// A date of the zone with its century. Two digits of year do not name a century and Doc 9303
// has no rule for it, so the choice is made against the caller's reference date:
//   birth   the latest candidate that is not after the reference date;
//   expiry  the candidate within [-50, +49] years of the reference date.
struct ZoneDate {
  DateState state = DateState::kAbsent;
  std::optional<base::Date> date;   // the chosen day; only when state is kComplete
  std::optional<base::Date> other;  // the candidate one century apart, when a calendar has it
  // A holder could also have been born on `other` (not more than 120 years before the
  // reference date), or birth and expiry contradict each other in the chosen centuries.
  bool century_ambiguous = false;

  friend bool operator==(const ZoneDate&, const ZoneDate&) = default;
};

// Whether `date` is a day that `printed` (YYMMDD, `<` for an unknown cell, as in Document)
// can mean, whatever the century. Unknown parts agree with everything; a blank or malformed
// text says nothing.
std::optional<bool> can_mean(std::string_view printed, base::Date date);

}  // namespace paxid::mrz
