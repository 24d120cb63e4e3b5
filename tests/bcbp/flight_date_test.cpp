#include "bcbp/flight_date.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "bcbp/boarding_pass.h"

namespace paxid::bcbp {
namespace {

using namespace std::chrono_literals;
using base::Date;

Date plus(Date date, int days) { return std::chrono::sys_days(date) + std::chrono::days(days); }

int day_of_year(Date date) {
  return base::days_between(date.year() / std::chrono::January / 1, date) + 1;
}

std::optional<Date> as_date(CivilDay day) {
  return day == kNoDay ? std::nullopt : std::optional<Date>(to_date(day));
}

// The rule as it is said, one day at a time.
std::optional<Date> slow_issue(int digit, int day, Date reference) {
  Date date = plus(reference, 2);
  const Date oldest = (date.year() - std::chrono::years(10)) / date.month() / date.day();
  const Date first = oldest.ok() ? oldest : plus(date, -3653);
  for (; date > first; date = plus(date, -1)) {
    if (int(date.year()) % 10 == digit && day_of_year(date) == day) return date;
  }
  return std::nullopt;
}

std::optional<Date> slow_first_from(int day, Date anchor, int before, int after) {
  for (int away = -before; away <= after; ++away) {
    if (day_of_year(plus(anchor, away)) == day) return plus(anchor, away);
  }
  return std::nullopt;
}

std::optional<Date> slow_nearest(int day, Date reference) {
  for (int away = 0; away <= 800; ++away) {
    for (const int sign : {1, -1}) {
      const Date date = plus(reference, sign * away);
      if (std::abs(int(date.year()) - int(reference.year())) <= 1 && day_of_year(date) == day) {
        return date;
      }
    }
  }
  return std::nullopt;
}

// Around New Year, around 29 February, in the middle of the year; common and leap years.
std::vector<Date> small_world() {
  std::vector<Date> dates;
  for (const auto year : {2023y, 2024y, 2025y}) {
    for (int day : {1, 2, 3, 58, 59, 60, 61, 182, 183, 184, 363, 364, 365, 366}) {
      if (const auto date = base::from_day_of_year(year, day)) dates.push_back(*date);
    }
  }
  return dates;
}

TEST(FlightDate, IssueDateIsTheLatestThatIsNotAfterTheScan) {
  for (const Date reference : small_world()) {
    for (int digit = 0; digit <= 9; ++digit) {
      for (const int day : {1, 2, 3, 4, 59, 60, 61, 182, 183, 184, 185, 186, 364, 365, 366}) {
        // One digit of the year in front of three of the day.
        const std::string field = std::to_string(digit * 1000 + day + 10000).substr(1);
        EXPECT_EQ(as_date(resolve_issue_date(field, to_day(reference))),
                  slow_issue(digit, day, reference))
            << field << " " << base::to_iso(reference);
      }
    }
  }
}

TEST(FlightDate, FlightIsTheFirstFromThreeDaysBeforeIssue) {
  for (const Date anchor : small_world()) {
    for (int day = 1; day <= 366; ++day) {
      EXPECT_EQ(
          as_date(first_from(day, to_day(anchor), kFlightBeforeIssueDays, kFlightAfterIssueDays)),
          slow_first_from(day, anchor, kFlightBeforeIssueDays, kFlightAfterIssueDays))
          << day << " " << base::to_iso(anchor);
    }
  }
}

TEST(FlightDate, WithoutIssueTheNearestDayCounts) {
  for (const Date reference : small_world()) {
    for (int day = 1; day <= 366; ++day) {
      EXPECT_EQ(as_date(nearest(day, to_day(reference))), slow_nearest(day, reference))
          << day << " " << base::to_iso(reference);
    }
  }
}

TEST(FlightDate, DamagedIssueDateIsNoDate) {
  for (const std::string_view field :
       {"", "    ", "A325", "636", "60000", "6000", "6367", "-001"}) {
    EXPECT_EQ(resolve_issue_date(field, to_day(2026y / 6 / 1)), kNoDay) << field;
  }
}

std::string pass_with(std::string_view issued, std::string_view day) {
  return "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 " + std::string(day) +
         "J001A0025 10D>6071WW" + std::string(issued) + "00";
}

struct DateCase {
  std::string_view what, issued, day, reference, flight;
};

TEST(FlightDate, PassesAroundTheTurnOfTheYear) {
  const DateCase cases[] = {
      {"issued before, flown after New Year", "3364", "001", "2024-01-01", "2024-01-01"},
      {"issued a day after the local flight date", "3115", "114", "2023-04-28", "2023-04-24"},
      {"issued on 1 January UTC, flown on 31 December", "5001", "366", "2024-12-31", "2024-12-31"},
      {"31 December of a leap year", "4365", "366", "2024-12-31", "2024-12-31"},
      {"60 is 1 March", "3059", "060", "2023-03-01", "2023-03-01"},
      {"60 is 29 February", "4059", "060", "2024-02-29", "2024-02-29"},
      {"issued in the last decade", "9364", "001", "2020-01-01", "2020-01-01"},
      {"day 366 in no year at hand", "5360", "366", "2025-12-27", ""},
      {"blank issue date, next year", "    ", "003", "2025-12-30", "2026-01-03"},
      {"blank issue date, last year", "    ", "362", "2026-01-02", "2025-12-28"},
  };
  for (const DateCase& c : cases) {
    const std::string raw = pass_with(c.issued, c.day);
    const Reading reading =
        read(std::string_view(raw), {.reference_date = *base::parse_iso_date(c.reference)});
    const auto& date = reading.pass.legs[0].flight_date;
    EXPECT_EQ(date ? base::to_iso(*date) : "", c.flight) << c.what;
    EXPECT_EQ(reading.has(FindingCode::kDateImpossible), c.flight.empty()) << c.what;
  }
}

TEST(FlightDate, LaterLegsFollowTheLegBefore) {
  const std::string raw =
      "M2DESMARAIS/LUC       EABC123 AKLHNLNZ 0010 365J001A0025 100"
      "ABC123 HNLLAXNZ 0012 364J001A0025 100";
  const Reading reading = read(std::string_view(raw), {.reference_date = 2026y / 1 / 2});
  ASSERT_TRUE(reading.ok);
  EXPECT_EQ(base::to_iso(*reading.pass.legs[0].flight_date), "2025-12-31");
  // Across the date line the connection leaves on the day before.
  EXPECT_EQ(base::to_iso(*reading.pass.legs[1].flight_date), "2025-12-30");
}

// Days that run backwards are a mistake of the printer, not a journey of a year.
TEST(FlightDate, ALaterLegThatRunsBackwardsHasNoDate) {
  const std::string raw =
      "M2DESMARAIS/LUC       EABC123 AKLHNLNZ 0010 226J001A0025 100"
      "ABC123 HNLLAXNZ 0012 220J001A0025 100";
  const Reading reading = read(std::string_view(raw), {.reference_date = 2025y / 8 / 30});
  EXPECT_EQ(base::to_iso(*reading.pass.legs[0].flight_date), "2025-08-14");
  EXPECT_FALSE(reading.pass.legs[1].flight_date);
  EXPECT_TRUE(reading.has(FindingCode::kDateImpossible));
  EXPECT_TRUE(reading.has(FindingCode::kStalePass));
  const Reading strict =
      read(std::string_view(raw), {.reference_date = 2025y / 8 / 30, .strict = true});
  EXPECT_FALSE(strict.ok);
}

}  // namespace
}  // namespace paxid::bcbp
