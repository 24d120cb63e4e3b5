#include "server/decision_flow.h"

#include <gtest/gtest.h>
#include <paxid/v1/decision_service.pb.h>
#include <paxid/v1/manifest_service.pb.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "base/hex.h"
#include "server/conversion.h"
#include "server/decision_words.h"
#include "server/manifest_flow.h"
#include "server/suggestion_look.h"
#include "server/verification_flow.h"
#include "tests/temporary_store.h"

namespace paxid::server {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::uint64_t kSecond = 1'000'000;
constexpr std::uint64_t kNoon = 1'795'348'800 * kSecond;  // 2026-11-22T12:00:00Z

constexpr const char* kPnl =
    "PNL\n"
    "XX0123/22NOV FRA PART1\n"
    "-JFK004Y\n"
    "1MUELLER/HANSMR .L/ABC123\n"
    "1NOVAK/EVAMRS .L/DEF456\n"
    "1ROSSI/MARIOMR .L/GHI789\n"
    "1SMITH/JONMR .L/JKL012\n"
    "ENDPNL\n";

Principal principal(Role role, std::uint8_t actor) {
  Principal made;
  made.tenant = "demo";
  made.role = role;
  made.actor.fill(actor);
  return made;
}

// Server, flight and log without gRPC.
class Decisions : public testing::Test {
 protected:
  Decisions() { open(kPnl); }

  std::string uuid() {
    audit::Id16 id{};
    id[0] = 1;
    id[14] = static_cast<std::uint8_t>(next_ >> 8);
    id[15] = static_cast<std::uint8_t>(next_++);
    return uuid_text(id);
  }

  void open(const std::string& list) {
    v1::LoadFlightStart start;
    start.set_request_id(uuid());
    start.set_format(v1::LIST_FORMAT_PNL_ADL);
    auto input = read_load(start, list, {}, clock_.utc_date());
    ASSERT_TRUE(input.has_value()) << input.error().message;
    auto loaded = manifest_.load(principal(Role::kLoader, 9), std::move(*input));
    ASSERT_TRUE(loaded.has_value()) << loaded.error().reason;
  }

  static v1::Claim* add(v1::VerifyRequest& request, v1::Source source) {
    v1::Claim* claim = request.add_claims();
    claim->set_source(source);
    claim->set_capture_method(v1::CAPTURE_METHOD_SCANNED);
    return claim;
  }

  v1::VerifyRequest request_of(const std::string& locator, const std::string& surname,
                               const std::string& given, const std::string& number,
                               v1::Channel channel = v1::CHANNEL_GATE) {
    v1::VerifyRequest request;
    request.set_request_id(uuid());
    request.set_channel(channel);
    request.set_purpose(v1::PURPOSE_BOARDING_CHECK);
    request.mutable_flight()->set_carrier("XX");
    request.mutable_flight()->set_flight_number("0123");
    request.mutable_flight()->set_departure_date("2026-11-22");
    request.mutable_flight()->set_from("FRA");
    request.mutable_booking()->set_locator(locator);
    v1::Claim* name = add(request, v1::SOURCE_VISUAL);
    name->mutable_person_name()->set_surname(surname);
    name->mutable_person_name()->set_given_names(given);
    add(request, v1::SOURCE_VISUAL)->set_document_number(number);
    add(request, v1::SOURCE_VISUAL)->set_issuer("D");
    return request;
  }

  // Judged and recorded.
  v1::VerifyResponse verify(const v1::VerifyRequest& request) {
    v1::VerifyResponse response;
    auto judged = flow_.judge(principal(Role::kKiosk, 1), request, response);
    EXPECT_TRUE(judged.has_value()) << judged.error().message;
    const auto receipt = store_.append(std::move(judged->record));
    EXPECT_TRUE(receipt.has_value());
    EXPECT_FALSE(VerificationFlow::complete(request, receipt, response));
    return response;
  }

