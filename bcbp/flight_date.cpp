#include "bcbp/flight_date.h"

#include "base/date.h"
#include "bcbp/field_alphabet.h"

namespace paxid::bcbp {
namespace {

using std::chrono::days;
using std::chrono::year;
using std::chrono::years;

constexpr sys_days new_year_of(year of) { return of / std::chrono::January / 1; }

// Requires a day from 1 to 366; nothing when the year has no such day.
constexpr std::optional<sys_days> day_in(year of, int day_of_year) {
  if (day_of_year == 366 && !of.is_leap()) return std::nullopt;
  return new_year_of(of) + days(day_of_year - 1);
}

constexpr year year_of(sys_days day) { return base::Date(day).year(); }

constexpr bool is_day_of_year(int day) { return day >= 1 && day <= 366; }

}  // namespace

std::optional<sys_days> resolve_issue_date(std::string_view field, sys_days reference) {
  if (field.size() != 4 || !is_only(field, kDigitClass)) return std::nullopt;
  const int day = day_of_year(field.substr(1));
  if (day == 0) return std::nullopt;
  const sys_days latest = reference + days(kIssueAheadDays);
  const year this_year = year_of(latest);
  const int back = (int(this_year) % 10 - (field[0] - '0') + 10) % 10;
  const auto date = day_in(this_year - years(back), day);
  // The digit of this year may stand for a day that is still to come.
  if (back == 0 && (!date || *date > latest)) return day_in(this_year - years(10), day);
  return date;
}

std::optional<sys_days> first_from(int day_of_year, sys_days anchor, int before, int after) {
  if (!is_day_of_year(day_of_year)) return std::nullopt;
  const year this_year = year_of(anchor);
  for (int step = -1; step <= 1; ++step) {
    const auto date = day_in(this_year + years(step), day_of_year);
    if (date && *date >= anchor - days(before) && *date <= anchor + days(after)) return date;
  }
  return std::nullopt;
}

std::optional<sys_days> nearest(int day_of_year, sys_days reference) {
  if (!is_day_of_year(day_of_year)) return std::nullopt;
  const year this_year = year_of(reference);
  std::optional<sys_days> best;
  days best_away{};
  for (const int step : {0, 1, -1}) {
    const auto date = day_in(this_year + years(step), day_of_year);
    if (!date) continue;
    const days away = std::chrono::abs(*date - reference);
    // A day less than half a year away has no rival.
    constexpr days kHalfYear(182);
    if (away <= kHalfYear) return date;
    if (!best || away < best_away || (away == best_away && *date > *best)) {
      best = date;
      best_away = away;
    }
  }
  return best;
}

}  // namespace paxid::bcbp
