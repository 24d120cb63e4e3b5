// paxid: reads zones, passes and booking names, compares names, verifies passengers, and
// fetches and checks the proof of a record. Only arguments are handled here; each subcommand
// has its own file.

#include <CLI/CLI.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/base64.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/progress_line.h"
#include "bcbp/passenger_list.h"
#include "clients/cli/audit_command.h"
#include "clients/cli/audit_question.h"
#include "clients/cli/barcode_picture.h"
#include "clients/cli/bench_command.h"
#include "clients/cli/boarding_pass_command.h"
#include "clients/cli/booking_name_command.h"
#include "clients/cli/case_command.h"
#include "clients/cli/compare_command.h"
#include "clients/cli/comparison_card.h"
#include "clients/cli/connection.h"
#include "clients/cli/decide_command.h"
#include "clients/cli/evaluate_command.h"
#include "clients/cli/export_command.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/mrz_command.h"
#include "clients/cli/names_command.h"
#include "clients/cli/passenger_list_command.h"
#include "clients/cli/policy_command.h"
#include "clients/cli/privacy_command.h"
#include "clients/cli/scenario.h"
#include "clients/cli/terminal.h"
#include "clients/cli/top_command.h"
#include "clients/cli/verdict_card.h"
#include "clients/cli/verify_command.h"
#include "clients/sdk/client.h"
#include "manual/manual.h"
#include "messages/catalogue.h"
#include "verification/engine.h"
#include "verification/station.h"

namespace {

using namespace paxid;
using nlohmann::json;

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

// How the answer is wanted.
struct Output {
  bool json = false;
  bool jsonl = false;

  void add_to(CLI::App* command) {
    auto* one = command->add_flag("--json", json, "Print the answer as JSON");
    command
        ->add_flag("--jsonl", jsonl,
                   "Answer one JSON object a line from standard input (docs/line_protocol.md),\n"
                   "which other users of the machine cannot see, unlike arguments")
        ->excludes(one);
  }
};

void print_json(const json& answer) {
  std::cout << answer.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

int fail(const base::Error& error) {
  std::cerr << "error: " << (error.field.empty() ? "" : error.field + ": ")
            << cli::printable(error.message) << "\n";
  const bool usage = error.field.starts_with("--");
  return usage ? kUsage : kFailed;
}

int fail_usage(const CLI::App& command, const std::string& message) {
  const CLI::App* group = command.get_parent();
  const bool is_part = group != nullptr && group->get_parent() != nullptr;
  std::cerr << "error: " << message << "\nSee: paxid "
            << (is_part ? group->get_name() + " " : std::string()) << command.get_name()
            << " --help\n";
  return kUsage;
}

// Standard input and files that are named as arguments.
constexpr std::size_t kMaxInputBytes = 1024 * 1024;

base::Date today() { return base::SystemClock().utc_date(); }

// The local date there; UTC where the station is not known.
base::Date today_at(const std::string& station) {
  return verification::station_date(base::SystemClock().unix_microseconds(), station);
}

std::string in_lines(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& line : arguments) text += (text.empty() ? "" : "\n") + line;
  return text;
}

// Text of a zone or a pass: from the arguments, or from standard input when there are none.
base::Result<std::string> text_from(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) return in_lines(arguments);
  auto text = base::read_stream(std::cin, kMaxInputBytes);
  if (!text) return base::fail(text.error().code, text.error().message, "standard input");
  return text;
}

// Beside the code that is meant a picture may show others; two that can be read are two answers.
base::Result<std::string> only_readable(std::vector<cli::BarcodeText> barcodes,
                                        const cli::Answer& answer) {
  if (barcodes.size() == 1) return std::move(barcodes[0].text);
  std::vector<std::string> readable;
  for (cli::BarcodeText& barcode : barcodes) {
    if (answer({{"raw", barcode.text}}).value("ok", false)) {
      readable.push_back(std::move(barcode.text));
    }
  }
  if (readable.size() == 1) return std::move(readable[0]);
  return base::fail(base::ErrorCode::kInvalidArgument,
                    "the picture shows " + std::to_string(barcodes.size()) + " barcodes, and " +
                        std::to_string(readable.size()) +
                        " of them can be read; cut it to the one that is meant");
}

// The same; a picture is read for its barcode.
base::Result<std::string> text_or_picture_from(const std::vector<std::string>& arguments,
                                               const cli::Answer& answer) {
  if (arguments.size() != 1 || !cli::is_picture_name(arguments[0])) return text_from(arguments);
  return cli::load_picture(arguments[0]).and_then(cli::read_barcodes).and_then([&](auto barcodes) {
    return only_readable(std::move(barcodes), answer);
  });
}

// The finding that says that an option, not the text, is wrong; else empty.
std::string wrong_option(const json& reply) {
  for (const json& finding : reply.value("findings", json::array())) {
    const std::string code = finding.value("code", "");
    for (const char* wrong : {"BAD_REFERENCE_DATE", "BAD_PUBLIC_KEY", "BAD_KEYS"}) {
      if (code == wrong) return code;
    }
  }
  return "";
}

// One of the subcommands that read a text, without a server.
struct Reading {
  CLI::App* command = nullptr;
  std::vector<std::string> arguments;
  std::string reference_date;
  std::string public_key_file;
  std::string keys_file;
  bool strict = false;
  Output output;
  cli::Answer answer;
  std::function<std::string(const json& request, const json& answer)> card;

  int run() {
    if (output.jsonl) return cli::run_jsonl(std::cin, std::cout, answer);
    const auto text = text_or_picture_from(arguments, answer);
    if (!text) return fail(text.error());
    json request{{"raw", *text}};
    if (strict) request["strict"] = true;
    if (!reference_date.empty()) request["reference_date"] = reference_date;
    if (!public_key_file.empty()) {
      const auto pem = base::read_file(public_key_file, kMaxInputBytes);
      if (!pem) return fail_usage(*command, pem.error().message);
      request["public_key_pem"] = *pem;
    }
    if (!keys_file.empty()) {
      const auto keys = base::read_file(keys_file, kMaxInputBytes);
      if (!keys) return fail_usage(*command, keys.error().message);
      request["keys"] = *keys;
    }
    const json reply = answer(request);
    if (const auto code = wrong_option(reply); !code.empty()) {
      return fail_usage(*command, code + ": an option's value cannot be used");
    }
    if (output.json) {
      print_json(reply);
    } else {
      std::cout << card(request, reply);
    }
    return reply.value("ok", false) ? kOk : kFailed;
  }
};

// `passenger-list`: a file, for people or as JSON.
struct PassengerListReading {
  CLI::App* command = nullptr;
  std::string file;
  std::string reference_date;
  Output output;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("passenger-list", "Read the passenger list of a flight");
    command->add_option("FILE", file, "PNL or ADL message, or CSV; - is standard input");
    command->add_option("--reference-date", reference_date, "YYYY-MM-DD [today]");
    output.add_to(command);
    command->footer(
        "Parts of a message may stand one behind the other in one file. A CSV names its columns\n"
        "in the first row: name, or surname and given; title, type (ADT, CHD, INF), locator,\n"
        "class, destination, seat, sequence, birth_date; flight, date, board.\n"
        "Exit status: 0 nothing is missing, 1 lines could not be read, 2 wrong usage. Example:\n"
        "  paxid passenger-list ops/samples/demo.pnl\n"
        "  paxid passenger-list - --json < list.csv");
  }

  base::Result<std::string> text() const {
    auto read = file == "-" ? base::read_stream(std::cin, bcbp::kMaxListBytes)
                            : base::read_file(file, bcbp::kMaxListBytes);
    if (!read) return base::fail(read.error().code, read.error().message);
    return read;
  }

  int run() const {
    const auto answer = [](const json& request) {
      return cli::answer_passenger_list(request, today());
    };
    if (output.jsonl) return cli::run_jsonl(std::cin, std::cout, answer);
    if (file.empty()) return fail_usage(*command, "name a file, or - for standard input");
    const auto list = text();
    if (!list) return fail(list.error());
    const std::vector<std::uint8_t> bytes(list->begin(), list->end());
    json request{{"raw_base64", base::to_base64(bytes)}};
    if (!reference_date.empty()) request["reference_date"] = reference_date;
    const json reply = answer(request);
    if (const auto code = wrong_option(reply); !code.empty()) {
      return fail_usage(*command, code + ": an option's value cannot be used");
    }
    if (output.json) {
      print_json(reply);
    } else {
      std::cout << cli::passenger_list_table(reply);
    }
    return reply.value("ok", false) ? kOk : kFailed;
  }
};

// One of the two names of `compare`, from arguments.
struct NameArguments {
  std::string full;
  std::string surname;
  std::string given;
  std::string source;
  std::string language;
  std::string issuer;

  // `side` is "A" or "B".
  void add_to(CLI::App* command, const char* side, const std::string& suffix) {
    const std::string group = std::string("Name ") + side;
    const CLI::IsMember places({"booking", "boarding_pass", "mrz", "visual", "chip", "typed"});
    command->add_option(side, full,
                        "SURNAME/GIVEN, SURNAME<<GIVEN, \"Surname, Given\" or as printed");
    command->add_option("--surname" + suffix, surname, "Surname, instead of the whole name")
        ->group(group);
    command->add_option("--given" + suffix, given, "Given names, likewise")->group(group);
    command
        ->add_option("--source" + suffix, source,
                     "Where it was read, and so what may have happened to it [typed]")
        ->check(places)
        ->group(group);
    command->add_option("--language" + suffix, language, "BCP 47 code, such as ru [unknown]")
        ->group(group);
    command->add_option("--issuer" + suffix, issuer, "ICAO code of the document's issuer [unknown]")
        ->group(group);
  }

  bool given_twice() const { return !full.empty() && (!surname.empty() || !given.empty()); }
  bool empty() const { return full.empty() && surname.empty() && given.empty(); }

