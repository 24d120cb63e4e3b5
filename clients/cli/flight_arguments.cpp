#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/file.h"
#include "clients/cli/bench_command.h"
#include "clients/cli/command_line.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/privacy_command.h"
#include "clients/sdk/client.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// `paxid flight ...`: the flights that a server has loaded.
struct FlightCommands {
  CLI::App* load = nullptr;
  CLI::App* list = nullptr;
  CLI::App* show = nullptr;
  CLI::App* watch = nullptr;
  CLI::App* drop = nullptr;
  std::string flight;
  std::string file;
  std::string departs;
  std::string request_id;
  bool complete = false;
  bool as_json = false;
  ServerOptions server;

  void add_to(CLI::App& app) {
    CLI::App* flights = app.add_subcommand("flight", "Load, show, watch and drop flights");
    flights->require_subcommand(1);
    flights->footer(
        "A loaded flight is what a verification is judged in: who is booked, who has boarded, "
        "whose\n"
        "document this is. FLIGHT is CARRIER NUMBER/DATE/AIRPORT. Examples:\n"
        "  paxid flight load lh400.pnl --departs 2026-11-22T13:05Z\n"
        "  paxid flight load lh400.adl              corrections; names keep their history\n"
        "  paxid flight show LH400/2026-11-22/FRA\n"
        "  paxid flight watch LH400/2026-11-22/FRA --json");
    load = flights->add_subcommand("load", "Load a PNL, ADL or CSV");
    load->add_option("FILE", file, "The list; - is standard input")->required();
    load->add_option("--flight", flight, "Which flight, where the list does not say it");
    load->add_option("--departs", departs, "UTC, such as 2026-11-22T13:05Z [the end of the day]");
    load->add_flag("--complete", complete, "Take off who is not in the list");
    load->footer("Needs the role loader. Exit status: 0 loaded, 1 refused, 2 wrong usage.");
    list = flights->add_subcommand("list", "List the loaded flights, without names");
    show = flights->add_subcommand("show", "Show a flight with its passengers");
    watch = flights->add_subcommand("watch", "Print every change until the flight is dropped");
    drop = flights->add_subcommand("drop", "Forget a flight");
    for (CLI::App* command : {show, watch, drop}) {
      command->add_option("FLIGHT", flight, "Such as LH400/2026-11-22/FRA")->required();
    }
    for (CLI::App* command : {load, drop}) {
      command->add_option("--request-id", request_id,
                          "UUID; give the same one to repeat a request [a new one]");
    }
    for (CLI::App* command : {load, list, show, watch, drop}) {
      command->add_flag("--json", as_json, "Print the answer as JSON");
      server.add_to(command);
    }
  }

  bool parsed() const {
    return load->parsed() || list->parsed() || show->parsed() || watch->parsed() || drop->parsed();
  }

  base::Result<sdk::FlightLoad> what_to_load() const {
    sdk::FlightLoad wanted;
    wanted.request_id = request_id.empty() ? sdk::new_request_id() : request_id;
    wanted.complete = complete;
    if (!flight.empty()) {
      auto key = flight_key(flight);
      if (!key) return tl::unexpected(key.error());
      wanted.flight = std::move(*key);
    }
    if (departs.empty()) return wanted;
    wanted.departure_unix_seconds = parse_utc(departs);
    if (!wanted.departure_unix_seconds) {
      return base::fail(base::ErrorCode::kInvalidArgument, "must be like 2026-11-22T13:05Z",
                        "--departs");
    }
    return wanted;
  }

  int run_load(const sdk::Client& client) const {
    const auto text = file == "-" ? base::read_stream(std::cin, kMaxInputBytes)
                                  : base::read_file(file, kMaxInputBytes);
    if (!text) return fail(text.error());
    const auto wanted = what_to_load();
    if (!wanted) return fail_usage(*load, wanted.error());
    const auto loaded = client.load_flight(*wanted, format_of(file, *text), *text);
    if (!loaded) return fail_unanswered(loaded.error(), wanted->request_id);
    print_answer(as_json, load_json(*loaded), load_card(*loaded));
    return kOk;
  }

  int run_list(const sdk::Client& client) const {
    const auto flights = client.flights();
    if (!flights) return fail(flights.error());
    json answer = json::array();
    std::string card;
    for (const sdk::FlightSummary& one : *flights) {
      answer.push_back(flight_json(one));
      card += flight_line(one);
    }
    print_answer(as_json, answer, card.empty() ? "no flight is loaded\n" : card);
    return kOk;
  }

  const CLI::App* asked() const { return show->parsed() ? show : watch->parsed() ? watch : drop; }

  int run_watch(const sdk::Client& client, const sdk::FlightKey& key) const {
    const auto watched = client.watch_flight(key, [this](const sdk::FlightChange& change) {
      if (as_json) {
        std::cout << change_json(change).dump() << std::endl;
      } else {
        std::cout << change_line(change) << std::flush;
      }
      return std::cout.good();
    });
    return watched ? kOk : fail(watched.error());
  }

  int run() const {
    const auto client = server.connect();
    if (!client) return fail(client.error());
    if (load->parsed()) return run_load(*client);
    if (list->parsed()) return run_list(*client);
    const auto key = flight_key(flight);
    if (!key) return fail_usage(*asked(), key.error().message);
    if (watch->parsed()) return run_watch(*client, *key);
    if (show->parsed()) {
      const auto manifest = client->flight(*key);
      if (!manifest) return fail(manifest.error());
      print_answer(as_json, flight_json(*manifest), flight_card(*manifest));
      return kOk;
    }
    const auto dropped =
        client->drop_flight(request_id.empty() ? sdk::new_request_id() : request_id, *key);
    if (!dropped) return fail(dropped.error());
    print_answer(as_json, {{"dropped", to_text(*key)}}, "dropped " + to_text(*key) + "\n");
    return kOk;
  }
};

}  // namespace

Run add_flight(CLI::App& app) { return run_of<FlightCommands>(app); }

}  // namespace paxid::cli
