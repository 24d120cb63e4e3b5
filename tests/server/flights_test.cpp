#include "server/flights.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kSecond = 1'000'000;
constexpr std::uint64_t kNoon = 1'795'348'800 * kSecond;  // 2026-11-22T12:00:00Z
constexpr std::uint64_t kDepartureTime = kNoon + 3600 * kSecond;
constexpr Departure kDeparture{kDepartureTime, true};

audit::Id16 id(std::uint8_t number) {
  audit::Id16 made{};
  made.back() = number;
  return made;
}

SharedRoster roster_of(int passengers) {
  std::vector<RosterEdit> edits;
  for (int i = 0; i < passengers; ++i) {
    RosterEdit edit;
    edit.data.booked_name =
        base::PersonalText("DOE/JANE" + std::string(1, static_cast<char>('A' + i)));
    edit.data.locator = "LOC" + std::to_string(100 + i);
    edit.data.seat = std::to_string(i + 1) + "A";
    edits.push_back(edit);
  }
  return merge(nullptr, std::move(edits), false, {}, 1)->roster;
}

FlightDecision boarding(std::uint8_t request, int passenger, std::uint8_t document) {
  FlightDecision decision;
  decision.request = id(request);
  decision.action = DecisionAction::kConfirm;
  decision.passenger = passenger;
  decision.boards = true;
  decision.document = id(document);
  return decision;
}

class FlightState : public testing::Test {
 protected:
  SharedFlight load(const SharedRoster& roster, const std::string& tenant = "demo") {
    const auto loaded = flights_.load(tenant, key_, roster, kDeparture, id(next_load_++));
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
    return loaded.value_or(nullptr);
  }
  void decide(const FlightDecision& decision) {
    const auto held = flights_.hold("demo", key_, decision);
    ASSERT_TRUE(held.has_value()) << held.error().message;
    EXPECT_TRUE(*held);
    flights_.settle("demo", key_, decision, clock_.unix_microseconds());
  }
  std::string refused(const FlightDecision& decision) {
    const auto held = flights_.hold("demo", key_, decision);
    return held ? "" : held.error().field;
  }

  base::ManualClock clock_{kNoon};
  Flights flights_{FlightLimits{2, std::chrono::minutes(120)}, clock_};
  const FlightKey key_{"XX", "123", *base::parse_iso_date("2026-11-22"), "FRA"};
  std::uint8_t next_load_ = 200;
};

TEST_F(FlightState, BelongsToItsTenantAlone) {
  load(roster_of(1));
  EXPECT_NE(flights_.find("demo", key_), nullptr);
  EXPECT_EQ(flights_.find("other", key_), nullptr);
  EXPECT_EQ(flights_.list("demo").size(), 1U);
  EXPECT_TRUE(flights_.list("other").empty());
  EXPECT_FALSE(flights_.drop("other", key_));
  EXPECT_EQ(flights_.watch("other", key_, [](const FlightChange&) {}).error().code,
            ErrorCode::kNotFound);
}

TEST_F(FlightState, IsForgottenTwoHoursAfterDeparture) {
  load(roster_of(1));
  clock_.set(kDepartureTime + 7199 * kSecond);
  flights_.drop_departed();
  EXPECT_NE(flights_.find("demo", key_), nullptr);
  clock_.set(kDepartureTime + 7200 * kSecond);
  EXPECT_EQ(flights_.find("demo", key_), nullptr);
  EXPECT_TRUE(flights_.list("demo").empty());
  flights_.drop_departed();
  clock_.set(kNoon);  // gone, not hidden
  EXPECT_EQ(flights_.find("demo", key_), nullptr);
  clock_.set(kDepartureTime + 7200 * kSecond);
  EXPECT_EQ(flights_.load("demo", key_, roster_of(1), kDeparture, id(1)).error().field,
            "FLIGHT_IS_OVER");
}

TEST_F(FlightState, LimitsTheFlightsOfATenant) {
  load(roster_of(1));
  FlightKey second = key_;
  second.number = "124";
  EXPECT_TRUE(flights_.load("demo", second, roster_of(1), kDeparture, id(1)).has_value());
  FlightKey third = key_;
  third.number = "125";
  EXPECT_EQ(flights_.load("demo", third, roster_of(1), kDeparture, id(2)).error().code,
            ErrorCode::kResourceExhausted);
  EXPECT_FALSE(flights_.has_room("demo", third, roster_of(1), kDeparture).has_value());
  EXPECT_TRUE(flights_.load("other", third, roster_of(1), kDeparture, id(3)).has_value());
  EXPECT_TRUE(flights_.drop("demo", second));
  EXPECT_TRUE(flights_.load("demo", third, roster_of(1), kDeparture, id(4)).has_value());
}

