#include "server/export_flow.h"

#include <paxid/v1/audit_service.pb.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "audit/checkpoint.h"
#include "audit/crypto.h"
#include "audit/merkle.h"
#include "audit/tlog_proof.h"
#include "base/hex.h"
#include "base/json_member.h"
#include "server/conversion.h"
#include "server/decision_flow.h"
#include "server/decision_words.h"
#include "server/leaves.h"
#include "server/privacy_words.h"
#include "server/record_body.h"
#include "server/third_parties.h"

namespace paxid::server {
namespace {

using base::ErrorCode;
using nlohmann::json;

// Beside the ones for this file.
using server::refuse;

tl::unexpected<Refusal> refuse(const base::Error& error) {
  return tl::unexpected(refusal_from(error));
}

struct ProfileWord {
  std::string_view word;
  bool names;  // bodies in the clear
};
std::optional<ProfileWord> word_of(v1::ExportProfile profile) {
  switch (profile) {
    case v1::EXPORT_PROFILE_BORDER:
      return ProfileWord{"border", true};
    case v1::EXPORT_PROFILE_DATA_PROTECTION:
      return ProfileWord{"data_protection", false};
    case v1::EXPORT_PROFILE_CIVIL_AVIATION:
      return ProfileWord{"civil_aviation", true};
    case v1::EXPORT_PROFILE_INTERNAL:
      return ProfileWord{"internal", false};
    case v1::EXPORT_PROFILE_DATA_SUBJECT:
      return ProfileWord{"data_subject", true};
    default:
      return std::nullopt;
  }
}

// What an auditor asks; empty for an export and for a value outside the contract.
std::string_view word_of(v1::AuditQuestion question) {
  switch (question) {
    case v1::AUDIT_QUESTION_OVERRIDES:
      return "overrides";
    case v1::AUDIT_QUESTION_ACCEPTED:
      return "accepted";
    case v1::AUDIT_QUESTION_LOOKS:
      return "looks";
    case v1::AUDIT_QUESTION_POLICY:
      return "policy";
    case v1::AUDIT_QUESTION_ERRORS:
      return "errors";
    case v1::AUDIT_QUESTION_FLIGHT:
      return "flight";
    case v1::AUDIT_QUESTION_WHOLE:
      return "whole";
    default:
      return "";
  }
}

// The decision of a suggestion's leaf by its word; 0 for none.
std::uint16_t verdict_from(std::string_view word) {
  static constexpr std::array<std::string_view, 3> kWords{"MATCH", "REVIEW", "MISMATCH"};
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  return found == kWords.end() ? std::uint16_t{0}
                               : static_cast<std::uint16_t>(found - kWords.begin() + 1);
}

std::string hex_of(const std::string& bytes) {
  return base::to_hex(audit::Bytes(bytes.begin(), bytes.end()));
}

std::uint64_t microseconds_of(const google::protobuf::Timestamp& time) {
  return time.seconds() < 0 ? 0
                            : static_cast<std::uint64_t>(time.seconds()) * 1'000'000 +
                                  static_cast<std::uint64_t>(time.nanos()) / 1000;
}

Violations check(const v1::ExportRecordsRequest& request) {
  Violations violations;
  check_context(request.context(), violations);
  if (!word_of(request.profile())) {
    violations.add("PROFILE_MISSING", "profile", "must be one of the contract's values");
  }
  if (!request.verdict().empty() && verdict_from(request.verdict()) == 0) {
    violations.add("FILTER_MALFORMED", "verdict", "must be MATCH, REVIEW, MISMATCH or empty");
  }
  if (!request.station().empty() && !is_airport(request.station())) {
    violations.add("FILTER_MALFORMED", "station", "must be 3 letters A-Z or empty");
  }
  const bool of_subject = request.profile() == v1::EXPORT_PROFILE_DATA_SUBJECT;
  if (request.subject_ref().size() != 16 && (of_subject || !request.subject_ref().empty())) {
    violations.add("SUBJECT_REF_MALFORMED", "subject_ref", "must be 16 bytes");
  }
  if (request.question() != v1::AUDIT_QUESTION_UNSPECIFIED &&
      (word_of(request.question()).empty() || request.profile() != v1::EXPORT_PROFILE_INTERNAL)) {
    violations.add("QUESTION_MALFORMED", "question",
                   "must be one of the contract's values, with EXPORT_PROFILE_INTERNAL");
  }
  if (request.operator_id().size() > kMaxOperatorIdLength) {
    violations.add("OPERATOR_ID_MALFORMED", "operator_id", "must be at most 64 bytes",
                   kMaxOperatorIdLength);
  }
  if (request.page_leaf() < 0 || request.end_leaf() < request.page_leaf()) {
    violations.add("PAGE_MALFORMED", "page_leaf", "must be what the page before said");
  }
  return violations;
}

// The same for every page and every retry.
std::string canonical(const v1::ExportRecordsRequest& request) {
  v1::ExportRecordsRequest copy = request;
  copy.mutable_context()->set_request_id(lower_request_id(request.context().request_id()));
  copy.clear_page_leaf();
  copy.clear_end_leaf();
  return deterministic_bytes(copy);
}

json only(const json& object, std::initializer_list<const char*> keys) {
  json kept = json::object();
  for (const char* key : keys) {
    if (const auto found = object.find(key); found != object.end()) kept[key] = *found;
  }
  return kept;
}

json only_of_each(const json& list, std::initializer_list<const char*> keys) {
  json kept = json::array();
  if (!list.is_array()) return kept;
  for (const json& one : list) {
    if (one.is_object()) kept.push_back(only(one, keys));
  }
  return kept;
}

// What of a body names nobody. A list of what stays, so that a new key is left out until somebody
// thinks about it.
json pseudonymous(const json& body) {
  json kept = only(body, {"version",
                          "request_id",
                          "station",
                          "channel",
                          "purpose",
                          "station_date",
                          "flight",
                          "policy",
                          "engine",
                          "decided_by",
                          "action",
                          "decided",
                          "reason",
                          "evidence",
                          "face_checked",
                          "operator",
                          "role",
                          "boards",
                          "event",
                          "approved_by",
                          "list",
                          "ground",
                          "reference",
                          "kind",
                          "received_on",
                          "due",
                          "profile",
                          "second_operator",
                          "filter",
                          "question",
                          "export_request_id"});
  const json answer = body.value("answer", json::object());
  if (answer.is_object() && !answer.empty()) {
    json& to = kept["answer"] = only(answer, {"verdict", "confidence", "log_odds"});
    to["reasons"] = only_of_each(answer.value("reasons", json::array()), {"bits", "code"});
    to["findings"] =
        only_of_each(answer.value("findings", json::array()), {"code", "severity", "claim_index"});
    to["counterfactuals"] =
        only_of_each(answer.value("counterfactuals", json::array()), {"code", "verdict"});
  }
  const json read = body.value("read", json::object());
  const json identity = read.is_object() ? read.value("identity", json::object()) : json::object();
  if (identity.is_object() && !base::text_at(identity, "issuer").empty()) {
    kept["issuer"] = base::text_at(identity, "issuer");
  }
  return kept;
}

// What stands in decisions for a person who decides; empty when none is asked for.
std::string operator_pseudonym(const audit::Store& store, const std::string& tenant,
                               const std::string& operator_id) {
  if (operator_id.empty()) return {};
  return base::to_hex(
      store.blind_index(tenant, {static_cast<std::uint8_t>(SubjectKind::kOperator),
                                 audit::Bytes(operator_id.begin(), operator_id.end())}));
}

// One page in the making.
class Page {
 public:
  Page(audit::Store& store, const std::string& tenant, const v1::ExportRecordsRequest& request)
      : store_(store),
        tenant_(tenant),
        request_(request),
        names_(word_of(request.profile())->names),
        of_subject_(request.profile() == v1::EXPORT_PROFILE_DATA_SUBJECT),
        verdict_(verdict_from(request.verdict())),
        operator_(operator_pseudonym(store, tenant, request.operator_id())) {
    if (request.subject_ref().size() == 16) {
      subject_.emplace();
      std::copy_n(request.subject_ref().begin(), 16, subject_->begin());
    }
  }

