#include "clients/cli/flight_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/cli/decide_command.h"
#include "clients/cli/verify_command.h"

namespace paxid::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(FlightKeyText, IsCarrierNumberDateAndAirport) {
  for (const char* text : {"LH400/2026-11-22/FRA", "6E6001/2026-11-22/DEL",
                           "U24711A/2026-11-22/LTN", "BAW117/2026-11-22/LHR"}) {
    const auto key = flight_key(text);
    ASSERT_TRUE(key.has_value()) << text;
    EXPECT_EQ(to_text(*key), text);
  }
  EXPECT_EQ(flight_key("BAW117/2026-11-22/LHR")->carrier, "BAW");
  EXPECT_EQ(flight_key("6E6001/2026-11-22/DEL")->carrier, "6E");
  for (const char* text :
       {"", "LH400", "LH400/2026-11-22", "LH400/22NOV/FRA", "LH/2026-11-22/FRA",
        "LHX/2026-11-22/FRA", "LH400/2026-11-22/FRANKFURT", "LH400/2026-02-30/FRA"}) {
    EXPECT_FALSE(flight_key(text).has_value()) << text;
  }
}

TEST(Utc, IsRead) {
  EXPECT_EQ(parse_utc("2026-11-22T13:05Z"), 1'795'352'700);
  EXPECT_EQ(parse_utc("2026-11-22T13:05:09Z"), 1'795'352'709);
  for (const char* text : {"", "2026-11-22", "2026-11-22T13:05", "2026-11-22T24:00Z",
                           "2026-11-22T13:60Z", "2026-11-22T1305Z", "2026-11-22 13:05Z",
                           "2026-13-22T13:05Z", "2026-11-22T13:05:0Z", "2026-11-22T1a:05Z"}) {
    EXPECT_FALSE(parse_utc(text).has_value()) << text;
  }
}

TEST(ListFormat, IsSeenFromNameAndText) {
  EXPECT_EQ(format_of("x.csv", ""), sdk::ListFormat::kCsv);
  EXPECT_EQ(format_of("-", "name,locator\nDOE/JANE,ABC123\n"), sdk::ListFormat::kCsv);
  EXPECT_EQ(format_of("-", "PNL\nXX0123/22NOV FRA PART1\n"), sdk::ListFormat::kPnlAdl);
}

sdk::FlightManifest manifest() {
  sdk::FlightManifest flight;
  flight.summary.flight = {"LH", "400", "2026-11-22", "FRA"};
  flight.summary.passengers = 1;
  flight.summary.boarded = 1;
  flight.summary.departure_unix_seconds = 1'795'352'700;
  sdk::FlightPassenger passenger;
  passenger.passenger_ref = 1;
  passenger.booking_name = base::PersonalText("SMITH/JANE\x1b[31m MRS");
  passenger.locator = "ABC123";
  passenger.seat = "14B";
  passenger.boarded_unix_seconds = 1'795'350'000;
  passenger.last_action = "confirm";
  passenger.earlier_names.push_back({base::PersonalText("DOE/JANE MS"), 1'795'340'000});
  flight.passengers.push_back(passenger);
  return flight;
}

TEST(FlightCard, ShowsWhoBoardedAndEarlierNames) {
  const std::string card = flight_card(manifest());
  EXPECT_THAT(card, HasSubstr("LH400/2026-11-22/FRA"));
  EXPECT_THAT(card, HasSubstr("1 of 1"));
  EXPECT_THAT(card, HasSubstr("14B"));
  EXPECT_THAT(card, HasSubstr("boarded"));
  EXPECT_THAT(card, HasSubstr("(was DOE/JANE MS)"));
  EXPECT_THAT(card, Not(HasSubstr("\x1b")));
  const auto json = flight_json(manifest());
  EXPECT_EQ(json["flight"], "LH400/2026-11-22/FRA");
  EXPECT_EQ(json["list"][0]["boarded_at"], "2026-11-22T12:20:00Z");
  EXPECT_EQ(json["list"][0]["earlier_names"][0]["booking_name"], "DOE/JANE MS");
}

TEST(LoadCard, NamesFindingsByLine) {
  sdk::LoadOutcome loaded;
  loaded.flight = manifest().summary;
  loaded.added = 3;
  loaded.kept_boarded = 1;
  loaded.findings.push_back({"NAME_UNREADABLE", 7});
  EXPECT_THAT(load_card(loaded), HasSubstr("3 added, 0 changed, 0 removed, 1 kept because"));
  EXPECT_THAT(load_card(loaded), HasSubstr("line 7: NAME_UNREADABLE"));
  EXPECT_EQ(load_json(loaded)["findings"][0]["line"], 7);
}

TEST(ChangeLine, SaysNoName) {
  sdk::FlightChange change;
  change.event = "boarded";
  change.unix_seconds = 1'795'350'000;
  change.summary = manifest().summary;
  change.passenger_ref = 1;
  change.seat = "14B";
  change.action = "confirm";
  EXPECT_EQ(change_line(change),
            "2026-11-22T12:20:00Z  boarded    1 of 1  passenger 1  seat 14B  confirm\n");
  EXPECT_EQ(change_json(change)["seat"], "14B");
}

std::string problem_of(const DecideArguments& arguments) {
  const auto decision = decision_from(arguments);
  return decision ? "" : decision.error().field;
}

TEST(DecideArguments, AreCheckedBeforeAnythingIsSent) {
  DecideArguments arguments;
  arguments.decided_request_id = "0198";
  arguments.operator_id = "4711";
  arguments.action = "board";
  EXPECT_EQ(problem_of(arguments), "ACTION");
  arguments.action = "accept";
  EXPECT_EQ(problem_of(arguments), "--reason");
  arguments.reason = "because";
  EXPECT_EQ(problem_of(arguments), "--reason");
  arguments.reason = "name_change";
  arguments.evidence = "a word";
  EXPECT_EQ(problem_of(arguments), "--evidence");
  arguments.evidence = "civil_status_certificate";
  arguments.face_checked = true;
  const auto decision = decision_from(arguments);
  ASSERT_TRUE(decision.has_value());
  EXPECT_EQ(decision->action, sdk::DecisionAction::kAccept);
  EXPECT_EQ(decision->reason, sdk::AcceptReason::kNameChange);
  EXPECT_EQ(decision->evidence, sdk::EvidenceType::kCivilStatusCertificate);
  EXPECT_TRUE(decision->face_checked);
  EXPECT_FALSE(decision->request_id.empty());
  arguments.request_id = "0199";
  EXPECT_EQ(decision_from(arguments)->request_id, "0199");
}

TEST(DecisionCard, SaysWhatHappenedAndUntilWhenItCanBeUndone) {
  sdk::Decision decision;
  decision.request_id = "0199";
  decision.action = sdk::DecisionAction::kHandOver;
  sdk::DecisionOutcome outcome;
  outcome.record.log_origin = "paxid.example/log/demo";
  outcome.record.leaf_index = 4;
  EXPECT_THAT(decision_card(decision, outcome), HasSubstr("hand-over: recorded\n"));
  outcome.boarded = true;
  outcome.replayed = true;
  outcome.undo_until_unix_seconds = 1'795'350'000;
  decision.action = sdk::DecisionAction::kConfirm;
  const std::string card = decision_card(decision, outcome);
  EXPECT_THAT(card, HasSubstr("confirm: the passenger has boarded (decided before)"));
  EXPECT_THAT(card, HasSubstr("record    4 of paxid.example/log/demo"));
  EXPECT_THAT(card, HasSubstr("until 2026-11-22T12:20:00Z"));
  const auto json = decision_json(decision, outcome);
  EXPECT_EQ(json["decided_by"], "person");
  EXPECT_EQ(json["undo_until"], "2026-11-22T12:20:00Z");
}

TEST(AnswerLines, SayWhoResolvedAndWhoBoardedBefore) {
  sdk::Answer answer;
  answer.request_id = "0198";
  answer.record.log_origin = "paxid.example/log/demo";
  answer.policy_id = "default 2026-11-22";
  const auto text_of = [&](const std::string& label) {
    for (const CardLine& line : answer_lines(answer)) {
      if (line.label == label) return line.text;
    }
    return std::string();
  };
  EXPECT_EQ(text_of("record"), "a promised record of paxid.example/log/demo");
  EXPECT_EQ(text_of("passenger"), "");
  EXPECT_EQ(text_of("policy"), "default 2026-11-22");
  answer.record.leaf_index = 3;
  answer.passenger = sdk::JudgedPassenger{7, "14B", "25", 1'795'350'000};
  sdk::Resolution resolution;
  resolution.unix_seconds = 1'795'340'000;
  resolution.operator_pseudonym = "5f3a91c2";
  resolution.station = "FRA";
  resolution.reason = sdk::AcceptReason::kNameChange;
  resolution.evidence = sdk::EvidenceType::kCivilStatusCertificate;
  answer.resolution = resolution;
  EXPECT_EQ(text_of("record"), "record 3 of paxid.example/log/demo");
  EXPECT_EQ(text_of("passenger"), "7 of the flight, seat 14B, boarded 2026-11-22T12:20:00Z");
  EXPECT_EQ(text_of("resolved"),
            "2026-11-22T09:33:20Z by 5f3a91c2 at FRA: name_change, civil_status_certificate");
  const auto json = answer_json(answer);
  EXPECT_EQ(json["decided_by"], "automatic_suggestion");
  EXPECT_EQ(json["passenger"]["boarded_at"], "2026-11-22T12:20:00Z");
}

}  // namespace
}  // namespace paxid::cli
