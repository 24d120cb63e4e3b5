#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "clients/cli/terminal.h"

// `paxid top`: the figures of a running server for eyes.
namespace paxid::cli {

inline constexpr std::size_t kMaxMetricsBytes = 4 * 1024 * 1024;

// One line of a page in the Prometheus text format.
struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

// Reads a page (Prometheus text exposition format 0.0.4). INVALID_ARGUMENT names the line.
base::Result<std::vector<Sample>> parse_metrics(std::string_view page);

// GET /metrics of HOST:PORT; waits at most 5 s. UNAVAILABLE when there is no answer.
base::Result<std::string> fetch_metrics(const std::string& address);

// What a method did between two pages.
struct MethodActivity {
  std::string method;  // without the package
  double per_second = 0;
  double failed_per_second = 0;
  double p50_milliseconds = 0, p99_milliseconds = 0;  // upper bounds of their classes
};

// A server between two pages, `seconds` apart; from its start when there is only one.
struct Activity {
  std::vector<MethodActivity> methods;  // the busiest first
  double records_per_second = 0;
  double records_per_commit = 0;
  double processor_percent = 0;
  std::map<std::string, double> gauges;  // "paxid_queued_records", ...
  std::map<std::string, double> logs;    // tenant -> records
  std::string version;
};
Activity activity_between(const std::vector<Sample>& before, const std::vector<Sample>& after,
                          double seconds);

nlohmann::json activity_json(const Activity& activity);
std::string activity_card(const Activity& activity, const TextStyle& style);

}  // namespace paxid::cli
