#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace paxid::base {

// A civil date: a day in a calendar, without a time and without a zone.
using Date = std::chrono::year_month_day;

// Reads "YYYY-MM-DD". Anything else, or a day that no calendar has, is nothing.
std::optional<Date> parse_iso_date(std::string_view text);

// "YYYY-MM-DD". Requires date.ok() and a year in 0..9999.
std::string to_iso(Date date);

// The `day_of_year`-th day of `year`, counted from 1. Nothing when the year has no such
// day (366 in a common year).
std::optional<Date> from_day_of_year(std::chrono::year year, int day_of_year);

// `to` - `from` in days.
int days_between(Date from, Date to);

// Seconds since 1970 as "2026-11-22T12:00:00Z" (RFC 3339). Empty for a year that has not four
// digits.
std::string utc_text(std::int64_t unix_seconds);

}  // namespace paxid::base
