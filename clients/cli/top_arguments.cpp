#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "clients/cli/command_line.h"
#include "clients/cli/terminal.h"
#include "clients/cli/top_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// `paxid top`.
struct Top {
  CLI::App* command = nullptr;
  std::string metrics = "127.0.0.1:9464";
  double every = 2;
  bool once = false;
  bool as_json = false;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("top", "Show what a server on this machine is doing");
    command->add_option("--metrics", metrics, "listen.metrics_address of the server, HOST:PORT")
        ->capture_default_str();
    command->add_option("--every", every, "Seconds from one look to the next")
        ->check(CLI::Range(0.1, 3'600.0))
        ->capture_default_str();
    command->add_flag("--once", once, "Look twice, print once, and end");
    command->add_flag("--json", as_json, "Print JSON, one object a look");
    command->footer(
        "Times are upper bounds of the classes that the server counts in. Examples:\n"
        "  paxid top\n"
        "  paxid top --once --json");
  }

  bool parsed() const { return command->parsed(); }

  int run() const {
    const auto style = style_of_standard_output();
    auto before = look();
    if (!before) return fail(before.error());
    for (;;) {
      std::this_thread::sleep_for(std::chrono::duration<double>(every));
      auto after = look();
      if (!after) return fail(after.error());
      const Activity activity = activity_between(*before, *after, every);
      if (as_json) {
        print_json(activity_json(activity));
      } else {
        // Home, then what the last look left below.
        std::cout << (once ? "" : "\x1b[H\x1b[2J") << activity_card(activity, style);
      }
      std::cout.flush();
      if (once || !std::cout) return kOk;
      before = std::move(after);
    }
  }

  base::Result<std::vector<Sample>> look() const {
    const auto page = fetch_metrics(metrics);
    if (!page) return tl::unexpected(page.error());
    return parse_metrics(*page);
  }
};

}  // namespace

Run add_top(CLI::App& app) { return run_of<Top>(app); }

}  // namespace paxid::cli
