#include "server/suggestion_look.h"

#include <paxid/v1/decision_service.pb.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/hex.h"
#include "base/json_member.h"
#include "server/conversion.h"
#include "server/decision_flow.h"
#include "server/decision_words.h"
#include "server/logged_record.h"
#include "server/record_body.h"

namespace paxid::server {
namespace {

using base::ErrorCode;
using base::text_at;
using nlohmann::json;

struct LookInput {
  RequestId request_id{};
  RequestId suggestion{};
};

tl::expected<LookInput, Refusal> read_request(const v1::GetSuggestionRequest& request) {
  Violations violations;
  LookInput input;
  input.request_id = read_request_id(request.request_id(), violations);
  input.suggestion =
      read_request_id(request.suggestion_request_id(), violations, "suggestion_request_id");
  if (!is_operator_id(request.operator_id())) {
    violations.add("OPERATOR_ID_MALFORMED", "operator_id",
                   "must be 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-'", kMaxOperatorIdLength);
  }
  if (word_of(request.purpose()).empty()) {
    violations.add("ENUM_VALUE_UNKNOWN", "purpose", "must be one of the contract's values");
  }
  if (!violations.none()) return tl::unexpected(violations.refusal());
  return input;
}

std::string canonical(v1::GetSuggestionRequest request) {
  request.set_request_id(lower_request_id(request.request_id()));
  request.set_suggestion_request_id(lower_request_id(request.suggestion_request_id()));
  return deterministic_bytes(request);
}

tl::expected<void, Refusal> check(const LoggedRecord& suggestion, const Principal& caller,
                                  const v1::GetSuggestionRequest& request, std::uint64_t now) {
  if (suggestion.leaf.type != audit::RecordType::kDecision) {
    return refuse(ErrorCode::kFailedPrecondition, "NOT_A_SUGGESTION",
                  "suggestion_request_id is not the answer of a verification");
  }
  if (channel_from(text_at(suggestion.body, "channel")) != v1::CHANNEL_KIOSK) {
    return refuse(ErrorCode::kPermissionDenied, "NOT_REFERRED",
                  "no kiosk was given this suggestion, so it sent nobody");
  }
  const std::chrono::microseconds age = kMaxSuggestionAge;
  if (now > suggestion.leaf.time_unix_us + static_cast<std::uint64_t>(age.count())) {
    return refuse(ErrorCode::kFailedPrecondition, "SUGGESTION_TOO_OLD",
                  "the suggestion is older than 60 minutes; verify again");
  }
  if (text_at(suggestion.body, "purpose") != word_of(request.purpose())) {
    return refuse(ErrorCode::kPermissionDenied, "OTHER_PURPOSE",
                  "the suggestion was asked for another purpose");
  }
  const std::string flight_from = text_at(object_at(suggestion.body, "flight"), "from");
  const std::string stood_at = text_at(suggestion.body, "station");
  const std::string& place = flight_from.empty() ? stood_at : flight_from;
  if (!caller.station.empty() && place != caller.station) {
    return refuse(ErrorCode::kPermissionDenied, "OTHER_STATION",
                  "the suggestion is about another station than the caller's");
  }
  return {};
}

// A person's right to restriction (GDPR Art. 18): the record is kept, and nobody reads it.
tl::expected<void, Refusal> check_use(audit::Store& store, const Principal& caller,
                                      const LoggedRecord& suggestion) {
  if (suggestion.leaf.subject_ref == audit::Id16{}) return {};
  const auto state = store.subject(caller.tenant, suggestion.leaf.subject_ref);
  if (!state) return tl::unexpected(refusal_from(state.error()));
  if (!state->restricted_by) return {};
  return refuse(ErrorCode::kFailedPrecondition, "USE_RESTRICTED",
                "the use of this person's data is restricted; verify again");
}

// What the device was answered, less what was for that device alone.
tl::expected<v1::VerifyResponse, Refusal> read_answer(audit::Store& store, const Principal& caller,
                                                      const audit::Receipt& place) {
  const auto stored = store.open_response(caller.tenant, place.index);
  if (!stored) return tl::unexpected(refusal_from(stored.error()));
  v1::VerifyResponse answer;
  if (!answer.ParseFromArray(stored->data(), static_cast<int>(stored->size()))) {
    return tl::unexpected(refusal_from({ErrorCode::kDataLoss, {}, {}}));
  }
  answer.clear_findings();
  answer.clear_counterfactuals();
  answer.clear_resolution();
  answer.set_replayed(true);
  write_place(place, answer.mutable_record());
  return answer;
}

v1::GetSuggestionResponse response_of(v1::VerifyResponse answer, const LoggedRecord& from) {
  v1::GetSuggestionResponse to;
  *to.mutable_suggestion() = std::move(answer);
  to.mutable_time()->set_seconds(static_cast<std::int64_t>(from.leaf.time_unix_us / 1'000'000));
  to.set_channel(channel_from(text_at(from.body, "channel")));
  to.set_station(text_at(from.body, "station"));
  const json& flight = object_at(from.body, "flight");
  to.mutable_flight()->set_carrier(text_at(flight, "carrier"));
  to.mutable_flight()->set_flight_number(text_at(flight, "flight_number"));
  to.mutable_flight()->set_departure_date(text_at(flight, "departure_date"));
  to.mutable_flight()->set_from(text_at(flight, "from"));
  to.set_booked_name(text_at(object_at(from.body, "flight_passenger"), "booked_name"));
  return to;
}

}  // namespace

tl::expected<audit::Record, Refusal> draft_look(audit::Store& store, const Principal& caller,
                                                const v1::GetSuggestionRequest& request,
                                                std::uint64_t now_unix_us) {
  const auto input = read_request(request);
  if (!input) return tl::unexpected(input.error());
  const auto suggestion = read_logged(store, caller.tenant, input->suggestion);
  if (!suggestion) return tl::unexpected(suggestion.error());
  if (!*suggestion) {
    return refuse(ErrorCode::kNotFound, "SUGGESTION_UNKNOWN",
                  "the log has no record of suggestion_request_id");
  }
  if (auto may = check(**suggestion, caller, request, now_unix_us); !may) {
    return tl::unexpected(std::move(may.error()));
  }
  if (auto may = check_use(store, caller, **suggestion); !may) {
    return tl::unexpected(std::move(may.error()));
  }
  const auto origin = store.origin(caller.tenant);
  if (!origin) return tl::unexpected(refusal_from(origin.error()));
  const LoggedRecord& from = **suggestion;
  auto answer =
      read_answer(store, caller, {*origin, from.index, from.leaf_hash, from.index + 1, true, {}});
  if (!answer) return tl::unexpected(std::move(answer.error()));
  const std::string operator_id = request.operator_id();
  const audit::SubjectLookup lookup{static_cast<std::uint8_t>(SubjectKind::kOperator),
                                    {operator_id.begin(), operator_id.end()}};
  const json body{{"version", 1},
                  {"request_id", base::to_hex(input->request_id)},
                  {"event", "suggestion_shown"},
                  {"purpose", word_of(request.purpose())},
                  {"reference", uuid_text(input->suggestion)},
                  {"operator", base::to_hex(store.blind_index(caller.tenant, lookup))},
                  {"role", name_of(caller.role)}};
  const std::string text = body.dump();
  const std::string bytes = canonical(request);
  const std::string response = response_of(*std::move(answer), from).SerializeAsString();
  audit::Record record;
  record.tenant = caller.tenant;
  record.request_id = input->request_id;
  record.canonical_request.assign(bytes.begin(), bytes.end());
  record.type = audit::RecordType::kAuditRead;
  record.actor = caller.actor;
  record.subject_of_request = input->suggestion;
  record.software = software_of_engine();
  record.body.assign(text.begin(), text.end());
  record.response.assign(response.begin(), response.end());
  return record;
}

tl::expected<v1::GetSuggestionResponse, Refusal> answer_look(
    const base::Result<audit::Receipt>& receipt) {
  if (!receipt) return tl::unexpected(refusal_from(receipt.error()));
  v1::GetSuggestionResponse response;
  if (!response.ParseFromArray(receipt->response.data(),
                               static_cast<int>(receipt->response.size()))) {
    return tl::unexpected(refusal_from({ErrorCode::kDataLoss, {}, {}}));
  }
  write_place(*receipt, response.mutable_record());
  return response;
}

}  // namespace paxid::server