TEST_F(FlightState, ASnapshotStaysAsItWas) {
  const SharedFlight before = load(roster_of(2));
  decide(boarding(1, 1, 50));
  load(roster_of(3));
  EXPECT_TRUE(before->board->boarded.empty());
  EXPECT_EQ(before->roster->passengers->size(), 2U);
  const SharedFlight after = flights_.find("demo", key_);
  EXPECT_EQ(after->board->boarded.size(), 1U);  // a list unboards nobody
  EXPECT_EQ(after->roster->passengers->size(), 3U);
  EXPECT_GT(after->revision, before->revision);
}

TEST_F(FlightState, NothingHappensBeforeTheRecordIsDurable) {
  load(roster_of(1));
  const auto decision = boarding(1, 1, 50);
  ASSERT_TRUE(flights_.hold("demo", key_, decision).has_value());
  EXPECT_TRUE(flights_.find("demo", key_)->board->boarded.empty());
  flights_.give_up("demo", key_, decision.request);
  flights_.settle("demo", key_, decision, kNoon);  // given up: too late
  EXPECT_TRUE(flights_.find("demo", key_)->board->boarded.empty());
}

TEST_F(FlightState, NobodyBoardsTwice) {
  load(roster_of(2));
  const auto first = boarding(1, 1, 50);
  ASSERT_TRUE(*flights_.hold("demo", key_, first));
  EXPECT_EQ(refused(boarding(2, 1, 51)), "DECISION_PENDING");
  EXPECT_EQ(refused(boarding(2, 2, 50)), "DECISION_PENDING");
  EXPECT_FALSE(*flights_.hold("demo", key_, first));  // the same request again
  flights_.settle("demo", key_, first, kNoon);
  EXPECT_EQ(refused(boarding(2, 1, 51)), "ALREADY_BOARDED");
  EXPECT_EQ(refused(boarding(2, 2, 50)), "DOCUMENT_ALREADY_USED");
  EXPECT_FALSE(*flights_.hold("demo", key_, first));  // a late repetition
  FlightDecision again = boarding(3, 1, 50);
  again.reboards = true;
  EXPECT_EQ(refused(again), "");
}

TEST_F(FlightState, AnUndoTakesBackWhatItsDecisionDid) {
  load(roster_of(2));
  FlightDecision decision = boarding(1, 1, 50);
  decision.resolution.emplace();
  decision.resolution->decision = decision.request;
  decide(decision);
  decide(boarding(2, 2, 51));
  FlightDecision undo;
  undo.request = id(3);
  undo.action = DecisionAction::kUndo;
  undo.passenger = 1;
  undo.undoes = decision.request;
  decide(undo);
  const SharedFlight flight = flights_.find("demo", key_);
  EXPECT_FALSE(flight->board->boarded.contains(1));
  EXPECT_TRUE(flight->board->boarded.contains(2));
  EXPECT_FALSE(flight->board->documents.contains(id(50)));
  EXPECT_TRUE(flight->board->resolutions.empty());
  undo.request = id(4);
  EXPECT_EQ(refused(undo), "ALREADY_UNDONE");
  EXPECT_EQ(refused(boarding(5, 1, 50)), "");
}

TEST_F(FlightState, AnUndoLeavesWhatWasBefore) {
  load(roster_of(2));
  const auto undo_of = [](int request, const FlightDecision& undone) {
    FlightDecision undo;
    undo.request = id(static_cast<std::uint8_t>(request));
    undo.action = DecisionAction::kUndo;
    undo.passenger = undone.passenger;
    undo.undoes = undone.request;
    return undo;
  };
  const auto again = [](std::uint8_t request, int passenger, std::uint8_t document) {
    FlightDecision decision = boarding(request, passenger, document);
    decision.reboards = true;
    decision.document_may_be_used = true;
    return decision;
  };
  const FlightDecision first = boarding(1, 1, 50);
  decide(first);
  const FlightDecision second = again(2, 1, 51);
  decide(second);
  // On the other's document, which two persons have allowed.
  const FlightDecision other = again(3, 2, 51);
  decide(other);
  decide(undo_of(4, other));
  EXPECT_EQ(flights_.find("demo", key_)->board->documents.at(id(51)), 1);
  decide(undo_of(5, second));
  const SharedFlight flight = flights_.find("demo", key_);
  EXPECT_EQ(flight->board->boarded.at(1).decision, first.request);
  EXPECT_EQ(flight->board->documents.at(id(50)), 1);
  EXPECT_FALSE(flight->board->documents.contains(id(51)));
  // The earlier of two is taken back: the later one stands.
  decide(again(6, 1, 51));
  decide(undo_of(7, first));
  EXPECT_EQ(flights_.find("demo", key_)->board->boarded.at(1).decision, id(6));
  decide(undo_of(8, again(6, 1, 51)));
  EXPECT_FALSE(flights_.find("demo", key_)->board->boarded.contains(1));
}

