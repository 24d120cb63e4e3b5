// What goes wrong beside the gate: a server that dies or is slow, a certificate that has ended, a
// clock that is wrong. Each time what the screen says, and what is on record afterwards.

#include <gtest/gtest.h>
#include <signal.h>

#include <QLabel>
#include <chrono>
#include <fstream>
#include <optional>

#include "base/clock.h"
#include "tests/gate/gate_bench.h"
#include "tests/integration/export_log.h"
#include "verification/station.h"

namespace paxid::gate {
namespace {

using integration::Environment;
using integration::Finished;
using integration::ServerProcess;
using integration::Site;
using verification::Verdict;

const std::vector<Traveller> kTravellers{
    {"MUELLER/HANSMR", "ABC123", "1A", "1974-08-12", 'M', "MUELLER", "HANS", "C01X00T47"},
    {"NOVAK/EVAMRS", "DEF456", "1B", "1981-03-02", 'F', "NOVAK", "EVA", "C01X00T48"},
};
const Traveller& kHans = kTravellers[0];
const Traveller& kEva = kTravellers[1];

// Everything that the window says.
std::string words_of(const Window& window) {
  std::string words;
  for (const QWidget* part : window.findChildren<QWidget*>()) {
    if (!part->isVisibleTo(&window)) continue;
    const auto* label = qobject_cast<const QLabel*>(part);
    words += (label != nullptr ? label->text() : part->accessibleName()).toStdString() + "\n";
  }
  return words;
}

class Trouble : public testing::Test {
 protected:
  void start(const Environment& environment = {}) {
    server_.emplace(site_, environment, false);
    load_flight(site_, *server_, kTravellers);
  }

  sdk::ClientOptions options(std::chrono::milliseconds deadline = integration::kPatience) {
    sdk::ClientOptions options = options_for(site_, *server_, "g1");
    options.deadline = deadline;
    return options;
  }

  std::unique_ptr<GateBench> open_gate(const sdk::ClientOptions& client) {
    auto gate = std::make_unique<GateBench>(client, messages::Language::kEnglish);
    gate->type("4711\r");
    EXPECT_TRUE(gate->wait_for([&] { return !gate->session().known_flights().empty(); }));
    gate->type("\r");
    EXPECT_TRUE(
        gate->wait_for([&] { return gate->session().rows().size() == kTravellers.size(); }));
    return gate;
  }

  static void scan(GateBench& gate, const Traveller& one) {
    gate.scan(pass_of(one));
    gate.scan_document(passport_of(one));
  }

  // On the port that it had, with the flight loaded again.
  void restart() {
    const std::string address = server_->address();
    server_.reset();
    std::string configuration = integration::read_text(site_.configuration());
    const std::string any = "127.0.0.1:0";
    if (const auto at = configuration.find(any); at != std::string::npos) {
      configuration.replace(at, any.size(), address);
    }
    std::ofstream(site_.configuration()) << configuration;
    start();
  }

  void expect_log(const std::vector<std::string>& lines) {
    EXPECT_EQ(server_->stop(), 0);
    const std::string exported = integration::export_log(site_, "demo");
    const Finished read =
        integration::run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--read", exported});
    EXPECT_EQ(read.status, 0) << read.output;
    for (const std::string& line : lines) {
      EXPECT_NE(("\n" + read.output).find("\n" + line + "\n"), std::string::npos)
          << line << " not in\n"
          << read.output;
    }
  }
  void expect_no(const std::string& word) {
    const std::string exported = integration::export_log(site_, "demo");
    const Finished read =
        integration::run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--read", exported});
    EXPECT_EQ(("\n" + read.output).find("\n" + word + " "), std::string::npos) << read.output;
  }

  Site site_;
  std::optional<ServerProcess> server_;
};

// Killed with a passenger on board, restarted: who has boarded is known, who was asked about is
// asked about again, and each is on record once.
TEST_F(Trouble, AServerThatIsKilledAndRestartedForgetsNobody) {
  start();
  auto gate = open_gate(options());
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
  const std::string words = words_of(gate->window());
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
  auto gate = open_gate(options(std::chrono::seconds(1)));
  server_->send(SIGSTOP);
  scan(*gate, kHans);
  ASSERT_TRUE(gate->wait_for(Stage::kSilent));
  EXPECT_EQ(gate->session().verdict(), nullptr);
  EXPECT_NE(words_of(gate->window()).find("NO ANSWER"), std::string::npos);
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
  sdk::ClientOptions client = options(std::chrono::seconds(1));
  client.certificate_file = ended_certificate(site_, "agent", "g1");
  auto gate = std::make_unique<GateBench>(client, messages::Language::kEnglish);
  std::string words = words_of(gate->window());
  EXPECT_NE(words.find("The certificate of this device ended on 2021-01-31"), std::string::npos)
      << words;
  gate->type("4711\r");
  EXPECT_EQ(gate->session().stage(), Stage::kFlights);
  gate->pause(3'000);
  words = words_of(gate->window());
  EXPECT_NE(words.find("The flights cannot be listed"), std::string::npos) << words;
  EXPECT_TRUE(gate->session().known_flights().empty());
  gate.reset();
  EXPECT_EQ(server_->stop(), 0);
  expect_no("suggestions");
}

// Ten minutes off: the device is named, dates are the server's, and the verdict is what it would
// be.
TEST_F(Trouble, AWrongClockIsNamedAndDecidesNothing) {
  // Not across midnight, where the other clock has another day.
  const auto now = base::SystemClock().unix_microseconds();
  const bool late = verification::station_date(now + 600'000'000, "FRA") != station_today();
  start({{"LD_PRELOAD", PAXID_SHIFTED_CLOCK},
         {"PAXID_SHIFT_SECONDS", late ? "-600" : "600"},
         {"ASAN_OPTIONS", "verify_asan_link_order=0"}});
  auto gate = open_gate(options());
  scan(*gate, kHans);
  ASSERT_TRUE(gate->wait_for(Stage::kVerdict));
  EXPECT_EQ(gate->session().verdict()->report.verdict, Verdict::kMatch);
  const std::string words = words_of(gate->window());
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
