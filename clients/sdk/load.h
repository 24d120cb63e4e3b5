#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "base/error.h"
#include "clients/sdk/client.h"

// Load on a server, to measure it. The server keeps a record of every call: a measurement belongs
// on a server of its own.
namespace paxid::sdk {

inline constexpr int kMaxLoadChannels = 64;
inline constexpr int kMaxInFlight = 10'000;
inline constexpr int kMaxPerStream = 10'000;
inline constexpr std::chrono::seconds kMaxLoadTime{86'400};

// Closed loop: `in_flight` calls are always under way, each followed by the next. Open loop
// (`per_second` above 0): calls begin when their time has come, whatever came back, at most
// kMaxInFlight of them under way; a call's time counts from when it should have begun, so that a
// server that stops is not measured as one that is not asked.
struct LoadOptions {
  ClientOptions client;
  int channels = 4;  // connections; the calls take turns
  int in_flight = 64;
  double per_second = 0;
  int per_stream = 0;  // closed loop: passengers a stream, 0: one call each
  std::chrono::milliseconds warm_up{1'000};
  std::chrono::milliseconds duration{5'000};
};

// What came back between the end of the warm-up and the end of the time.
struct LoadReport {
  std::uint64_t answered = 0;  // passengers with an answer
  double seconds = 0;
  std::map<std::string, std::uint64_t> refused;  // by gRPC code
  std::uint64_t not_begun = 0;                   // open loop: kMaxInFlight were under way
  std::size_t most_in_flight = 0;
  // Microseconds, of what was answered, and of what was refused.
  struct Times {
    double p50 = 0, p90 = 0, p99 = 0, p999 = 0, max = 0;
  };
  Times times;
  Times refusal_times;

  double per_second() const { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
};

// Sends `passengers` over and over, each call with a new request id. Blocks for warm-up, duration
// and the last answers. `progress` is called a few times a second with the passengers answered so
// far. Errors of Client::connect; INVALID_ARGUMENT names the option that is out of its limits;
// kUnavailable when no connection comes about within five seconds.
base::Result<LoadReport> apply_load(const LoadOptions& options, std::span<const Request> passengers,
                                    const std::function<void(std::uint64_t)>& progress);

}  // namespace paxid::sdk
