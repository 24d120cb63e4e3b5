#include "bcbp/flight_date.h"

#include <cstdlib>

#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

base::Date plus_days(base::Date date, int days) {
  return std::chrono::sys_days(date) + std::chrono::days(days);
}

}  // namespace

std::optional<base::Date> resolve_issue_date(std::string_view field, base::Date reference) {
  const auto digits = to_number(field);
  if (field.size() != 4 || !digits) return std::nullopt;
  const base::Date latest = plus_days(reference, kIssueAheadDays);
  // Eleven years: the digit of the latest year may stand for a day that is still to come.
  for (int back = 0; back <= 10; ++back) {
    const std::chrono::year year = latest.year() - std::chrono::years(back);
    if (((int(year) % 10) + 10) % 10 != *digits / 1000) continue;
    const auto date = base::from_day_of_year(year, *digits % 1000);
    if (date && *date <= latest) return date;
  }
  return std::nullopt;
}

std::optional<base::Date> first_from(int day_of_year, base::Date anchor, int before, int after) {
  for (int step = -1; step <= 1; ++step) {
    const auto date = base::from_day_of_year(anchor.year() + std::chrono::years(step), day_of_year);
    if (!date) continue;
    const int away = base::days_between(anchor, *date);
    if (away >= -before && away <= after) return date;
  }
  return std::nullopt;
}

std::optional<base::Date> nearest(int day_of_year, base::Date reference) {
  std::optional<base::Date> best;
  for (int step = -1; step <= 1; ++step) {
    const auto date =
        base::from_day_of_year(reference.year() + std::chrono::years(step), day_of_year);
    if (!date) continue;
    if (!best || std::abs(base::days_between(reference, *date)) <=
                     std::abs(base::days_between(reference, *best))) {
      best = date;
    }
  }
  return best;
}

}  // namespace paxid::bcbp