  json request() const {
    json to = json::object();
    const auto put = [&to](const char* key, const std::string& text) {
      if (!text.empty()) to[key] = text;
    };
    put("full", full);
    put("surname", surname);
    put("given", given);
    put("source", source);
    put("language", language);
    put("issuer", issuer);
    return to;
  }
};

struct Compare {
  CLI::App* command = nullptr;
  NameArguments a;
  NameArguments b;
  double prior = cli::kDefaultPrior;
  Output output;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("compare", "Say how far two names are one person's");
    a.add_to(command, "A", "-a");
    b.add_to(command, "B", "-b");
    command->add_option("--prior", prior, "Probability of one person before the names are seen")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    output.add_to(command);
    command->footer(
        "Every aligned piece of the two names is a reason with bits: +1 bit doubles the odds of\n"
        "one person, -1 bit halves them. The bits add up to the log-odds; a calibration that was\n"
        "learned from labelled pairs turns these into a probability, and the prior comes last.\n"
        "A script without a table gives no opinion: the probability is the prior.\n"
        "\n"
        "Say where a name was read: a zone cuts at 39, 31 or 30 characters, a boarding pass at\n"
        "20, a booking glues titles on. With the language a native name has fewer spellings.\n"
        "\n"
        "Examples:\n"
        "  paxid compare 'MUELLER/HANS MR' 'Müller, Hans'     spelling and title: one person\n"
        "  paxid compare ROSSI/MARIO ROSSI/MARIA             one letter: another person\n"
        "  paxid compare ROSSI/MARIO ROSSI/MARIP             one letter: a slip\n"
        "  paxid compare --language-b ru 'YULIYA IVANOVA' 'Юлия Иванова'\n"
        "  paxid compare --source-a boarding_pass 'VENKATANARASIMHARAJU' \\\n"
        "      --surname-b VENKATANARASIMHARAJUVARIPETA --given-b RAMA --source-b visual\n"
        "  paxid compare --prior 0.999 --json 'SMITH/J' 'John Smith'\n"
        "\n"
        "Exit status: 0 compared, 1 refused, 2 wrong usage. See also: paxid evaluate --help");
  }

  int run() {
    if (output.jsonl) return cli::run_jsonl(std::cin, std::cout, cli::answer_compare);
    if (a.empty() || b.empty()) return fail_usage(*command, "give two names");
    if (a.given_twice() || b.given_twice()) {
      return fail_usage(*command, "give a name whole or as surname and given names, not both");
    }
    const json request{{"a", a.request()}, {"b", b.request()}, {"prior", prior}};
    const auto name_a = cli::name_from(request["a"]);
    const auto name_b = cli::name_from(request["b"]);
    if (output.json || !name_a || !name_b) {
      const json reply = cli::answer_compare(request);
      print_json(reply);
      return reply.value("ok", false) ? kOk : kFailed;
    }
    const matcher::PreparedName prepared_a = matcher::prepare(*name_a);
    const matcher::PreparedName prepared_b = matcher::prepare(*name_b);
    const matcher::Comparison comparison = matcher::compare(prepared_a, prepared_b);
    std::cout << cli::comparison_card(
        comparison,
        {prior, name_a->language.empty() ? name_b->language : name_a->language,
         cli::lever_of(prepared_a, prepared_b, comparison, prior), cli::has_mixed_scripts(*name_a),
         cli::has_mixed_scripts(*name_b)},
        cli::style_of_standard_output());
    return kOk;
  }
};

struct SpellNames {
  CLI::App* command = nullptr;
  std::string name;
  std::string language;
  std::size_t limit = cli::kUsualSpellings;
  Output output;

  void add_to(CLI::App& app) {
    CLI::App* names = app.add_subcommand("names", "Say how names are written");
    names->require_subcommand(1);
    command = names->add_subcommand("spell", "List the likely Latin spellings of a name");
    command->add_option("NAME", name, "The name, in any script");
    command->add_option("--language", language, "Its language (BCP 47, \"uk\", \"zh-tw\")");
    command->add_option("--limit", limit, "Spellings of each word")
        ->check(CLI::Range(std::size_t{1}, cli::kMaxSpellings))
        ->capture_default_str();
    output.add_to(command);
    command->footer(
        "Bits say how unusual a spelling is: each bit more is half as likely. Beside it stand the\n"
        "passport standards that write the word so. Without --language every language that the\n"
        "letters allow is weighed. docs/scripts.md lists scripts, languages and standards.\n"
        "\n"
        "Examples:\n"
        "  paxid names spell Юлия\n"
        "  paxid names spell --language uk 'Згурський Євген'\n"
        "  paxid names spell --language zh-tw --limit 5 蔡英文\n"
        "  paxid names spell --json さとう");
  }

  int run() {
    if (output.jsonl) return cli::run_jsonl(std::cin, std::cout, cli::answer_names_spell);
    if (name.empty()) return fail_usage(*command, "give a name");
    const json reply =
        cli::answer_names_spell({{"name", name}, {"language", language}, {"limit", limit}});
    if (output.json) {
      print_json(reply);
    } else {
      std::cout << cli::spelling_card(reply, cli::style_of_standard_output());
    }
    return reply.value("words", json::array()).empty() ? kFailed : kOk;
  }
};

// The engine with the policy of a file, or the compiled-in one.
base::Result<verification::Engine> engine_with(const std::string& policy_file) {
  return cli::load_policy(policy_file).map([](verification::Policy policy) {
    return verification::Engine(std::move(policy));
  });
}

// A file of cases; "-" is standard input.
template <class Read>
base::Result<json> read_cases(const std::string& file, Read read) {
  if (file == "-") return read(std::cin);
  std::ifstream in(file, std::ios::binary);
  if (!in) return base::fail(base::ErrorCode::kNotFound, "cannot be read", file);
  return read(in);
}

struct Evaluate {
  CLI::App* command = nullptr;
  std::string file;
  std::string policy;
  bool gate = false;
  std::string html;
  bool as_json = false;
  std::vector<std::string> leave_out;
  std::vector<std::string> slips;
  std::vector<std::string> look_alikes;
  cli::EvaluateOptions options;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("evaluate", "Measure the name matcher on your own labelled pairs");
    command->add_option("FILE", file, "JSONL or CSV; - is standard input")->required();
    auto* of_gate = command->add_flag(
        "--gate", gate,
        "FILE holds gate scenarios (docs/line_protocol.md) with the `expected` verdict and,\n"
        "where known, also_ok, must_not and region: counts acceptable verdicts, false passes,\n"
        "false denials and reviews, per region");
    command->add_option("--policy", policy, "For --gate: judge under this policy file")
        ->needs(of_gate);
    command->add_option("--html", html, "Write a page with ROC and reliability curves here");
    command->add_flag("--json", as_json, "Print the figures as JSON");
    command->add_option("--prior", options.prior, "Share of pairs of one person in your traffic")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command->add_option("--by", options.by, "Keys that make slices; \"family\" is paxid's own")
        ->capture_default_str();
    command->add_option("--leave-out", leave_out, "KEY=VALUE of pairs that do not count");
    command->add_option("--slips", slips,
                        "KEY=VALUE of mistyped names of one person [kind=slip kind=typo]");
    command->add_option("--look-alikes", look_alikes,
                        "KEY=VALUE of like names of two persons\n"
                        "[kind=look_alike kind=different_gender_pair]");
    command->add_option("--resamples", options.resamples, "Bootstrap samples; 0: no intervals")
        ->check(CLI::Range(std::size_t{0}, evaluation::kMaxResamples))
        ->capture_default_str();
    command->add_option("--seed", options.seed, "Of the bootstrap")->capture_default_str();
    command->footer(
        "FILE holds one pair a line: JSON with \"a\", \"b\" (a text, or an object as `compare`\n"
        "takes it) and \"same\" (true or false), or CSV whose header names a, b and same (or\n"
        "a_surname, a_given, b_surname, ...; also a_source, a_language, a_issuer). Any other key\n"
        "can make slices; an array puts a pair into several. Example lines:\n"
        "  {\"a\": \"ROSSI/MARIO\", \"b\": \"Mario Rossi\", \"same\": true, \"kind\": \"order\"}\n"
        "  {\"a\": {\"surname\": \"Ito\", \"given\": \"Ken\", \"source\": \"mrz\"}, ...}\n"
        "  a,b,same,kind\n"
        "  ROSSI/MARIO,Maria Rossi,false,look_alike\n"
        "\n"
        "A line that cannot be used is named with its number on standard error and left out.\n"
        "The figures are defined in docs/evaluation.md: AUC; TPR where 1 % and 0.1 % of the pairs\n"
        "of two persons pass; best F1; ECE with its 95 % bootstrap interval; Brier; the share of\n"
        "look-alikes that pass where 95 % of slips do. Names are neither printed nor kept; the\n"
        "page holds figures and slice names only.\n"
        "\n"
        "Limits: 2,000,000 pairs, 1 MiB a line, the 40 largest slices, 64 further values a pair.\n"
        "\n"
        "Examples:\n"
        "  paxid evaluate ops/samples/name_pairs.csv\n"
        "  paxid evaluate pairs.jsonl --html report.html\n"
        "  paxid evaluate pairs.csv --by airline --by channel --prior 0.98\n"
        "  paxid evaluate - --json --leave-out kind=alias < pairs.jsonl\n"
        "  paxid evaluate --gate scenarios.jsonl --policy ops/policies/default.toml\n"
        "\n"
        "Exit status: 0 measured, 1 no usable pair or a file failed, 2 wrong usage.");
  }

  // False when one is no KEY=VALUE.
  static bool take(const std::vector<std::string>& texts, std::vector<cli::KeyValue>& to) {
    if (!texts.empty()) to.clear();
    for (const std::string& text : texts) {
      const auto read = cli::key_value_from(text);
      if (!read) return false;
      to.push_back(*read);
    }
    return true;
  }

  base::Result<cli::Evaluation> measure() {
    base::ProgressLine line;
    options.progress = [&line](std::string_view doing, std::size_t pairs, double share) {
      std::string text = std::string(doing) + " " + std::to_string(pairs) + " pairs";
      if (share > 0) text += ", " + std::to_string(static_cast<int>(share * 100)) + " %";
      line.show(text);
    };
    if (file == "-") return cli::evaluate(std::cin, options);
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in || in.tellg() < 0) {
      return base::fail(base::ErrorCode::kNotFound, "cannot be read", file);
    }
    options.file_bytes = static_cast<std::size_t>(in.tellg());
    in.seekg(0);
    return cli::evaluate(in, options);
  }

  int run_gate() {
    const auto engine = engine_with(policy);
    if (!engine) return fail(engine.error());
    const auto answer = read_cases(
        file, [&engine](std::istream& in) { return cli::evaluate_gate(in, *engine, today()); });
    if (!answer) return fail(answer.error());
    if (as_json) {
      print_json(*answer);
    } else {
      std::cout << cli::gate_card(*answer);
    }
    return (*answer)["all"].value("cases", 0) > 0 ? kOk : kFailed;
  }

  int run() {
    if (gate) return run_gate();
    if (!take(leave_out, options.leave_out) || !take(slips, options.slips) ||
        !take(look_alikes, options.look_alikes)) {
      return fail_usage(*command, "a condition is KEY=VALUE");
    }
    auto measured = measure();
    if (!measured) {
      if (measured.error().field.empty()) measured.error().field = file;
      fail(measured.error());
      return kFailed;
    }
    for (const std::string& warning : cli::warnings_of(*measured)) {
      std::cerr << "note: " << cli::printable(warning) << "\n";
    }
    if (!html.empty()) {
      std::ofstream out(html, std::ios::binary);
      out << cli::evaluation_page(*measured, file == "-" ? "standard input" : file,
                                  std::string(verification::Engine::version()));
      if (!out.flush()) return fail({base::ErrorCode::kUnavailable, "cannot be written", html});
    }
    if (as_json) {
      json figures = cli::evaluation_json(*measured);
      figures["engine"] = verification::Engine::version();
      print_json(figures);
    } else {
      std::cout << cli::evaluation_table(*measured, cli::style_of_standard_output());
    }
    return kOk;
  }
};

