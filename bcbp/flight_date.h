#pragma once

#include <chrono>
#include <optional>
#include <string_view>

// The years that a pass does not print. All dates are local calendar dates, here as days of
// the calendar: one number, to count with.
namespace paxid::bcbp {

using std::chrono::sys_days;

// A pass issued "tomorrow" by the clock of the carrier's time zone.
inline constexpr int kIssueAheadDays = 2;
// Carriers issue on UTC dates: the date of issue may be after the local flight date.
inline constexpr int kFlightBeforeIssueDays = 3;
inline constexpr int kFlightAfterIssueDays = 366;
// A connecting flight may leave on the day before, across the date line.
inline constexpr int kLegBeforeLegDays = 1;

// Item 22, `Yddd`: the latest such date not more than kIssueAheadDays after `reference`,
// within ten years. Nothing when the field is no such date.
std::optional<sys_days> resolve_issue_date(std::string_view field, sys_days reference);

// The earliest date with this day of year from `anchor` - `before` to `anchor` + `after`.
std::optional<sys_days> first_from(int day_of_year, sys_days anchor, int before, int after);

// The date with this day of year nearest to `reference`, at most a year away; of two equally
// near ones the later.
std::optional<sys_days> nearest(int day_of_year, sys_days reference);

}  // namespace paxid::bcbp
