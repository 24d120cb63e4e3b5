#include "verification/station.h"

#include <gtest/gtest.h>
#include <unicode/timezone.h>

#include <memory>
#include <set>
#include <string>

namespace paxid::verification {
namespace {

// 2026-11-22T23:30:00Z.
constexpr std::uint64_t kLateEvening = 1'795'390'200ULL * 1'000'000;

std::string date_at(std::string_view airport, std::uint64_t now = kLateEvening) {
  return base::to_iso(station_date(now, airport));
}

TEST(Station, TheDayIsThatOfThePlace) {
  EXPECT_EQ(date_at("LHR"), "2026-11-22");
  EXPECT_EQ(date_at("FRA"), "2026-11-23");
  EXPECT_EQ(date_at("LAX"), "2026-11-22");
  EXPECT_EQ(date_at("AKL"), "2026-11-23");
  constexpr std::uint64_t kHour = 3'600ULL * 1'000'000;
  EXPECT_EQ(date_at("HNL", kLateEvening + 10 * kHour), "2026-11-22");  // UTC-10
  EXPECT_EQ(date_at("HNL", kLateEvening + 11 * kHour), "2026-11-23");
}

TEST(Station, SummerTimeCounts) {
  // 2026-07-01T22:30:00Z is 00:30 in Berlin; in winter it is 23:30.
  EXPECT_EQ(date_at("FRA", 1'782'945'000ULL * 1'000'000), "2026-07-02");
  EXPECT_EQ(date_at("FRA", kLateEvening - 3'600ULL * 1'000'000), "2026-11-22");
}

TEST(Station, AnUnknownPlaceIsAtGreenwich) {
  for (const char* airport : {"", "XXX1", "fra", "QQQ"}) {
    EXPECT_EQ(date_at(airport), "2026-11-22") << airport;
    EXPECT_TRUE(state_of_airport(airport).empty());
    EXPECT_TRUE(time_zone_of_airport(airport).empty());
  }
}

TEST(Station, KnowsStates) {
  EXPECT_EQ(state_of_airport("FRA"), "DEU");
  EXPECT_EQ(state_of_airport("FCO"), "ITA");
  EXPECT_EQ(state_of_airport("GVA"), "CHE");
  EXPECT_EQ(time_zone_of_airport("SYD"), "Australia/Sydney");
}

// A zone that the ICU library of this system does not know would silently be Greenwich.
TEST(Station, EveryZoneIsKnownToIcu) {
  std::set<std::string> unknown;
  std::size_t airports = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      for (char c = 'A'; c <= 'Z'; ++c) {
        const std::string_view zone = time_zone_of_airport(std::string{a, b, c});
        if (zone.empty()) continue;
        ++airports;
        const std::unique_ptr<icu::TimeZone> made(icu::TimeZone::createTimeZone(
            icu::UnicodeString(zone.data(), static_cast<int32_t>(zone.size()), US_INV)));
        if (*made == icu::TimeZone::getUnknown()) unknown.insert(std::string(zone));
      }
    }
  }
  EXPECT_GT(airports, 8000U);
  EXPECT_TRUE(unknown.empty()) << *unknown.begin();
}

}  // namespace
}  // namespace paxid::verification
