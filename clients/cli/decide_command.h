#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "clients/sdk/client.h"

// `paxid decide ...`: a person's decision from arguments.
namespace paxid::cli {

// What stands on the command line.
struct DecideArguments {
  std::string action;  // "confirm", "accept", "refuse", "hand-over", "undo"
  std::string decided_request_id;
  std::string request_id;  // empty: a new one
  std::string reason;
  std::string evidence;
  std::string operator_id;
  std::string second_operator_id;
  bool face_checked = false;
};

// INVALID_ARGUMENT; `field` is the option.
base::Result<sdk::Decision> decision_from(const DecideArguments& arguments);

nlohmann::json decision_json(const sdk::Decision& decision, const sdk::DecisionOutcome& outcome);
std::string decision_card(const sdk::Decision& decision, const sdk::DecisionOutcome& outcome);

}  // namespace paxid::cli
