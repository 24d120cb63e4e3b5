#include "base/date.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/clock.h"

namespace paxid::base {
namespace {

using std::chrono::year;

TEST(IsoDate, ReadsWhatItWrites) {
  for (int y : {1900, 1999, 2000, 2024, 2026}) {
    for (int day = 1; day <= (year{y}.is_leap() ? 366 : 365); ++day) {
      const auto date = from_day_of_year(year{y}, day);
      ASSERT_TRUE(date.has_value());
      EXPECT_EQ(parse_iso_date(to_iso(*date)), date);
    }
  }
}

TEST(IsoDate, RefusesWhatNoCalendarHas) {
  for (const char* text :
       {"2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-04-31",
        "2026-1-01", "2026/01/01", " 2026-01-01", "2026-01-011", "", "20a6-01-01"}) {
    EXPECT_FALSE(parse_iso_date(text).has_value()) << text;
  }
  EXPECT_TRUE(parse_iso_date("2000-02-29").has_value());
}

TEST(DayOfYear, OnlyLeapYearsHave366) {
  EXPECT_FALSE(from_day_of_year(year{2025}, 366).has_value());
  EXPECT_EQ(to_iso(*from_day_of_year(year{2024}, 366)), "2024-12-31");
  EXPECT_EQ(to_iso(*from_day_of_year(year{2024}, 60)), "2024-02-29");
  EXPECT_EQ(to_iso(*from_day_of_year(year{2025}, 60)), "2025-03-01");
  EXPECT_FALSE(from_day_of_year(year{2025}, 0).has_value());
}

TEST(DaysBetween, CountsAcrossTheYear) {
  EXPECT_EQ(days_between(*parse_iso_date("2025-12-31"), *parse_iso_date("2026-01-01")), 1);
  EXPECT_EQ(days_between(*parse_iso_date("2026-01-01"), *parse_iso_date("2025-12-31")), -1);
}

TEST(UtcText, HoldsYearsOfFourDigits) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(-1), "1969-12-31T23:59:59Z");
  EXPECT_EQ(utc_text(1'795'352'709), "2026-11-22T13:05:09Z");
  EXPECT_EQ(utc_text(951'782'400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(utc_text(-62'167'219'200), "0000-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(253'402'300'799), "9999-12-31T23:59:59Z");
  EXPECT_EQ(utc_text(-62'167'219'201), "");
  EXPECT_EQ(utc_text(253'402'300'800), "");
  EXPECT_EQ(utc_text(std::numeric_limits<std::int64_t>::max()), "");
}

TEST(Clock, UtcDateIsTheCivilDateOfTheInstant) {
  ManualClock clock{0};
  EXPECT_EQ(to_iso(clock.utc_date()), "1970-01-01");
  clock.set(86'400'000'000ull - 1);
  EXPECT_EQ(to_iso(clock.utc_date()), "1970-01-01");
  clock.set(86'400'000'000ull);
  EXPECT_EQ(to_iso(clock.utc_date()), "1970-01-02");
}

}  // namespace
}  // namespace paxid::base
