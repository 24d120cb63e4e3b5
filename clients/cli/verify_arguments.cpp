#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/command_line.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/scenario.h"
#include "clients/cli/terminal.h"
#include "clients/cli/verdict_card.h"
#include "clients/cli/verify_command.h"
#include "clients/sdk/client.h"
#include "messages/catalogue.h"
#include "verification/engine.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// One text option of `verify` and the key of the scenario that it becomes.
struct ScenarioOption {
  const char* option;
  const char* key;
  bool in_context;
  const char* help;
  const char* group;
};
constexpr const char* kTravel = "What the passenger travels under";
constexpr const char* kDocument = "What the document says";
constexpr const char* kFlight = "Flight";
constexpr ScenarioOption kScenarioOptions[] = {
    {"--booking", "booking", false, "Name in the booking, such as \"MUELLER/HANS MR\"", kTravel},
    {"--pass", "pass", false, "Text of the boarding pass barcode", kTravel},
    {"--pass-name", "bcbp_name", false, "Only the name field of the pass", kTravel},
    {"--booked-birth-date", "booking_birth_date", true, "YYYY-MM-DD", kTravel},
    {"--booked-sex", "sex_booking", true, "M, F or X", kTravel},
    {"--booked-number", "booking_doc_number", true, "Document number in the booking", kTravel},
    {"--booked-nationality", "booking_nationality", true, "ICAO code, such as D or UTO", kTravel},
    {"--surname", "doc_surname", false, "Surname as printed on the document", kDocument},
    {"--given", "doc_given", false, "Given names as printed on the document", kDocument},
    {"--mrz-name", "doc_mrz_name", false, "Name field of the zone, SURNAME<<GIVEN", kDocument},
    {"--birth-date", "doc_birth_date", true, "YYYY-MM-DD", kDocument},
    {"--sex", "sex_doc", true, "M, F or X", kDocument},
    {"--number", "doc_number", true, "Document number", kDocument},
    {"--nationality", "doc_nationality", true, "ICAO code", kDocument},
    {"--issuer", "doc_issuer", true, "ICAO code", kDocument},
    {"--expiry-date", "doc_expiry_date", true, "YYYY-MM-DD", kDocument},
    {"--usage-name", "doc_usage_name", true, "A second surname the document shows", kDocument},
    {"--carrier", "carrier", false, "Airline, such as LH", kFlight},
    {"--flight-number", "flight_number", false, "Such as 400", kFlight},
    {"--departure-date", "departure_date", false, "Local date, YYYY-MM-DD", kFlight},
    {"--from", "from", false, "IATA airport code", kFlight},
    {"--to", "to", false, "IATA airport code", kFlight},
    {"--station", "station", false, "Where the passenger stands, IATA airport code", kFlight},
    {"--channel", "channel", false, "kiosk, gate, desk, web, app or bag_drop [kiosk]", kFlight},
    {"--purpose", "purpose", false, "boarding_check or api_accuracy [boarding_check]", kFlight},
    {"--locator", "locator", false, "Of the booking on the loaded flight", kFlight},
    {"--sequence", "sequence", false, "Its check-in sequence number", kFlight},
    {"--seat", "seat", false, "Its seat", kFlight},
};

