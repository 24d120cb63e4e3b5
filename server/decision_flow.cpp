#include "server/decision_flow.h"

#include <paxid/v1/decision_service.pb.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/hex.h"
#include "base/json_member.h"
#include "server/conversion.h"
#include "server/decision_words.h"
#include "server/flight_context.h"
#include "server/logged_record.h"
#include "server/record_body.h"
#include "verification/rule.h"

namespace paxid::server {
namespace {

using base::ErrorCode;
using nlohmann::json;
using verification::Verdict;

bool boards_or_resolves(v1::DecisionAction action) {
  return action == v1::DECISION_ACTION_CONFIRM || action == v1::DECISION_ACTION_ACCEPT;
}

// A request that is right in itself.
struct DecisionInput {
  RequestId request_id{};
  RequestId decided{};
};

void check_people(const v1::RecordDecisionRequest& request, Violations& violations) {
  if (!is_operator_id(request.operator_id())) {
    violations.add("OPERATOR_ID_MALFORMED", "operator_id",
                   "must be 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-'", kMaxOperatorIdLength);
  }
  if (request.second_operator_id().empty()) return;
  if (!is_operator_id(request.second_operator_id())) {
    violations.add("OPERATOR_ID_MALFORMED", "second_operator_id",
                   "must be empty, or 1 to 64 of A-Z, a-z, 0-9, '.', '_', '-'",
                   kMaxOperatorIdLength);
  } else if (request.second_operator_id() == request.operator_id()) {
    violations.add("SECOND_PERSON_IS_THE_FIRST", "second_operator_id",
                   "must be another person than operator_id");
  }
}

void check_grounds(const v1::RecordDecisionRequest& request, Violations& violations) {
  const bool accepts = request.action() == v1::DECISION_ACTION_ACCEPT;
  const bool has_reason = request.reason() != v1::ACCEPT_REASON_UNSPECIFIED;
  const bool has_evidence = request.evidence() != v1::EVIDENCE_TYPE_UNSPECIFIED;
  if (accepts != has_reason) {
    violations.add("REASON_UNFIT", "reason",
                   accepts ? "is required for ACCEPT" : "belongs to ACCEPT alone");
  } else if (has_reason && word_of(request.reason()).empty()) {
    violations.add("ENUM_VALUE_UNKNOWN", "reason", "must be one of the contract's values");
  }
  if (has_evidence && (!accepts || word_of(request.evidence()).empty())) {
    violations.add("EVIDENCE_UNFIT", "evidence",
                   "belongs to ACCEPT alone, and must be one of the contract's values");
  }
  if (request.reason() == v1::ACCEPT_REASON_NAME_CHANGE && !has_evidence) {
    violations.add("EVIDENCE_MISSING", "evidence", "is required for NAME_CHANGE");
  }
  if (boards_or_resolves(request.action()) && !request.face_checked()) {
    violations.add("FACE_NOT_CHECKED", "face_checked", "must be true to confirm or accept");
  }
}

tl::expected<DecisionInput, Refusal> read_request(const v1::RecordDecisionRequest& request) {
  Violations violations;
  DecisionInput input;
  input.request_id = read_request_id(request.request_id(), violations);
  input.decided = read_request_id(request.decided_request_id(), violations, "decided_request_id");
  if (word_of(request.action()).empty()) {
    violations.add("ENUM_VALUE_UNKNOWN", "action", "must be one of the contract's values");
  }
  check_people(request, violations);
  check_grounds(request, violations);
  if (!violations.none()) return tl::unexpected(violations.refusal());
  return input;
}

std::string canonical(const v1::RecordDecisionRequest& request) {
  v1::RecordDecisionRequest timeless = request;
  timeless.clear_client_time();
  timeless.set_request_id(lower_request_id(request.request_id()));
  timeless.set_decided_request_id(lower_request_id(request.decided_request_id()));
  return deterministic_bytes(timeless);
}

int number_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : 0;
}

std::optional<audit::Id16> id_at(const json& object, const char* key) {
  const auto bytes = base::from_hex(base::text_at(object, key));
  audit::Id16 id{};
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

std::optional<FlightKey> key_in(const json& body) {
  const json& flight = object_at(body, "flight");
  const auto date = base::parse_iso_date(base::text_at(flight, "departure_date"));
  if (!date || base::text_at(flight, "from").empty()) return std::nullopt;
  return FlightKey{base::text_at(flight, "carrier"), base::text_at(flight, "flight_number"), *date,
                   base::text_at(flight, "from")};
}

// The rules that a suggestion named.
std::vector<ResolvedReason> rules_in(const json& reasons) {
  std::vector<ResolvedReason> rules;
  for (const json& reason : reasons) {
    if (!reason.is_object() || !is_rule(base::text_at(reason, "code"))) continue;
    rules.push_back({base::text_at(reason, "code"),
                     base::PersonalText(base::text_at(reason, "booking_part")),
                     base::PersonalText(base::text_at(reason, "document_part"))});
  }
  return rules;
}

bool names_rule(const std::vector<ResolvedReason>& rules, verification::RuleCode code) {
  return std::any_of(rules.begin(), rules.end(), [code](const ResolvedReason& rule) {
    return rule.code == verification::name_of(code);
  });
}

// One decision in the making.
class Drafter {
 public:
  Drafter(const Principal& caller, const v1::RecordDecisionRequest& request,
          const DecisionInput& input, const LoggedRecord& decided)
      : caller_(caller), request_(request), input_(input), decided_(decided) {}

  tl::expected<DraftedDecision, Refusal> draft(const audit::Store& store, const Flights& flights,
                                               std::uint64_t now) {
    const bool undoes = request_.action() == v1::DECISION_ACTION_UNDO;
    if (auto may = undoes ? check_undo(now) : check_suggestion(now); !may) {
      return tl::unexpected(std::move(may.error()));
    }
    key_ = key_in(decided_.body);
    if (key_ && !caller_.station.empty() && key_->from != caller_.station) {
      return refuse(ErrorCode::kPermissionDenied, "OTHER_STATION",
                    "the flight boards at another station than the caller's");
    }
    fill(store);
    drafted_.record.body = bytes_of(body().dump(-1, ' ', false, json::error_handler_t::replace));
    const bool loaded = key_ && flights.find(caller_.tenant, *key_) != nullptr;
    drafted_.record.response = bytes_of(response(loaded, now).SerializeAsString());
    return std::move(drafted_);
  }

 private:
  static audit::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }
  Verdict verdict() const { return static_cast<Verdict>(decided_.leaf.decision); }

  tl::expected<void, Refusal> check_undo(std::uint64_t now) const {
    if (decided_.leaf.type != audit::RecordType::kManualReview ||
        decided_.leaf.decision == static_cast<std::uint16_t>(DecisionAction::kUndo)) {
      return refuse(ErrorCode::kFailedPrecondition, "NOT_A_DECISION",
                    "decided_request_id is not a decision that can be undone");
    }
    if (decided_.leaf.actor != caller_.actor && caller_.role != Role::kSupervisor) {
      return refuse(ErrorCode::kPermissionDenied, "DECIDED_ELSEWHERE",
                    "only the device that decided, or a supervisor, can undo it");
    }
    const std::chrono::microseconds time = kUndoTime;
    if (now > decided_.leaf.time_unix_us + static_cast<std::uint64_t>(time.count())) {
      return refuse(ErrorCode::kFailedPrecondition, "TOO_LATE_TO_UNDO",
                    "a decision can be undone within 30 seconds");
    }
    return {};
  }

  tl::expected<void, Refusal> check_suggestion(std::uint64_t now) const {
    if (decided_.leaf.type != audit::RecordType::kDecision) {
      return refuse(ErrorCode::kFailedPrecondition, "NOT_A_SUGGESTION",
                    "decided_request_id is not the answer of a verification");
    }
    const std::chrono::microseconds age = kMaxSuggestionAge;
    if (now > decided_.leaf.time_unix_us + static_cast<std::uint64_t>(age.count())) {
      return refuse(ErrorCode::kFailedPrecondition, "SUGGESTION_TOO_OLD",
                    "the suggestion is older than 60 minutes; verify again");
    }
    const bool match = verdict() == Verdict::kMatch;
    if (request_.action() == v1::DECISION_ACTION_CONFIRM && !match) {
      return refuse(ErrorCode::kFailedPrecondition, "CONFIRM_NEEDS_MATCH",
                    "the suggestion is not MATCH: accept it with a reason, or refuse");
    }
    if (request_.action() == v1::DECISION_ACTION_ACCEPT && match) {
      return refuse(ErrorCode::kFailedPrecondition, "ACCEPT_NEEDS_NO_MATCH",
                    "the suggestion is MATCH: confirm it");
    }
    // Who asked and decided alone is one person, a supervisor too; a kiosk is nobody.
    const bool asked_by_person =
        channel_from(base::text_at(decided_.body, "channel")) != v1::CHANNEL_KIOSK;
    const bool of_supervisor = asked_by_person && caller_.role == Role::kSupervisor &&
                               decided_.leaf.actor != caller_.actor;
    const bool two = of_supervisor || !request_.second_operator_id().empty();
    if (request_.action() == v1::DECISION_ACTION_ACCEPT && verdict() == Verdict::kMismatch &&
        !two) {
      return refuse(ErrorCode::kFailedPrecondition, "SECOND_PERSON_NEEDED",
                    "a MISMATCH is accepted by two: name a second operator, or let a supervisor "
                    "decide at another device");
    }
    return {};
  }

  void fill(const audit::Store& store) {
    const auto pseudonym = [&](const std::string& operator_id) {
      const audit::SubjectLookup lookup{static_cast<std::uint8_t>(SubjectKind::kOperator),
                                        bytes_of(operator_id)};
      return base::to_hex(store.blind_index(caller_.tenant, lookup));
    };
    operator_ = pseudonym(request_.operator_id());
    if (!request_.second_operator_id().empty()) {
      second_operator_ = pseudonym(request_.second_operator_id());
    }
    audit::Record& record = drafted_.record;
    record.tenant = caller_.tenant;
    record.request_id = input_.request_id;
    record.canonical_request = bytes_of(canonical(request_));
    record.type = audit::RecordType::kManualReview;
    record.decision = static_cast<std::uint16_t>(request_.action());
    record.actor = caller_.actor;
    record.subject_of_request = input_.decided;
    record.ruleset = decided_.leaf.ruleset;
    record.software = software_of_engine();
    fill_decision();
  }

  const json& passenger() const {
    // A suggestion speaks of the flight's passenger, a decision of its passenger.
    const json& suggested = object_at(decided_.body, "flight_passenger");
    return suggested.empty() ? object_at(decided_.body, "passenger") : suggested;
  }

  void fill_decision() {
    FlightDecision& decision = drafted_.decision;
    decision.request = input_.request_id;
    decision.action = static_cast<DecisionAction>(request_.action());
    decision.passenger = number_at(passenger(), "passenger_ref");
    if (decision.passenger > 0) drafted_.flight = key_;
    if (decision.action == DecisionAction::kUndo) {
      decision.undoes = input_.decided;
      return;
    }
    const std::string channel = base::text_at(decided_.body, "channel");
    decision.boards = boards_or_resolves(request_.action()) && channel == "gate";
    decision.reboards = request_.reason() == v1::ACCEPT_REASON_REBOARDING;
    decision.document = id_at(decided_.body, "document_index");
    rules_ = rules_in(list_at(object_at(decided_.body, "answer"), "reasons"));
    decision.document_may_be_used =
        decision.action == DecisionAction::kAccept &&
        names_rule(rules_, verification::RuleCode::kDocumentAlreadyUsed);
    if (decision.action == DecisionAction::kAccept && decision.document) resolve(channel);
  }

  void resolve(const std::string& channel) {
    const json& holder = object_at(object_at(decided_.body, "read"), "identity");
    Resolution& to = drafted_.decision.resolution.emplace();
    to.passenger = drafted_.decision.passenger;
    to.document = *drafted_.decision.document;
    to.booked_name = base::PersonalText(base::text_at(passenger(), "booked_name"));
    to.holder_birth_date = base::text_at(holder, "birth_date");
    to.holder_nationality = base::text_at(holder, "nationality");
    to.reasons = rules_;
    to.decision = input_.request_id;
    to.operator_pseudonym = operator_;
    to.channel = channel;
    to.station = base::text_at(decided_.body, "station");
    to.reason = word_of(request_.reason());
    to.evidence = word_of(request_.evidence());
  }

  json decided_json() const {
    json to{{"request_id", base::to_hex(input_.decided)},
            {"leaf_index", decided_.index},
            {"leaf_hash", base::to_hex(decided_.leaf_hash)}};
    if (request_.action() == v1::DECISION_ACTION_UNDO) {
      to["action"] = word_of(static_cast<v1::DecisionAction>(decided_.leaf.decision));
    } else {
      to["verdict"] = verification::name_of(verdict());
    }
    return to;
  }

  json body() const {
    json to{{"version", 1},
            {"request_id", base::to_hex(input_.request_id)},
            {"decided_by", "person"},
            {"action", word_of(request_.action())},
            {"decided", decided_json()},
            {"face_checked", request_.face_checked()},
            {"operator", operator_},
            {"role", name_of(caller_.role)},
            {"channel", base::text_at(decided_.body, "channel")},
            {"station", base::text_at(decided_.body, "station")},
            {"boards", drafted_.decision.boards}};
    if (!second_operator_.empty()) to["second_operator"] = second_operator_;
    if (const auto word = word_of(request_.reason()); !word.empty()) to["reason"] = word;
    if (const auto word = word_of(request_.evidence()); !word.empty()) to["evidence"] = word;
    if (key_) to["flight"] = object_at(decided_.body, "flight");
    if (!passenger().empty()) {
      to["passenger"] = passenger();
      to["passenger"].erase("revision");
    }
    if (const auto index = base::text_at(decided_.body, "document_index"); !index.empty()) {
      to["document_index"] = index;
    }
    if (request_.action() == v1::DECISION_ACTION_ACCEPT) add_grounds(to);
    return to;
  }

  void add_grounds(json& to) const {
    json resolves = json::array();
    for (const ResolvedReason& rule : rules_) {
      resolves.push_back({{"code", rule.code},
                          {"booking_part", rule.booking_part.reveal()},
                          {"document_part", rule.document_part.reveal()}});
    }
    to["resolves"] = std::move(resolves);
    const json& read = object_at(object_at(decided_.body, "read"), "identity");
    json holder = json::object();
    for (const char* key : {"birth_date", "nationality"}) {
      if (const auto text = base::text_at(read, key); !text.empty()) holder[key] = text;
    }
    if (!holder.empty()) to["holder"] = std::move(holder);
  }

  v1::RecordDecisionResponse response(bool loaded, std::uint64_t now) const {
    v1::RecordDecisionResponse to;
    to.set_request_id(request_.request_id());
    to.set_boarded(loaded && drafted_.flight && drafted_.decision.boards);
    to.set_decided_by(v1::DECIDED_BY_PERSON);
    if (request_.action() != v1::DECISION_ACTION_UNDO) {
      // The leaf's time is not earlier, so nobody is promised more than he gets.
      to.mutable_undo_until()->set_seconds(static_cast<std::int64_t>(now / 1'000'000) +
                                           kUndoTime.count());
    }
    return to;
  }

  const Principal& caller_;
  const v1::RecordDecisionRequest& request_;
  const DecisionInput& input_;
  const LoggedRecord& decided_;
  std::optional<FlightKey> key_;
  std::vector<ResolvedReason> rules_;
  std::string operator_;
  std::string second_operator_;
  DraftedDecision drafted_;
};

}  // namespace