// The options that name a server.
struct ServerOptions {
  cli::ConnectionOptions connection;

  void add_to(CLI::App* command) {
    const char* group = "Server";
    command->add_option("--server", connection.server, "HOST:PORT [$PAXID_SERVER, client.toml]")
        ->group(group);
    command->add_option("--ca", connection.ca, "Whom to trust, PEM [$PAXID_CA]")->group(group);
    command->add_option("--cert", connection.certificate, "Who we are, PEM [$PAXID_CERT]")
        ->group(group);
    command->add_option("--key", connection.key, "Our private key, PEM [$PAXID_KEY]")->group(group);
    command
        ->add_option("--deadline-ms", connection.deadline_ms,
                     "For one attempt; a second one follows when no answer came")
        ->check(CLI::Range(1, 60'000))
        ->capture_default_str()
        ->group(group);
  }

  base::Result<sdk::Client> connect() const {
    auto options = cli::resolve(connection);
    if (!options) return tl::unexpected(options.error());
    return sdk::Client::connect(*options);
  }
};

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
           const std::vector<cli::CardLine>& lines) const {
    if (output.json) {
      print_json(answer);
    } else {
      std::cout << cli::verdict_card(report, lines, cli::style_of_standard_output().colour);
    }
    return cli::exit_status_of(report.verdict);
  }

  // Whether a record exists is not known then; only the same id makes no second one.
  int fail_remote(base::Error error) const {
    if (error.code == base::ErrorCode::kUnavailable) {
      error.message += "; repeat with --request-id " + request_id;
    }
    return fail(error);
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
      return cli::run_jsonl(std::cin, std::cout, [&](const json& line) {
        const auto station = cli::text_at(line, "station").value_or("");
        return cli::answer_verify_local(line, today_at(station), *engine, *told);
      });
    }
    const json asked = request();
    const auto report = cli::judge_local(asked, cli::Origin::kArguments,
                                         today_at(asked.value("station", "")), *engine);
    if (!report) return fail(report.error());
    if (output.json) {
      print_json(cli::local_json(*report, *engine, *told));
    } else {
      const base::Message by{"SUGGESTED_BY",
                             {{"engine", base::PersonalText(verification::Engine::version())},
                              {"policy", base::PersonalText(engine->policy().reference())}},
                             {}};
      std::cout << cli::verdict_card(*report, {}, cli::style_of_standard_output().colour, *told)
                << "\n  " << messages::render(by, *told) << "\n";
    }
    return cli::exit_status_of(report->verdict);
  }

  int run() {
    if (!output.jsonl && request() == json{{"context", json::object()}}) {
      return fail_usage(*command, "say something about the passenger, such as --booking");
    }
    if (!output.jsonl) {
      if (const auto read = cli::read_scenario(request()); !read) {
        return fail_usage(*command, read.error().field + " " + read.error().message);
      }
    }
    if (local) return run_local();
    const auto client = server.connect();
    if (!client) return fail(client.error());
    if (output.jsonl) {
      return cli::run_jsonl(std::cin, std::cout, [&client](const json& line) {
        return cli::answer_verify_remote(line, *client);
      });
    }
    if (request_id.empty()) request_id = sdk::new_request_id();
    const auto answer = cli::judge_remote(request(), cli::Origin::kArguments, *client);
    if (!answer) return fail_remote(answer.error());
    return show(answer->report, cli::answer_json(*answer), cli::answer_lines(*answer));
  }
};

struct PolicyFiles {
  CLI::App* check = nullptr;
  CLI::App* explain = nullptr;
  CLI::App* diff = nullptr;
  std::vector<std::string> files;
  std::string carrier, from, to, date;
  bool as_json = false;

  void add_to(CLI::App& app) {
    auto* command = app.add_subcommand("policy", "Check, explain and compare policy files");
    command->require_subcommand(1);
    check = command->add_subcommand("check", "Say what is wrong with a policy file, with the line");
    check->add_option("FILE", files, "A policy file (docs/policy.md)")->required()->expected(1);
    explain = command->add_subcommand("explain", "Which rules hold, and where each comes from");
    explain->add_option("FILE", files, "A policy file [the compiled-in one]")->expected(0, 1);
    explain->add_option("--carrier", carrier, "Airline, such as LH");
    explain->add_option("--from", from, "IATA airport code");
    explain->add_option("--to", to, "IATA airport code");
    explain->add_option("--date", date, "Day of the flight, YYYY-MM-DD [today]");
    diff = command->add_subcommand("diff", "What differs between two policy files");
    diff->add_option("FILES", files, "Two policy files")->required()->expected(2);
    for (auto* one : {check, explain, diff}) one->add_flag("--json", as_json, "Print JSON");
    command->footer(
        "Exit status: 0 fine, 1 problems found or a file failed, 2 wrong usage.\n"
        "Examples:\n"
        "  paxid policy check ops/policies/default.toml\n"
        "  paxid policy explain --carrier LA --from SCL --to FRA\n"
        "  paxid policy diff ops/policies/default.toml new.toml");
  }

  bool parsed() const { return check->parsed() || explain->parsed() || diff->parsed(); }

  int show(const json& answer, const std::string& card) const {
    if (as_json) {
      print_json(answer);
    } else {
      std::cout << card;
    }
    return kOk;
  }

  int run_check() const {
    const auto text = base::read_file(files[0], kMaxInputBytes);
    if (!text) return fail({text.error().code, text.error().message, files[0]});
    const json answer = cli::check_policy(*text);
    show(answer, cli::check_card(files[0], answer));
    return answer.value("ok", false) ? kOk : kFailed;
  }

  int run_explain() const {
    const auto policy = cli::load_policy(files.empty() ? "" : files[0]);
    if (!policy) return fail(policy.error());
    const auto day = date.empty() ? std::optional(today_at(from)) : base::parse_iso_date(date);
    if (!day) return fail_usage(*explain, "--date: must be a day of the calendar, YYYY-MM-DD");
    const json answer = cli::explain_policy(*policy, {carrier, from, to, day, *day});
    return show(answer, cli::explain_card(answer));
  }

  int run_diff() const {
    const auto a = cli::load_policy(files[0]);
    if (!a) return fail(a.error());
    const auto b = cli::load_policy(files[1]);
    if (!b) return fail(b.error());
    const json answer = cli::diff_policies(*a, *b);
    return show(answer, cli::diff_card(answer));
  }

  int run() const {
    if (check->parsed()) return run_check();
    return explain->parsed() ? run_explain() : run_diff();
  }
};

struct Replay {
  CLI::App* command = nullptr;
  std::string file;
  std::string policy;
  std::string old_policy;
  bool as_json = false;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("replay", "Judge cases again under another policy or engine");
    command->add_option("FILE", file, "Gate scenarios, one JSON object a line; - is standard input")
        ->required();
    command->add_option("--policy", policy, "The new policy file [the compiled-in one]");
    command->add_option("--from-policy", old_policy,
                        "The policy to compare with [the compiled-in one], for cases that do not\n"
                        "record their `verdict`");
    command->add_flag("--json", as_json, "Print JSON");
    command->footer(
        "Prints what changes: how often, and for each case its id, both verdicts and the rules.\n"
        "Exit status: 0 replayed, 1 a file failed, 2 wrong usage.\n"
        "Example:\n"
        "  paxid replay --policy new.toml cases.jsonl");
  }

  int run() const {
    const auto before = engine_with(old_policy);
    if (!before) return fail(before.error());
    const auto next = engine_with(policy);
    if (!next) return fail(next.error());
    const auto answer = read_cases(
        file, [&](std::istream& in) { return cli::replay(in, *before, *next, today()); });
    if (!answer) return fail(answer.error());
    if (as_json) {
      print_json(*answer);
    } else {
      std::cout << cli::replay_card(*answer);
    }
    return kOk;
  }
};

