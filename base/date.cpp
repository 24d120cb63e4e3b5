#include "base/date.h"

#include <cstdio>

#include "base/check.h"

namespace paxid::base {
namespace {

// All digits, or nothing. At most 9 of them.
std::optional<int> parse_digits(std::string_view text) {
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// The last `count` digits of `number`, from `at` on.
void put_digits(std::string& text, std::size_t at, std::size_t count, unsigned number) {
  for (std::size_t i = count; i-- > 0; number /= 10) {
    text[at + i] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = parse_digits(text.substr(0, 4));
  const auto month = parse_digits(text.substr(5, 2));
  const auto day = parse_digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const Date date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                  std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::string to_iso(Date date) {
  const int year = static_cast<int>(date.year());
  PAXID_CHECK(date.ok() && year >= 0 && year <= 9999);
  // Not printf, which takes longer: every record has several dates.
  std::string text = "0000-00-00";
  put_digits(text, 0, 4, static_cast<unsigned>(year));
  put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  return text;
}

std::optional<Date> from_day_of_year(std::chrono::year year, int day_of_year) {
  const int length = year.is_leap() ? 366 : 365;
  if (day_of_year < 1 || day_of_year > length) return std::nullopt;
  const auto new_year = std::chrono::sys_days{year / std::chrono::January / 1};
  return Date{new_year + std::chrono::days{day_of_year - 1}};
}

int days_between(Date from, Date to) {
  return static_cast<int>((std::chrono::sys_days{to} - std::chrono::sys_days{from}).count());
}

std::string utc_text(std::int64_t unix_seconds) {
  using std::chrono::days, std::chrono::seconds;
  constexpr std::int64_t kFirst = -62'167'219'200;  // 0000-01-01
  constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31T23:59:59
  if (unix_seconds < kFirst || unix_seconds > kLast) return {};
  const std::chrono::sys_seconds time{seconds(unix_seconds)};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[32];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02dZ", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return to_iso(Date(day)) + text;
}

}  // namespace paxid::base
