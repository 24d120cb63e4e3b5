#include "clients/gate/session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "clients/sdk/referral.h"
#include "messages/catalogue.h"
#include "tests/reader/specimens.h"

namespace paxid::gate {
namespace {

using base::ErrorCode;
using base::PersonalText;
using verification::Verdict;
using namespace reader::specimen;

const Scan kBadge{ScanKind::kOther, PersonalText("4712"), false, {}};

sdk::FlightSummary summary() {
  sdk::FlightSummary flight;
  flight.flight = {"XX", "123", "2026-11-22", "FRA"};
  flight.passengers = 2;
  return flight;
}

sdk::FlightManifest manifest() {
  sdk::FlightManifest flight{summary(), {}};
  for (const auto& [name, locator, seat] :
       {std::tuple{"ROSSI/MARIOMR", "GHI789", "2A"}, std::tuple{"NOVAK/EVAMRS", "DEF456", "1B"}}) {
    sdk::FlightPassenger passenger;
    passenger.booking_name = PersonalText(name);
    passenger.locator = locator;
    passenger.seat = seat;
    passenger.passenger_ref = static_cast<int>(flight.passengers.size()) + 1;
    flight.passengers.push_back(passenger);
  }
  return flight;
}

base::Error error(ErrorCode code, std::string message = "UNSPECIFIED: x") {
  return {code, std::move(message), {}};
}

// A session with its effects laid open, and a clock that is moved by hand.
class Gate {
 public:
  Gate()
      : session([this] {
          SessionOptions options;
          options.new_request_id = [this] { return "id-" + std::to_string(++ids_); };
          return options;
        }()) {}

  void log_in() {
    session.type("4711\r", now);
    session.flights(std::vector{summary()});
    session.type("\r", now);
    session.manifest(manifest());
    session.health(true);
    effects();
  }
  void scan(const Scan& scan) { session.scan(scan, kToday, now); }
  void press(int function) { session.press(function, now); }
  std::vector<Effect> effects() { return session.take_effects(); }
  template <class Kind>
  std::vector<Kind> only() {
    std::vector<Kind> found;
    for (const Effect& effect : effects()) {
      if (const auto* one = std::get_if<Kind>(&effect)) found.push_back(*one);
    }
    return found;
  }
  sdk::Request asked() {
    const auto calls = only<AskVerdict>();
    EXPECT_EQ(calls.size(), 1U);
    return calls.empty() ? sdk::Request{} : calls.front().request;
  }
  sdk::Decision decided() {
    const auto calls = only<RecordDecision>();
    EXPECT_EQ(calls.size(), 1U);
    return calls.empty() ? sdk::Decision{} : calls.front().decision;
  }
  void answer(const std::string& id, Verdict verdict,
              std::vector<verification::Reason> reasons = {}) {
    sdk::Answer answer;
    answer.request_id = id;
    answer.report.verdict = verdict;
    answer.report.sentence = {"SAME_NAME", {}, {}};
    answer.report.reasons = std::move(reasons);
    session.answer(id, answer);
  }
  // A passenger whose verdict is there.
  void reach_verdict(Verdict verdict, std::vector<verification::Reason> reasons = {}) {
    scan(kPass);
    scan(kDocument);
    answer(asked().request_id, verdict, std::move(reasons));
    effects();
  }
  // A passenger who matches is boarded: the decision that goes out.
  sdk::Decision confirm() {
    reach_verdict(Verdict::kMatch);
    press(7);
    press(9);
    return decided();
  }
  void no_answer_to(const sdk::Decision& decision) {
    session.recorded(decision.request_id, tl::unexpected(error(ErrorCode::kUnavailable)), now);
  }
  void record(const sdk::Decision& decision, bool boarded = true) {
    sdk::DecisionOutcome outcome;
    outcome.boarded = boarded;
    outcome.undo_until_unix_seconds = 1;
    session.recorded(decision.request_id, outcome, now);
  }
  std::set<int> keys() const {
    std::set<int> functions;
    for (const KeyCap& cap : session.keys()) functions.insert(cap.function);
    return functions;
  }

 private:
  int ids_ = 0;

