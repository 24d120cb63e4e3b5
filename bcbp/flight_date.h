#pragma once

#include <chrono>
#include <string_view>

#include "base/date.h"

// The years that a pass does not print. All dates are local calendar dates, here as days of
// the calendar: one number, to count with.
namespace paxid::bcbp {

// Days since 1970-01-01.
using CivilDay = std::chrono::sys_time<std::chrono::duration<int, std::chrono::days::period>>;
// Stands for no date. An optional would do, but its flag and its day are stored apart and read
// together, which stalls the reader for a third of its time.
inline constexpr CivilDay kNoDay = CivilDay::min();
constexpr CivilDay to_day(base::Date date) { return std::chrono::sys_days(date); }
constexpr base::Date to_date(CivilDay day) { return std::chrono::sys_days(day); }

// A pass issued "tomorrow" by the clock of the carrier's time zone.
inline constexpr int kIssueAheadDays = 2;
// Carriers issue on UTC dates: the date of issue may be after the local flight date.
inline constexpr int kFlightBeforeIssueDays = 3;
inline constexpr int kFlightAfterIssueDays = 366;
// A connecting flight may leave on the day before, across the date line.
inline constexpr int kLegBeforeLegDays = 1;
// The legs of one pass are one journey: a leg that by its day would be later than this is on no
// later day but a wrong one.
inline constexpr int kLegAfterLegDays = 180;

// Item 22, `Yddd`: the latest such date not more than kIssueAheadDays after `reference`,
// within ten years. kNoDay when the field is no such date.
CivilDay resolve_issue_date(std::string_view field, CivilDay reference);

// The earliest date with this day of year from `anchor` - `before` to `anchor` + `after`; or
// kNoDay.
CivilDay first_from(int day_of_year, CivilDay anchor, int before, int after);

// The date with this day of year nearest to `reference`, at most a year away; of two equally
// near ones the later. kNoDay when there is none.
CivilDay nearest(int day_of_year, CivilDay reference);

}  // namespace paxid::bcbp