  base::Result<void> fill(std::uint64_t begin, std::uint64_t end,
                          v1::ExportRecordsResponse* response) {
    std::size_t bytes = 0;
    std::uint64_t index = begin;
    while (index < end && index - begin < kMaxPageRecords && bytes < kMaxPageBytes) {
      v1::ExportedRecord* to = response->add_records();
      if (auto added = add(index, to); !added) return added;
      bytes += to->ByteSizeLong();
      ++index;
    }
    response->set_next_leaf(static_cast<std::int64_t>(index));
    return {};
  }

 private:
  base::Result<void> add(std::uint64_t index, v1::ExportedRecord* to) {
    const auto stored = store_.leaf(tenant_, index);
    if (!stored) return tl::unexpected(stored.error());
    const auto leaf = audit::decode_leaf(stored->leaf_data);
    if (!leaf) return base::fail(ErrorCode::kDataLoss, "a leaf cannot be read");
    to->set_leaf_index(static_cast<std::int64_t>(index));
    to->set_leaf_data(std::string(stored->leaf_data.begin(), stored->leaf_data.end()));
    if ((leaf->flags & audit::kFlagHasBody) == 0) {
      to->set_body_state(v1::EXPORTED_BODY_STATE_NONE);
      return {};
    }
    if (!stored->sealed_body) {
      to->set_body_state(v1::EXPORTED_BODY_STATE_GONE);
      return {};
    }
    to->set_body_state(v1::EXPORTED_BODY_STATE_WITHHELD);
    if (!leaf_selected(*leaf)) return {};
    const auto restricted = is_restricted(*leaf);
    if (!restricted) return tl::unexpected(restricted.error());
    if (*restricted && request_.profile() != v1::EXPORT_PROFILE_DATA_SUBJECT) {
      to->set_body_state(v1::EXPORTED_BODY_STATE_RESTRICTED);
      return {};
    }
    return add_body(index, *leaf, *stored->sealed_body, to);
  }