 public:
  Milliseconds now{1'000};
  Session session;
};

verification::Reason reason(std::string_view code, std::vector<base::Argument> arguments = {}) {
  return {code, {}, {}, 0, {code, std::move(arguments), {}}};
}

TEST(Session, NobodyWorksWithoutALogIn) {
  Gate gate;
  gate.scan(kPass);
  EXPECT_EQ(gate.session.stage(), Stage::kLogIn);
  for (const char* wrong : {"\r", "a b\r", "ü\r", "4711;\r"}) {
    gate.session.type(wrong, gate.now);
    EXPECT_EQ(gate.session.stage(), Stage::kLogIn);
    EXPECT_EQ(gate.session.notice().key, "GATE_OPERATOR_ID");
    gate.session.type("\b\b\b\b\b", gate.now);
  }
  gate.scan(kBadge);
  EXPECT_EQ(gate.session.operator_id(), "4712");
  EXPECT_EQ(gate.only<AskFlights>().size(), 1U);
}

TEST(Session, PassAndDocumentInEitherOrderAreOneQuestion) {
  for (const bool pass_first : {true, false}) {
    Gate gate;
    gate.log_in();
    gate.scan(pass_first ? kPass : kDocument);
    EXPECT_EQ(gate.session.stage(), Stage::kHalf);
    EXPECT_TRUE(gate.only<AskVerdict>().empty());
    gate.scan(pass_first ? kDocument : kPass);
    const sdk::Request request = gate.asked();
    EXPECT_EQ(request.claims.size(), 2U);
    EXPECT_EQ(request.channel, sdk::Channel::kGate);
    EXPECT_EQ(request.station, "FRA");
    EXPECT_EQ(request.flight.number, "123");
    EXPECT_EQ(gate.session.seat(), "2A");
  }
}

TEST(Session, AnAnswerToAnotherQuestionIsNoAnswer) {
  Gate gate;
  gate.log_in();
  gate.scan(kPass);
  gate.scan(kDocument);
  gate.answer("id-99", Verdict::kMatch);
  EXPECT_EQ(gate.session.stage(), Stage::kAsking);
  EXPECT_EQ(gate.session.verdict(), nullptr);
}

// What a kiosk was answered belongs to a flight; another one than ours is named.
TEST(Session, ACodeOfAnotherFlightIsNamedAsOne) {
  struct Case {
    sdk::FlightKey flight;
    std::string_view notice;
  };
  for (const Case& one :
       {Case{summary().flight, "GATE_REFERRED"}, Case{{}, "GATE_REFERRED"},  // not known
        Case{{"XX", "124", "2026-11-22", "FRA"}, "GATE_REFERRED_OTHER_FLIGHT"},
        Case{{"YY", "123", "2026-11-22", "FRA"}, "GATE_REFERRED_OTHER_FLIGHT"},
        Case{{"XX", "123", "2026-11-23", "FRA"}, "GATE_REFERRED_OTHER_FLIGHT"},
        Case{{"XX", "123", "2026-11-22", "MUC"}, "GATE_REFERRED_OTHER_FLIGHT"}}) {
    Gate gate;
    gate.log_in();
    gate.session.type("ktr-fnp-dxg\r", gate.now);
    const auto looks = gate.only<AskSuggestion>();
    ASSERT_EQ(looks.size(), 1U);
    EXPECT_EQ(looks[0].look.suggestion_request_id, sdk::request_id_of_referral("KTRFNPDXG"));
    sdk::Suggestion suggestion;
    suggestion.flight = one.flight;
    gate.session.suggestion(looks[0].look.request_id, suggestion);
    EXPECT_EQ(gate.session.stage(), Stage::kVerdict);
    EXPECT_EQ(gate.session.notice().key, one.notice);
    if (one.notice == "GATE_REFERRED") continue;
    const std::string said = messages::render(gate.session.notice(), messages::Language::kEnglish);
    EXPECT_NE(said.find(one.flight.carrier + " " + one.flight.flight_number), std::string::npos);
    EXPECT_NE(said.find(one.flight.departure_date), std::string::npos);
  }
}

TEST(Session, WhatMayNotBeShownLooksLikeWhatIsNotThere) {
  for (const char* reason : {"SUGGESTION_UNKNOWN: x", "USE_RESTRICTED: x"}) {
    Gate gate;
    gate.log_in();
    gate.session.type("KTRFNPDXG\r", gate.now);
    const auto looks = gate.only<AskSuggestion>();
    ASSERT_EQ(looks.size(), 1U);
    gate.session.suggestion(looks[0].look.request_id,
                            tl::unexpected(error(ErrorCode::kFailedPrecondition, reason)));
    EXPECT_EQ(gate.session.stage(), Stage::kReady);
    EXPECT_EQ(gate.session.notice().key, "GATE_CODE_UNKNOWN");
  }
}

TEST(Session, NobodyBoardsWithoutTheFaceCheck) {
  for (const auto& [verdict, key] : {std::pair{Verdict::kMatch, 9}, std::pair{Verdict::kReview, 2},
                                     std::pair{Verdict::kReview, 3}}) {
    Gate gate;
    gate.log_in();
    gate.reach_verdict(verdict);
    gate.press(key);
    EXPECT_TRUE(gate.effects().empty());
    EXPECT_EQ(gate.session.notice().key, "GATE_FACE_FIRST");
    gate.press(7);
    gate.press(key);
    EXPECT_TRUE(gate.decided().face_checked);
  }
}

TEST(Session, TheFaceCheckIsForOnePassenger) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kMatch);
  gate.press(7);
  gate.scan(kOtherPass);
  gate.scan(kDocument);
  gate.answer(gate.asked().request_id, Verdict::kMatch);
  EXPECT_FALSE(gate.session.face_checked());
}

TEST(Session, SilenceIsSaidAndTheSameQuestionIsAskedAgain) {
  Gate gate;
  gate.log_in();
  gate.scan(kPass);
  gate.scan(kDocument);
  const sdk::Request asked = gate.asked();
  gate.session.answer(asked.request_id, tl::unexpected(error(ErrorCode::kUnavailable)));
  EXPECT_EQ(gate.session.stage(), Stage::kSilent);
  EXPECT_EQ(gate.only<PlayTone>().front().tone, Tone::kSilent);
  gate.press(1);
  EXPECT_EQ(gate.asked().request_id, asked.request_id);
  gate.session.answer(asked.request_id, tl::unexpected(error(ErrorCode::kUnavailable)));
  gate.effects();
  gate.session.health(true);
  EXPECT_EQ(gate.asked().request_id, asked.request_id);
  gate.answer(asked.request_id, Verdict::kMatch);
  EXPECT_EQ(gate.session.stage(), Stage::kVerdict);
}

// A server that is slow once, and never silent.
TEST(Session, AListThatDidNotComeIsAskedForAgain) {
  const auto seconds_until = [](Gate& gate, auto asked_for) {
    for (int seconds = 1; seconds <= 10; ++seconds) {
      gate.now += Milliseconds(1'000);
      gate.session.tick(gate.now);
      if (asked_for()) return seconds;
    }
    return 0;
  };
  const auto slow = tl::unexpected(error(ErrorCode::kUnavailable));
  Gate gate;
  gate.session.health(true);
  gate.session.type("4711\r", gate.now);
  EXPECT_EQ(gate.only<AskFlights>().size(), 1U);
  const auto flights = [&] { return gate.only<AskFlights>().size() == 1; };
  EXPECT_EQ(seconds_until(gate, flights), 0);  // the first has not failed yet
  gate.session.flights(slow);
  EXPECT_GT(seconds_until(gate, flights), 1);
  gate.session.flights(std::vector{summary()});
  gate.session.type("\r", gate.now);
  EXPECT_EQ(gate.only<OpenFlight>().size(), 1U);
  const auto passengers = [&] { return gate.only<OpenFlight>().size() == 1; };
  gate.session.manifest(slow);
  EXPECT_GT(seconds_until(gate, passengers), 1);
  gate.session.manifest(manifest());
  EXPECT_EQ(seconds_until(gate, passengers), 0);
  EXPECT_EQ(gate.session.rows().size(), 2U);
}

TEST(Session, ADecisionWithoutAnswerIsSentAgainAsItWas) {
  Gate gate;
  gate.log_in();
  const sdk::Decision decision = gate.confirm();
  gate.no_answer_to(decision);
  EXPECT_EQ(gate.session.stage(), Stage::kSilent);
  EXPECT_EQ(gate.session.instruction().key, "GATE_SILENT_DECISION");
  gate.session.health(true);
  EXPECT_EQ(gate.decided().request_id, decision.request_id);
  gate.record(decision);
  EXPECT_EQ(gate.session.stage(), Stage::kDone);
  gate.record(decision);  // the answer of the first attempt after all
  EXPECT_EQ(gate.session.stage(), Stage::kDone);
}

TEST(Session, ADecisionLeftBehindByALockIsSentWhenTheServerIsBack) {
  Gate gate;
  gate.log_in();
  const sdk::Decision decision = gate.confirm();
  gate.no_answer_to(decision);
  gate.press(12);
  EXPECT_EQ(gate.session.stage(), Stage::kLogIn);
  EXPECT_TRUE(gate.session.passenger().empty());
  gate.effects();
  gate.session.health(true);
  EXPECT_EQ(gate.decided().request_id, decision.request_id);
  gate.record(decision);
  EXPECT_EQ(gate.session.stage(), Stage::kLogIn);
}

TEST(Session, ADecisionLeftBehindNeverTouchesThePassengerAfterIt) {
  Gate gate;
  gate.log_in();
  const sdk::Decision left = gate.confirm();
  gate.no_answer_to(left);
  gate.press(12);
  gate.session.type("4711\r", gate.now);
  gate.session.health(true);
  gate.scan(kPass);
  gate.scan(kDocument);
  const std::string asked = gate.asked().request_id;
  gate.session.answer(asked, tl::unexpected(error(ErrorCode::kUnavailable)));
  ASSERT_EQ(gate.session.stage(), Stage::kSilent);
  gate.effects();
  for (int second = 0; second < 10; ++second) {
    gate.now += Milliseconds(1'000);
    gate.session.tick(gate.now);
  }
  // Both go on, each for itself.
  bool asked_again = false;
  bool sent_again = false;
  for (const Effect& effect : gate.effects()) {
    if (const auto* ask = std::get_if<AskVerdict>(&effect)) {
      asked_again = asked_again || ask->request.request_id == asked;
    } else if (const auto* decision = std::get_if<RecordDecision>(&effect)) {
      sent_again = sent_again || decision->decision.request_id == left.request_id;
    }
  }
  EXPECT_TRUE(asked_again);
  EXPECT_TRUE(sent_again);
  gate.record(left);
  EXPECT_EQ(gate.session.stage(), Stage::kSilent);
  EXPECT_EQ(gate.session.verdict(), nullptr);
  gate.now += Milliseconds(10'000);
  gate.session.tick(gate.now);
  EXPECT_TRUE(gate.only<RecordDecision>().empty());
}

TEST(Session, LocksWithoutAKeyAndForgetsThePassengers) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kReview);
  gate.now += Milliseconds(179'999);
  gate.session.tick(gate.now);
  EXPECT_EQ(gate.session.stage(), Stage::kVerdict);
  gate.now += Milliseconds(1);
  gate.session.tick(gate.now);
  EXPECT_EQ(gate.session.stage(), Stage::kLogIn);
  EXPECT_TRUE(gate.session.rows().empty());
  EXPECT_TRUE(gate.session.passenger().empty());
  EXPECT_EQ(gate.session.verdict(), nullptr);
  EXPECT_TRUE(gate.session.operator_id().empty());
  EXPECT_EQ(gate.only<CloseFlight>().size(), 1U);
  gate.session.manifest(manifest());  // an answer that was on its way
  EXPECT_TRUE(gate.session.rows().empty());
  gate.session.type("4712\r", gate.now);
  EXPECT_EQ(gate.only<OpenFlight>().front().key.flight_number, "123");
}

TEST(Session, DoesNotLockWhileACallIsUnderWay) {
  Gate gate;
  gate.log_in();
  gate.scan(kPass);
  gate.scan(kDocument);
  gate.session.tick(gate.now + Milliseconds(1'000'000));
  EXPECT_EQ(gate.session.stage(), Stage::kAsking);
}

TEST(Session, AMismatchNeedsASecondPersonWhoIsAnotherOne) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kMismatch);
  gate.press(7);
  gate.press(3);
  EXPECT_TRUE(gate.effects().empty());
  EXPECT_EQ(gate.session.notice().key, "GATE_SECOND_PERSON_NEEDED");
  EXPECT_FALSE(gate.keys().contains(9));
  gate.press(10);
  gate.session.type("4711\r", gate.now);
  EXPECT_EQ(gate.session.stage(), Stage::kSupervisor);
  gate.scan(kBadge);
  gate.press(11);
  gate.press(3);
  const sdk::Decision decision = gate.decided();
  EXPECT_EQ(decision.second_operator_id, "4712");
  EXPECT_EQ(decision.reason, sdk::AcceptReason::kMisread);
}

TEST(Session, EveryReasonAndEvidenceHasAKey) {
  std::set<sdk::EvidenceType> evidence;
  std::set<sdk::AcceptReason> reasons;
  for (const int list : {4, 11, 2, 3}) {
    for (int choice = 1; choice <= 6; ++choice) {
      Gate gate;
      gate.log_in();
      gate.reach_verdict(Verdict::kReview);
      gate.press(7);
      gate.press(list);
      if (gate.session.stage() != Stage::kDeciding) {
        if (!gate.keys().contains(choice)) continue;
        gate.press(choice);
      }
      const sdk::Decision decision = gate.decided();
      evidence.insert(decision.evidence);
      reasons.insert(decision.reason);
    }
  }
  EXPECT_EQ(evidence.size(), 7U);  // none, and six
  EXPECT_EQ(reasons.size(), 7U);
}

TEST(Session, AnotherPassengersDocumentIsRefusedThenOpened) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kMismatch,
                     {reason("DOCUMENT_OF_PEER", {{"peer", PersonalText("NOVAK/EVAMRS")},
                                                  {"seat", PersonalText("1B")}})});
  gate.press(6);
  const sdk::Decision refusal = gate.decided();
  EXPECT_EQ(refusal.action, sdk::DecisionAction::kRefuse);
  gate.record(refusal, false);
  const sdk::Request request = gate.asked();
  EXPECT_EQ(request.booking.locator, "DEF456");
  ASSERT_EQ(request.claims.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<verification::ZoneClaim>(request.claims[0].value));
  EXPECT_EQ(gate.session.passenger().reveal(), "NOVAK/EVAMRS");
}

