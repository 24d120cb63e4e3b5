#include "clients/cli/verify_command.h"

#include <string>
#include <utility>

#include "base/check.h"
#include "base/date.h"
#include "base/hex.h"
#include "clients/cli/flight_command.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/record_reference.h"
#include "clients/cli/scenario.h"
#include "clients/cli/verdict_card.h"
#include "verification/engine.h"
#include "verification/policy.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

json refusal_of(const base::Error& error) {
  json reply = refusal(base::name_of(error.code));
  reply["findings"][0]["place"] = error.field;
  reply["findings"][0]["expected"] = error.message;
  return reply;
}

}  // namespace

const verification::Engine& default_engine() {
  static const verification::Engine engine = [] {
    auto policy = verification::Policy::parse(verification::default_policy_toml());
    PAXID_CHECK(policy.has_value());  // it is compiled in and tested
    return verification::Engine(std::move(*policy));
  }();
  return engine;
}

base::Result<verification::VerdictReport> judge_local(const json& request, Origin origin,
                                                      base::Date today,
                                                      const verification::Engine& engine) {
  auto scenario = read_scenario(request, origin);
  if (!scenario) return tl::unexpected(scenario.error());
  return engine.verify({std::move(scenario->claims), std::move(scenario->flight),
                        std::move(scenario->context), scenario->station_date.value_or(today)});
}

json answer_verify_local(const json& request, base::Date today, const verification::Engine& engine,
                         messages::Language language) {
  const auto report = judge_local(request, Origin::kDevices, today, engine);
  return report ? local_json(*report, engine, language) : refusal_of(report.error());
}

json local_json(const verification::VerdictReport& report, const verification::Engine& engine,
                messages::Language language) {
  json reply = verdict_json(report, language);
  reply["ok"] = true;
  reply["policy"] = engine.policy().reference();
  reply["engine"] = verification::Engine::version();
  reply["decided_by"] = "automatic_suggestion";
  return reply;
}

base::Result<sdk::Answer> judge_remote(const json& request, Origin origin,
                                       const sdk::Client& client) {
  auto scenario = read_scenario(request, origin);
  if (!scenario) return tl::unexpected(scenario.error());
  if (scenario->states_flight_context) {
    return base::fail(
        base::ErrorCode::kInvalidArgument,
        "flight_peers, already_boarded, earlier_names, station_date and their like are known "
        "to the server alone; use --local to try them",
        "context");
  }
  sdk::Request to;
  to.request_id = std::move(scenario->request_id);
  to.claims = std::move(scenario->claims);
  to.flight = std::move(scenario->flight);
  to.station = std::move(scenario->station);
  to.booking = {
      std::move(scenario->locator), std::move(scenario->sequence), std::move(scenario->seat), {}};
  if (!scenario->channel.empty()) {
    const auto channel = sdk::channel_from(scenario->channel);
    if (!channel) {
      return base::fail(base::ErrorCode::kInvalidArgument,
                        "must be kiosk, gate, desk, web, app or bag_drop", "channel");
    }
    to.channel = *channel;
  }
  if (scenario->purpose == "api_accuracy") {
    to.purpose = sdk::Purpose::kApiAccuracy;
  } else if (!scenario->purpose.empty() && scenario->purpose != "boarding_check") {
    return base::fail(base::ErrorCode::kInvalidArgument, "must be boarding_check or api_accuracy",
                      "purpose");
  }
  return client.verify(to);
}

json answer_verify_remote(const json& request, const sdk::Client& client) {
  json identified = request;
  json& id = identified["request_id"];
  if (id.is_null() || id == "") id = sdk::new_request_id();
  const auto answer = judge_remote(identified, Origin::kDevices, client);
  if (answer) return answer_json(*answer);
  json reply = refusal_of(answer.error());
  reply["request_id"] = id;
  return reply;
}

json answer_json(const sdk::Answer& answer) {
  json reply = verdict_json(answer.report);
  reply["ok"] = true;
  reply["request_id"] = answer.request_id;
  reply["decided_by"] = "automatic_suggestion";
  reply["policy"] = answer.policy_id;
  reply["engine"] = answer.engine_version;
  reply["replayed"] = answer.replayed;
  reply["record"] = record_json(answer.record);
  if (answer.passenger) {
    reply["passenger"] = {{"passenger_ref", answer.passenger->passenger_ref},
                          {"seat", answer.passenger->seat},
                          {"sequence", answer.passenger->sequence},
                          {"boarded", answer.passenger->boarded_unix_seconds.has_value()}};
    if (answer.passenger->boarded_unix_seconds) {
      reply["passenger"]["boarded_at"] = base::utc_text(*answer.passenger->boarded_unix_seconds);
    }
  }
  if (answer.resolution) {
    reply["resolution"] = {{"decision_request_id", answer.resolution->decision_request_id},
                           {"time", base::utc_text(answer.resolution->unix_seconds)},
                           {"operator", answer.resolution->operator_pseudonym},
                           {"station", answer.resolution->station},
                           {"reason", sdk::name_of(answer.resolution->reason)},
                           {"evidence", sdk::name_of(answer.resolution->evidence)},
                           {"codes", answer.resolution->codes}};
  }
  return reply;
}

std::vector<CardLine> answer_lines(const sdk::Answer& answer) {
  const std::string place = answer.record.leaf_index
                                ? "record " + std::to_string(*answer.record.leaf_index)
                                : "a promised record";
  std::vector<CardLine> lines{
      {"record", place + " of " + answer.record.log_origin},
      {"request", answer.request_id + (answer.replayed ? " (answered before)" : "")}};
  if (answer.passenger) {
    std::string text = std::to_string(answer.passenger->passenger_ref) + " of the flight";
    if (!answer.passenger->seat.empty()) text += ", seat " + answer.passenger->seat;
    if (answer.passenger->boarded_unix_seconds) {
      text += ", boarded " + base::utc_text(*answer.passenger->boarded_unix_seconds);
    }
    lines.push_back({"passenger", text});
  }
  if (answer.resolution) {
    const sdk::Resolution& resolution = *answer.resolution;
    std::string text =
        base::utc_text(resolution.unix_seconds) + " by " + resolution.operator_pseudonym;
    if (!resolution.station.empty()) text += " at " + resolution.station;
    text += ": " + std::string(sdk::name_of(resolution.reason));
    if (resolution.evidence != sdk::EvidenceType::kNone) {
      text += ", " + std::string(sdk::name_of(resolution.evidence));
    }
    lines.push_back({"resolved", text});
  }
  lines.push_back({"policy", answer.policy_id});
  lines.push_back({"engine", answer.engine_version});
  return lines;
}

}  // namespace paxid::cli
