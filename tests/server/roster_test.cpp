#include "server/roster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace paxid::server {
namespace {

const base::Date kToday = *base::parse_iso_date("2026-11-22");

RosterEdit edit(const std::string& name, const std::string& locator,
                RosterAction action = RosterAction::kUpsert) {
  RosterEdit made;
  made.action = action;
  made.data.booked_name = base::PersonalText(name);
  made.data.locator = locator;
  return made;
}

RosterMerge merged(const SharedRoster& roster, std::vector<RosterEdit> edits, bool complete = false,
                   const std::set<int>& boarded = {}) {
  auto result = merge(roster, std::move(edits), complete, boarded, 7);
  EXPECT_TRUE(result.has_value()) << result.error().message;
  return result.value_or(RosterMerge{std::make_shared<Roster>()});
}

// "1 MUELLER/HANS < MULLER/HANS" for each passenger: number, name, earlier names newest first.
std::vector<std::string> shown(const SharedRoster& roster) {
  std::vector<std::string> all;
  for (const RosterPassenger& passenger : *roster->passengers) {
    std::string text = std::to_string(passenger.ref) + " " + passenger.data.booked_name.reveal();
    for (auto at = passenger.history.rbegin(); at != passenger.history.rend(); ++at) {
      text += " < " + at->name.reveal();
    }
    all.push_back(text);
  }
  return all;
}

using Lines = std::vector<std::string>;

TEST(Roster, AddsAndNumbersPassengers) {
  const auto first = merged(nullptr, {edit("DOE/JANE MRS", "ABC123"), edit("ROE/JOHN", "DEF456")});
  EXPECT_EQ(first.added, 2);
  EXPECT_EQ(shown(first.roster), (Lines{"1 DOE/JANE MRS", "2 ROE/JOHN"}));
  EXPECT_EQ(first.roster->prepared.size(), 2U);
  EXPECT_GT(first.roster->bytes, 0U);
}

TEST(Roster, TheSameListAgainChangesNothing) {
  const std::vector<RosterEdit> list{edit("DOE/JANEMRS", "ABC123"), edit("DOE/JANE MRS", "ABC123")};
  const auto first = merged(nullptr, list);
  EXPECT_EQ(first.added, 2);  // two of one name in one booking are two passengers
  const auto again = merged(first.roster, list, /*complete=*/true);
  EXPECT_EQ(again.added + again.changed + again.removed, 0);
  EXPECT_EQ(shown(again.roster), shown(first.roster));
}

TEST(Roster, KeepsWhatAListDoesNotState) {
  RosterEdit seated = edit("DOE/JANE", "ABC123");
  seated.data.seat = "14B";
  seated.ticket = "2201234567890";
  const auto first = merged(nullptr, {seated});
  RosterEdit dated = edit("DOE/JANE", "ABC123", RosterAction::kChange);
  dated.data.birth_date = base::parse_iso_date("1990-02-03");
  const auto second = merged(first.roster, {dated});
  EXPECT_EQ(second.changed, 1);
  const RosterPassenger& jane = second.roster->passengers->front();
  EXPECT_EQ(jane.data.seat, "14B");
  EXPECT_EQ(jane.ticket, "2201234567890");
  EXPECT_TRUE(jane.data.birth_date.has_value());
}

TEST(Roster, ACorrectedNameKeepsItsHistory) {
  auto now = merged(nullptr, {edit("MULLER/HANS", "ABC123"), edit("ROE/JOHN", "DEF456")}).roster;
  now = merged(now, {edit("MULLER/HANS", "ABC123", RosterAction::kDelete),
                     edit("MUELLER/HANS", "ABC123")})
            .roster;
  EXPECT_EQ(shown(now), (Lines{"1 MUELLER/HANS < MULLER/HANS", "2 ROE/JOHN"}));
  const auto again = merged(now, {edit("MUELLER/HANSPETER", "ABC123", RosterAction::kChange)});
  EXPECT_EQ(again.changed, 1);
  EXPECT_EQ(shown(again.roster),
            (Lines{"1 MUELLER/HANSPETER < MUELLER/HANS < MULLER/HANS", "2 ROE/JOHN"}));
  EXPECT_EQ(again.roster->prepared.passenger(0).earlier_names.size(), 2U);
  EXPECT_EQ(again.roster->passengers->front().history[1].until_unix_us, 7U);
}

TEST(Roster, OfTwoCorrectionsInABookingEachFindsItsOwn) {
  const auto first = merged(nullptr, {edit("NOVAK/EVA", "ABC123"), edit("NOVAK/PETR", "ABC123")});
  const auto second =
      merged(first.roster, {edit("NOVAK/EVA", "ABC123", RosterAction::kDelete),
                            edit("NOVAK/PETR", "ABC123", RosterAction::kDelete),
                            edit("NOVACEK/PETR", "ABC123"), edit("NOVAKOVA/EVA", "ABC123")});
  EXPECT_EQ(shown(second.roster),
            (Lines{"1 NOVAKOVA/EVA < NOVAK/EVA", "2 NOVACEK/PETR < NOVAK/PETR"}));
  EXPECT_EQ(second.added + second.removed, 0);
}

TEST(Roster, AnotherBookingIsAnotherPassenger) {
  const auto first = merged(nullptr, {edit("DOE/JANE", "ABC123")});
  const auto second = merged(
      first.roster, {edit("DOE/JANE", "ABC123", RosterAction::kDelete), edit("DOE/JAN", "XYZ999")});
  EXPECT_EQ(shown(second.roster), (Lines{"2 DOE/JAN"}));
  EXPECT_EQ(second.removed, 1);
  EXPECT_EQ(second.added, 1);
}

TEST(Roster, ACompleteListTakesOffWhoIsNotInIt) {
  const auto first =
      merged(nullptr, {edit("A/A", "ABC123"), edit("B/B", "DEF456"), edit("C/C", "GHI789")});
  const auto second = merged(first.roster, {edit("A/A", "ABC123")}, /*complete=*/true, {2});
  EXPECT_EQ(shown(second.roster), (Lines{"1 A/A", "2 B/B"}));
  EXPECT_EQ(second.removed, 1);
  EXPECT_EQ(second.kept_boarded, 1);
  // A number is never given to somebody else.
  EXPECT_EQ(shown(merged(second.roster, {edit("D/D", "JKL012")}).roster).back(), "4 D/D");
}

TEST(Roster, LimitsAreNamed) {
  std::vector<RosterEdit> many;
  for (std::size_t i = 0; i <= kMaxPassengersPerFlight; ++i) {
    many.push_back(edit("DOE/JANE", "L" + std::to_string(10'000 + i)));
  }
  const auto full = merge(nullptr, many, false, {}, 1);
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_EQ(full.error().field, "passengers");

  auto roster = merged(nullptr, {edit("A/A", "ABC123")}).roster;
  for (std::size_t i = 0; i < kMaxNameCorrections; ++i) {
    roster = merged(roster, {edit("A/" + std::string(i + 2, 'A'), "ABC123", RosterAction::kChange)})
                 .roster;
  }
  const auto worn = merge(roster, {edit("B/B", "ABC123", RosterAction::kChange)}, false, {}, 1);
  ASSERT_FALSE(worn.has_value());
  EXPECT_EQ(worn.error().field, "corrections");
}

constexpr const char* kPnl =
    "PNL\n"
    "XX0123/22NOV FRA PART1\n"
    "-JFK003Y\n"
    "1MUELLER/HANSMR .L/ABC123\n"
    "2DOE/JOHNMR/JANEMRS-A2 .L/DEF456\n"
    "ENDPNL\n";
constexpr const char* kAdl =
    "ADL\n"
    "XX0123/22NOV FRA PART1\n"
    "DEL\n"
    "1DOE/JOHNMR .L/DEF456\n"
    "ADD\n"
    "1DOE/JONMR .L/DEF456\n"
    "ENDADL\n";

TEST(Roster, ReadsAListAndItsChanges) {
  const auto list = bcbp::read_passenger_list(kPnl, kToday);
  auto roster = merged(nullptr, edits_of(list)).roster;
  EXPECT_EQ(shown(roster), (Lines{"1 MUELLER/HANSMR", "2 DOE/JOHNMR", "3 DOE/JANEMRS"}));
  EXPECT_EQ((*roster->passengers)[2].data.locator, "DEF456");
  roster = merged(roster, edits_of(bcbp::read_passenger_list(kAdl, kToday))).roster;
  EXPECT_EQ(shown(roster),
            (Lines{"1 MUELLER/HANSMR", "2 DOE/JONMR < DOE/JOHNMR", "3 DOE/JANEMRS"}));
}

TEST(Roster, ReadsTheColumnsOfATable) {
  const auto list = bcbp::read_passenger_list(
      "name,locator,seat,sequence,sex,ticket,booked_on\n"
      "MUELLER/HANS MR,ABC123,14B,25,M,2201234567890,2026-10-01\n",
      kToday);
  const auto edits = edits_of(list);
  ASSERT_EQ(edits.size(), 1U);
  EXPECT_EQ(edits[0].data.booked_name.reveal(), "MUELLER/HANS MR");
  EXPECT_EQ(edits[0].data.seat, "14B");
  EXPECT_EQ(edits[0].data.sequence, "25");
  EXPECT_EQ(edits[0].data.sex, verification::Sex::kMale);
  EXPECT_EQ(edits[0].ticket, "2201234567890");
  EXPECT_EQ(edits[0].data.booked_on, base::parse_iso_date("2026-10-01"));
}

TEST(Roster, ABookingIsFoundUnderAnyOfItsNames) {
  auto roster = merged(nullptr, {edit("MULLER/HANS", "ABC123")}).roster;
  roster = merged(roster, {edit("MUELLER/HANS", "ABC123", RosterAction::kChange)}).roster;
  for (const char* name : {"MUELLER/HANS", "MULLER/HANS", "muller/hans"}) {
    const RosterPassenger* found = find_booked(*roster, "ABC123", name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(found->ref, 1);
  }
  EXPECT_EQ(find_booked(*roster, "ABC123", "MOLLER/HANS"), nullptr);
  EXPECT_EQ(find_booked(*roster, "XYZ123", "MUELLER/HANS"), nullptr);
}

}  // namespace
}  // namespace paxid::server
