#pragma once

#include <nlohmann/json.hpp>

#include "base/date.h"
#include "base/error.h"
#include "clients/cli/scenario.h"
#include "clients/cli/verdict_card.h"
#include "clients/sdk/client.h"
#include "messages/catalogue.h"
#include "verification/engine.h"
#include "verification/verdict.h"

namespace paxid::cli {

// The engine with the compiled-in policy. Static lifetime.
const verification::Engine& default_engine();

// Judges a gate scenario (clients/cli/scenario.h) in this process, as a server would that knows
// the scenario's flight context, as on `today` unless the scenario names its station date.
// INVALID_ARGUMENT for a request that is no scenario.
base::Result<verification::VerdictReport> judge_local(
    const nlohmann::json& request, Origin origin, base::Date today,
    const verification::Engine& engine = default_engine());

// {"ok":true, verdict…, policy, engine} of judge_local's report.
nlohmann::json local_json(const verification::VerdictReport& report,
                          const verification::Engine& engine = default_engine(),
                          messages::Language language = messages::Language::kEnglish);

// The same as one answer of the line protocol. Never throws.
nlohmann::json answer_verify_local(const nlohmann::json& request, base::Date today,
                                   const verification::Engine& engine = default_engine(),
                                   messages::Language language = messages::Language::kEnglish);

// Sends a gate scenario to a server. INVALID_ARGUMENT also when it has no request_id, and when
// it states the flight context, which is the server's own knowledge.
base::Result<sdk::Answer> judge_remote(const nlohmann::json& request, Origin origin,
                                       const sdk::Client& client);

// The same as one answer of the line protocol, with the place of the record. A request without
// request_id gets a new one; every answer names it, so that the request can be repeated after
// an error. Never throws.
nlohmann::json answer_verify_remote(const nlohmann::json& request, const sdk::Client& client);

// {"ok":true, verdict…, decided_by, policy, engine, record…} of a server's answer.
nlohmann::json answer_json(const sdk::Answer& answer);

// The lines under the card of a server's answer: record, request, the passenger on the loaded
// flight, who resolved before what would alarm now, policy, engine.
std::vector<CardLine> answer_lines(const sdk::Answer& answer);

}  // namespace paxid::cli
