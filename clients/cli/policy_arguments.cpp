#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/file.h"
#include "clients/cli/case_command.h"
#include "clients/cli/command_line.h"
#include "clients/cli/policy_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

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

  int run_check() const {
    const auto text = base::read_file(files[0], kMaxInputBytes);
    if (!text) return fail({text.error().code, text.error().message, files[0]});
    const json answer = check_policy(*text);
    print_answer(as_json, answer, check_card(files[0], answer));
    return answer.value("ok", false) ? kOk : kFailed;
  }

  int run_explain() const {
    const auto policy = load_policy(files.empty() ? "" : files[0]);
    if (!policy) return fail(policy.error());
    const auto day = date.empty() ? std::optional(today_at(from)) : base::parse_iso_date(date);
    if (!day) return fail_usage(*explain, "--date: must be a day of the calendar, YYYY-MM-DD");
    const json answer = explain_policy(*policy, {carrier, from, to, day, *day});
    print_answer(as_json, answer, explain_card(answer));
    return kOk;
  }

  int run_diff() const {
    const auto a = load_policy(files[0]);
    if (!a) return fail(a.error());
    const auto b = load_policy(files[1]);
    if (!b) return fail(b.error());
    const json answer = diff_policies(*a, *b);
    print_answer(as_json, answer, diff_card(answer));
    return kOk;
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

  bool parsed() const { return command->parsed(); }

  int run() const {
    const auto before = engine_with(old_policy);
    if (!before) return fail(before.error());
    const auto next = engine_with(policy);
    if (!next) return fail(next.error());
    const auto answer =
        read_cases(file, [&](std::istream& in) { return replay(in, *before, *next, today()); });
    if (!answer) return fail(answer.error());
    print_answer(as_json, *answer, replay_card(*answer));
    return kOk;
  }
};

}  // namespace

Run add_policy(CLI::App& app) { return run_of<PolicyFiles>(app); }

Run add_replay(CLI::App& app) { return run_of<Replay>(app); }

}  // namespace paxid::cli