TEST_F(FlightState, ADecisionIsNotUndoneWhileItIsRecorded) {
  load(roster_of(1));
  ASSERT_TRUE(flights_.hold("demo", key_, boarding(1, 1, 50)).has_value());
  FlightDecision undo;
  undo.request = id(2);
  undo.action = DecisionAction::kUndo;
  undo.passenger = 1;
  undo.undoes = id(1);
  EXPECT_EQ(refused(undo), "DECISION_PENDING");
}

TEST_F(FlightState, FindsBookingsByWhatThePassSays) {
  const SharedFlight flight = load(roster_of(3));
  EXPECT_EQ(flight->find_booking("LOC101", "", "", ""), 1U);
  EXPECT_EQ(flight->find_booking("LOC109", "0001", "", ""), std::nullopt);
  EXPECT_EQ(flight->find_booking("", "", "002A", ""), 1U);
  EXPECT_EQ(flight->find_booking("LOC100", "", "2A", ""), 0U);  // the locator decides
  EXPECT_EQ(flight->find_booking("LOC999", "", "2A", ""), std::nullopt);
  EXPECT_EQ(flight->find_booking("", "", "", ""), std::nullopt);
  EXPECT_EQ(flight->passenger(2)->data.locator, "LOC101");
  EXPECT_EQ(flight->passenger(4), nullptr);
}

TEST_F(FlightState, WatchersSeeEveryChangeInOrder) {
  load(roster_of(2));
  std::vector<FlightEvent> events;
  std::vector<std::int64_t> revisions;
  const auto watch = flights_.watch("demo", key_, [&](const FlightChange& change) {
    events.push_back(change.event);
    revisions.push_back(change.flight->revision);
  });
  ASSERT_TRUE(watch.has_value());
  load(roster_of(2));
  decide(boarding(1, 1, 50));
  FlightDecision refusal;
  refusal.request = id(2);
  refusal.passenger = 2;
  decide(refusal);
  flights_.drop("demo", key_);
  EXPECT_EQ(events, (std::vector{FlightEvent::kBegun, FlightEvent::kLoaded, FlightEvent::kBoarded,
                                 FlightEvent::kDecided, FlightEvent::kDropped}));
  EXPECT_TRUE(std::is_sorted(revisions.begin(), revisions.end()));
}

TEST_F(FlightState, WhoNoLongerWatchesIsNotCalled) {
  load(roster_of(1));
  int calls = 0;
  const auto watch = flights_.watch("demo", key_, [&](const FlightChange&) { ++calls; });
  flights_.unwatch(*watch);
  load(roster_of(1));
  EXPECT_EQ(calls, 1);
  for (std::size_t i = 0; i < kMaxWatchersPerFlight; ++i) {
    EXPECT_TRUE(flights_.watch("demo", key_, [](const FlightChange&) {}).has_value());
  }
  EXPECT_EQ(flights_.watch("demo", key_, [](const FlightChange&) {}).error().code,
            ErrorCode::kResourceExhausted);
}

// Readers never see a passenger boarded twice, on a document of another, or a half of a change.
TEST_F(FlightState, ReadersSeeWholeStatesWhileOthersBoard) {
  constexpr int kPassengers = 20;
  load(roster_of(kPassengers));
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::thread reader([&] {
    while (!done) {
      const SharedFlight flight = flights_.find("demo", key_);
      torn += flight->board->boarded.size() != flight->board->documents.size();
    }
  });
  std::atomic<int> boarded = 0;
  std::vector<std::thread> gates;
  for (int gate = 0; gate < 2; ++gate) {
    gates.emplace_back([&, gate] {
      for (int passenger = 1; passenger <= kPassengers; ++passenger) {
        const auto decision = boarding(static_cast<std::uint8_t>(passenger + 100 * gate), passenger,
                                       static_cast<std::uint8_t>(passenger));
        const auto held = flights_.hold("demo", key_, decision);
        if (!held || !*held) continue;
        flights_.settle("demo", key_, decision, kNoon);
        ++boarded;
      }
    });
  }
  for (std::thread& gate : gates) gate.join();
  done = true;
  reader.join();
  EXPECT_EQ(torn, 0);
  EXPECT_EQ(boarded, kPassengers);
  EXPECT_EQ(flights_.find("demo", key_)->board->boarded.size(), std::size_t{kPassengers});
}

}  // namespace
}  // namespace paxid::server
