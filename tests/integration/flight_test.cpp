// A small flight, boarded: the real program, mTLS, the C++ client library, and afterwards what the
// log says of it.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/date.h"
#include "tests/integration/export_log.h"
#include "tests/integration/fixture.h"
#include "verification/station.h"

namespace paxid::integration {
namespace {

using base::ErrorCode;
using base::PersonalText;
using verification::Verdict;

const base::Date kToday =
    verification::station_date(base::SystemClock().unix_microseconds(), "FRA");

// "22NOV"
std::string teletype_date() {
  static constexpr const char* kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                            "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  char text[8];
  std::snprintf(text, sizeof text, "%02u%s", static_cast<unsigned>(kToday.day()),
                kMonths[static_cast<unsigned>(kToday.month()) - 1]);
  return text;
}

std::string padded(std::string text, std::size_t size) {
  text.resize(size, ' ');
  return text;
}

// A pass of IATA Resolution 792 with the mandatory items alone.
std::string pass_of(const std::string& name, const std::string& locator) {
  const base::Date new_year{kToday.year(), std::chrono::January, std::chrono::day(1)};
  char day[16];
  std::snprintf(day, sizeof day, "%03d", base::days_between(new_year, kToday) + 1);
  return "M1" + padded(name, 20) + "E" + padded(locator, 7) + "FRAJFK" + "XX " + "0123 " + day +
         "Y" + "    " + "     " + "1" + "00";
}

std::string list_of(const std::string& kind, const std::string& lines) {
  return kind + "\nXX0123/" + teletype_date() + " FRA PART1\n" + lines + "END" + kind + "\n";
}

const std::string kPnl = list_of("PNL",
                                 "-JFK006Y\n"
                                 "1MUELLER/HANSMR .L/ABC123\n"
                                 "1NOVAK/EVAMRS .L/DEF456\n"
                                 "1ROSSI/MARIOMR .L/GHI789\n"
                                 "1SMITH/JONMR .L/JKL012\n"
                                 "1KOWALSKI/JANMR .L/MNO345\n"
                                 "1DOE/JANEMS .L/PQR678\n");
const std::string kAdl = list_of("ADL",
                                 "DEL\n1KOWALSKI/JANMR .L/MNO345\n"
                                 "ADD\n1KOWALSKY/JANMR .L/MNO345\n");

struct Document {
  std::string surname;
  std::string given;
  std::string number;
};

class FlightService : public testing::Test {
 protected:
  int stop() {
    for (auto* client : {&loader_, &gate_, &desk_, &supervisor_}) client->reset();
    return server_.stop();
  }

  sdk::LoadOutcome load(const std::string& list) {
    sdk::FlightLoad wanted;
    wanted.request_id = sdk::new_request_id();
    wanted.departure_unix_seconds =
        static_cast<std::int64_t>(base::SystemClock().unix_microseconds() / 1'000'000) + 7200;
    const auto loaded = loader_->load_flight(wanted, sdk::ListFormat::kPnlAdl, list);
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
    return loaded.value_or(sdk::LoadOutcome{});
  }

  static void add(sdk::Request& request, verification::Source source,
                  verification::ClaimValue value) {
    request.claims.push_back({source, verification::CaptureMethod::kScanned,
                              verification::Assurance::kAsserted, std::move(value)});
  }

  sdk::Answer verify(const std::string& pass, const Document& document,
                     sdk::Channel channel = sdk::Channel::kGate) {
    sdk::Request request;
    request.request_id = sdk::new_request_id();
    request.channel = channel;
    request.station = "FRA";
    using verification::Source;
    add(request, Source::kBoardingPass, verification::PassClaim{PersonalText(pass)});
    verification::PersonName name;
    name.surname = PersonalText(document.surname);
    name.given = PersonalText(document.given);
    add(request, Source::kVisual, verification::NameClaim{std::move(name)});
    add(request, Source::kVisual, verification::DocumentNumberClaim{PersonalText(document.number)});
    add(request, Source::kVisual, verification::IssuerClaim{"D"});
    auto answer = (channel == sdk::Channel::kDesk ? desk_ : gate_)->verify(request);
    EXPECT_TRUE(answer.has_value()) << answer.error().message;
    return std::move(*answer);
  }