bool is_operator_id(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kMaxOperatorIdLength &&
         std::all_of(text.begin(), text.end(), fits);
}

tl::expected<DraftedDecision, Refusal> DecisionFlow::draft(
    const Principal& caller, const v1::RecordDecisionRequest& request) const {
  const auto input = read_request(request);
  if (!input) return tl::unexpected(input.error());
  // A repeated request is answered from its record, however much time has passed since.
  const auto known = store_.index_of(caller.tenant, input->request_id);
  if (known && *known) {
    DraftedDecision repeated;
    repeated.repeated = true;
    repeated.record.tenant = caller.tenant;
    repeated.record.request_id = input->request_id;
    const std::string bytes = canonical(request);
    repeated.record.canonical_request.assign(bytes.begin(), bytes.end());
    return repeated;
  }
  const auto decided = read_logged(store_, caller.tenant, input->decided);
  if (!decided) return tl::unexpected(decided.error());
  if (!*decided) {
    return refuse(ErrorCode::kNotFound, "DECIDED_UNKNOWN",
                  "the log has no record of decided_request_id");
  }
  return Drafter(caller, request, *input, **decided)
      .draft(store_, flights_, clock_.unix_microseconds());
}

tl::expected<v1::RecordDecisionResponse, Refusal> DecisionFlow::answer(
    const v1::RecordDecisionRequest& request, const base::Result<audit::Receipt>& receipt) {
  if (!receipt) return tl::unexpected(refusal_from(receipt.error()));
  v1::RecordDecisionResponse response;
  if (!response.ParseFromArray(receipt->response.data(),
                               static_cast<int>(receipt->response.size()))) {
    return tl::unexpected(refusal_from({ErrorCode::kDataLoss, {}, {}}));
  }
  response.set_request_id(request.request_id());
  response.set_replayed(receipt->replayed);
  write_place(*receipt, response.mutable_record());
  return response;
}

