#include "clients/cli/case_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "clients/cli/verify_command.h"

namespace paxid::cli {
namespace {

namespace ver = verification;
using nlohmann::json;
using testing::HasSubstr;

const base::Date kToday = *base::parse_iso_date("2026-11-22");

ver::Engine stricter() {
  std::string text(ver::default_policy_toml());
  const std::string from = "letter_change = \"REVIEW\"";
  text.replace(text.find(from), from.size(), "letter_change = \"MISMATCH\"");
  return ver::Engine(*ver::Policy::parse(text));
}

json one(const char* id, const char* booking) {
  return {{"id", id},
          {"booking", booking},
          {"doc_surname", "ERIKSSON"},
          {"doc_given", "ANNA"},
          {"context", {{"booking_birth_date", "1974-08-12"}, {"doc_birth_date", "1974-08-12"}}}};
}

std::string lines(const std::vector<json>& cases) {
  std::string text;
  for (const json& each : cases) text += each.dump() + "\n";
  return text;
}

TEST(Replay, SaysWhatANewPolicyChanges) {
  std::istringstream in(lines({one("same", "ERIKSSON/ANNA"), one("slip", "ERIKSSOM/ANNA")}) +
                        "no json\n\n[]\n");
  const json answer = replay(in, default_engine(), stricter(), kToday);
  EXPECT_EQ(answer["cases"], 2);
  EXPECT_EQ(answer["unreadable"], 2);
  EXPECT_EQ(answer["changed"], 1);
  EXPECT_EQ(answer["transitions"], json({{"REVIEW MISMATCH", 1}}));
  EXPECT_EQ(answer["changes"][0]["id"], "slip");
  EXPECT_EQ(answer["changes"][0]["because"], json::array({"LETTERS_DIFFER"}));
  EXPECT_THAT(replay_card(answer), HasSubstr("slip  REVIEW → MISMATCH  LETTERS_DIFFER"));
}

TEST(Replay, ARecordedVerdictIsWhatItWasBefore) {
  json recorded = one("old", "ERIKSSON/ANNA");
  recorded["verdict"] = "REVIEW";
  std::istringstream in(lines({recorded}));
  const json answer = replay(in, default_engine(), default_engine(), kToday);
  EXPECT_EQ(answer["transitions"], json({{"REVIEW MATCH", 1}}));
}

TEST(Replay, ACaseIsJudgedOnItsDay) {
  json expiring = one("dated", "ERIKSSON/ANNA");
  expiring["context"]["doc_expiry_date"] = "2020-01-01";
  expiring["station_date"] = "2019-12-31";
  expiring["verdict"] = "MATCH";
  std::istringstream in(lines({expiring}));
  EXPECT_EQ(replay(in, default_engine(), default_engine(), kToday)["changed"], 0);
}

TEST(EvaluateGate, CountsByRegion) {
  json fine = one("fine", "ERIKSSON/ANNA");
  fine["expected"] = "MATCH";
  fine["must_not"] = json::array({"MISMATCH"});
  fine["region"] = "Nordic";
  json also = one("also", "ERIKSSOM/ANNA");
  also["expected"] = "MATCH";
  also["also_ok"] = json::array({"REVIEW"});
  json harm = one("harm", "ERIKSSON/ANNA");
  harm["expected"] = "REVIEW";
  harm["must_not"] = json::array({"MATCH"});
  harm["region"] = "Nordic";
  json denied = one("denied", "DESMARAIS/LUC");
  denied["expected"] = "REVIEW";
  denied["must_not"] = json::array({"MISMATCH"});
  std::istringstream in(lines({fine, also, harm, denied, one("no label", "ERIKSSON/ANNA")}));
  const json answer = evaluate_gate(in, default_engine(), kToday);
  EXPECT_EQ(answer["unreadable"], 1);
  EXPECT_EQ(answer["all"], json({{"cases", 4},
                                 {"acceptable", 2},
                                 {"exact", 1},
                                 {"false_pass", 1},
                                 {"may_not_pass", 1},
                                 {"false_denial", 1},
                                 {"may_not_be_denied", 2},
                                 {"review", 1}}));
  EXPECT_EQ(answer["by_region"]["Nordic"]["false_pass"], 1);
  EXPECT_EQ(answer["by_region"]["not stated"]["cases"], 2);
  EXPECT_THAT(gate_card(answer), HasSubstr("Nordic"));
}

TEST(VerifyLocal, TellsInALanguageAndUnderAPolicy) {
  const json answer = answer_verify_local(one("1", "ERIKSSOM/ANNA"), kToday, stricter(),
                                          messages::Language::kGerman);
  EXPECT_EQ(answer["verdict"], "MISMATCH");
  EXPECT_EQ(answer["sentence"],
            "Wenige Buchstaben weichen ab, wie bei einem Tippfehler: Buchung berichtigen.");
  EXPECT_EQ(answer["decided_by"], "automatic_suggestion");
}

TEST(VerifyLocal, PeersMayHaveSeatAndData) {
  json scenario = one("1", "DOE/JANE");
  scenario["context"]["doc_number"] = "X1";
  scenario["context"]["flight_peers"] = json::array(
      {"WEBER/JONAS", {{"name", "ERIKSSON/ANNA"}, {"seat", "014B"}, {"doc_number", "X 1"}}});
  const json answer = answer_verify_local(scenario, kToday);
  EXPECT_EQ(answer["sentence"],
            "The document is that of another passenger of this flight: ERIKSSON/ANNA, seat 14B.");
  scenario["context"]["flight_peers"] = json::array({7});
  EXPECT_FALSE(answer_verify_local(scenario, kToday)["ok"].get<bool>());
  json stale = one("2", "ERIKSSON/ANNA");
  stale["bcbp_name"] = "BERG/ANNA";
  EXPECT_EQ(answer_verify_local(stale, kToday)["verdict"], "MISMATCH");
  stale["context"]["earlier_names"] = json::array({"BERG/ANNA"});
  EXPECT_EQ(answer_verify_local(stale, kToday)["verdict"], "MATCH");
}

}  // namespace
}  // namespace paxid::cli