  // Who looked, and what was exported, belongs to every selection but that of one person: such a
  // body names no passenger.
  bool leaf_selected(const audit::Leaf& leaf) const {
    if (subject_ && leaf.subject_ref != *subject_ && !is_look_at_many(leaf)) return false;
    if (verdict_ == 0 || leaf.type != audit::RecordType::kDecision) return true;
    return leaf.decision == verdict_;
  }

  // A question about a person is also one about the exports that may hold him.
  bool is_look_at_many(const audit::Leaf& leaf) const {
    return request_.question() == v1::AUDIT_QUESTION_LOOKS &&
           leaf.type == audit::RecordType::kAuditRead && leaf.subject_ref == audit::Id16{};
  }

  base::Result<bool> is_restricted(const audit::Leaf& leaf) {
    if (leaf.subject_ref == audit::Id16{}) return false;
    const auto known = restricted_.find(leaf.subject_ref);
    if (known != restricted_.end()) return known->second;
    const auto state = store_.subject(tenant_, leaf.subject_ref);
    if (!state && state.error().code != ErrorCode::kNotFound) return tl::unexpected(state.error());
    const bool restricted = state && state->restricted_by.has_value();
    restricted_.emplace(leaf.subject_ref, restricted);
    return restricted;
  }

  bool body_selected(const audit::Leaf& leaf, const json& body) const {
    if (!operator_.empty() && base::text_at(body, "operator") != operator_ &&
        base::text_at(body, "second_operator") != operator_) {
      return false;
    }
    if (leaf.type == audit::RecordType::kAuditRead) return true;
    if (verdict_ != 0 && leaf.type != audit::RecordType::kDecision) {
      const json decided = body.value("decided", json::object());
      if (!decided.is_object() || base::text_at(decided, "verdict") != request_.verdict())
        return false;
    }
    if (!request_.station().empty() && base::text_at(body, "station") != request_.station())
      return false;
    const json flight = body.value("flight", json::object());
    const auto fits = [&](const std::string& wanted, const char* key) {
      return wanted.empty() || (flight.is_object() && base::text_at(flight, key) == wanted);
    };
    const v1::FlightKey& wanted = request_.flight();
    return fits(wanted.carrier(), "carrier") && fits(wanted.flight_number(), "flight_number") &&
           fits(wanted.departure_date(), "departure_date") && fits(wanted.from(), "from");
  }