struct Export {
  CLI::App* command = nullptr;
  ServerOptions server;
  cli::PrivacyArguments arguments;
  std::string directory;
  std::string profile = "internal";
  std::string from;
  std::string until;
  std::string flight;
  std::string departure_date;
  std::string verdict;
  std::string station;
  std::string subject;
  std::string language = "en";

  void add_to(CLI::App* audit) {
    command = audit->add_subcommand("export", "Write a part of the log for a recipient outside");
    command->add_option("DIRECTORY", directory, "New, or of an export that was interrupted")
        ->required();
    command->add_option("--profile", profile,
                        "border, data_protection, civil_aviation, internal or data_subject\n"
                        "[internal]; names need the role privacy_officer");
    command->add_option("--from", from, "First day, YYYY-MM-DD in UTC");
    command->add_option("--until", until, "Day after the last one");
    command->add_option("--flight", flight, "Bodies of this flight only, such as LH400 or DLH400");
    command->add_option("--departure-date", departure_date, "Of the flight, YYYY-MM-DD");
    command->add_option("--verdict", verdict, "Bodies of MATCH, REVIEW or MISMATCH only");
    command->add_option("--station", station, "Bodies of this airport only");
    command->add_option("--subject", subject, "Bodies of this person only, 32 hex digits");
    command->add_option("--language", language,
                        "Of README and report: en, de, fr, es, pt, it, tr, ar, zh or ja [en]");
    command->add_option("--reference", arguments.reference, "Number of the case, no name")
        ->required();
    arguments.purpose = "audit";
    command->add_option("--purpose", arguments.purpose,
                        "audit, supervision, fine_defence, claim_defence or subject_request "
                        "[audit]");
    server.add_to(command);
    command->footer(
        "Every leaf of the period is in it, so that nobody can leave one out; filters choose "
        "bodies.\n"
        "The export is on record, before its first page and with its manifest. One with names is\n"
        "released by a second privacy officer (paxid audit release). Examples:\n"
        "  paxid audit export november --from 2026-11-01 --until 2026-12-01 --reference AUD-3\n"
        "  paxid audit export case --profile border --flight LH400 --departure-date 2026-11-22 \\\n"
        "      --purpose fine_defence --reference FINE-7\n"
        "  paxid-audit-verify november --vkey demo.vkey");
  }

  std::optional<sdk::ExportSelection> selection() const {
    sdk::ExportSelection wanted;
    const auto known = sdk::export_profile_from(profile);
    if (!known) return std::nullopt;
    wanted.profile = *known;
    if (!cli::read_day(from, wanted.from_unix_seconds) ||
        !cli::read_day(until, wanted.until_unix_seconds) ||
        !cli::read_flight(flight, wanted.carrier, wanted.flight_number)) {
      return std::nullopt;
    }
    wanted.departure_date = departure_date;
    wanted.verdict = verdict;
    wanted.station = station;
    if (!subject.empty()) {
      const auto bytes = base::from_hex(subject);
      if (!bytes || bytes->size() != 16) return std::nullopt;
      wanted.subject_ref.emplace();
      std::copy(bytes->begin(), bytes->end(), wanted.subject_ref->begin());
    }
    return wanted;
  }

  int run() const {
    const auto wanted = selection();
    const auto context = cli::privacy_context_from(arguments);
    const auto known_language = messages::language_from(language);
    if (!wanted || !context || !known_language) {
      return fail_usage(
          *command,
          "a profile, day, flight, subject, purpose or language is none of the known ones");
    }
    const auto client = server.connect();
    if (!client) return fail(client.error());
    auto files = cli::ExportFiles::open(directory, {*context, *wanted});
    if (!files) return fail(files.error());
    std::optional<base::ProgressLine> line(std::in_place);
    do {
      const auto page =
          client->export_page(files->context(), *wanted, files->next_leaf(), files->end_leaf());
      if (!page) {
        if (page.error().message.starts_with("RELEASE_NEEDED")) {
          std::cerr << "Another privacy officer has to release it:\n  paxid audit release "
                    << files->context().request_id << " --reference " << arguments.reference
                    << "\nThen give the same command again.\n";
        }
        return fail(page.error());
      }
      if (auto added = files->add(*page); !added) return fail(added.error());
      line->show(std::to_string(files->next_leaf()) + " of " + std::to_string(files->end_leaf()) +
                 " leaves");
    } while (files->next_leaf() < files->end_leaf());
    line.reset();
    const auto head = client->checkpoint();
    if (!head) return fail(head.error());
    const std::string origin = head->note.substr(0, head->note.find('\n'));
    const auto hash = files->finish(origin, *known_language);
    if (!hash) return fail(hash.error());
    sdk::PrivacyContext sealing = *context;
    sealing.request_id = sdk::new_request_id();
    const auto sealed =
        client->seal_export(sealing, files->context().request_id, *hash, files->end_leaf());
    if (!sealed) return fail(sealed.error());
    if (auto written = files->seal(*sealed); !written) return fail(written.error());
    std::cout << directory << ": leaves " << files->first_leaf() << " to " << files->end_leaf()
              << " of " << origin << "\n";
    return kOk;
  }
};

// What an auditor asks: docs/export.md lists the questions.
struct Questions {
  CLI::App* overrides = nullptr;
  CLI::App* accepted = nullptr;
  CLI::App* looks = nullptr;
  CLI::App* decisions = nullptr;
  CLI::App* errors = nullptr;
  CLI::App* flight = nullptr;
  CLI::App* whole = nullptr;
  ServerOptions server;
  cli::PrivacyArguments arguments;
  std::string from;
  std::string until;
  std::string verdict = "MISMATCH";
  std::string operator_id;
  std::string reason;
  std::string station;
  std::string policy;
  std::string flight_name;
  std::string departure_date;
  std::string vkey;
  bool as_json = false;

  void add_to(CLI::App* audit) {
    overrides = audit->add_subcommand("overrides", "What people decided against the suggestion");
    overrides->add_option("--operator", operator_id, "Of this person only: operator id");
    overrides->add_option("--verdict", verdict,
                          "Of suggestions with this verdict, or `any` [MISMATCH]");
    accepted = audit->add_subcommand("accepted", "What people accepted");
    accepted->add_option("--reason", reason,
                         "minor_spelling, nickname, name_change, transliteration,\n"
                         "data_correction, misread or reboarding [any]");
    accepted->add_option("--station", station, "At this airport [any]");
    looks = audit->add_subcommand("looks", "Who looked at a person's records, or exported them");
    looks->add_option("--issuer", arguments.issuer, "Of the document: ICAO code");
    looks->add_option("--document-number", arguments.number,
                      "As printed in the zone; needs the role privacy_officer");
    looks->add_option("--record", arguments.record,
                      "Request id of one of the records; needs the role privacy_officer");
    looks->add_option("--subject", arguments.subject, "Reference in the log, 32 hex digits");
    decisions = audit->add_subcommand("decisions", "What was decided under a policy");
    decisions->add_option("--policy", policy, "Its name and date, or the beginning of its SHA-256")
        ->required();
    errors = audit->add_subcommand("errors", "How often suggestions were wrong, by issuing State");
    flight = audit->add_subcommand("flight", "Everything on record about a flight, in order");
    flight->add_option("FLIGHT", flight_name, "Such as LH400 or DLH400")->required();
    flight->add_option("--departure-date", departure_date, "YYYY-MM-DD");
    whole = audit->add_subcommand("whole", "Whether the log is whole between two dates");
    whole->add_option("--vkey", vkey, "The log's verifier key, or a file with it")->required();
    for (CLI::App* command : all()) {
      command->add_option("--from", from, "First day, YYYY-MM-DD in UTC");
      command->add_option("--until", until, "Day after the last one");
      command->add_option("--reference", arguments.reference, "Number of the case, no name")
          ->required();
      command->add_flag("--json", as_json, "Print a JSON object a line");
      server.add_to(command);
    }
    arguments.purpose = "audit";
    overrides->footer("Example:\n  paxid audit overrides --operator 4711 --reference AUD-4");
    accepted->footer(
        "Example:\n  paxid audit accepted --reason nickname --station FRA --reference AUD-4");
    looks->footer(
        "Exports with names are listed when their filter fits a record of the person. Example:\n"
        "  paxid audit looks --issuer UTO --document-number L898902C3 --reference DSAR-17");
    decisions->footer("Example:\n  paxid audit decisions --policy 5f3a09c1 --reference AUD-5");
    errors->footer("Example:\n  paxid audit errors --from 2026-11-01 --reference AUD-6");
    flight->footer(
        "Example:\n  paxid audit flight LH400 --departure-date 2026-11-22 --reference AUD-7");
    whole->footer(
        "Exit status: 0 whole, 1 not. Example:\n"
        "  paxid audit whole --from 2026-11-01 --until 2026-12-01 --vkey demo.vkey "
        "--reference AUD-8");
  }

  std::array<CLI::App*, 7> all() const {
    return {overrides, accepted, looks, decisions, errors, flight, whole};
  }
  CLI::App* parsed() const {
    for (CLI::App* command : all()) {
      if (command->parsed()) return command;
    }
    return nullptr;
  }

  // The question, and the answer that is looked for; nothing when an argument is none of the known.
  std::unique_ptr<cli::AuditAnswer> answer(sdk::ExportSelection& wanted) const {
    if (overrides->parsed()) {
      wanted.question = sdk::AuditQuestion::kOverrides;
      wanted.operator_id = operator_id;
      return cli::overrides_answer(verdict == "any" ? "" : verdict);
    }
    if (accepted->parsed()) {
      wanted.question = sdk::AuditQuestion::kAccepted;
      wanted.station = station;
      return cli::accepted_answer(reason, station);
    }
    if (decisions->parsed()) {
      wanted.question = sdk::AuditQuestion::kPolicy;
      return cli::policy_answer(policy);
    }
    if (errors->parsed()) {
      wanted.question = sdk::AuditQuestion::kErrors;
      return cli::errors_answer();
    }
    wanted.question = sdk::AuditQuestion::kFlight;
    wanted.departure_date = departure_date;
    if (!cli::read_flight(flight_name, wanted.carrier, wanted.flight_number)) return nullptr;
    return cli::everything_answer();
  }

