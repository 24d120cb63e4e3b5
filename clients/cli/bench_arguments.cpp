#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/progress_line.h"
#include "clients/cli/bench_command.h"
#include "clients/cli/command_line.h"
#include "clients/cli/connection.h"
#include "clients/cli/flight_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

struct Bench {
  CLI::App* command = nullptr;
  int in_flight = 64;
  int channels = 4;
  double per_second = 0;
  int per_stream = 0;
  double seconds = 5;
  double warm_up = 1;
  bool as_json = false;
  ServerOptions server;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("bench", "Put load on a server and measure its answers");
    command->add_option("--in-flight", in_flight, "Calls (or streams) that are always under way")
        ->check(CLI::Range(1, sdk::kMaxInFlight))
        ->capture_default_str();
    auto* rate = command
                     ->add_option("--per-second", per_second,
                                  "Begin so many calls a second, whatever comes back")
                     ->check(CLI::Range(0.1, 1e6));
    command->add_option("--per-stream", per_stream, "Send so many passengers over one stream each")
        ->check(CLI::Range(1, sdk::kMaxPerStream))
        ->excludes(rate);
    command->add_option("--channels", channels, "Connections")
        ->check(CLI::Range(1, sdk::kMaxLoadChannels))
        ->capture_default_str();
    command->add_option("--seconds", seconds, "How long to measure")
        ->check(CLI::Range(0.1, 3'600.0))
        ->capture_default_str();
    command->add_option("--warm-up", warm_up, "Seconds that do not count")
        ->check(CLI::Range(0.0, 600.0))
        ->capture_default_str();
    command->add_flag("--json", as_json, "Print the figures as JSON");
    server.add_to(command);
    command->footer(
        "The passengers are invented, and each answer leaves a record like any other: measure a\n"
        "server of your own, never one in operation. A closed loop (--in-flight) shows what the\n"
        "server can do; an open loop (--per-second) what passengers feel, also when it falls\n"
        "behind. Examples:\n"
        "  paxid bench --in-flight 64 --seconds 10\n"
        "  paxid bench --per-second 2000\n"
        "  paxid bench --per-stream 100 --in-flight 8");
  }

  bool parsed() const { return command->parsed(); }

  int run() const {
    constexpr std::size_t kPassengers = 256;
    auto client = resolve(server.connection);
    if (!client) return fail_usage(*command, client.error().message);
    const auto milliseconds = [](double s) {
      return std::chrono::milliseconds(static_cast<std::int64_t>(s * 1000));
    };
    const sdk::LoadOptions options{std::move(*client),   channels,   in_flight,
                                   per_second,           per_stream, milliseconds(warm_up),
                                   milliseconds(seconds)};
    const auto passengers = invented_passengers(kPassengers);
    std::optional<base::ProgressLine> line(std::in_place);
    const auto report = sdk::apply_load(options, passengers, [&line](std::uint64_t answered) {
      line->show(std::to_string(answered) + " passengers answered");
    });
    line.reset();
    if (!report) return fail(report.error());
    print_answer(as_json, load_json(*report), load_table(*report));
    return report->answered > 0 ? kOk : kFailed;
  }
};

}  // namespace

Run add_bench(CLI::App& app) { return run_of<Bench>(app); }

}  // namespace paxid::cli
