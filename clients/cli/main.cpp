// paxid: reads zones, passes and booking names, compares names, verifies passengers, and
// fetches and checks the proof of a record. Each subcommand has its arguments in a file of its own.

#include <CLI/CLI.hpp>
#include <array>

#include "clients/cli/subcommands.h"
#include "manual/manual.h"
#include "verification/engine.h"

int main(int argc, char** argv) {
  using namespace paxid;
  CLI::App app{"Compares the name an airline passenger travels under with his document.", "paxid"};
  app.require_subcommand(1);
  app.set_version_flag("--version", verification::Engine::version());
  manual::add_to(app, verification::Engine::version(), manual::Section::kUserCommands);
  app.footer(
      "Start here:\n"
      "  paxid verify --local --booking 'MUELLER/HANS MR' --surname MÜLLER --given HANS\n"
      "  paxid SUBCOMMAND --help                      every subcommand shows examples\n"
      "\n"
      "Arguments are visible to other users of the machine while a command runs; --jsonl reads\n"
      "from standard input instead.");
  const std::array subcommands = {
      cli::add_mrz(app),          cli::add_boarding_pass(app),
      cli::add_booking_name(app), cli::add_passenger_list(app),
      cli::add_compare(app),      cli::add_names(app),
      cli::add_evaluate(app),     cli::add_verify(app),
      cli::add_policy(app),       cli::add_replay(app),
      cli::add_flight(app),       cli::add_decide(app),
      cli::add_bench(app),        cli::add_top(app),
      cli::add_privacy(app),      cli::add_audit(app),
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cli::kOk : cli::kUsage;
  }
  for (const cli::Run& run : subcommands) {
    if (const auto status = run()) return *status;
  }
  return cli::kUsage;
}