  // Asks for the leaves, page by page.
  template <class Use>
  static base::Result<sdk::ExportPage> walk(const sdk::Client& client,
                                            const sdk::PrivacyContext& context,
                                            const sdk::ExportSelection& wanted, Use use) {
    base::ProgressLine line;
    std::uint64_t next = 0;
    std::uint64_t end = 0;
    for (;;) {
      auto page = client.export_page(context, wanted, next, end);
      if (!page) return page;
      if (auto used = use(*page); !used) return tl::unexpected(used.error());
      next = page->next_leaf;
      end = page->end_leaf;
      line.show(std::to_string(next) + " of " + std::to_string(end) + " leaves");
      if (next >= end) return page;
    }
  }

  int print_answer(const sdk::Client& client, const sdk::PrivacyContext& context,
                   const sdk::ExportSelection& wanted, cli::AuditAnswer& answer) const {
    std::uint64_t rows = 0;
    const auto emit = [&](const json& row) {
      ++rows;
      std::cout << (as_json ? row.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"
                            : cli::row_line(row));
    };
    const auto last =
        walk(client, context, wanted, [&](const sdk::ExportPage& page) -> base::Result<void> {
          for (const sdk::ExportedRecord& record : page.records) {
            auto leaf = audit::decode_leaf(record.leaf_data);
            if (!leaf) return tl::unexpected(leaf.error());
            json body = json::parse(record.body_json, nullptr, /*allow_exceptions=*/false);
            if (!body.is_object()) body = json::object();
            answer.see({record.leaf_index, *leaf, record.body_state, std::move(body)}, emit);
          }
          return {};
        });
    if (!last) return fail(last.error());
    answer.finish(emit);
    if (!as_json && rows == 0) std::cout << "nothing on record\n";
    return kOk;
  }

  int run_whole(const sdk::Client& client, const sdk::PrivacyContext& context,
                sdk::ExportSelection wanted) const {
    const auto keys = cli::trusted_keys(vkey);
    if (!keys) return fail_usage(*whole, keys.error().field + " " + keys.error().message);
    wanted.question = sdk::AuditQuestion::kWhole;
    cli::WholeCheck check;
    const auto last =
        walk(client, context, wanted, [&](const sdk::ExportPage& page) { return check.see(page); });
    base::Result<void> outcome = last ? base::Result<void>() : tl::unexpected(last.error());
    if (!last && last.error().code != base::ErrorCode::kDataLoss) return fail(last.error());
    if (last) {
      const auto head = client.checkpoint();
      if (!head) return fail(head.error());
      const auto proof = client.consistency_proof(last->end_leaf, head->tree_size);
      if (!proof) return fail(proof.error());
      outcome = check.finish(*last, *keys, head->note, proof->hashes);
    }
    const auto unexplained = check.unexplained();
    // A body may be erased after the last leaf that was asked for.
    if (outcome && wanted.until_unix_seconds == std::nullopt && !unexplained.empty()) {
      outcome =
          base::fail(base::ErrorCode::kDataLoss, "leaf " + std::to_string(unexplained.front()) +
                                                     ": its body is missing and nothing erased it");
    }
    if (as_json) {
      json answer{{"whole", outcome.has_value()}, {"bodies_gone", check.gone()}};
      if (last) answer["first_leaf"] = last->first_leaf;
      if (last) answer["end_leaf"] = last->end_leaf;
      if (!outcome) answer["message"] = outcome.error().message;
      print_json(answer);
    } else if (outcome) {
      std::cout << "WHOLE  leaves " << last->first_leaf << " to " << last->end_leaf - 1
                << " stand in the signed log, one behind the other; " << check.gone()
                << " bodies were erased or pruned\n";
    } else {
      std::cout << "NOT WHOLE  " << cli::printable(outcome.error().message) << "\n";
    }
    return outcome ? kOk : kFailed;
  }

  int run() const {
    CLI::App* command = parsed();
    sdk::ExportSelection wanted;
    const auto context = cli::privacy_context_from(arguments);
    if (!context || !cli::read_day(from, wanted.from_unix_seconds) ||
        !cli::read_day(until, wanted.until_unix_seconds)) {
      return fail_usage(*command, "a day is none");
    }
    const auto client = server.connect();
    if (!client) return fail(client.error());
    if (whole->parsed()) return run_whole(*client, *context, wanted);
    if (looks->parsed()) {
      const auto subject = cli::subject_from(arguments);
      if (!subject) {
        return fail_usage(*looks, subject.error().field + " " + subject.error().message);
      }
      audit::Id16 ref{};
      if (const auto* given = std::get_if<audit::Id16>(&*subject)) {
        ref = *given;
      } else {
        sdk::PrivacyContext finding = *context;
        finding.request_id = sdk::new_request_id();
        const auto found = client->subject_ref(finding, *subject);
        if (!found) return fail(found.error());
        ref = *found;
      }
      wanted.question = sdk::AuditQuestion::kLooks;
      wanted.subject_ref = ref;
      return print_answer(*client, *context, wanted, *cli::looks_answer(ref));
    }
    const auto answering = answer(wanted);
    if (!answering) return fail_usage(*command, "FLIGHT must be such as LH400 or DLH400");
    return print_answer(*client, *context, wanted, *answering);
  }
};

struct Audit {
  Export exporting;
  Questions questions;
  CLI::App* release = nullptr;
  CLI::App* cosignatures = nullptr;
  CLI::App* witness_export = nullptr;
  CLI::App* api_log = nullptr;
  cli::PrivacyArguments arguments;
  std::string export_id;
  std::string given;
  std::string from;
  std::string until;
  bool show = false;
  bool witnessed = false;
  CLI::App* checkpoint = nullptr;
  CLI::App* prove = nullptr;
  CLI::App* check = nullptr;
  ServerOptions server;
  std::uint64_t index = 0;
  std::string out;
  std::string proof;
  std::string vkey;
  bool as_json = false;

  void add_to(CLI::App& app) {
    CLI::App* audit =
        app.add_subcommand("audit", "Fetch and check the proof of a record; export records");
    audit->require_subcommand(1);
    exporting.add_to(audit);
    questions.add_to(audit);
    release = audit->add_subcommand("release", "Let an export with names leave: the second person");
    release->add_option("EXPORT-ID", export_id, "What `paxid audit export` has printed")
        ->required();
    release->add_flag("--show", show, "Only say what would be released");
    release->add_option("--reference", arguments.reference, "Number of the case, no name")
        ->required();
    arguments.purpose = "audit";
    release->add_option("--purpose", arguments.purpose,
                        "audit, supervision, fine_defence, claim_defence or subject_request "
                        "[audit]");
    server.add_to(release);
    release->footer(
        "Needs the role privacy_officer, and another certificate than the export's. Example:\n"
        "  paxid audit release 0199... --reference FINE-7");
    cosignatures =
        audit->add_subcommand("cosign", "Hand in a checkpoint that witnesses have signed");
    cosignatures->add_option("FILE", given, "The checkpoint with the witnesses' lines")->required();
    server.add_to(cosignatures);
    cosignatures->footer(
        "Witnesses are those of the server's configuration. Example:\n"
        "  paxid audit checkpoint > demo.checkpoint    # to the witnesses, and back\n"
        "  paxid audit cosign demo.cosigned");
    witness_export = audit->add_subcommand(
        "witness-export", "Seal an export anew with a checkpoint that witnesses have signed");
    witness_export->add_option("DIRECTORY", given, "A finished export")->required();
    server.add_to(witness_export);
    witness_export->footer("Example:\n  paxid audit witness-export november");
    api_log = audit->add_subcommand("api-log", "When and where advance passenger data were used");
    api_log->add_option("--from", from, "First day, YYYY-MM-DD in UTC");
    api_log->add_option("--until", until, "Day after the last one");
    server.add_to(api_log);
    api_log->footer(
        "One JSON object a line, without passenger data; entries are kept for one year. Example:\n"
        "  paxid audit api-log --from 2026-11-01 > november.jsonl");
    checkpoint = audit->add_subcommand("checkpoint", "Print the log's newest signed checkpoint");
    server.add_to(checkpoint);
    checkpoint->add_flag("--json", as_json, "Print the answer as JSON");
    checkpoint->add_flag("--witnessed", witnessed, "The newest one that witnesses have signed");
    checkpoint->footer("Example:\n  paxid audit checkpoint > demo.checkpoint");
    prove = audit->add_subcommand("prove", "Fetch the proof that a record stands in the log");
    prove->add_option("INDEX", index, "Number of the record")->required();
    prove->add_option("--out", out, "File to write [standard output]");
    prove->add_flag("--witnessed", witnessed, "Against a checkpoint that witnesses have signed");
    server.add_to(prove);
    prove->footer(
        "The file is a C2SP tlog-proof with the leaf in its extra line; it holds no personal\n"
        "data. Example:\n  paxid audit prove 0 --out record-0.proof");
    check = audit->add_subcommand("check", "Check a proof without any server");
    check->add_option("PROOF", proof, "File that `paxid audit prove` wrote")->required();
    check->add_option("--vkey", vkey, "The log's verifier key, or a file with it")->required();
    check->add_flag("--json", as_json, "Print the answer as JSON");
    check->footer(
        "Exit status: 0 proven, 1 not proven, 2 wrong usage. The key must come from the log's\n"
        "operator; a key out of the proof would let the log vouch for itself. Example:\n"
        "  paxid audit check record-0.proof --vkey demo.vkey");
  }

