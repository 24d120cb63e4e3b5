#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "clients/cli/command_line.h"
#include "clients/cli/compare_command.h"
#include "clients/cli/comparison_card.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/names_command.h"
#include "clients/cli/terminal.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

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
  double prior = kDefaultPrior;
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

  bool parsed() const { return command->parsed(); }

  int run() {
    if (output.jsonl) return run_jsonl(std::cin, std::cout, answer_compare);
    if (a.empty() || b.empty()) return fail_usage(*command, "give two names");
    if (a.given_twice() || b.given_twice()) {
      return fail_usage(*command, "give a name whole or as surname and given names, not both");
    }
    const json request{{"a", a.request()}, {"b", b.request()}, {"prior", prior}};
    const auto name_a = name_from(request["a"]);
    const auto name_b = name_from(request["b"]);
    if (output.json || !name_a || !name_b) {
      const json reply = answer_compare(request);
      print_json(reply);
      return reply.value("ok", false) ? kOk : kFailed;
    }
    const matcher::PreparedName prepared_a = matcher::prepare(*name_a);
    const matcher::PreparedName prepared_b = matcher::prepare(*name_b);
    const matcher::Comparison comparison = matcher::compare(prepared_a, prepared_b);
    std::cout << comparison_card(
        comparison,
        {prior, name_a->language.empty() ? name_b->language : name_a->language,
         lever_of(prepared_a, prepared_b, comparison, prior), has_mixed_scripts(*name_a),
         has_mixed_scripts(*name_b)},
        style_of_standard_output());
    return kOk;
  }
};

struct SpellNames {
  CLI::App* command = nullptr;
  std::string name;
  std::string language;
  std::size_t limit = kUsualSpellings;
  Output output;

  void add_to(CLI::App& app) {
    CLI::App* names = app.add_subcommand("names", "Say how names are written");
    names->require_subcommand(1);
    command = names->add_subcommand("spell", "List the likely Latin spellings of a name");
    command->add_option("NAME", name, "The name, in any script");
    command->add_option("--language", language, "Its language (BCP 47, \"uk\", \"zh-tw\")");
    command->add_option("--limit", limit, "Spellings of each word")
        ->check(CLI::Range(std::size_t{1}, kMaxSpellings))
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

  bool parsed() const { return command->parsed(); }

  int run() {
    if (output.jsonl) return run_jsonl(std::cin, std::cout, answer_names_spell);
    if (name.empty()) return fail_usage(*command, "give a name");
    const json reply =
        answer_names_spell({{"name", name}, {"language", language}, {"limit", limit}});
    print_answer(output.json, reply, spelling_card(reply, style_of_standard_output()));
    return reply.value("words", json::array()).empty() ? kFailed : kOk;
  }
};

}  // namespace

Run add_compare(CLI::App& app) { return run_of<Compare>(app); }

Run add_names(CLI::App& app) { return run_of<SpellNames>(app); }

}  // namespace paxid::cli
