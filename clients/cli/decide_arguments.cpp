#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "clients/cli/command_line.h"
#include "clients/cli/decide_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// `paxid decide`: what a person decides on a suggestion.
struct Decide {
  CLI::App* command = nullptr;
  DecideArguments decision;
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

  bool parsed() const { return command->parsed(); }

  int run() const {
    const auto decided = decision_from(decision);
    if (!decided) return fail_usage(*command, decided.error());
    const auto client = server.connect();
    if (!client) return fail(client.error());
    const auto outcome = client->decide(*decided);
    if (!outcome) return fail_unanswered(outcome.error(), decided->request_id);
    print_answer(as_json, decision_json(*decided, *outcome), decision_card(*decided, *outcome));
    return kOk;
  }
};

}  // namespace

Run add_decide(CLI::App& app) { return run_of<Decide>(app); }

}  // namespace paxid::cli