  int run_checkpoint() const {
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto answer = client->checkpoint(witnessed);
    if (!answer) return fail(answer.error());
    if (as_json) {
      print_json({{"checkpoint", answer->note},
                  {"tree_size", answer->tree_size},
                  {"claimed_verifier_key", answer->claimed_verifier_key}});
    } else {
      std::cout << answer->note;
    }
    return kOk;
  }

  int run_prove() const {
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto answer = client->inclusion_proof(index, witnessed);
    if (!answer) return fail(answer.error());
    const auto text = cli::proof_file(*answer);
    if (!text) return fail(text.error());
    if (out.empty()) {
      std::cout << *text;
      return kOk;
    }
    std::ofstream file(out, std::ios::binary);
    file << *text;
    if (!file.flush()) return fail({base::ErrorCode::kUnavailable, "cannot write " + out, {}});
    return kOk;
  }

  int run_check() const {
    const auto keys = cli::trusted_keys(vkey);
    if (!keys) return fail(keys.error());
    const auto text = base::read_file(proof, kMaxInputBytes);
    if (!text) return fail({text.error().code, text.error().message, {}});
    const auto record = cli::check_proof(*text, *keys);
    if (!record) {
      if (as_json) {
        print_json({{"ok", false},
                    {"code", base::name_of(record.error().code)},
                    {"message", record.error().message}});
      } else {
        std::cout << "NOT PROVEN  " << cli::printable(record.error().message) << "\n";
      }
      return record.error().field.starts_with("--") ? kUsage : kFailed;
    }
    if (as_json) {
      print_json(cli::checked_json(*record));
    } else {
      std::cout << cli::checked_card(*record);
    }
    return kOk;
  }

  int run_release() const {
    const auto context = cli::privacy_context_from(arguments);
    if (!context)
      return fail_usage(*release, context.error().field + " " + context.error().message);
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto released = client->release_export(*context, export_id, !show);
    if (!released) return fail(released.error());
    std::cout << (show ? "would release " : "released ") << cli::printable(released->json) << "\n";
    return kOk;
  }

  int run_cosignatures() const {
    const auto text = base::read_file(given, kMaxInputBytes);
    if (!text) return fail(text.error());
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto added = client->add_cosignatures(*text);
    if (!added) return fail(added.error());
    std::cout << added->witnesses << " witnesses have signed " << added->tree_size << " leaves\n";
    return kOk;
  }

  int run_witness_export() const {
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto sealed = cli::export_seal_of(given);
    if (!sealed) return fail(sealed.error());
    const auto inclusion = client->inclusion_proof(sealed->leaf_index, true);
    if (!inclusion) return fail(inclusion.error());
    const auto text = cli::proof_file(*inclusion);
    if (!text) return fail(text.error());
    const auto consistency = client->consistency_proof(sealed->end_leaf, inclusion->tree_size);
    if (!consistency) return fail(consistency.error());
    const auto written = cli::replace_export_seal(given, {*text, consistency->hashes});
    if (!written) return fail(written.error());
    std::cout << given << ": sealed with " << inclusion->tree_size << " leaves\n";
    return kOk;
  }

  int run_api_log() const {
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> end;
    if (!cli::read_day(from, first) || !cli::read_day(until, end)) {
      return fail_usage(*api_log, "a day is none");
    }
    const auto client = server.connect();
    if (!client) return fail(client.error());
    std::int64_t after = 0;
    do {
      const auto page = client->api_entries(first, end, after);
      if (!page) return fail(page.error());
      for (const sdk::ApiEntry& entry : page->entries) {
        std::cout << json{{"time", base::utc_text(entry.unix_microseconds / 1'000'000)},
                          {"station", entry.station},
                          {"channel", entry.channel},
                          {"actor", base::to_hex(entry.actor)},
                          {"operation", entry.operation}}
                         .dump()
                  << "\n";
      }
      after = page->next;
    } while (after != 0);
    return kOk;
  }

  int run() const {
    if (exporting.command->parsed()) return exporting.run();
    if (questions.parsed() != nullptr) return questions.run();
    if (release->parsed()) return run_release();
    if (cosignatures->parsed()) return run_cosignatures();
    if (witness_export->parsed()) return run_witness_export();
    if (api_log->parsed()) return run_api_log();
    if (checkpoint->parsed()) return run_checkpoint();
    if (prove->parsed()) return run_prove();
    return run_check();
  }
};

struct WriteZone {
  CLI::App* command = nullptr;
  cli::ZoneArguments zone;

  void add_to(CLI::App& mrz) {
    command = mrz.add_subcommand("write", "Write a machine-readable zone");
    command->add_option("--format", zone.format, "TD1, TD2, TD3, MRVA, MRVB ... [TD3]");
    command->add_option("--document-code", zone.document_code, "Such as PP, I or V [P]");
    command->add_option("--issuer", zone.issuer, "ICAO code, such as D or UTO");
    command->add_option("--primary", zone.primary, "Surname; is transliterated");
    command->add_option("--secondary", zone.secondary, "Given names; are transliterated");
    command->add_option("--language", zone.language, "Of the name, such as uk");
    command->add_option("--document-number", zone.document_number, "With its tail");
    command->add_option("--nationality", zone.nationality, "ICAO code");
    command->add_option("--birth-date", zone.birth_date, "YYYY-MM-DD or YYMMDD");
    command->add_option("--sex", zone.sex, "M, F or X");
    command->add_option("--expiry-date", zone.expiry_date, "YYYY-MM-DD or YYMMDD");
    command->add_option("--optional1", zone.optional1, "Optional data");
    command->add_option("--optional2", zone.optional2, "Optional data of TD1's second line");
    command->footer(
        "Example:\n"
        "  paxid mrz write --issuer UTO --primary Eriksson --secondary 'Anna Maria' \\\n"
        "      --document-number L898902C3 --nationality UTO --birth-date 1974-08-12 --sex F \\\n"
        "      --expiry-date 2012-04-15 --optional1 ZE184226B");
  }

  int run() const {
    const auto text = cli::written_zone(zone);
    if (!text) return fail(text.error());
    std::cout << *text;
    return kOk;
  }
};

void add_mrz(CLI::App& app, Reading& zone, WriteZone& writing) {
  zone.command = app.add_subcommand("mrz", "Read the machine-readable zone of a document");
  writing.add_to(*zone.command);
  zone.command->add_option("LINES", zone.arguments,
                           "Lines of the zone, or the text of a licence's symbol (AAMVA) "
                           "[standard input]");
  zone.command->add_option("--reference-date", zone.reference_date, "YYYY-MM-DD [today]");
  zone.command->add_flag("--strict", zone.strict, "Refuse every deviation from ICAO Doc 9303");
  zone.output.add_to(zone.command);
  zone.command->footer(
      "Example:\n"
      "  paxid mrz 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' \\\n"
      "            'L898902C36UTO7408122F1204159ZE184226B<<<<<10'");
  zone.answer = [](const json& request) { return cli::answer_mrz(request, today()); };
  zone.card = [](const json& request, const json& answer) {
    return cli::mrz_card(request, answer, today());
  };
}

struct WritePass {
  CLI::App* command = nullptr;
  cli::PassArguments pass;
  std::string text;
  std::string png;
  std::string symbology = "pdf417";

  void add_to(CLI::App& boarding_pass) {
    command = boarding_pass.add_subcommand("write", "Write a boarding pass, as text or a picture");
    command->add_option("--text", text, "The whole barcode text, instead of the fields");
    command->add_option("--name", pass.name, "SURNAME/GIVEN; is cut at 20 bytes");
    command->add_option("--locator", pass.locator, "Record locator");
    command->add_option("--from", pass.from, "IATA airport code");
    command->add_option("--to", pass.to, "IATA airport code");
    command->add_option("--carrier", pass.carrier, "Airline, such as LH");
    command->add_option("--flight", pass.flight, "Flight number, such as 400");
    command->add_option("--date", pass.date, "Of the flight, YYYY-MM-DD");
    command->add_option("--class", pass.booking_class, "Booking class")->capture_default_str();
    command->add_option("--seat", pass.seat, "Such as 1A [none]");
    command->add_option("--sequence", pass.sequence, "Check-in sequence number [none]");
    command->add_option("--status", pass.status, "Passenger status")->capture_default_str();
    command->add_option("--png", png, "Draw a picture into this file");
    command->add_option("--symbology", symbology, "pdf417, aztec, qr or datamatrix")
        ->capture_default_str();
    command->footer(
        "Example:\n"
        "  paxid boarding-pass write --name DESMARAIS/LUC --locator ABC123 --from YUL --to FRA \\\n"
        "      --carrier AC --flight 834 --date 2026-08-14 --seat 1A --sequence 25 --png pass.png\n"
        "  paxid boarding-pass pass.png");
  }

  int run() const {
    const auto written = text.empty() ? cli::written_boarding_pass(pass) : text;
    if (!written) return fail(written.error());
    if (png.empty()) {
      std::cout << *written << "\n";
      return kOk;
    }
    const auto saved =
        cli::symbology_from(symbology)
            .and_then([&](cli::Symbology how) { return cli::draw_barcode(*written, how); })
            .and_then([&](const cli::Picture& drawn) { return cli::save_png(drawn, png); });
    return saved ? kOk : fail(saved.error());
  }
};