TEST(Session, APassengerWithoutAPassIsFoundByNameOrSeat) {
  for (const char* search : {"nova", "1b"}) {
    Gate gate;
    gate.log_in();
    gate.session.type(search, gate.now);
    ASSERT_EQ(gate.session.shown_rows(), (std::vector<std::size_t>{1}));
    gate.session.type("\r", gate.now);
    EXPECT_EQ(gate.session.stage(), Stage::kHalf);
    EXPECT_EQ(gate.session.passenger().reveal(), "NOVAK/EVAMRS");
    gate.scan(kDocument);
    EXPECT_EQ(gate.asked().booking.locator, "DEF456");
  }
}

TEST(Session, UndoesForHalfAMinute) {
  Gate gate;
  gate.log_in();
  const sdk::Decision boarding = gate.confirm();
  gate.record(boarding);
  ASSERT_TRUE(gate.keys().contains(8));
  gate.press(8);
  const sdk::Decision undo = gate.decided();
  EXPECT_EQ(undo.action, sdk::DecisionAction::kUndo);
  EXPECT_EQ(undo.decided_request_id, boarding.request_id);
  gate.record(undo, false);
  EXPECT_EQ(gate.session.stage(), Stage::kReady);
  EXPECT_FALSE(gate.keys().contains(8));
  gate.press(8);
  EXPECT_TRUE(gate.effects().empty());

  gate.reach_verdict(Verdict::kMatch);
  gate.press(7);
  gate.press(9);
  gate.record(gate.decided());
  gate.now += Milliseconds(30'000);
  gate.session.tick(gate.now);
  EXPECT_FALSE(gate.keys().contains(8));
}

TEST(Session, WhoIsLeftWithoutADecisionIsNamed) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kMatch);
  gate.scan(kOtherPass);
  EXPECT_EQ(gate.session.notice().key, "GATE_NOT_DECIDED");
  EXPECT_EQ(gate.session.passenger().reveal(), "NOVAK/EVA");
}

