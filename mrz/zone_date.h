#pragma once

#include <string_view>

#include "base/date.h"
#include "mrz/document.h"

namespace paxid::mrz {

// What six printed cells YYMMDD mean as a date, without a century: kBlank, kPartial,
// kComplete or kImpossible; an empty text is kAbsent. 29 February passes in every year that is
// divisible by four: `00` is a leap year in one century of four, and the century is not
// printed. `bad_part` (may be null) tells 0, 1, 2 for the first bad year, month, day.
DateState date_state(std::string_view yymmdd, int* bad_part = nullptr);

// The dates of a zone with their centuries, see ZoneDate. Each text is empty (kAbsent) or six
// cells. When the reference date is no day of the calendar, or so far away that its neighbours
// might be none, dates stay without a century.
void resolve_dates(std::string_view birth_yymmdd, std::string_view expiry_yymmdd,
                   base::Date reference_date, ZoneDate& birth, ZoneDate& expiry);

// The oldest holder that a birth date is read for, in years.
inline constexpr int kOldestHolder = 120;

}  // namespace paxid::mrz
