#include "clients/cli/decide_command.h"

#include <array>
#include <utility>

#include "base/date.h"
#include "base/hex.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/record_reference.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

constexpr std::array kActions{
    std::pair<std::string_view, sdk::DecisionAction>{"confirm", sdk::DecisionAction::kConfirm},
    std::pair<std::string_view, sdk::DecisionAction>{"accept", sdk::DecisionAction::kAccept},
    std::pair<std::string_view, sdk::DecisionAction>{"refuse", sdk::DecisionAction::kRefuse},
    std::pair<std::string_view, sdk::DecisionAction>{"hand-over", sdk::DecisionAction::kHandOver},
    std::pair<std::string_view, sdk::DecisionAction>{"undo", sdk::DecisionAction::kUndo},
};

std::string_view word_of(sdk::DecisionAction action) {
  for (const auto& [word, known] : kActions) {
    if (known == action) return word;
  }
  return "";
}

tl::unexpected<base::Error> wrong(std::string message, std::string option) {
  return base::fail(base::ErrorCode::kInvalidArgument, std::move(message), std::move(option));
}

}  // namespace

base::Result<sdk::Decision> decision_from(const DecideArguments& arguments) {
  sdk::Decision decision;
  bool known = false;
  for (const auto& [word, action] : kActions) {
    if (word != arguments.action) continue;
    decision.action = action;
    known = true;
  }
  if (!known) return wrong("must be confirm, accept, refuse, hand-over or undo", "ACTION");
  decision.request_id = arguments.request_id.empty() ? sdk::new_request_id() : arguments.request_id;
  decision.decided_request_id = arguments.decided_request_id;
  if (!arguments.reason.empty()) {
    const auto reason = sdk::accept_reason_from(arguments.reason);
    if (!reason) return wrong("is no known reason; see paxid decide --help", "--reason");
    decision.reason = *reason;
  }
  if (!arguments.evidence.empty()) {
    const auto evidence = sdk::evidence_type_from(arguments.evidence);
    if (!evidence) return wrong("is no known evidence; see paxid decide --help", "--evidence");
    decision.evidence = *evidence;
  }
  const bool accepts = decision.action == sdk::DecisionAction::kAccept;
  if (accepts && arguments.reason.empty()) return wrong("is required to accept", "--reason");
  decision.face_checked = arguments.face_checked;
  decision.operator_id = arguments.operator_id;
  decision.second_operator_id = arguments.second_operator_id;
  return decision;
}

json decision_json(const sdk::Decision& decision, const sdk::DecisionOutcome& outcome) {
  json to{{"request_id", decision.request_id}, {"action", word_of(decision.action)},
          {"boarded", outcome.boarded},        {"decided_by", "person"},
          {"replayed", outcome.replayed},      {"record", record_json(outcome.record)}};
  if (outcome.undo_until_unix_seconds) {
    to["undo_until"] = base::utc_text(*outcome.undo_until_unix_seconds);
  }
  return to;
}

std::string decision_card(const sdk::Decision& decision, const sdk::DecisionOutcome& outcome) {
  std::string card = std::string(word_of(decision.action)) +
                     (outcome.boarded ? ": the passenger has boarded" : ": recorded") +
                     (outcome.replayed ? " (decided before)" : "") + "\n";
  card += "  decision  " + decision.request_id + "\n";
  if (outcome.record.leaf_index) {
    card += "  record    " + std::to_string(*outcome.record.leaf_index) + " of " +
            outcome.record.log_origin + "\n";
  }
  if (outcome.undo_until_unix_seconds) {
    card += "  undo      until " + base::utc_text(*outcome.undo_until_unix_seconds) + "\n";
  }
  return card;
}

}  // namespace paxid::cli