TEST(Session, ADocumentScannedAgainIsOfTheSamePassenger) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kReview);
  gate.scan(kDocument);
  EXPECT_EQ(gate.asked().claims.size(), 2U);
}

TEST(Session, WhatTheServerRefusesIsSaid) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kReview);
  gate.press(7);
  gate.press(2);
  gate.session.recorded(
      gate.decided().request_id,
      tl::unexpected(error(ErrorCode::kFailedPrecondition, "ALREADY_BOARDED: twice")), gate.now);
  EXPECT_EQ(gate.session.stage(), Stage::kVerdict);
  EXPECT_EQ(gate.session.notice().key, "GATE_ALREADY_BOARDED");
}

TEST(Session, OthersAreNamedOnlyInWarnings) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kReview, {reason("SEX_EQUAL"), reason("SAME_NAME_PEER")});
  ASSERT_EQ(gate.session.warnings().size(), 1U);
  EXPECT_EQ(gate.session.warnings()[0].key, "SAME_NAME_PEER");
}

TEST(Session, TicksSayHowTheDataStand) {
  Gate gate;
  gate.log_in();
  gate.reach_verdict(Verdict::kReview, {reason("BIRTH_DATE_SLIP"), reason("SEX_EQUAL"),
                                        reason("NATIONALITY_DIFFERS")});
  const Ticks ticks = gate.session.ticks();
  EXPECT_EQ(ticks.birth_date, Agreement::kUnclear);
  EXPECT_EQ(ticks.sex, Agreement::kAgrees);
  EXPECT_EQ(ticks.nationality, Agreement::kDiffers);
  EXPECT_EQ(ticks.expiry, Agreement::kAgrees);  // the zone states one, and nothing is said of it
}

