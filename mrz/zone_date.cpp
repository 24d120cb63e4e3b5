#include "mrz/zone_date.h"

#include <array>
#include <cstdlib>

#include "mrz/check_digit.h"

namespace paxid::mrz {
namespace {

constexpr int kUnknown = -1;    // two fillers
constexpr int kMalformed = -2;  // anything but two digits or two fillers

int part(std::string_view yymmdd, std::size_t index) {
  const char tens = yymmdd[2 * index];
  const char units = yymmdd[2 * index + 1];
  if (is_digit(tens) && is_digit(units)) return (tens - '0') * 10 + (units - '0');
  return tens == '<' && units == '<' ? kUnknown : kMalformed;
}

int days_in(int month, bool may_be_leap) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && may_be_leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// The first part that no calendar has, or -1.
int first_bad_part(int year, int month, int day) {
  if (year == kMalformed) return 0;
  if (month == kMalformed || month == 0 || month > 12) return 1;
  if (day == kMalformed || day == 0) return 2;
  if (day == kUnknown) return -1;
  const bool may_be_leap = year == kUnknown || year % 4 == 0;
  const int last = month == kUnknown ? 31 : days_in(month, may_be_leap);
  return day > last ? 2 : -1;
}

std::optional<base::Date> day_of(int full_year, std::string_view yymmdd) {
  const base::Date date{std::chrono::year{full_year},
                        std::chrono::month{static_cast<unsigned>(part(yymmdd, 1))},
                        std::chrono::day{static_cast<unsigned>(part(yymmdd, 2))}};
  if (!date.ok()) return std::nullopt;
  return date;
}

int year_of(base::Date date) { return static_cast<int>(date.year()); }

// The latest year up to `year` that ends in the two digits `yy`.
int latest_year(int yy, int year) { return year - ((year - yy) % 100 + 100) % 100; }

// A year beyond this range makes no useful reference and its neighbours might be no years.
bool is_usable(base::Date reference) {
  return reference.ok() && year_of(reference) >= 1000 && year_of(reference) <= 9000;
}

}  // namespace

DateState date_state(std::string_view yymmdd, int* bad_part) {
  if (yymmdd.empty()) return DateState::kAbsent;
  const int year = part(yymmdd, 0);
  const int month = part(yymmdd, 1);
  const int day = part(yymmdd, 2);
  const int bad = first_bad_part(year, month, day);
  if (bad_part != nullptr) *bad_part = bad;
  if (bad >= 0) return DateState::kImpossible;
  const int unknown = (year == kUnknown) + (month == kUnknown) + (day == kUnknown);
  if (unknown == 3) return DateState::kBlank;
  return unknown == 0 ? DateState::kComplete : DateState::kPartial;
}

ZoneDate birth_of(std::string_view yymmdd, base::Date reference_date) {
  ZoneDate result;
  result.state = date_state(yymmdd);
  if (result.state != DateState::kComplete || !is_usable(reference_date)) return result;
  const int latest = latest_year(part(yymmdd, 0), year_of(reference_date));
  // The century to come only serves a 29 February that the past ones do not have.
  for (int year : {latest, latest - 100, latest + 100}) {
    const auto candidate = day_of(year, yymmdd);
    if (!candidate || (year <= latest && *candidate > reference_date)) continue;
    result.date = candidate;
    result.other = day_of(year - 100, yymmdd);
    break;
  }
  result.century_ambiguous =
      result.other && year_of(*result.other) + kOldestHolder >= year_of(reference_date);
  return result;
}

ZoneDate expiry_of(std::string_view yymmdd, base::Date reference_date) {
  ZoneDate result;
  result.state = date_state(yymmdd);
  if (result.state != DateState::kComplete || !is_usable(reference_date)) return result;
  const int year = latest_year(part(yymmdd, 0), year_of(reference_date) + 49);
  result.date = day_of(year, yymmdd);
  // The other candidate is the nearer one of the two neighbours.
  const int distance = year - year_of(reference_date);
  const auto nearer = day_of(distance > 0 ? year - 100 : year + 100, yymmdd);
  const auto farther = day_of(distance > 0 ? year + 100 : year - 100, yymmdd);
  result.other = nearer ? nearer : farther;
  if (!result.date) {
    result.date = result.other;
    result.other = std::nullopt;
  }
  return result;
}

std::optional<bool> can_mean(std::string_view printed, base::Date date) {
  if (printed.size() != 6 || !date.ok()) return std::nullopt;
  const DateState state = date_state(printed);
  if (state != DateState::kComplete && state != DateState::kPartial) return std::nullopt;
  const int year = part(printed, 0);
  const int month = part(printed, 1);
  const int day = part(printed, 2);
  return (year == kUnknown || year == std::abs(year_of(date)) % 100) &&
         (month == kUnknown || month == static_cast<int>(static_cast<unsigned>(date.month()))) &&
         (day == kUnknown || day == static_cast<int>(static_cast<unsigned>(date.day())));
}

}  // namespace paxid::mrz