  v1::RecordDecisionRequest decision_on(const std::string& decided, v1::DecisionAction action) {
    v1::RecordDecisionRequest request;
    request.set_request_id(uuid());
    request.set_decided_request_id(decided);
    request.set_action(action);
    request.set_operator_id("4711");
    request.set_face_checked(true);
    if (action == v1::DECISION_ACTION_ACCEPT) request.set_reason(v1::ACCEPT_REASON_MINOR_SPELLING);
    return request;
  }

  // What the service does: draft, hold, record, settle. The refusal's reason when it is refused.
  std::string decide(const v1::RecordDecisionRequest& request,
                     const Principal& caller = principal(Role::kAgent, 2)) {
    auto drafted = decisions_.draft(caller, request);
    if (!drafted) return drafted.error().reason;
    bool held = false;
    if (drafted->flight) {
      const auto hold = flights_.hold("demo", *drafted->flight, drafted->decision);
      if (!hold) return refusal_from_hold(hold.error()).reason;
      held = *hold;
    }
    const auto receipt = store_.append(std::move(drafted->record));
    if (held && receipt) {
      flights_.settle("demo", *drafted->flight, drafted->decision, clock_.unix_microseconds());
    }
    const auto answer = DecisionFlow::answer(request, receipt);
    if (!answer) return answer.error().reason;
    last_ = *answer;
    return "";
  }

  v1::GetSuggestionRequest look_at(const std::string& suggestion) {
    v1::GetSuggestionRequest request;
    request.set_request_id(uuid());
    request.set_suggestion_request_id(suggestion);
    request.set_operator_id("4711");
    request.set_purpose(v1::PURPOSE_BOARDING_CHECK);
    return request;
  }

  // Why a look is refused, "" when it is not: then its record is written and `shown_` the answer.
  std::string look(const v1::GetSuggestionRequest& request,
                   const Principal& caller = principal(Role::kAgent, 2)) {
    auto drafted = draft_look(*store_, caller, request, clock_.unix_microseconds());
    if (!drafted) return drafted.error().reason;
    const auto answer = answer_look(store_.append(std::move(*drafted)));
    if (!answer) return answer.error().reason;
    shown_ = *answer;
    return "";
  }

  json last_body() const {
    const auto body = store_->open_body("demo", *store_->tree_size("demo") - 1);
    return json::parse(body->begin(), body->end());
  }
  SharedFlight flight() const { return flights_.find("demo", key_); }

