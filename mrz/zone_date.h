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

// The day against which centuries are decided, taken apart once for both dates of a zone.
class ReferenceDay {
 public:
  explicit ReferenceDay(base::Date date);

  // False when it is no day of the calendar, or so far away that its neighbours might be none:
  // then dates stay without a century.
  bool usable() const { return usable_; }
  int year() const { return year_; }
  // Orders the days of a year.
  int month_and_day() const { return month_and_day_; }

 private:
  bool usable_;
  int year_;
  int month_and_day_;
};

// The dates of a zone with their centuries, see ZoneDate. Each text is empty (kAbsent) or six
// cells.
void resolve_birth(std::string_view yymmdd, const ReferenceDay& reference, ZoneDate& birth);
void resolve_expiry(std::string_view yymmdd, const ReferenceDay& reference, ZoneDate& expiry);

// The oldest holder that a birth date is read for, in years.
inline constexpr int kOldestHolder = 120;

}  // namespace paxid::mrz
