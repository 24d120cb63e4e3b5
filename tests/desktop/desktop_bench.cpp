// How long the windows take beyond the service: from the last key of a scan to the painted verdict,
// less what the same question costs a client without a window. Prints one JSON object.

#include <QApplication>
#include <QElapsedTimer>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/gate/gate_bench.h"
#include "tests/kiosk/kiosk_bench.h"

namespace paxid {
namespace {

using gate::Traveller;

constexpr int kRounds = 60;

// Sixty invented passengers.
std::vector<Traveller> travellers() {
  std::vector<Traveller> all;
  for (int i = 0; i < kRounds; ++i) {
    const std::string tail{static_cast<char>('A' + i / 10), static_cast<char>('A' + i % 10)};
    const std::string surname = "BRANDBERG" + tail;
    const std::string number = std::to_string(100 + i);
    all.push_back({surname + "/HANSMR", "BEN" + number, std::to_string(1 + i / 6) + "ABCDEF"[i % 6],
                   "1974-08-12", 'M', surname, "HANS", "C01X" + number + "47"});
  }
  return all;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}
double percentile95(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() * 95 / 100];
}

double milliseconds(const QElapsedTimer& timer) {
  return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

// What the question costs without a window.
std::vector<double> of_service(const sdk::Client& client, const std::vector<Traveller>& all) {
  std::vector<double> times;
  for (const Traveller& one : all) {
    sdk::Request request;
    request.request_id = sdk::new_request_id();
    request.channel = sdk::Channel::kDesk;
    const auto zone = gate::passport_of(one);
    const auto claim = [](verification::Source source, verification::ClaimValue value) {
      return verification::Claim{source, verification::CaptureMethod::kScanned,
                                 verification::Assurance::kAsserted, std::move(value)};
    };
    request.claims = {claim(verification::Source::kBoardingPass,
                            verification::PassClaim{base::PersonalText(gate::pass_of(one))}),
                      claim(verification::Source::kMrz,
                            verification::ZoneClaim{base::PersonalText(zone[0] + "\n" + zone[1])})};
    QElapsedTimer timer;
    timer.start();
    EXPECT_TRUE(client.verify(request).has_value());
    times.push_back(milliseconds(timer));
  }
  return times;
}

std::vector<double> of_gate(gate::GateBench& at, const std::vector<Traveller>& all) {
  std::vector<double> times;
  for (const Traveller& one : all) {
    at.scan(gate::pass_of(one));
    const auto zone = gate::passport_of(one);
    at.scan(zone[0]);
    QElapsedTimer timer;
    at.scan(zone[1], 3, [&timer] { timer.start(); });
    while (at.session().stage() != gate::Stage::kVerdict) {
      QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    at.window().grab();  // painted whole
    times.push_back(milliseconds(timer));
    at.press_escape();
  }
  return times;
}

std::vector<double> of_kiosk(kiosk::KioskBench& at, const std::vector<Traveller>& all) {
  std::vector<double> times;
  for (const Traveller& one : all) {
    at.scan(gate::pass_of(one));
    const auto zone = gate::passport_of(one);
    at.scan(zone[0]);
    QElapsedTimer timer;
    at.scan(zone[1], [&timer] { timer.start(); });
    while (at.screen() != kiosk::Screen::kGoOn && at.screen() != kiosk::Screen::kColleague) {
      QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    at.window().grabWindow();
    times.push_back(milliseconds(timer));
  }
  return times;
}

nlohmann::ordered_json row(const std::vector<double>& times) {
  return {{"median_ms", median(times)}, {"p95_ms", percentile95(times)}};
}

int run() {
  const integration::Site site;
  const integration::ServerProcess server(site);
  const auto all = travellers();
  gate::load_flight(site, server, all);
  const sdk::Client client = integration::client_for(site, server, "d1");
  of_service(client, all);  // warm
  const auto service = of_service(client, all);
  gate::GateBench gate(integration::options_for(site, server, "g1"), messages::Language::kEnglish);
  gate.type("4711\r");
  gate.wait_for([&] { return !gate.session().known_flights().empty(); });
  gate.type("\r");
  gate.wait_for([&] { return gate.session().rows().size() == all.size(); });
  const auto at_gate = of_gate(gate, all);
  kiosk::KioskBench kiosk(integration::options_for(site, server, "k1"));
  kiosk.wait_for([&] { return kiosk.terminal().session().view().notice.empty(); });
  const auto at_kiosk = of_kiosk(kiosk, all);
  std::cout << nlohmann::ordered_json{{"rounds", kRounds},
                                      {"service", row(service)},
                                      {"gate", row(at_gate)},
                                      {"kiosk", row(at_kiosk)},
                                      {"gate_over_service_ms", median(at_gate) - median(service)},
                                      {"kiosk_over_service_ms", median(at_kiosk) - median(service)}}
                   .dump(2)
            << "\n";
  return testing::Test::HasFailure() ? 1 : 0;
}

}  // namespace
}  // namespace paxid

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  paxid::kiosk::draw_in_software();
  QApplication application(argc, argv);
  return paxid::run();
}
