#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress_line.h"
#include "clients/cli/case_command.h"
#include "clients/cli/command_line.h"
#include "clients/cli/evaluate_command.h"
#include "clients/cli/terminal.h"
#include "verification/engine.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

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
  EvaluateOptions options;

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
  static bool take(const std::vector<std::string>& texts, std::vector<KeyValue>& to) {
    if (!texts.empty()) to.clear();
    for (const std::string& text : texts) {
      const auto read = key_value_from(text);
      if (!read) return false;
      to.push_back(*read);
    }
    return true;
  }

  base::Result<Evaluation> measure() {
    base::ProgressLine line;
    options.progress = [&line](std::string_view doing, std::size_t pairs, double share) {
      std::string text = std::string(doing) + " " + std::to_string(pairs) + " pairs";
      if (share > 0) text += ", " + std::to_string(static_cast<int>(share * 100)) + " %";
      line.show(text);
    };
    if (file == "-") return evaluate(std::cin, options);
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in || in.tellg() < 0) {
      return base::fail(base::ErrorCode::kNotFound, "cannot be read", file);
    }
    options.file_bytes = static_cast<std::size_t>(in.tellg());
    in.seekg(0);
    return evaluate(in, options);
  }

  int run_gate() {
    const auto engine = engine_with(policy);
    if (!engine) return fail(engine.error());
    const auto answer = read_cases(
        file, [&engine](std::istream& in) { return evaluate_gate(in, *engine, today()); });
    if (!answer) return fail(answer.error());
    print_answer(as_json, *answer, gate_card(*answer));
    return (*answer)["all"].value("cases", 0) > 0 ? kOk : kFailed;
  }

  bool parsed() const { return command->parsed(); }

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
    for (const std::string& warning : warnings_of(*measured)) {
      std::cerr << "note: " << printable(warning) << "\n";
    }
    if (!html.empty()) {
      std::ofstream out(html, std::ios::binary);
      out << evaluation_page(*measured, file == "-" ? "standard input" : file,
                             std::string(verification::Engine::version()));
      if (!out.flush()) return fail({base::ErrorCode::kUnavailable, "cannot be written", html});
    }
    if (as_json) {
      json figures = evaluation_json(*measured);
      figures["engine"] = verification::Engine::version();
      print_json(figures);
    } else {
      std::cout << evaluation_table(*measured, style_of_standard_output());
    }
    return kOk;
  }
};

}  // namespace

Run add_evaluate(CLI::App& app) { return run_of<Evaluate>(app); }

}  // namespace paxid::cli