  base::Result<void> add_body(std::uint64_t index, const audit::Leaf& leaf,
                              const audit::Bytes& sealed, v1::ExportedRecord* to) {
    const auto opened = store_.open_body(tenant_, index);
    if (!opened && opened.error().code == ErrorCode::kFailedPrecondition) {
      to->set_body_state(v1::EXPORTED_BODY_STATE_GONE);
      return {};
    }
    if (!opened) return tl::unexpected(opened.error());
    json body = json::parse(opened->begin(), opened->end(), nullptr, false);
    if (!body.is_object() || !body_selected(leaf, body)) return {};
    if (!names_) {
      to->set_body_state(v1::EXPORTED_BODY_STATE_PSEUDONYMOUS);
      to->set_body_json(pseudonymous(body).dump());
      return {};
    }
    // The key would open the whole of it.
    if (of_subject_ && take_out_third_parties(body)) {
      to->set_body_state(v1::EXPORTED_BODY_STATE_REDACTED);
      to->set_body_json(body.dump());
      return {};
    }
    const auto key = store_.body_key(tenant_, index);
    if (!key) return tl::unexpected(key.error());
    to->set_body_state(v1::EXPORTED_BODY_STATE_OPEN);
    to->set_body_json(std::string(opened->begin(), opened->end()));
    to->set_sealed_body(std::string(sealed.begin(), sealed.end()));
    to->set_body_key(std::string(key->reveal().begin(), key->reveal().end()));
    return {};
  }