// A small world, enumerated: in every stage, a key that is not offered does nothing, and no scan
// gets past a call that is under way.
TEST(Session, OnlyTheKeysThatAreShownDoSomething) {
  using Path = std::function<void(Gate&)>;
  const std::map<Stage, Path> paths{
      {Stage::kLogIn, [](Gate&) {}},
      {Stage::kFlights, [](Gate& gate) { gate.session.type("4711\r", gate.now); }},
      {Stage::kReady, [](Gate& gate) { gate.log_in(); }},
      {Stage::kHalf, [](Gate& gate) { gate.log_in(), gate.scan(kPass); }},
      {Stage::kAsking, [](Gate& gate) { gate.log_in(), gate.scan(kPass), gate.scan(kDocument); }},
      {Stage::kVerdict, [](Gate& gate) { gate.log_in(), gate.reach_verdict(Verdict::kMismatch); }},
      {Stage::kEvidence,
       [](Gate& gate) { gate.log_in(), gate.reach_verdict(Verdict::kReview), gate.press(4); }},
      {Stage::kReason,
       [](Gate& gate) { gate.log_in(), gate.reach_verdict(Verdict::kReview), gate.press(11); }},
      {Stage::kSupervisor,
       [](Gate& gate) { gate.log_in(), gate.reach_verdict(Verdict::kMismatch), gate.press(10); }},
      {Stage::kDeciding,
       [](Gate& gate) { gate.log_in(), gate.reach_verdict(Verdict::kReview), gate.press(5); }},
      {Stage::kDone,
       [](Gate& gate) {
         gate.log_in(), gate.reach_verdict(Verdict::kReview), gate.press(5);
         gate.record(gate.decided(), false);
       }},
      {Stage::kSilent,
       [](Gate& gate) {
         gate.log_in(), gate.scan(kPass), gate.scan(kDocument);
         gate.session.answer(gate.asked().request_id,
                             tl::unexpected(error(ErrorCode::kUnavailable)));
       }},
  };
  for (const auto& [stage, path] : paths) {
    for (int function = 0; function <= 12; ++function) {
      Gate gate;
      path(gate);
      ASSERT_EQ(gate.session.stage(), stage);
      gate.effects();
      if (gate.keys().contains(function)) continue;
      gate.press(function);
      EXPECT_EQ(gate.session.stage(), stage) << function;
      EXPECT_TRUE(gate.effects().empty()) << function;
    }
    if (stage != Stage::kAsking && stage != Stage::kDeciding && stage != Stage::kSilent) continue;
    Gate gate;
    path(gate);
    gate.effects();
    gate.scan(kOtherPass);
    EXPECT_EQ(gate.session.stage(), stage);
    EXPECT_TRUE(gate.effects().empty());
  }
}

}  // namespace
}  // namespace paxid::gate
