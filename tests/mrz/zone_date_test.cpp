#include "mrz/zone_date.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace paxid::mrz {
namespace {

base::Date date(std::string_view iso) { return *base::parse_iso_date(iso); }

ZoneDate birth_of(std::string_view yymmdd, base::Date reference) {
  ZoneDate birth;
  ZoneDate expiry;
  resolve_dates(yymmdd, "", reference, birth, expiry);
  EXPECT_EQ(expiry, ZoneDate{});
  return birth;
}

ZoneDate expiry_of(std::string_view yymmdd, base::Date reference) {
  ZoneDate birth;
  ZoneDate expiry;
  resolve_dates("", yymmdd, reference, birth, expiry);
  EXPECT_EQ(birth, ZoneDate{});
  return expiry;
}

// The days that `yymmdd` can mean, earliest first.
std::vector<base::Date> candidates(unsigned yy, unsigned mm, unsigned dd) {
  std::vector<base::Date> days;
  for (int century = 1500; century <= 2600; century += 100) {
    const base::Date day{std::chrono::year{century + static_cast<int>(yy)}, std::chrono::month{mm},
                         std::chrono::day{dd}};
    if (day.ok()) days.push_back(day);
  }
  return days;
}

TEST(ZoneDate, AcceptsExactlyTheDaysOfTheCalendar) {
  // Every six digits against std::chrono, over the two centuries around 2000.
  int complete = 0;
  for (unsigned yy = 0; yy < 100; ++yy) {
    for (unsigned mm = 0; mm < 100; ++mm) {
      for (unsigned dd = 0; dd < 100; ++dd) {
        char text[16];
        std::snprintf(text, sizeof text, "%02u%02u%02u", yy, mm, dd);
        const auto ok = [&](int century) {
          return base::Date{std::chrono::year{century + static_cast<int>(yy)},
                            std::chrono::month{mm}, std::chrono::day{dd}}
              .ok();
        };
        const DateState wanted =
            ok(1900) || ok(2000) ? DateState::kComplete : DateState::kImpossible;
        ASSERT_EQ(date_state(text), wanted) << text;
        complete += wanted == DateState::kComplete ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(complete, 36525);
}

TEST(ZoneDate, TellsUnknownPartsFromDamage) {
  EXPECT_EQ(date_state(""), DateState::kAbsent);
  EXPECT_EQ(date_state("<<<<<<"), DateState::kBlank);
  for (const char* partial : {"74<<<<", "7408<<", "<<0812", "<<<<31", "<<02<<", "<<0229"}) {
    EXPECT_EQ(date_state(partial), DateState::kPartial) << partial;
  }
  for (const char* damaged : {"7<0812", "741<12", "74081<", "7408<2", "<<0230", "<<13<<", "99022A",
                              "74-812", "990229", "740800", "74<<32"}) {
    EXPECT_EQ(date_state(damaged), DateState::kImpossible) << damaged;
  }
}

TEST(ZoneDate, BirthIsTheLatestCandidateNotAfterTheReference) {
  const auto reference = date("2026-11-22");
  EXPECT_EQ(birth_of("740812", reference).date, date("1974-08-12"));
  EXPECT_EQ(birth_of("261122", reference).date, date("2026-11-22"));
  EXPECT_EQ(birth_of("261123", reference).date, date("1926-11-23"));
  EXPECT_EQ(birth_of("000229", reference).date, date("2000-02-29"));
  EXPECT_EQ(birth_of("000229", date("1999-05-01")).date, date("2000-02-29"));
}

TEST(ZoneDate, BirthNamesTheOlderCandidateWhileAHolderMayBeThatOld) {
  const auto reference = date("2026-11-22");
  const ZoneDate child = birth_of("200101", reference);
  EXPECT_EQ(child.date, date("2020-01-01"));
  EXPECT_EQ(child.other, date("1920-01-01"));
  EXPECT_TRUE(child.century_ambiguous);
  const ZoneDate adult = birth_of("740812", reference);
  EXPECT_EQ(adult.other, date("1874-08-12"));
  EXPECT_FALSE(adult.century_ambiguous);
  // No 29 February 1900.
  EXPECT_FALSE(birth_of("000229", reference).other.has_value());
  EXPECT_FALSE(birth_of("000229", reference).century_ambiguous);
}

TEST(ZoneDate, ExpiryIsTheCandidateAroundTheReference) {
  const auto reference = date("2026-11-22");
  EXPECT_EQ(expiry_of("120415", reference).date, date("2012-04-15"));
  EXPECT_EQ(expiry_of("340415", reference).date, date("2034-04-15"));
  EXPECT_EQ(expiry_of("751231", reference).date, date("2075-12-31"));
  EXPECT_EQ(expiry_of("760101", reference).date, date("1976-01-01"));
  EXPECT_EQ(expiry_of("961210", reference).date, date("1996-12-10"));
  EXPECT_EQ(expiry_of("961210", reference).other, date("2096-12-10"));
}

// Every day against the definition, looked up in a list of centuries.
TEST(ZoneDate, ResolvesEveryDayAsDefined) {
  for (const char* today : {"2026-11-22", "2000-02-29", "1999-12-31", "2024-02-29", "2050-01-01"}) {
    const base::Date reference = date(today);
    for (unsigned yy = 0; yy < 100; ++yy) {
      for (unsigned mm = 1; mm <= 12; ++mm) {
        for (unsigned dd = 1; dd <= 31; ++dd) {
          char text[16];
          std::snprintf(text, sizeof text, "%02u%02u%02u", yy, mm, dd);
          if (date_state(text) != DateState::kComplete) continue;
          std::optional<base::Date> latest;
          std::optional<base::Date> near;
          const int year = static_cast<int>(reference.year());
          for (const base::Date& day : candidates(yy, mm, dd)) {
            if (day <= reference) latest = day;
            const int distance = static_cast<int>(day.year()) - year;
            if (distance >= -50 && distance <= 49) near = day;
          }
          if (mm != 2 || dd != 29) {
            ASSERT_EQ(birth_of(text, reference).date, latest) << text;
            ASSERT_EQ(expiry_of(text, reference).date, near) << text;
          } else {
            ASSERT_TRUE(birth_of(text, reference).date.has_value()) << text;
            ASSERT_TRUE(expiry_of(text, reference).date.has_value()) << text;
          }
        }
      }
    }
  }
}

TEST(ZoneDate, StaysUnresolvedWithoutAUsableReference) {
  const base::Date none{std::chrono::year{2026}, std::chrono::month{13}, std::chrono::day{1}};
  EXPECT_EQ(birth_of("740812", none).state, DateState::kComplete);
  EXPECT_FALSE(birth_of("740812", none).date.has_value());
  const base::Date edge{std::chrono::year::max(), std::chrono::month{1}, std::chrono::day{1}};
  EXPECT_FALSE(expiry_of("740812", edge).date.has_value());
}

TEST(ZoneDate, SaysWhetherAPrintedDateCanMeanADay) {
  const auto day = date("1974-08-12");
  EXPECT_EQ(can_mean("740812", day), true);
  EXPECT_EQ(can_mean("74<<<<", day), true);
  EXPECT_EQ(can_mean("<<0812", day), true);
  EXPECT_EQ(can_mean("740813", day), false);
  EXPECT_EQ(can_mean("7409<<", day), false);
  EXPECT_EQ(can_mean("740812", date("2074-08-12")), true);
  EXPECT_EQ(can_mean("<<<<<<", day), std::nullopt);
  EXPECT_EQ(can_mean("", day), std::nullopt);
  EXPECT_EQ(can_mean("741301", day), std::nullopt);
}

}  // namespace
}  // namespace paxid::mrz