Refusal refusal_from_hold(const base::Error& error) {
  Refusal refusal;
  refusal.code = error.code;
  refusal.reason = error.field;
  refusal.message = error.message;
  return refusal;
}

std::optional<RecordedDecision> recorded_decision(const audit::Leaf& leaf,
                                                  const audit::Bytes& text) {
  const json body = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || leaf.type != audit::RecordType::kManualReview) return std::nullopt;
  const auto key = key_in(body);
  const json& passenger = object_at(body, "passenger");
  if (!key || passenger.empty()) return std::nullopt;
  RecordedDecision recorded;
  recorded.flight = *key;
  recorded.locator = base::text_at(passenger, "locator");
  recorded.booked_name = base::PersonalText(base::text_at(passenger, "booked_name"));
  recorded.time_unix_us = leaf.time_unix_us;
  FlightDecision& decision = recorded.decision;
  decision.request = leaf.request_id;
  decision.action = static_cast<DecisionAction>(leaf.decision);
  decision.document = id_at(body, "document_index");
  if (decision.action == DecisionAction::kUndo) {
    decision.undoes = id_at(object_at(body, "decided"), "request_id");
    return recorded;
  }
  decision.boards = body.value("boards", false);
  // It was allowed once: nothing of it is judged again.
  decision.reboards = true;
  decision.document_may_be_used = true;
  if (decision.action == DecisionAction::kAccept && decision.document) {
    const json& holder = object_at(body, "holder");
    decision.resolution = Resolution{0,
                                     *decision.document,
                                     recorded.booked_name,
                                     base::text_at(holder, "birth_date"),
                                     base::text_at(holder, "nationality"),
                                     rules_in(list_at(body, "resolves")),
                                     leaf.request_id,
                                     leaf.time_unix_us,
                                     base::text_at(body, "operator"),
                                     base::text_at(body, "channel"),
                                     base::text_at(body, "station"),
                                     base::text_at(body, "reason"),
                                     base::text_at(body, "evidence")};
  }
  return recorded;
}

}  // namespace paxid::server
