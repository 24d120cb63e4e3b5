#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/gate/gate_bench.h"
#include "tests/integration/export_log.h"

// A server with a flight, a gate beside it, and afterwards what the log says.
namespace paxid::gate {

// For a server whose clock is ten minutes ahead.
integration::Environment clock_that_is_wrong();

class FlightBench : public testing::Test {
 protected:
  explicit FlightBench(std::vector<Traveller> travellers) : travellers_(std::move(travellers)) {}

  // Starts the server, and loads the flight.
  void start(const integration::Environment& environment = {});
  // Ends it, and starts it at the address that it had.
  void restart();

  sdk::ClientOptions options(std::chrono::milliseconds deadline = integration::kPatience,
                             const std::string& device = "g1") const;
  // A gate where 4711 has logged in and opened the flight.
  std::unique_ptr<GateBench> open_gate(
      std::chrono::milliseconds deadline = integration::kPatience) const;

  // Ends the server and reads its log with an independent program: how many records of each kind.
  std::string read_log();
  // The bodies of the log that read_log() has read, in its order.
  std::vector<nlohmann::json> bodies() const;
  // Ends the server; each line is one of read_log().
  void expect_log(const std::vector<std::string>& lines);

  std::vector<Traveller> travellers_;
  integration::Site site_;
  std::optional<integration::ServerProcess> server_;
};

}  // namespace paxid::gate
