#pragma once

#include <string_view>

#include "base/date.h"
#include "mrz/document.h"

namespace paxid::mrz {

// What six printed cells YYMMDD mean as a date, without a century: kBlank, kPartial,
// kComplete or kImpossible. 29 February passes in every year that is divisible by four: `00`
// is a leap year in one century of four, and the century is not printed.
// `bad_part` (may be null) tells 0, 1, 2 for the first bad year, month, day.
DateState date_state(std::string_view yymmdd, int* bad_part = nullptr);

// The dates of a zone with their centuries, see ZoneDate. An empty text is kAbsent.
ZoneDate birth_of(std::string_view yymmdd, base::Date reference_date);
ZoneDate expiry_of(std::string_view yymmdd, base::Date reference_date);

// The oldest holder that a birth date is read for, in years.
inline constexpr int kOldestHolder = 120;

}  // namespace paxid::mrz