  base::ManualClock clock_{kNoon};
  TemporaryStore store_{clock_};
  Flights flights_{FlightLimits{}, clock_};
  Policies policies_{*PolicyBook::load("", ""), "", ""};
  bcbp::KeyTable pass_keys_;
  VerificationFlow flow_{policies_, pass_keys_, flights_, *store_, clock_};
  ManifestFlow manifest_{flights_, *store_, clock_};
  DecisionFlow decisions_{*store_, flights_, clock_};
  const FlightKey key_{"XX", "123", *base::parse_iso_date("2026-11-22"), "FRA"};
  v1::RecordDecisionResponse last_;
  v1::GetSuggestionResponse shown_;
  int next_ = 1;
};

TEST_F(Decisions, TheBookingIsFoundOnTheFlight) {
  const auto answer = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  EXPECT_EQ(answer.verdict(), v1::VERDICT_MATCH) << answer.sentence();
  EXPECT_EQ(answer.passenger().passenger_ref(), 1);
  const json body = last_body();
  EXPECT_EQ(body["version"], 2);
  EXPECT_EQ(body["flight_passenger"]["booked_name"], "MUELLER/HANSMR");
  EXPECT_EQ(body["document_index"].get<std::string>().size(), 32U);
  EXPECT_EQ(body.dump().find("C01X00T47"), std::string::npos);
}

TEST_F(Decisions, AConfirmationAtTheGateBoards) {
  const auto answer = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  EXPECT_TRUE(flight()->board->boarded.empty());  // a verdict boards nobody
  ASSERT_EQ(decide(decision_on(answer.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
  EXPECT_TRUE(last_.boarded());
  EXPECT_EQ(last_.undo_until().seconds(), static_cast<std::int64_t>(kNoon / kSecond) + 30);
  EXPECT_TRUE(flight()->board->boarded.contains(1));

  const std::uint64_t index = *store_->tree_size("demo") - 1;
  const auto leaf = *audit::decode_leaf(store_->leaf("demo", index)->leaf_data);
  const auto decided = *audit::decode_leaf(store_->leaf("demo", index - 1)->leaf_data);
  EXPECT_EQ(leaf.type, audit::RecordType::kManualReview);
  EXPECT_EQ(leaf.decision, 1);
  EXPECT_EQ(leaf.subject_ref, decided.subject_ref);
  EXPECT_EQ(leaf.ruleset, decided.ruleset);
  const json body = last_body();
  EXPECT_EQ(body["decided_by"], "person");
  EXPECT_EQ(body["decided"]["request_id"], base::to_hex(decided.request_id));
  EXPECT_EQ(body["decided"]["verdict"], "MATCH");
  EXPECT_EQ(body["boards"], true);
  EXPECT_EQ(body["face_checked"], true);
  EXPECT_EQ(body["operator"].get<std::string>().size(), 32U);
  EXPECT_EQ(body.dump().find("4711"), std::string::npos);
}

TEST_F(Decisions, ADeskBoardsNobody) {
  const auto answer =
      verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47", v1::CHANNEL_DESK));
  ASSERT_EQ(decide(decision_on(answer.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
  EXPECT_FALSE(last_.boarded());
  EXPECT_TRUE(flight()->board->boarded.empty());
  EXPECT_EQ(flight()->board->last_action.at(1), DecisionAction::kConfirm);
}

TEST_F(Decisions, ARepetitionIsTheSameDecision) {
  const auto answer = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  auto request = decision_on(answer.request_id(), v1::DECISION_ACTION_CONFIRM);
  ASSERT_EQ(decide(request), "");
  const auto first = last_;
  clock_.set(kNoon + 7200 * kSecond);  // too old for a new decision
  ASSERT_EQ(decide(request), "");
  EXPECT_TRUE(last_.replayed());
  EXPECT_TRUE(last_.boarded());
  EXPECT_EQ(last_.record().placed().leaf_index(), first.record().placed().leaf_index());
  request.set_operator_id("4712");
  EXPECT_EQ(decide(request), "REQUEST_ID_REUSED");
}

TEST_F(Decisions, WhoHasBoardedIsNotBoardedAgain) {
  const auto first = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  const auto second = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  ASSERT_EQ(decide(decision_on(first.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
  EXPECT_EQ(decide(decision_on(second.request_id(), v1::DECISION_ACTION_CONFIRM)),
            "ALREADY_BOARDED");
  const auto third = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  EXPECT_NE(third.verdict(), v1::VERDICT_MATCH);
  EXPECT_TRUE(third.passenger().has_boarded_at());
  auto request = decision_on(third.request_id(), v1::DECISION_ACTION_ACCEPT);
  EXPECT_EQ(decide(request), "ALREADY_BOARDED");
  request.set_reason(v1::ACCEPT_REASON_REBOARDING);
  EXPECT_EQ(decide(request), "");
}

TEST_F(Decisions, ADocumentIsForOnePassenger) {
  const auto first = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  const auto before = verify(request_of("DEF456", "NOVAK", "EVA", "C01X00T47"));
  EXPECT_EQ(before.verdict(), v1::VERDICT_MATCH);
  ASSERT_EQ(decide(decision_on(first.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
  EXPECT_EQ(decide(decision_on(before.request_id(), v1::DECISION_ACTION_CONFIRM)),
            "DOCUMENT_ALREADY_USED");
  EXPECT_EQ(verify(request_of("DEF456", "NOVAK", "EVA", "C01X00T47")).verdict(),
            v1::VERDICT_MISMATCH);
}

TEST_F(Decisions, AMismatchIsAcceptedByTwo) {
  const auto answer = verify(request_of("GHI789", "BRAUN", "OTTO", "C01X00T47"));
  ASSERT_EQ(answer.verdict(), v1::VERDICT_MISMATCH);
  auto request = decision_on(answer.request_id(), v1::DECISION_ACTION_ACCEPT);
  EXPECT_EQ(decide(request), "SECOND_PERSON_NEEDED");
  request.set_second_operator_id("4711");
  EXPECT_EQ(decide(request), "SECOND_PERSON_IS_THE_FIRST");
  request.set_second_operator_id("4712");
  EXPECT_EQ(decide(request), "");
  EXPECT_NE(last_body()["operator"], last_body()["second_operator"]);
  const auto other = verify(request_of("JKL012", "BRAUN", "KARL", "C01X00T99"));
  EXPECT_EQ(decide(decision_on(other.request_id(), v1::DECISION_ACTION_ACCEPT),
                   principal(Role::kSupervisor, 3)),
            "");
  // A supervisor who asked as well is one person.
  const auto alone = verify(request_of("JKL012", "BRAUN", "EMIL", "C01X00T98"));
  EXPECT_EQ(decide(decision_on(alone.request_id(), v1::DECISION_ACTION_ACCEPT),
                   principal(Role::kSupervisor, 1)),
            "SECOND_PERSON_NEEDED");
}

TEST_F(Decisions, UndoTakesBackWithinThirtySeconds) {
  const auto answer = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  const auto boarding = decision_on(answer.request_id(), v1::DECISION_ACTION_CONFIRM);
  ASSERT_EQ(decide(boarding), "");
  auto undo = decision_on(boarding.request_id(), v1::DECISION_ACTION_UNDO);
  EXPECT_EQ(decide(undo, principal(Role::kAgent, 77)), "DECIDED_ELSEWHERE");
  clock_.set(kNoon + 30 * kSecond);
  ASSERT_EQ(decide(undo), "");
  EXPECT_TRUE(flight()->board->boarded.empty());
  EXPECT_EQ(last_body()["decided"]["action"], "confirm");
  EXPECT_EQ(decide(decision_on(boarding.request_id(), v1::DECISION_ACTION_UNDO)), "ALREADY_UNDONE");
  EXPECT_EQ(decide(decision_on(undo.request_id(), v1::DECISION_ACTION_UNDO)), "NOT_A_DECISION");

  const auto again = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  const auto late = decision_on(again.request_id(), v1::DECISION_ACTION_CONFIRM);
  ASSERT_EQ(decide(late), "");
  clock_.set(kNoon + 61 * kSecond);
  EXPECT_EQ(decide(decision_on(late.request_id(), v1::DECISION_ACTION_UNDO)), "TOO_LATE_TO_UNDO");
}

TEST_F(Decisions, WhatTheDeskResolvedDoesNotAlarmAtTheGate) {
  const auto at_desk = verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T47", v1::CHANNEL_DESK));
  ASSERT_EQ(at_desk.verdict(), v1::VERDICT_REVIEW) << at_desk.sentence();
  auto accept = decision_on(at_desk.request_id(), v1::DECISION_ACTION_ACCEPT);
  ASSERT_EQ(decide(accept), "");
  const auto at_gate = verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T47"));
  EXPECT_EQ(at_gate.verdict(), v1::VERDICT_MATCH) << at_gate.sentence();
  EXPECT_EQ(at_gate.resolution().decision_request_id(), accept.request_id());
  EXPECT_EQ(at_gate.resolution().channel(), v1::CHANNEL_DESK);
  EXPECT_EQ(at_gate.resolution().reason(), v1::ACCEPT_REASON_MINOR_SPELLING);
  EXPECT_EQ(at_gate.resolution().operator_pseudonym().size(), 8U);
  EXPECT_EQ(last_body()["resolution"]["codes"].size(),
            static_cast<std::size_t>(at_gate.resolution().codes_size()));
  EXPECT_EQ(decide(decision_on(at_gate.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
}

TEST_F(Decisions, AResolutionCoversNothingElse) {
  const auto at_desk = verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T47", v1::CHANNEL_DESK));
  const auto accept = decision_on(at_desk.request_id(), v1::DECISION_ACTION_ACCEPT);
  ASSERT_EQ(decide(accept), "");
  // Another document; the same document under another name; another booking.
  EXPECT_EQ(verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T99")).verdict(),
            v1::VERDICT_REVIEW);
  EXPECT_NE(verify(request_of("JKL012", "SMYTH", "JOHN", "C01X00T47")).verdict(),
            v1::VERDICT_MATCH);
  EXPECT_EQ(verify(request_of("ABC123", "SMITH", "JOHN", "C01X00T47")).verdict(),
            v1::VERDICT_MISMATCH);
  // A new contradiction of the same document.
  auto expired = request_of("JKL012", "SMITH", "JOHN", "C01X00T47");
  add(expired, v1::SOURCE_VISUAL)->set_expiry_date("2020-01-01");
  EXPECT_NE(verify(expired).verdict(), v1::VERDICT_MATCH);
  // And nothing once it is undone.
  ASSERT_EQ(decide(decision_on(accept.request_id(), v1::DECISION_ACTION_UNDO)), "");
  EXPECT_EQ(verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T47")).verdict(),
            v1::VERDICT_REVIEW);
}

TEST_F(Decisions, AResolutionEndsWithTheBookedName) {
  const auto at_desk = verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T47", v1::CHANNEL_DESK));
  ASSERT_EQ(decide(decision_on(at_desk.request_id(), v1::DECISION_ACTION_ACCEPT)), "");
  open("ADL\nXX0123/22NOV FRA PART1\nCHG\n1SMITH/JONNMR .L/JKL012\nENDADL\n");
  EXPECT_NE(verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T47")).verdict(),
            v1::VERDICT_MATCH);
}

TEST_F(Decisions, AFlightThatIsLoadedAgainKnowsWhatWasDecided) {
  const auto first = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  ASSERT_EQ(decide(decision_on(first.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
  const auto undone = verify(request_of("DEF456", "NOVAK", "EVA", "C01X00T48"));
  const auto boarding = decision_on(undone.request_id(), v1::DECISION_ACTION_CONFIRM);
  ASSERT_EQ(decide(boarding), "");
  ASSERT_EQ(decide(decision_on(boarding.request_id(), v1::DECISION_ACTION_UNDO)), "");
  const auto at_desk = verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T49", v1::CHANNEL_DESK));
  ASSERT_EQ(decide(decision_on(at_desk.request_id(), v1::DECISION_ACTION_ACCEPT)), "");

  ASSERT_TRUE(flights_.drop("demo", key_));  // as a restart does
  // In another order, so the passengers have other numbers.
  open(
      "PNL\nXX0123/22NOV FRA PART1\n-JFK003Y\n1SMITH/JONMR .L/JKL012\n1NOVAK/EVAMRS .L/DEF456\n"
      "1MUELLER/HANSMR .L/ABC123\nENDPNL\n");
  EXPECT_EQ(flight()->board->boarded.size(), 1U);
  EXPECT_TRUE(flight()->board->boarded.contains(3));
  EXPECT_NE(verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47")).verdict(),
            v1::VERDICT_MATCH);
  EXPECT_EQ(verify(request_of("DEF456", "NOVAK", "EVA", "C01X00T48")).verdict(), v1::VERDICT_MATCH);
  EXPECT_EQ(verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T49")).verdict(),
            v1::VERDICT_MATCH);
}

// Who remembers where decisions stand finds what another one finds that reads the whole log.
TEST_F(Decisions, AreFoundInTheLogAsItGrows) {
  const std::uint64_t window = std::chrono::microseconds(kRecoveryWindow).count();
  RecordedDecisions remembers(*store_);
  const auto found = [&](const FlightKey& key, std::uint64_t now) {
    const auto all = RecordedDecisions(*store_).on("demo", key, now);
    const auto same = remembers.on("demo", key, now);
    EXPECT_EQ(all.size(), same.size());
    std::vector<std::string> locators;
    for (std::size_t i = 0; i < std::min(all.size(), same.size()); ++i) {
      EXPECT_EQ(all[i].time_unix_us, same[i].time_unix_us);
      EXPECT_EQ(all[i].decision.request, same[i].decision.request);
      locators.push_back(same[i].locator);
    }
    return locators;
  };
  const auto now = [this] { return clock_.unix_microseconds(); };
  using Locators = std::vector<std::string>;
  EXPECT_EQ(found(key_, now()), Locators());
  const auto first = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  ASSERT_EQ(decide(decision_on(first.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
  const std::uint64_t first_time = now();
  EXPECT_EQ(found(key_, now()), Locators({"ABC123"}));
  const auto second = verify(request_of("DEF456", "NOVAK", "EVA", "C01X00T48"));
  EXPECT_EQ(found(key_, now()), Locators({"ABC123"}));
  clock_.set(kNoon + kSecond);
  ASSERT_EQ(decide(decision_on(second.request_id(), v1::DECISION_ACTION_CONFIRM)), "");
  EXPECT_EQ(found(key_, now()), Locators({"ABC123", "DEF456"}));
  FlightKey another = key_;
  another.number = "124";
  EXPECT_EQ(found(another, now()), Locators());
  EXPECT_EQ(found(key_, first_time + window), Locators({"ABC123", "DEF456"}));
  EXPECT_EQ(found(key_, first_time + window + 1), Locators({"DEF456"}));
  EXPECT_EQ(found(key_, now() + window + 1), Locators());
}

TEST_F(Decisions, FollowTheSuggestion) {
  const auto match = verify(request_of("ABC123", "MUELLER", "HANS", "C01X00T47"));
  const auto review = verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T49"));
  EXPECT_EQ(decide(decision_on(match.request_id(), v1::DECISION_ACTION_ACCEPT)),
            "ACCEPT_NEEDS_NO_MATCH");
  EXPECT_EQ(decide(decision_on(review.request_id(), v1::DECISION_ACTION_CONFIRM)),
            "CONFIRM_NEEDS_MATCH");
  EXPECT_EQ(decide(decision_on(review.request_id(), v1::DECISION_ACTION_HAND_OVER)), "");
  EXPECT_EQ(decide(decision_on(review.request_id(), v1::DECISION_ACTION_REFUSE)), "");
  EXPECT_EQ(decide(decision_on(uuid(), v1::DECISION_ACTION_CONFIRM)), "DECIDED_UNKNOWN");
  const auto refused = decision_on(match.request_id(), v1::DECISION_ACTION_REFUSE);
  ASSERT_EQ(decide(refused), "");
  EXPECT_EQ(decide(decision_on(refused.request_id(), v1::DECISION_ACTION_CONFIRM)),
            "NOT_A_SUGGESTION");
  auto elsewhere = principal(Role::kAgent, 2);
  elsewhere.station = "MUC";
  EXPECT_EQ(decide(decision_on(match.request_id(), v1::DECISION_ACTION_CONFIRM), elsewhere),
            "OTHER_STATION");
  clock_.set(kNoon + 3601 * kSecond);
  EXPECT_EQ(decide(decision_on(match.request_id(), v1::DECISION_ACTION_CONFIRM)),
            "SUGGESTION_TOO_OLD");
}

struct BrokenDecision {
  const char* name;
  void (*spoil)(v1::RecordDecisionRequest&);
  const char* field;
};
void PrintTo(const BrokenDecision& test, std::ostream* out) { *out << test.name; }

class BrokenDecisions : public Decisions, public testing::WithParamInterface<BrokenDecision> {};

TEST_P(BrokenDecisions, AreRefusedByField) {
  const auto answer = verify(request_of("JKL012", "SMITH", "JOHN", "C01X00T49"));
  auto request = decision_on(answer.request_id(), v1::DECISION_ACTION_ACCEPT);
  GetParam().spoil(request);
  const std::uint64_t size = *store_->tree_size("demo");
  const auto drafted = decisions_.draft(principal(Role::kAgent, 2), request);
  ASSERT_FALSE(drafted.has_value());
  EXPECT_EQ(drafted.error().code, ErrorCode::kInvalidArgument);
  ASSERT_FALSE(drafted.error().violations.empty());
  EXPECT_EQ(drafted.error().violations.front().field, GetParam().field);
  EXPECT_EQ(*store_->tree_size("demo"), size);
}

using Request = v1::RecordDecisionRequest;
INSTANTIATE_TEST_SUITE_P(
    All, BrokenDecisions,
    testing::Values(
        BrokenDecision{"NoRequestId", [](Request& r) { r.clear_request_id(); }, "request_id"},
        BrokenDecision{"NothingDecided", [](Request& r) { r.set_decided_request_id("x"); },
                       "decided_request_id"},
        BrokenDecision{"NoAction", [](Request& r) { r.clear_action(); }, "action"},
        BrokenDecision{"NoOperator", [](Request& r) { r.clear_operator_id(); }, "operator_id"},
        BrokenDecision{"OperatorWithBlank", [](Request& r) { r.set_operator_id("A B"); },
                       "operator_id"},
        BrokenDecision{"OperatorTooLong",
                       [](Request& r) { r.set_operator_id(std::string(65, 'A')); }, "operator_id"},
        BrokenDecision{"NoReason", [](Request& r) { r.clear_reason(); }, "reason"},
        BrokenDecision{"UnknownReason",
                       [](Request& r) { r.set_reason(static_cast<v1::AcceptReason>(99)); },
                       "reason"},
        BrokenDecision{"ReasonWithoutAccept",
                       [](Request& r) { r.set_action(v1::DECISION_ACTION_REFUSE); }, "reason"},
        BrokenDecision{"NameChangeWithoutEvidence",
                       [](Request& r) { r.set_reason(v1::ACCEPT_REASON_NAME_CHANGE); }, "evidence"},
        BrokenDecision{"FaceNotChecked", [](Request& r) { r.set_face_checked(false); },
                       "face_checked"}),
    [](const auto& test) { return test.param.name; });

TEST_F(Decisions, ALookShowsWhatTheOtherDeviceWasAnsweredAndLeavesARecord) {
  const v1::VerifyRequest asked =
      request_of("ABC123", "MULLER", "HANS", "C01X00T47", v1::CHANNEL_KIOSK);
  const v1::VerifyResponse answer = verify(asked);
  const v1::GetSuggestionRequest request = look_at(asked.request_id());
  const std::uint64_t before = *store_->tree_size("demo");
  ASSERT_EQ(look(request), "");
  EXPECT_EQ(*store_->tree_size("demo"), before + 1);
  EXPECT_EQ(shown_.suggestion().request_id(), asked.request_id());
  EXPECT_EQ(shown_.suggestion().verdict(), answer.verdict());
  EXPECT_EQ(shown_.suggestion().sentence(), answer.sentence());
  EXPECT_EQ(shown_.suggestion().reasons_size(), answer.reasons_size());
  EXPECT_EQ(shown_.suggestion().decided_by(), v1::DECIDED_BY_AUTOMATIC_SUGGESTION);
  EXPECT_EQ(shown_.channel(), v1::CHANNEL_KIOSK);
  EXPECT_EQ(shown_.booked_name(), "MUELLER/HANSMR");
  const json body = last_body();
  EXPECT_EQ(body.at("event"), "suggestion_shown");
  EXPECT_EQ(body.at("reference"), asked.request_id());
  EXPECT_EQ(body.at("purpose"), "boarding_check");
  EXPECT_EQ(body.dump().find("4711"), std::string::npos);
  // The same look again is the same record.
  ASSERT_EQ(look(request), "");
  EXPECT_EQ(*store_->tree_size("demo"), before + 1);
  // And what was seen can be decided on.
  EXPECT_EQ(decide(decision_on(asked.request_id(), v1::DECISION_ACTION_HAND_OVER)), "");
}

// To the last argument of a sentence: it is told at the gate in the agent's language.
TEST_F(Decisions, ALookShowsEverySentenceWithItsArguments) {
  const v1::VerifyRequest asked =  // with the document of another passenger
      request_of("ABC123", "NOVAK", "EVA", "C01X00T48", v1::CHANNEL_KIOSK);
  v1::VerifyResponse answer = verify(asked);
  int arguments = 0;
  for (const v1::Reason& reason : answer.reasons()) {
    arguments += reason.localizable_text().arguments_size();
  }
  ASSERT_GT(arguments, 0) << answer.ShortDebugString();
  ASSERT_GT(answer.counterfactuals_size() + answer.findings_size(), 0);
  ASSERT_EQ(look(look_at(asked.request_id())), "");
  answer.clear_findings();
  answer.clear_counterfactuals();
  answer.clear_resolution();
  answer.set_replayed(true);
  EXPECT_EQ(shown_.suggestion().record().placed().leaf_index(),
            answer.record().placed().leaf_index());
  answer.clear_record();
  v1::VerifyResponse seen = shown_.suggestion();
  seen.clear_record();
  EXPECT_EQ(seen.ShortDebugString(), answer.ShortDebugString());
}

// GDPR Art. 18: what is restricted is kept, and shown to nobody.
TEST_F(Decisions, ALookAtSomebodyWhoseDataAreRestrictedIsRefused) {
  const v1::VerifyRequest asked =
      request_of("ABC123", "MUELLER", "HANS", "C01X00T47", v1::CHANNEL_KIOSK);
  verify(asked);
  const auto change = [&](audit::RecordEffect effect) {
    const auto answered = store_->leaf("demo", *store_->tree_size("demo") - 1);
    audit::Record record;
    record.tenant = "demo";
    record.request_id = *parse_request_id(uuid());
    record.canonical_request = {1};
    record.type = audit::RecordType::kServiceEvent;
    record.subject_ref = audit::decode_leaf(answered->leaf_data)->subject_ref;
    record.effect = effect;
    ASSERT_TRUE(store_.append(std::move(record)).has_value());
  };
  change(audit::RecordEffect::kRestrict);
  EXPECT_EQ(look(look_at(asked.request_id())), "USE_RESTRICTED");
  change(audit::RecordEffect::kLiftRestriction);
  EXPECT_EQ(look(look_at(asked.request_id())), "");
}

TEST_F(Decisions, ALookThatMayNotBeIsRefusedAndLeavesNothing) {
  const v1::VerifyRequest asked =
      request_of("ABC123", "MUELLER", "HANS", "C01X00T47", v1::CHANNEL_KIOSK);
  verify(asked);
  ASSERT_EQ(decide(decision_on(asked.request_id(), v1::DECISION_ACTION_HAND_OVER)), "");
  const std::string decision = uuid_text([&] {
    const auto last = store_->leaf("demo", *store_->tree_size("demo") - 1);
    return audit::decode_leaf(last->leaf_data)->request_id;
  }());
  const std::uint64_t before = *store_->tree_size("demo");

  v1::GetSuggestionRequest malformed = look_at(asked.request_id());
  malformed.set_operator_id("a b");
  EXPECT_EQ(look(malformed), "OPERATOR_ID_MALFORMED");
  v1::GetSuggestionRequest without_purpose = look_at(asked.request_id());
  without_purpose.set_purpose(v1::PURPOSE_UNSPECIFIED);
  EXPECT_EQ(look(without_purpose), "ENUM_VALUE_UNKNOWN");
  EXPECT_EQ(look(look_at(uuid())), "SUGGESTION_UNKNOWN");
  EXPECT_EQ(look(look_at(decision)), "NOT_A_SUGGESTION");
  v1::GetSuggestionRequest other_purpose = look_at(asked.request_id());
  other_purpose.set_purpose(v1::PURPOSE_API_ACCURACY);
  EXPECT_EQ(look(other_purpose), "OTHER_PURPOSE");
  Principal elsewhere = principal(Role::kAgent, 2);
  elsewhere.station = "JFK";
  EXPECT_EQ(look(look_at(asked.request_id()), elsewhere), "OTHER_STATION");
  Principal of_another = principal(Role::kAgent, 2);
  of_another.tenant = "other";
  EXPECT_EQ(look(look_at(asked.request_id()), of_another), "SUGGESTION_UNKNOWN");
  clock_.set(kNoon + 61 * 60 * kSecond);
  EXPECT_EQ(look(look_at(asked.request_id())), "SUGGESTION_TOO_OLD");
  EXPECT_EQ(*store_->tree_size("demo"), before);
}

}  // namespace
}  // namespace paxid::server
