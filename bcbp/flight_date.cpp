#include "bcbp/flight_date.h"

#include "bcbp/field_alphabet.h"

namespace paxid::bcbp {
namespace {

using days = CivilDay::duration;
using std::chrono::year;
using std::chrono::years;

constexpr CivilDay new_year_of(year of) { return to_day(of / std::chrono::January / 1); }

// Requires a day from 1 to 366; kNoDay when the year has no such day.
constexpr CivilDay day_in(year of, int day_of_year) {
  if (day_of_year == 366 && !of.is_leap()) return kNoDay;
  return new_year_of(of) + days(day_of_year - 1);
}

constexpr year year_of(CivilDay day) { return to_date(day).year(); }

constexpr bool is_day_of_year(int day) { return day >= 1 && day <= 366; }

}  // namespace

CivilDay resolve_issue_date(std::string_view field, CivilDay reference) {
  if (field.size() != 4 || !is_only(field, kDigitSet)) return kNoDay;
  const int day = day_of_year(field.substr(1));
  if (day == 0) return kNoDay;
  const CivilDay latest = reference + days(kIssueAheadDays);
  const year this_year = year_of(latest);
  const int back = (int(this_year) % 10 - (field[0] - '0') + 10) % 10;
  const auto date = day_in(this_year - years(back), day);
  // The digit of this year may stand for a day that is still to come.
  if (back == 0 && (date == kNoDay || date > latest)) return day_in(this_year - years(10), day);
  return date;
}

CivilDay first_from(int day_of_year, CivilDay anchor, int before, int after) {
  if (!is_day_of_year(day_of_year)) return kNoDay;
  const year this_year = year_of(anchor);
  for (int step = -1; step <= 1; ++step) {
    const auto date = day_in(this_year + years(step), day_of_year);
    if (date == kNoDay) continue;
    if (date >= anchor - days(before) && date <= anchor + days(after)) return date;
  }
  return kNoDay;
}

CivilDay nearest(int day_of_year, CivilDay reference) {
  if (!is_day_of_year(day_of_year)) return kNoDay;
  const year this_year = year_of(reference);
  CivilDay best = kNoDay;
  days best_away{};
  for (const int step : {0, 1, -1}) {
    const auto date = day_in(this_year + years(step), day_of_year);
    if (date == kNoDay) continue;
    const days away = std::chrono::abs(date - reference);
    // A day less than half a year away has no rival.
    constexpr days kHalfYear(182);
    if (away <= kHalfYear) return date;
    if (best == kNoDay || away < best_away || (away == best_away && date > best)) {
      best = date;
      best_away = away;
    }
  }
  return best;
}

}  // namespace paxid::bcbp