  audit::Store& store_;
  const std::string& tenant_;
  const v1::ExportRecordsRequest& request_;
  const bool names_;
  const bool of_subject_;
  const std::uint16_t verdict_;
  const std::string operator_;  // pseudonym, or empty
  std::optional<audit::Id16> subject_;
  std::map<audit::Id16, bool> restricted_;  // of who has been met on this page
};

json filter_json(const v1::ExportRecordsRequest& request) {
  json filter = json::object();
  if (request.has_from()) filter["from_unix_us"] = microseconds_of(request.from());
  if (request.has_until()) filter["until_unix_us"] = microseconds_of(request.until());
  if (!request.verdict().empty()) filter["verdict"] = request.verdict();
  if (!request.station().empty()) filter["station"] = request.station();
  if (!request.flight().carrier().empty()) filter["carrier"] = request.flight().carrier();
  if (!request.flight().flight_number().empty()) {
    filter["flight_number"] = request.flight().flight_number();
  }
  if (!request.flight().departure_date().empty()) {
    filter["departure_date"] = request.flight().departure_date();
  }
  if (!request.flight().from().empty()) filter["from"] = request.flight().from();
  if (!request.subject_ref().empty()) filter["subject_ref"] = hex_of(request.subject_ref());
  return filter;
}

// What the record of an export or a question says beside its purpose.
json look_json(const v1::ExportRecordsRequest& request) {
  const std::string_view profile = word_of(request.profile())->word;
  json body{{"profile", profile}, {"recipient", profile}, {"filter", filter_json(request)}};
  if (request.question() == v1::AUDIT_QUESTION_UNSPECIFIED) {
    body["event"] = "export_begun";
  } else {
    body["event"] = "log_asked";
    body["question"] = word_of(request.question());
  }
  return body;
}

// The request id of the record that releases an export: the same for everybody who does.
audit::Id16 release_id(const audit::Id16& export_id) {
  const audit::Hash hash = audit::sha256({audit::bytes_of("paxid/export-release/v1"), export_id});
  audit::Id16 id{};
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

struct Range {
  std::uint64_t first = 0;
  std::uint64_t begin = 0;  // of the page
  std::uint64_t end = 0;
};

ExportFlow::Result<Range> range_of(audit::Store& store, const std::string& tenant,
                                   const v1::ExportRecordsRequest& request) {
  const auto size = store.tree_size(tenant);
  if (!size) return refuse(size.error());
  const auto first = request.has_from() ? first_not_before(store, tenant, 0, *size,
                                                           microseconds_of(request.from()))
                                        : base::Result<std::uint64_t>(0);
  if (!first) return refuse(first.error());
  base::Result<std::uint64_t> end = *size;
  if (request.end_leaf() > 0) {
    end = static_cast<std::uint64_t>(request.end_leaf());
  } else if (request.has_until()) {
    end = first_not_before(store, tenant, 0, *size, microseconds_of(request.until()));
  }
  if (!end) return refuse(end.error());
  const std::uint64_t begin =
      request.end_leaf() > 0 ? static_cast<std::uint64_t>(request.page_leaf()) : *first;
  if (*first >= *end || *end > *size || begin < *first) {
    return refuse(ErrorCode::kNotFound, "NOTHING_TO_EXPORT", "no leaf lies in this period");
  }
  return Range{*first, begin, *end};
}

}  // namespace

ExportFlow::Result<v1::ExportRecordsResponse> ExportFlow::page(
    const Principal& caller, const v1::ExportRecordsRequest& request) {
  if (const Violations wrong = check(request); !wrong.none()) {
    return tl::unexpected(wrong.refusal());
  }
  const ProfileWord profile = *word_of(request.profile());
  if (profile.names && caller.role != Role::kPrivacyOfficer) {
    return refuse(ErrorCode::kPermissionDenied, "NAMES_NEED_PRIVACY_OFFICER",
                  "recipients who get names are served by a privacy officer");
  }
  const auto range = range_of(store_, caller.tenant, request);
  if (!range) return tl::unexpected(range.error());
  const auto [first, begin, end] = *range;
  audit::Record look = record_of(caller, request.context(), audit::RecordType::kAuditRead,
                                 canonical(request), look_json(request));
  auto receipt = append_and_wait(store_, std::move(look));
  if (!receipt) return refuse(receipt.error());
  if (profile.names) {
    const auto released = is_released(caller, *parse_request_id(request.context().request_id()));
    if (!released) return refuse(released.error());
    if (!*released) {
      return refuse(ErrorCode::kFailedPrecondition, "RELEASE_NEEDED",
                    "another privacy officer has to release this export first");
    }
  }
  v1::ExportRecordsResponse response;
  write_place(*receipt, response.mutable_record());
  response.set_first_leaf(static_cast<std::int64_t>(first));
  response.set_end_leaf(static_cast<std::int64_t>(end));
  const auto left = store_.left_subtrees(caller.tenant, first);
  if (!left) return refuse(left.error());
  for (const audit::Hash& hash : *left) {
    response.add_left_subtrees(std::string(hash.begin(), hash.end()));
  }
  response.set_operator_pseudonym(operator_pseudonym(store_, caller.tenant, request.operator_id()));
  if (auto filled = Page(store_, caller.tenant, request).fill(begin, end, &response); !filled) {
    return refuse(filled.error());
  }
  return response;
}

base::Result<bool> ExportFlow::is_released(const Principal& caller, const audit::Id16& export_id) {
  const auto index = store_.index_of(caller.tenant, release_id(export_id));
  if (!index) return tl::unexpected(index.error());
  if (!*index) return false;
  const auto leaf = leaf_at(store_, caller.tenant, **index);
  if (!leaf) return tl::unexpected(leaf.error());
  return leaf->actor != caller.actor;
}

ExportFlow::Result<ExportFlow::Begun> ExportFlow::begun(const Principal& caller,
                                                        const audit::Id16& export_id) {
  const auto unknown = [] {
    return refuse(ErrorCode::kNotFound, "EXPORT_UNKNOWN", "no export with names has this id");
  };
  const auto index = store_.index_of(caller.tenant, export_id);
  if (!index && index.error().code == ErrorCode::kNotFound) return unknown();
  if (!index) return refuse(index.error());
  if (!*index) return unknown();
  const auto stored = store_.leaf(caller.tenant, **index);
  if (!stored) return refuse(stored.error());
  const auto leaf = audit::decode_leaf(stored->leaf_data);
  if (!leaf) return refuse(leaf.error());
  if (leaf->type != audit::RecordType::kAuditRead) return unknown();
  const auto opened = store_.open_body(caller.tenant, **index);
  if (!opened) return refuse(opened.error());
  const json body = json::parse(opened->begin(), opened->end(), nullptr, false);
  if (!body.is_object() || base::text_at(body, "event") != "export_begun") return unknown();
  const auto origin = store_.origin(caller.tenant);
  const auto size = store_.tree_size(caller.tenant);
  if (!origin || !size) return refuse(origin ? size.error() : origin.error());
  return Begun{{*origin, **index, audit::leaf_hash(stored->leaf_data), *size, true, {}},
               leaf->actor,
               only(body, {"profile", "filter", "purpose", "reference"}).dump()};
}

ExportFlow::Result<v1::ReleaseExportResponse> ExportFlow::release(
    const Principal& caller, const v1::ReleaseExportRequest& request) {
  Violations wrong;
  check_context(request.context(), wrong);
  const RequestId id = read_request_id(request.export_request_id(), wrong, "export_request_id");
  if (!wrong.none()) return tl::unexpected(wrong.refusal());
  const auto found = begun(caller, id);
  if (!found) return tl::unexpected(found.error());
  v1::ReleaseExportResponse response;
  response.set_export_json(found->json);
  if (!request.confirm()) {
    write_place(found->place, response.mutable_record());
    return response;
  }
  if (found->actor == caller.actor) {
    return refuse(ErrorCode::kPermissionDenied, "SECOND_PERSON_NEEDED",
                  "who exports cannot release");
  }
  v1::PrivacyContext context = request.context();
  context.set_request_id(uuid_text(release_id(id)));
  audit::Record release =
      record_of(caller, context, audit::RecordType::kAuditRead, base::to_hex(id),
                {{"event", "export_released"},
                 {"export_request_id", base::to_hex(id)},
                 {"released_by", lower_request_id(request.context().request_id())}});
  auto receipt = append_and_wait(store_, std::move(release));
  if (!receipt) return refuse(receipt.error());
  write_place(*receipt, response.mutable_record());
  return response;
}

ExportFlow::Result<v1::SealExportResponse> ExportFlow::seal(const Principal& caller,
                                                            const v1::SealExportRequest& request) {
  Violations wrong;
  check_context(request.context(), wrong);
  read_request_id(request.export_request_id(), wrong, "export_request_id");
  if (request.manifest_sha256().size() != 32) {
    wrong.add("HASH_MALFORMED", "manifest_sha256", "must be 32 bytes");
  }
  if (request.end_leaf() < 1) wrong.add("PAGE_MALFORMED", "end_leaf", "must be at least 1");
  if (!wrong.none()) return tl::unexpected(wrong.refusal());
  v1::SealExportRequest same = request;
  same.mutable_context()->set_request_id(lower_request_id(request.context().request_id()));
  audit::Record seal = record_of(
      caller, request.context(), audit::RecordType::kAuditRead, deterministic_bytes(same),
      {{"event", "export_sealed"},
       {"export_request_id", base::to_hex(*parse_request_id(request.export_request_id()))}});
  std::copy_n(request.manifest_sha256().begin(), seal.ruleset.size(), seal.ruleset.begin());
  auto receipt = append_and_wait(store_, std::move(seal));
  if (!receipt) return refuse(receipt.error());
  const auto text = proof_with_leaf(store_, caller.tenant, receipt->index);
  if (!text) return refuse(text.error());
  const auto proof = audit::parse_tlog_proof(*text);
  const auto note = proof ? audit::parse_note(proof->checkpoint)
                          : base::Result<audit::Note>(tl::unexpected(proof.error()));
  const auto head = note ? audit::parse_checkpoint(note->text)
                         : base::Result<audit::Checkpoint>(tl::unexpected(note.error()));
  if (!head) return refuse(head.error());
  const auto hashes = store_.consistency_proof(
      caller.tenant, static_cast<std::uint64_t>(request.end_leaf()), head->size);
  if (!hashes) return refuse(hashes.error());
  v1::SealExportResponse response;
  write_place(*receipt, response.mutable_record());
  response.set_tlog_proof(*text);
  for (const audit::Hash& hash : *hashes) {
    response.add_consistency(std::string(hash.begin(), hash.end()));
  }
  return response;
}

}  // namespace paxid::server