void add_boarding_pass(CLI::App& app, Reading& pass, WritePass& writing) {
  pass.command = app.add_subcommand("boarding-pass", "Read the barcode of a boarding pass");
  writing.add_to(*pass.command);
  pass.command->add_option("TEXT", pass.arguments,
                           "The text, in quotes, or a PNG or JPEG picture [standard input]");
  pass.command->add_option("--reference-date", pass.reference_date, "YYYY or YYYY-MM-DD [today]");
  pass.command->add_option("--public-key", pass.public_key_file, "PEM file; checks the signature");
  pass.command->add_option("--keys", pass.keys_file, "Key table (TOML) by issuer and security type")
      ->excludes("--public-key");
  pass.command->add_flag("--strict", pass.strict, "Refuse deviations from IATA Resolution 792");
  pass.output.add_to(pass.command);
  pass.command->footer(
      "Example:\n"
      "  paxid boarding-pass 'M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100'\n"
      "A key table has a [[key]] for each airline and type of security data:\n"
      "  [[key]]\n"
      "  issuer = \"AC\"\n"
      "  type = \"1\"\n"
      "  public_key = \"\"\"-----BEGIN PUBLIC KEY----- ... \"\"\"");
  pass.answer = [](const json& request) { return cli::answer_boarding_pass(request, today()); };
  pass.card = [](const json&, const json& answer) { return cli::boarding_pass_card(answer); };
}

void add_booking_name(CLI::App& app, Reading& name) {
  name.command =
      app.add_subcommand("booking-name", "Read a name as a reservation system prints it");
  name.command->add_option("TEXT", name.arguments,
                           "Name element, SSR DOCS/DOCO/DOCA line or EDIFACT name segment");
  name.output.add_to(name.command);
  name.command->footer("Example:\n  paxid booking-name '1MUELLER/HANS MR'");
  name.answer = [](const json& request) { return cli::answer_booking_name(request, today()); };
  name.card = [](const json&, const json& answer) { return cli::booking_name_card(answer); };
}

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

  void say(const json& answer, const std::string& card) const {
    if (as_json) {
      print_json(answer);
    } else {
      std::cout << card;
    }
  }

  base::Result<sdk::FlightLoad> what_to_load() const {
    sdk::FlightLoad wanted;
    wanted.request_id = request_id.empty() ? sdk::new_request_id() : request_id;
    wanted.complete = complete;
    if (!flight.empty()) {
      auto key = cli::flight_key(flight);
      if (!key) return tl::unexpected(key.error());
      wanted.flight = std::move(*key);
    }
    if (departs.empty()) return wanted;
    wanted.departure_unix_seconds = cli::parse_utc(departs);
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
    if (!wanted) return fail_usage(*load, wanted.error().field + " " + wanted.error().message);
    const auto loaded = client.load_flight(*wanted, cli::format_of(file, *text), *text);
    if (!loaded) {
      base::Error error = loaded.error();
      if (error.code == base::ErrorCode::kUnavailable) {
        error.message += "; repeat with --request-id " + wanted->request_id;
      }
      return fail(error);
    }
    say(cli::load_json(*loaded), cli::load_card(*loaded));
    return kOk;
  }

  int run_list(const sdk::Client& client) const {
    const auto flights = client.flights();
    if (!flights) return fail(flights.error());
    json answer = json::array();
    std::string card;
    for (const sdk::FlightSummary& one : *flights) {
      answer.push_back(cli::flight_json(one));
      card += cli::flight_line(one);
    }
    say(answer, card.empty() ? "no flight is loaded\n" : card);
    return kOk;
  }

  const CLI::App* asked() const { return show->parsed() ? show : watch->parsed() ? watch : drop; }

  int run_watch(const sdk::Client& client, const sdk::FlightKey& key) const {
    const auto watched = client.watch_flight(key, [this](const sdk::FlightChange& change) {
      if (as_json) {
        std::cout << cli::change_json(change).dump() << std::endl;
      } else {
        std::cout << cli::change_line(change) << std::flush;
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
    const auto key = cli::flight_key(flight);
    if (!key) return fail_usage(*asked(), key.error().message);
    if (watch->parsed()) return run_watch(*client, *key);
    if (show->parsed()) {
      const auto manifest = client->flight(*key);
      if (!manifest) return fail(manifest.error());
      say(cli::flight_json(*manifest), cli::flight_card(*manifest));
      return kOk;
    }
    const auto dropped =
        client->drop_flight(request_id.empty() ? sdk::new_request_id() : request_id, *key);
    if (!dropped) return fail(dropped.error());
    say({{"dropped", cli::to_text(*key)}}, "dropped " + cli::to_text(*key) + "\n");
    return kOk;
  }
};

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

  int run() const {
    const auto style = cli::style_of_standard_output();
    auto before = look();
    if (!before) return fail(before.error());
    for (;;) {
      std::this_thread::sleep_for(std::chrono::duration<double>(every));
      auto after = look();
      if (!after) return fail(after.error());
      const cli::Activity activity = cli::activity_between(*before, *after, every);
      if (as_json) {
        print_json(cli::activity_json(activity));
      } else {
        // Home, then what the last look left below.
        std::cout << (once ? "" : "\x1b[H\x1b[2J") << cli::activity_card(activity, style);
      }
      std::cout.flush();
      if (once || !std::cout) return kOk;
      before = std::move(after);
    }
  }

  base::Result<std::vector<cli::Sample>> look() const {
    const auto page = cli::fetch_metrics(metrics);
    if (!page) return tl::unexpected(page.error());
    return cli::parse_metrics(*page);
  }
};

// `paxid decide`: what a person decides on a suggestion.
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

  int run() const {
    constexpr std::size_t kPassengers = 256;
    auto client = cli::resolve(server.connection);
    if (!client) return fail_usage(*command, client.error().message);
    const auto milliseconds = [](double s) {
      return std::chrono::milliseconds(static_cast<std::int64_t>(s * 1000));
    };
    const sdk::LoadOptions options{std::move(*client),   channels,   in_flight,
                                   per_second,           per_stream, milliseconds(warm_up),
                                   milliseconds(seconds)};
    const auto passengers = cli::invented_passengers(kPassengers);
    std::optional<base::ProgressLine> line(std::in_place);
    const auto report = sdk::apply_load(options, passengers, [&line](std::uint64_t answered) {
      line->show(std::to_string(answered) + " passengers answered");
    });
    line.reset();
    if (!report) return fail(report.error());
    if (as_json) {
      print_json(cli::load_json(*report));
    } else {
      std::cout << cli::load_table(*report);
    }
    return report->answered > 0 ? kOk : kFailed;
  }
};

struct Privacy {
  CLI::App* find = nullptr;
  CLI::App* access = nullptr;
  CLI::App* erase = nullptr;
  CLI::App* rectify = nullptr;
  CLI::App* restrict_use = nullptr;
  CLI::App* hold = nullptr;
  CLI::App* received = nullptr;
  CLI::App* deadlines = nullptr;
  ServerOptions server;
  cli::PrivacyArguments arguments;
  std::string html;
  std::string out;
  std::string ground;
  std::string note;
  std::string action;
  std::string kind;
  std::string day;
  std::string language = "en";
  std::string name;
  std::string locator;
  std::string flight;
  std::string departure_date;
  std::string from;
  std::string until;
  bool lift = false;
  bool extended = false;
  bool all = false;
  CLI::App* group = nullptr;

  void add_to(CLI::App& app) {
    CLI::App* privacy = group = app.add_subcommand(
        "privacy", "What a person may ask for: access, erasure, correction, restriction; holds");
    privacy->require_subcommand(1);
    privacy->footer(
        "Needs the role privacy_officer. Every call is itself on record. Examples:\n"
        "  paxid privacy received access --on 2026-11-20 --reference DSAR-17\n"
        "  paxid privacy access --issuer UTO --document-number L898902C3 --reference DSAR-17 \\\n"
        "      --answers 0198... --html person.html\n"
        "  paxid privacy erase --record 0198... --ground subject_request --reference DSAR-18\n"
        "  paxid privacy deadlines");
    find = privacy->add_subcommand("find", "Who may be meant, by name or booking");
    find->add_option("--name", name, "Every word of it must occur in a booking or a document");
    find->add_option("--locator", locator, "Record locator of the booking");
    find->add_option("--flight", flight, "On this flight only, such as LH400 or DLH400");
    find->add_option("--departure-date", departure_date, "Of the flight, YYYY-MM-DD");
    find->add_option("--from", from, "Records from this day on, YYYY-MM-DD in UTC");
    find->add_option("--until", until, "Records before this day");
    find->footer(
        "Prints who may be meant; choose, after the requester has proved who he is, and give the\n"
        "reference to the other commands with --subject. Example:\n"
        "  paxid privacy find --name 'Müller Eva' --flight LH400 --departure-date 2026-11-22 \\\n"
        "      --reference DSAR-19");
    access = privacy->add_subcommand("access", "Everything on record about a person");
    access->add_option("--language", language,
                       "Of the page: en, de, fr, es, pt, it, tr, ar, zh or ja [en]");
    access->add_option("--html", html, "Write a page for the person to this file as well");
    access->add_option("--out", out, "Write the JSON to this file [standard output]");
    erase = privacy->add_subcommand("erase", "Make a person's data unreadable for ever");
    erase
        ->add_option("--ground", ground,
                     "subject_request, objection, unlawful, legal_obligation or controller")
        ->required();
    erase->add_option("--out", out, "Write the receipt, a proof file, to this file");
    rectify = privacy->add_subcommand("rectify", "Note what a person says is wrong");
    rectify->add_option("--note-file", note, "File with the note, UTF-8, at most 2,000 characters")
        ->required();
    restrict_use = privacy->add_subcommand("restrict", "Stop the use of a person's data");
    restrict_use->add_flag("--lift", lift, "Allow it again");
    hold = privacy->add_subcommand("hold", "Keep a person's data for a legal claim");
    hold->add_option("ACTION", action, "place, propose-release or release (another person)")
        ->required();
    received = privacy->add_subcommand("received", "Enter a person's request into the register");
    received->add_option("KIND", kind, "access, erasure, rectification, restriction or objection")
        ->required();
    received->add_option("--on", day, "The day it came, YYYY-MM-DD")->required();
    received->add_flag("--extended", extended, "Two months more; the person has been told");
    deadlines = privacy->add_subcommand("deadlines", "What is to be answered, and until when");
    deadlines->add_flag("--all", all, "What was answered too");
    for (CLI::App* command : {access, erase, rectify, restrict_use, hold}) {
      command->add_option("--issuer", arguments.issuer, "Of the document: ICAO code");
      command->add_option("--document-number", arguments.number, "As printed in the zone");
      command->add_option("--record", arguments.record, "Request id of one of the records");
      command->add_option("--subject", arguments.subject, "Reference in the log, 32 hex digits");
    }
    for (CLI::App* command : {find, access, erase, rectify, restrict_use, hold, received}) {
      command->add_option("--reference", arguments.reference, "Number of the case, no name")
          ->required();
      command->add_option("--purpose", arguments.purpose,
                          "subject_request, supervision, fine_defence, claim_defence or audit "
                          "[subject_request]");
      command->add_option("--request-id", arguments.request_id,
                          "UUID; give the same one to repeat a call [a new one]");
    }
    for (CLI::App* command : {access, erase, rectify, restrict_use}) {
      command->add_option("--answers", arguments.answers, "Request id that `received` has printed");
    }
    for (CLI::App* command :
         {find, access, erase, rectify, restrict_use, hold, received, deadlines}) {
      server.add_to(command);
    }
  }