  static sdk::Decision decision_on(const std::string& decided, sdk::DecisionAction action) {
    sdk::Decision decision;
    decision.request_id = sdk::new_request_id();
    decision.decided_request_id = decided;
    decision.action = action;
    decision.face_checked = true;
    decision.operator_id = "4711";
    if (action == sdk::DecisionAction::kAccept) decision.reason = sdk::AcceptReason::kMinorSpelling;
    return decision;
  }

  // "boarded", "recorded", or the reason of the refusal.
  static std::string decide(const sdk::Client& client, const sdk::Decision& decision) {
    const auto outcome = client.decide(decision);
    if (outcome) return outcome->boarded ? "boarded" : "recorded";
    return outcome.error().message.substr(0, outcome.error().message.find(':'));
  }

  std::string confirm(const sdk::Answer& answer) {
    return decide(*gate_, decision_on(answer.request_id, sdk::DecisionAction::kConfirm));
  }

  static bool says(const sdk::Answer& answer, std::string_view code) {
    return std::any_of(answer.report.reasons.begin(), answer.report.reasons.end(),
                       [code](const auto& reason) { return reason.code == code; });
  }

  Site site_;
  ServerProcess server_{site_};
  std::optional<sdk::Client> loader_ = client_for(site_, server_, "l1");
  std::optional<sdk::Client> gate_ = client_for(site_, server_, "g1");
  std::optional<sdk::Client> desk_ = client_for(site_, server_, "d1");
  std::optional<sdk::Client> supervisor_ = client_for(site_, server_, "s1");
  const sdk::FlightKey key_{"XX", "123", base::to_iso(kToday), "FRA"};
  const Document hans_{"MUELLER", "HANS", "C01X00T47"};
  const Document mario_{"ROSSI", "MARIO", "C01X00T48"};
  const Document john_{"SMITH", "JOHN", "C01X00T49"};
  const Document jan_{"KOWALSKY", "JAN", "C01X00T50"};
  const Document jane_{"DOE", "JANE", "C01X00T51"};
};

TEST_F(FlightService, ALoadedFlightIsShownAndListed) {
  const auto loaded = load(kPnl);
  EXPECT_EQ(loaded.added, 6);
  EXPECT_EQ(loaded.flight.passengers, 6);
  EXPECT_TRUE(loaded.record.leaf_index.has_value());
  const auto corrected = load(kAdl);
  EXPECT_EQ(corrected.changed, 1);
  EXPECT_EQ(corrected.added + corrected.removed, 0);
  const auto manifest = gate_->flight(key_);
  ASSERT_TRUE(manifest.has_value()) << manifest.error().message;
  ASSERT_EQ(manifest->passengers.size(), 6U);
  EXPECT_EQ(manifest->passengers[4].booking_name.reveal(), "KOWALSKY/JANMR");
  ASSERT_EQ(manifest->passengers[4].earlier_names.size(), 1U);
  EXPECT_EQ(manifest->passengers[4].earlier_names[0].booking_name.reveal(), "KOWALSKI/JANMR");
  const auto listed = client_for(site_, server_, "o1").flights();
  ASSERT_TRUE(listed.has_value());
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(listed->front().revision, corrected.flight.revision);
}

TEST_F(FlightService, EachRoleSeesAndDoesItsOwn) {
  load(kPnl);
  const sdk::Client kiosk = client_for(site_, server_, "k1");
  const sdk::Client other = client_for(site_, server_, "k2");
  const sdk::Client operations = client_for(site_, server_, "o1");
  sdk::FlightLoad wanted;
  wanted.request_id = sdk::new_request_id();
  for (const sdk::Client* client :
       std::initializer_list<const sdk::Client*>{&kiosk, &operations, &*gate_, &*supervisor_}) {
    EXPECT_EQ(client->load_flight(wanted, sdk::ListFormat::kPnlAdl, kPnl).error().code,
              ErrorCode::kPermissionDenied);
    EXPECT_EQ(client->drop_flight(sdk::new_request_id(), key_).error().code,
              ErrorCode::kPermissionDenied);
  }
  for (const sdk::Client* client :
       std::initializer_list<const sdk::Client*>{&kiosk, &operations, &*loader_}) {
    EXPECT_EQ(client->flight(key_).error().code, ErrorCode::kPermissionDenied);
    EXPECT_EQ(client->watch_flight(key_, [](const auto&) { return false; }).error().code,
              ErrorCode::kPermissionDenied);
    EXPECT_EQ(client->decide(decision_on(sdk::new_request_id(), sdk::DecisionAction::kRefuse))
                  .error()
                  .code,
              ErrorCode::kPermissionDenied);
  }
  EXPECT_EQ(loader_->verify(matching_request()).error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(other.flights().error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(client_for(site_, server_, "x1").flight(key_).error().code, ErrorCode::kNotFound);
  // Registered for another station.
  const auto elsewhere = client_for(site_, server_, "m1").flight(key_);
  EXPECT_EQ(elsewhere.error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(elsewhere.error().message.starts_with("OTHER_STATION"));
}

TEST_F(FlightService, ListsThatCannotBeLoadedAreRefused) {
  const auto reason = [&](const sdk::FlightLoad& wanted, sdk::ListFormat format,
                          const std::string& list) {
    const auto loaded = loader_->load_flight(wanted, format, list);
    return loaded ? "" : loaded.error().message.substr(0, loaded.error().message.find(':'));
  };
  sdk::FlightLoad wanted;
  wanted.request_id = sdk::new_request_id();
  EXPECT_EQ(reason(wanted, sdk::ListFormat::kPnlAdl, "no list at all"), "LIST_UNREADABLE");
  EXPECT_EQ(reason(wanted, sdk::ListFormat::kPnlAdl, ""), "LIST_FORMAT_UNFIT");
  EXPECT_EQ(reason(wanted, sdk::ListFormat::kPnlAdl, std::string((1 << 20) + 1, 'A')),
            "LIST_TOO_LONG");
  EXPECT_EQ(reason(wanted, sdk::ListFormat::kCsv, "name,locator\nDOE/JANE,ABC123\n"),
            "LIST_UNREADABLE");
  wanted.flight = key_;
  wanted.flight->flight_number = "124";
  EXPECT_EQ(reason(wanted, sdk::ListFormat::kPnlAdl, kPnl), "LIST_OF_OTHER_FLIGHT");
  wanted.complete = true;
  wanted.flight = key_;
  EXPECT_EQ(reason(wanted, sdk::ListFormat::kPnlAdl, kAdl), "LIST_NOT_COMPLETE");
  EXPECT_TRUE(client_for(site_, server_, "o1").flights()->empty());
  EXPECT_EQ(loader_->checkpoint().error().code, ErrorCode::kNotFound);  // nothing was recorded
}

TEST_F(FlightService, PassengersComeOneByOneOrAsATable) {
  sdk::FlightLoad wanted;
  wanted.request_id = sdk::new_request_id();
  wanted.flight = key_;
  const auto table = loader_->load_flight(
      wanted, sdk::ListFormat::kCsv,
      "name,locator,seat,sequence\nMUELLER/HANS MR,ABC123,14B,25\nNOVAK/EVA MRS,DEF456,14C,26\n");
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->added, 2);
  sdk::FlightPassenger mario;
  mario.booking_name = PersonalText("ROSSI/MARIO MR");
  mario.locator = "GHI789";
  mario.seat = "15A";
  wanted.request_id = sdk::new_request_id();
  const auto one = loader_->load_flight(wanted, {mario});
  ASSERT_TRUE(one.has_value()) << one.error().message;
  EXPECT_EQ(one->flight.passengers, 3);
  const auto again = loader_->load_flight(wanted, {mario});
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->record.leaf_index, one->record.leaf_index);
  mario.seat = "15B";
  EXPECT_EQ(loader_->load_flight(wanted, {mario}).error().code, ErrorCode::kAlreadyExists);
  mario.locator = "?";
  wanted.request_id = sdk::new_request_id();
  EXPECT_EQ(loader_->load_flight(wanted, {mario}).error().field, "passengers[0].locator");
}

TEST_F(FlightService, IsBoardedAndTheRecordSaysSo) {
  load(kPnl);
  std::vector<std::string> events;
  std::promise<void> begun;
  std::thread watcher([&] {
    const auto watched = supervisor_->watch_flight(key_, [&](const sdk::FlightChange& change) {
      if (events.empty()) begun.set_value();
      events.push_back(change.event + (change.seat.empty() ? "" : " " + change.seat));
      return true;
    });
    EXPECT_TRUE(watched.has_value()) << watched.error().message;
  });
  begun.get_future().wait();
  load(kAdl);

  // 1. A clean match, confirmed; the same pass comes again.
  const std::string hans_pass = pass_of("MUELLER/HANSMR", "ABC123");
  const auto hans = verify(hans_pass, hans_);
  EXPECT_EQ(hans.report.verdict, Verdict::kMatch);
  ASSERT_TRUE(hans.passenger.has_value());
  EXPECT_EQ(hans.passenger->passenger_ref, 1);
  EXPECT_EQ(confirm(hans), "boarded");
  const auto again = verify(hans_pass, hans_);
  EXPECT_EQ(again.report.verdict, Verdict::kReview);
  EXPECT_TRUE(says(again, "ALREADY_BOARDED"));
  EXPECT_EQ(decide(*gate_, decision_on(again.request_id, sdk::DecisionAction::kAccept)),
            "ALREADY_BOARDED");
  EXPECT_EQ(decide(*gate_, decision_on(again.request_id, sdk::DecisionAction::kRefuse)),
            "recorded");

  // 2. Swapped passports: the document is another passenger's.
  const auto swapped = verify(pass_of("NOVAK/EVAMRS", "DEF456"), mario_);
  EXPECT_EQ(swapped.report.verdict, Verdict::kMismatch);
  EXPECT_TRUE(says(swapped, "DOCUMENT_OF_PEER"));
  EXPECT_EQ(confirm(swapped), "CONFIRM_NEEDS_MATCH");
  EXPECT_EQ(decide(*gate_, decision_on(swapped.request_id, sdk::DecisionAction::kHandOver)),
            "recorded");

  // 3. A MISMATCH is accepted by two.
  auto accept = decision_on(swapped.request_id, sdk::DecisionAction::kAccept);
  accept.reason = sdk::AcceptReason::kMisread;
  EXPECT_EQ(decide(*desk_, accept), "SECOND_PERSON_NEEDED");
  accept.second_operator_id = "4712";
  EXPECT_EQ(decide(*desk_, accept), "boarded");
  // And then its document is used.
  EXPECT_EQ(verify(pass_of("ROSSI/MARIOMR", "GHI789"), mario_).report.verdict, Verdict::kMismatch);

  // 4. The desk clears a name, the gate is not alarmed again.
  const std::string john_pass = pass_of("SMITH/JONMR", "JKL012");
  const auto at_desk = verify(john_pass, john_, sdk::Channel::kDesk);
  EXPECT_EQ(at_desk.report.verdict, Verdict::kReview);
  const auto cleared = decision_on(at_desk.request_id, sdk::DecisionAction::kAccept);
  EXPECT_EQ(decide(*desk_, cleared), "recorded");
  const auto at_gate = verify(john_pass, john_);
  EXPECT_EQ(at_gate.report.verdict, Verdict::kMatch);
  ASSERT_TRUE(at_gate.resolution.has_value());
  EXPECT_EQ(at_gate.resolution->decision_request_id, cleared.request_id);
  EXPECT_EQ(at_gate.resolution->reason, sdk::AcceptReason::kMinorSpelling);
  EXPECT_EQ(confirm(at_gate), "boarded");

  // 5. A pass that was printed before the correction.
  const auto stale = verify(pass_of("KOWALSKI/JANMR", "MNO345"), jan_);
  EXPECT_EQ(stale.report.verdict, Verdict::kMatch);
  EXPECT_TRUE(says(stale, "STALE_PASS"));
  EXPECT_EQ(confirm(stale), "boarded");

  // 6. A boarding is undone, and made again.
  const std::string jane_pass = pass_of("DOE/JANEMS", "PQR678");
  const auto jane = verify(jane_pass, jane_);
  const auto boarding = decision_on(jane.request_id, sdk::DecisionAction::kConfirm);
  EXPECT_EQ(decide(*gate_, boarding), "boarded");
  EXPECT_EQ(decide(*gate_, boarding), "boarded");  // repeated: the same decision
  EXPECT_EQ(decide(*desk_, decision_on(boarding.request_id, sdk::DecisionAction::kUndo)),
            "DECIDED_ELSEWHERE");
  EXPECT_EQ(decide(*gate_, decision_on(boarding.request_id, sdk::DecisionAction::kUndo)),
            "recorded");
  const auto jane_again = verify(jane_pass, jane_);
  EXPECT_EQ(jane_again.report.verdict, Verdict::kMatch);
  EXPECT_EQ(confirm(jane_again), "boarded");

  const auto manifest = gate_->flight(key_);
  ASSERT_TRUE(manifest.has_value());
  EXPECT_EQ(manifest->summary.boarded, 5);
  const auto dropped = loader_->drop_flight(sdk::new_request_id(), key_);
  ASSERT_TRUE(dropped.has_value()) << dropped.error().message;
  watcher.join();
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.front(), "begun");
  EXPECT_EQ(events.back(), "dropped");
  EXPECT_EQ(std::count(events.begin(), events.end(), "boarded"), 6);
  EXPECT_EQ(std::count(events.begin(), events.end(), "undone"), 1);
  EXPECT_EQ(gate_->flight(key_).error().code, ErrorCode::kNotFound);

  EXPECT_EQ(stop(), 0);
  const std::string exported = export_log(site_, "demo");
  const Finished read = run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--read", exported});
  EXPECT_EQ(read.status, 0) << read.output;
  // Counted by a reader that has only docs/record_format.md: what was refused or repeated is none.
  for (const char* line :
       {"suggestions 9", "decisions 10", "confirm 5", "accept 2", "refuse 1", "hand_over 1",
        "undo 1", "two persons 1", "boarded 5", "policies 1", "loads 2", "drops 1"}) {
    EXPECT_NE(read.output.find(std::string(line) + "\n"), std::string::npos)
        << line << " is not in\n"
        << read.output;
  }
}

TEST_F(FlightService, ARestartForgetsNobodyWhoBoarded) {
  load(kPnl);
  EXPECT_EQ(confirm(verify(pass_of("MUELLER/HANSMR", "ABC123"), hans_)), "boarded");
  EXPECT_EQ(stop(), 0);
  const ServerProcess next(site_);
  const sdk::Client loader = client_for(site_, next, "l1");
  sdk::FlightLoad wanted;
  wanted.request_id = sdk::new_request_id();
  const auto loaded = loader.load_flight(wanted, sdk::ListFormat::kPnlAdl, kPnl);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->flight.boarded, 1);
  const auto manifest = client_for(site_, next, "g1").flight(key_);
  ASSERT_TRUE(manifest.has_value());
  EXPECT_TRUE(manifest->passengers[0].boarded_unix_seconds.has_value());
}

TEST_F(FlightService, ASlowAnswerIsAskedForAgainUnderTheSameId) {
  // A server that stands still for a while: the first attempt runs into its deadline, the second
  // one finds the server awake. The record is one.
  auto options = options_for(site_, server_, "g1");
  options.deadline = std::chrono::milliseconds(1500);
  const auto impatient = sdk::Client::connect(options);
  ASSERT_TRUE(impatient.has_value());
  ASSERT_TRUE(impatient->verify(matching_request()).has_value());  // connected
  const sdk::Request request = matching_request();
  server_.send(SIGSTOP);
  std::thread waker([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(2000));
    server_.send(SIGCONT);
  });
  const auto began = std::chrono::steady_clock::now();
  const auto answer = impatient->verify(request);
  waker.join();
  // The machine may be slow: whatever was answered, repeating gives exactly one record.
  EXPECT_GE(std::chrono::steady_clock::now() - began, options.deadline);
  const auto again = gate_->verify(request);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  if (answer) {
    EXPECT_EQ(answer->record.leaf_index, again->record.leaf_index);
  }
  EXPECT_EQ(gate_->checkpoint()->tree_size, 3U);  // the policy's first use and two verdicts
}

}  // namespace
}  // namespace paxid::integration
