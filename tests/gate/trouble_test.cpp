// What goes wrong beside the gate: a server that dies or is slow, a certificate that has ended, a
// clock that is wrong. Each time what the screen says, and what is on record afterwards.

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>

#include "tests/gate/flight_bench.h"

namespace paxid::gate {
namespace {

using verification::Verdict;

const std::vector<Traveller> kTravellers{
    {"MUELLER/HANSMR", "ABC123", "1A", "1974-08-12", 'M', "MUELLER", "HANS", "C01X00T47"},
    {"NOVAK/EVAMRS", "DEF456", "1B", "1981-03-02", 'F', "NOVAK", "EVA", "C01X00T48"},
};
const Traveller& kHans = kTravellers[0];
const Traveller& kEva = kTravellers[1];

// A deadline that is over soon, and yet is kept on a busy machine by a server that answers.
constexpr std::chrono::seconds kSlow{5};

class Trouble : public FlightBench {
 protected:
  Trouble() : FlightBench(kTravellers) {}

  static void scan(GateBench& gate, const Traveller& one) {
    gate.scan(pass_of(one));
    gate.scan_document(passport_of(one));
  }
};

// Killed with a passenger on board, restarted: who has boarded is known, who was asked about is
// asked about again, and each is on record once.
TEST_F(Trouble, AServerThatIsKilledAndRestartedForgetsNobody) {
  start();
  auto gate = open_gate();
  const Session& session = gate->session();
  scan(*gate, kHans);
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  gate->press(7);
  gate->press(9);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  server_->send(SIGKILL);
  server_->wait();
  scan(*gate, kEva);
  ASSERT_TRUE(gate->wait_for(Stage::kSilent));
  const std::string words = gate->words();
  EXPECT_NE(words.find("Do not board on sight."), std::string::npos) << words;
  EXPECT_NE(words.find("Server does not answer"), std::string::npos) << words;
  restart();
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  EXPECT_EQ(session.verdict()->report.verdict, Verdict::kMatch);
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->boarded == 1; }));
  gate->press(7);
  gate->press(9);
  ASSERT_TRUE(gate->wait_for([&] { return session.flight()->boarded == 2; }));
  gate.reset();
  expect_log({"suggestions 2", "decisions 2", "confirm 2", "boarded 2"});
}

// The connection stands, and nothing comes: said, and asked again without a key.
TEST_F(Trouble, ASlowServerIsSaidAndAskedAgainByItself) {
  start();
  auto gate = open_gate(kSlow);
  server_->send(SIGSTOP);
  scan(*gate, kHans);
  ASSERT_TRUE(gate->wait_for(Stage::kSilent));
  EXPECT_EQ(gate->session().verdict(), nullptr);
  EXPECT_NE(gate->words().find("NO ANSWER"), std::string::npos);
  gate->pause(5'000);  // it goes on asking, and sounds once
  EXPECT_EQ(gate->session().stage(), Stage::kSilent);
  EXPECT_EQ(std::count(gate->tones().begin(), gate->tones().end(), Tone::kSilent), 1);
  server_->send(SIGCONT);
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  EXPECT_EQ(gate->session().verdict()->report.verdict, Verdict::kMatch);
  gate.reset();
  expect_log({"suggestions 1"});
}

// Nobody is asked by a device whose certificate has ended, and it says so where people log in.
TEST_F(Trouble, AnEndedCertificateIsNamedAndLeavesNoRecord) {
  start();
  sdk::ClientOptions client = options(kSlow);
  client.certificate_file = ended_certificate(site_, "agent", "g1");
  auto gate = std::make_unique<GateBench>(client, messages::Language::kEnglish);
  std::string words = gate->words();
  EXPECT_NE(words.find("The certificate of this device ended on 2021-01-31"), std::string::npos)
      << words;
  gate->type("4711\r");
  EXPECT_EQ(gate->session().stage(), Stage::kFlights);
  gate->pause(3'000);
  words = gate->words();
  EXPECT_NE(words.find("The flights cannot be listed"), std::string::npos) << words;
  EXPECT_TRUE(gate->session().known_flights().empty());
  gate.reset();
  EXPECT_EQ(("\n" + read_log()).find("\nsuggestions "), std::string::npos);
}

// Ten minutes off: the device is named, dates are the server's, and the verdict is what it would
// be.
TEST_F(Trouble, AWrongClockIsNamedAndDecidesNothing) {
  start(clock_that_is_wrong());
  auto gate = open_gate();
  scan(*gate, kHans);
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  EXPECT_EQ(gate->session().verdict()->report.verdict, Verdict::kMatch);
  const std::string words = gate->words();
  EXPECT_NE(words.find("The clock of this device is wrong by 10 minutes"), std::string::npos)
      << words;
  gate->press(7);
  gate->press(9);
  ASSERT_TRUE(gate->wait_for(Stage::kDone));
  gate.reset();
  expect_log({"suggestions 1", "decisions 1", "boarded 1"});
}

}  // namespace
}  // namespace paxid::gate