  static bool write(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    return static_cast<bool>(file.flush());
  }

  int run_access(const sdk::Client& client, const sdk::PrivacyContext& context,
                 const sdk::SubjectSelector& subject) const {
    const auto known = messages::language_from(language);
    if (!known) return fail_usage(*access, "--language is none of the known ones");
    const auto report = client.access(context, subject);
    if (!report) return fail(report.error());
    if (!html.empty()) {
      const auto page = cli::access_page(report->json, *known);
      if (!page) return fail(page.error());
      if (!write(html, *page)) {
        return fail({base::ErrorCode::kUnavailable, "cannot write " + html, {}});
      }
    }
    if (out.empty()) {
      std::cout << report->json << "\n";
    } else if (!write(out, report->json + "\n")) {
      return fail({base::ErrorCode::kUnavailable, "cannot write " + out, {}});
    }
    return kOk;
  }

  int run_erase(const sdk::Client& client, const sdk::PrivacyContext& context,
                const sdk::SubjectSelector& subject) const {
    const auto known = sdk::erasure_ground_from(ground);
    if (!known) return fail_usage(*erase, "--ground is none of the known ones");
    const auto receipt = client.erase(context, subject, *known);
    if (!receipt) return fail(receipt.error());
    if (!out.empty() && !write(out, receipt->proof)) {
      return fail({base::ErrorCode::kUnavailable, "cannot write " + out, {}});
    }
    print_json(cli::receipt_json(*receipt));
    return kOk;
  }

  static int print_change(const base::Result<sdk::SubjectChange>& change) {
    if (!change) return fail(change.error());
    print_json(cli::change_json(*change));
    return kOk;
  }

  int run_received(const sdk::Client& client, const sdk::PrivacyContext& context) const {
    const auto known = sdk::rights_request_kind_from(kind);
    if (!known) return fail_usage(*received, "KIND is none of the known ones");
    const auto opened = client.open_deadline(context, {*known, day, extended});
    if (!opened) return fail(opened.error());
    print_json(
        {{"request_id", context.request_id}, {"due", base::utc_text(opened->due_unix_seconds)}});
    return kOk;
  }

  int run_find(const sdk::Client& client, const sdk::PrivacyContext& context) const {
    sdk::SubjectSearch search{name, locator, {}, {}, departure_date, {}, {}};
    if (!cli::read_flight(flight, search.carrier, search.flight_number) ||
        !cli::read_day(from, search.from_unix_seconds) ||
        !cli::read_day(until, search.until_unix_seconds)) {
      return fail_usage(*find, "--flight, --from or --until is none");
    }
    base::ProgressLine line;
    std::uint64_t next = 0;
    std::uint64_t end = 0;
    do {
      const auto page = client.find_subjects(context, search, next, end);
      if (!page) return fail(page.error());
      for (const sdk::SubjectCandidate& one : page->candidates) {
        std::cout << cli::candidate_json(one).dump(-1, ' ', false, json::error_handler_t::replace)
                  << "\n";
      }
      next = page->next_leaf;
      end = page->end_leaf;
      line.show(std::to_string(next) + " of " + std::to_string(end) + " leaves");
    } while (next < end);
    return kOk;
  }

  int run_deadlines(const sdk::Client& client) const {
    const auto list = client.deadlines(all);
    if (!list) return fail(list.error());
    std::cout << cli::deadlines_card(*list);
    return kOk;
  }

  int run() const {
    const auto context = cli::privacy_context_from(arguments);
    if (!context) {
      return fail_usage(*access, context.error().field + " " + context.error().message);
    }
    const auto client = server.connect();
    if (!client) return fail(client.error());
    if (deadlines->parsed()) return run_deadlines(*client);
    if (received->parsed()) return run_received(*client, *context);
    if (find->parsed()) return run_find(*client, *context);
    const auto subject = cli::subject_from(arguments);
    if (!subject) {
      return fail_usage(*access, subject.error().field + " " + subject.error().message);
    }
    if (access->parsed()) return run_access(*client, *context, *subject);
    if (erase->parsed()) return run_erase(*client, *context, *subject);
    if (restrict_use->parsed()) return print_change(client->restrict(*context, *subject, !lift));
    if (hold->parsed()) {
      const auto known = sdk::hold_action_from(action);
      if (!known) return fail_usage(*hold, "ACTION is place, propose-release or release");
      return print_change(client->hold(*context, *subject, *known));
    }
    const auto text = base::read_file(note, kMaxInputBytes);
    if (!text) return fail(text.error());
    return print_change(client->rectify(*context, *subject, *text));
  }
};

struct Decide {
  CLI::App* command = nullptr;
  cli::DecideArguments decision;
  bool as_json = false;
  ServerOptions server;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("decide", "Record what a person decides on a suggestion");
    command->add_option("ACTION", decision.action, "confirm, accept, refuse, hand-over or undo")
        ->required();
    command
        ->add_option("REQUEST-ID", decision.decided_request_id,
                     "Of the verification; for undo, of the decision")
        ->required();
    command->add_option("--operator", decision.operator_id, "Who decides; only a pseudonym is kept")
        ->required();
    command->add_option("--second-operator", decision.second_operator_id,
                        "A second person, for a MISMATCH");
    command->add_flag("--face-checked", decision.face_checked,
                      "The face was compared with the document; needed to confirm and accept");
    command->add_option("--reason", decision.reason,
                        "To accept: minor_spelling, nickname, name_change, transliteration,\n"
                        "data_correction, misread or reboarding");
    command->add_option("--evidence", decision.evidence,
                        "What was presented: civil_status_certificate, name_change_deed,\n"
                        "usage_name_line, second_document, earlier_document or\n"
                        "carrier_confirmation; needed for name_change");
    command->add_option("--request-id", decision.request_id,
                        "UUID of the decision; give the same one to repeat it [a new one]");
    command->add_flag("--json", as_json, "Print the answer as JSON");
    server.add_to(command);
    command->footer(
        "Needs the role agent or supervisor. A MISMATCH is accepted by two: a second operator, or "
        "a\n"
        "supervisor's certificate. An undo works for 30 seconds. Examples, with the request ids\n"
        "that `paxid verify` and `paxid decide` have printed:\n"
        "  paxid decide confirm 0198... --operator 4711 --face-checked\n"
        "  paxid decide accept 0198... --operator 4711 --face-checked --reason name_change \\\n"
        "      --evidence civil_status_certificate\n"
        "  paxid decide undo 0199... --operator 4711");
  }

  int run() const {
    const auto decided = cli::decision_from(decision);
    if (!decided)
      return fail_usage(*command, decided.error().field + " " + decided.error().message);
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto outcome = client->decide(*decided);
    if (!outcome) {
      base::Error error = outcome.error();
      if (error.code == base::ErrorCode::kUnavailable) {
        error.message += "; repeat with --request-id " + decided->request_id;
      }
      return fail(error);
    }
    if (as_json) {
      print_json(cli::decision_json(*decided, *outcome));
    } else {
      std::cout << cli::decision_card(*decided, *outcome);
    }
    return kOk;
  }
};

}  // namespace

int main(int argc, char** argv) {
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
  Reading zone;
  Reading pass;
  Reading name;
  PassengerListReading list;
  Compare compare;
  SpellNames spell;
  Evaluate evaluate;
  Verify verify;
  PolicyFiles policy_files;
  Replay replaying;
  FlightCommands flights;
  Decide decide;
  Bench bench;
  Top top;
  Privacy privacy;
  Audit audit;
  WriteZone writing;
  add_mrz(app, zone, writing);
  WritePass pass_writing;
  add_boarding_pass(app, pass, pass_writing);
  add_booking_name(app, name);
  list.add_to(app);
  compare.add_to(app);
  spell.add_to(app);
  evaluate.add_to(app);
  verify.add_to(app);
  policy_files.add_to(app);
  replaying.add_to(app);
  flights.add_to(app);
  decide.add_to(app);
  bench.add_to(app);
  top.add_to(app);
  privacy.add_to(app);
  audit.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  if (writing.command->parsed()) return writing.run();
  if (pass_writing.command->parsed()) return pass_writing.run();
  for (Reading* reading : {&zone, &pass, &name}) {
    if (reading->command->parsed()) return reading->run();
  }
  if (list.command->parsed()) return list.run();
  if (compare.command->parsed()) return compare.run();
  if (spell.command->parsed()) return spell.run();
  if (evaluate.command->parsed()) return evaluate.run();
  if (verify.command->parsed()) return verify.run();
  if (policy_files.parsed()) return policy_files.run();
  if (replaying.command->parsed()) return replaying.run();
  if (flights.parsed()) return flights.run();
  if (decide.command->parsed()) return decide.run();
  if (bench.command->parsed()) return bench.run();
  if (top.command->parsed()) return top.run();
  if (privacy.group->parsed()) return privacy.run();
  return audit.run();
}
