#include "tests/gate/flight_bench.h"

#include <fstream>

#include "base/hex.h"

namespace paxid::gate {

using integration::Environment;
using integration::Finished;
using nlohmann::json;

Environment clock_that_is_wrong() {
  return {{"LD_PRELOAD", PAXID_SHIFTED_CLOCK},
          {"PAXID_SHIFT_SECONDS", "600"},
          {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
}

void FlightBench::start(const Environment& environment) {
  server_.emplace(site_, environment, false);
  load_flight(site_, *server_, travellers_);
}

void FlightBench::restart() {
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

sdk::ClientOptions FlightBench::options(std::chrono::milliseconds deadline,
                                        const std::string& device) const {
  sdk::ClientOptions options = options_for(site_, *server_, device);
  options.deadline = deadline;
  return options;
}

std::unique_ptr<GateBench> FlightBench::open_gate(std::chrono::milliseconds deadline) const {
  auto gate = std::make_unique<GateBench>(options(deadline), messages::Language::kEnglish);
  const Session& session = gate->session();
  gate->type("4711\r");
  EXPECT_TRUE(gate->wait_for([&] { return !session.known_flights().empty(); }));
  gate->type("\r");
  EXPECT_TRUE(gate->wait_for([&] { return session.rows().size() == travellers_.size(); }));
  EXPECT_EQ(session.stage(), Stage::kReady);
  return gate;
}

std::string FlightBench::read_log() {
  EXPECT_EQ(server_->stop(), 0);
  const std::string exported = integration::export_log(site_, "demo");
  const Finished read =
      integration::run({PAXID_PYTHON, PAXID_VERIFY_FROM_DOCUMENT, "--read", exported});
  EXPECT_EQ(read.status, 0) << read.output;
  return read.output;
}

std::vector<json> FlightBench::bodies() const {
  std::vector<json> bodies;
  std::ifstream file(site_.path("exported.txt"));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("body=")) continue;
    const auto bytes = base::from_hex(line.substr(5));
    bodies.push_back(json::parse(bytes->begin(), bytes->end()));
  }
  return bodies;
}

void FlightBench::expect_log(const std::vector<std::string>& lines) {
  const std::string log = "\n" + read_log();
  for (const std::string& line : lines) {
    EXPECT_NE(log.find("\n" + line + "\n"), std::string::npos) << line << " not in" << log;
  }
}

}  // namespace paxid::gate
