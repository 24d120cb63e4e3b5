#include "server/flight_context.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "base/clock.h"

namespace paxid::server {
namespace {

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z
constexpr std::uint64_t kHour = 3'600'000'000;

audit::Id16 id(std::uint8_t number) { return {number}; }

RosterEdit booked(const char* name, const char* locator, const char* seat, const char* type = "") {
  RosterEdit edit;
  edit.data.booked_name = base::PersonalText(name);
  edit.data.locator = locator;
  edit.data.seat = seat;
  edit.data.passenger_type = type;
  return edit;
}

// A mother with a child on her lap, somebody who was given her seat, and one without a seat.
class Context : public testing::Test {
 protected:
  Context() {
    auto merged = merge(
        nullptr,
        {booked("NOVAK/EVA MRS", "AAA111", "14B"), booked("NOVAK/JAN", "AAA111", "14B", "INF"),
         booked("WEBER/KARL MR", "BBB222", "014B"), booked("ROSSI/MARIO MR", "CCC333", "")},
        false, {}, kNoon);
    load({kNoon + 2 * kHour, true}, std::move(merged->roster));
  }

  void load(const Departure& departure, SharedRoster roster) {
    const auto loaded = flights_.load("demo", key_, std::move(roster), departure, id(99));
    EXPECT_TRUE(loaded.has_value());
  }

  void board(int passenger, std::uint8_t document) {
    FlightDecision decision;
    decision.request = id(static_cast<std::uint8_t>(passenger));
    decision.action = DecisionAction::kConfirm;
    decision.passenger = passenger;
    decision.boards = true;
    decision.document = id(document);
    ASSERT_TRUE(flights_.hold("demo", key_, decision).value_or(false));
    flights_.settle("demo", key_, decision, kNoon);
  }

  verification::FlightContext of(std::optional<std::size_t> place,
                                 const std::optional<audit::Id16>& document = {}) const {
    FlightSight sight;
    sight.flight = flights_.find("demo", key_);
    sight.place = place;
    return context_of(sight, document, kNoon);
  }

  base::ManualClock clock_{kNoon};
  Flights flights_{FlightLimits{}, clock_};
  const FlightKey key_{"XX", "123", *base::parse_iso_date("2026-11-22"), "FRA"};
};

TEST_F(Context, OfNoFlightIsEmpty) {
  const auto context = context_of(FlightSight{}, id(1), kNoon);
  EXPECT_EQ(context.flight.size(), 0U);
  EXPECT_FALSE(context.minutes_to_departure.has_value());
}

TEST_F(Context, ASeatIsForOneButForAnInfantOnALap) {
  EXPECT_FALSE(of(2).seat_taken);
  board(1, 50);
  EXPECT_TRUE(of(0).already_boarded);
  EXPECT_FALSE(of(0).seat_taken);
  EXPECT_FALSE(of(1).seat_taken);
  EXPECT_TRUE(of(2).seat_taken);
  EXPECT_FALSE(of(3).seat_taken);
  EXPECT_FALSE(of(std::nullopt).seat_taken);
}

TEST_F(Context, AnInfantTakesNobodysSeat) {
  board(2, 50);
  EXPECT_FALSE(of(0).seat_taken);
  EXPECT_FALSE(of(2).seat_taken);
}

TEST_F(Context, SaysWhoBoardedOnTheDocument) {
  board(1, 50);
  EXPECT_FALSE(of(0, id(50)).document_used_by.has_value());
  EXPECT_FALSE(of(2, id(51)).document_used_by.has_value());
  ASSERT_TRUE(of(2, id(50)).document_used_by.has_value());
  EXPECT_EQ(of(2, id(50)).document_used_by->reveal(), "NOVAK/EVA MRS");
}

TEST_F(Context, CountsTheMinutesToADepartureThatWasStated) {
  EXPECT_EQ(of(0).minutes_to_departure, 120);
  load({kNoon + 2 * kHour, false}, flights_.find("demo", key_)->roster);
  EXPECT_FALSE(of(0).minutes_to_departure.has_value());
}

}  // namespace
}  // namespace paxid::server