struct Verify {
  CLI::App* command = nullptr;
  std::vector<std::string> values = std::vector<std::string>(std::size(kScenarioOptions));
  std::vector<std::string> zone;
  std::string request_id;
  std::string language_tag;
  std::string policy;
  bool local = false;
  Output output;
  ServerOptions server;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("verify", "Compare a passenger's booking with his document");
    command->add_flag("--local", local, "Judge here, without a server and without a record");
    command->add_option("--language", language_tag,
                        "With --local: en de fr es pt it tr ar zh ja [the locale's, else en]");
    command->add_option("--policy", policy, "With --local: judge under this policy file");
    for (std::size_t i = 0; i < values.size(); ++i) {
      const ScenarioOption& option = kScenarioOptions[i];
      command->add_option(option.option, values[i], option.help)->group(option.group);
    }
    command->add_option("--zone", zone, "Lines of the machine-readable zone, one argument each")
        ->expected(1, 3)
        ->group(kDocument);
    command->add_option("--request-id", request_id,
                        "UUID; give the same one to repeat a request [a new one]");
    output.add_to(command);
    server.add_to(command);
    command->footer(
        "Exit status: 0 MATCH, 3 REVIEW, 4 MISMATCH, 2 wrong usage, 1 error.\n"
        "Arguments count as typed by a person, and other users of the machine can see them;\n"
        "--jsonl reads from standard input instead.\n"
        "\n"
        "Examples:\n"
        "  paxid verify --local --booking 'MUELLER/HANS MR' --surname MÜLLER --given HANS\n"
        "  paxid verify --local --booking 'ERIKSSON/ANNA' --zone \\\n"
        "      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' \\\n"
        "      'L898902C36UTO7408122F1204159ZE184226B<<<<<10'\n"
        "  paxid verify --server localhost:7443 --ca ca.pem --cert k1.pem --key k1.key \\\n"
        "      --booking 'MUELLER/HANS MR' --surname MÜLLER --given HANS\n"
        "  paxid verify --local --jsonl < scenarios.jsonl");
  }

  json request() const {
    json to = json::object();
    json context = json::object();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const ScenarioOption& option = kScenarioOptions[i];
      if (!values[i].empty()) (option.in_context ? context : to)[option.key] = values[i];
    }
    if (!zone.empty()) to["zone"] = in_lines(zone);
    if (!request_id.empty()) to["request_id"] = request_id;
    to["context"] = std::move(context);
    return to;
  }

  int show(const verification::VerdictReport& report, const json& answer,
           const std::vector<CardLine>& lines) const {
    print_answer(output.json, answer,
                 verdict_card(report, lines, style_of_standard_output().colour));
    return exit_status_of(report.verdict);
  }

  // For programs English, unless another language is asked for.
  std::optional<messages::Language> language() const {
    if (!language_tag.empty()) return messages::language_from(language_tag);
    if (output.json || output.jsonl) return messages::Language::kEnglish;
    for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      const char* locale = std::getenv(variable);
      if (locale == nullptr || *locale == '\0') continue;
      return messages::language_from(locale).value_or(messages::Language::kEnglish);
    }
    return messages::Language::kEnglish;
  }

  int run_local() {
    const auto told = language();
    if (!told) return fail_usage(*command, "--language: no such language: " + language_tag);
    const auto engine = engine_with(policy);
    if (!engine) return fail(engine.error());
    if (output.jsonl) {
      return run_jsonl(std::cin, std::cout, [&](const json& line) {
        const auto station = text_at(line, "station").value_or("");
        return answer_verify_local(line, today_at(station), *engine, *told);
      });
    }
    const json asked = request();
    const auto report =
        judge_local(asked, Origin::kArguments, today_at(asked.value("station", "")), *engine);
    if (!report) return fail(report.error());
    if (output.json) {
      print_json(local_json(*report, *engine, *told));
    } else {
      const base::Message by{"SUGGESTED_BY",
                             {{"engine", base::PersonalText(verification::Engine::version())},
                              {"policy", base::PersonalText(engine->policy().reference())}},
                             {}};
      std::cout << verdict_card(*report, {}, style_of_standard_output().colour, *told) << "\n  "
                << messages::render(by, *told) << "\n";
    }
    return exit_status_of(report->verdict);
  }

  bool parsed() const { return command->parsed(); }

  int run() {
    if (!output.jsonl && request() == json{{"context", json::object()}}) {
      return fail_usage(*command, "say something about the passenger, such as --booking");
    }
    if (!output.jsonl) {
      if (const auto read = read_scenario(request()); !read) {
        return fail_usage(*command, read.error());
      }
    }
    if (local) return run_local();
    const auto client = server.connect();
    if (!client) return fail(client.error());
    if (output.jsonl) {
      return run_jsonl(std::cin, std::cout,
                       [&client](const json& line) { return answer_verify_remote(line, *client); });
    }
    if (request_id.empty()) request_id = sdk::new_request_id();
    const auto answer = judge_remote(request(), Origin::kArguments, *client);
    if (!answer) return fail_unanswered(answer.error(), request_id);
    return show(answer->report, answer_json(*answer), answer_lines(*answer));
  }
};

}  // namespace

Run add_verify(CLI::App& app) { return run_of<Verify>(app); }

}  // namespace paxid::cli
