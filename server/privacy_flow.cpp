#include "server/privacy_flow.h"

#include <paxid/v1/privacy_service.pb.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "audit/crypto.h"
#include "audit/key_store.h"
#include "audit/merkle.h"
#include "base/date.h"
#include "base/hex.h"
#include "base/json_member.h"
#include "base/utf8.h"
#include "server/conversion.h"
#include "server/decision_words.h"
#include "server/leaves.h"
#include "server/privacy_words.h"
#include "server/record_body.h"
#include "server/subject_search.h"
#include "server/third_parties.h"
#include "verification/engine.h"

namespace paxid::server {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;
constexpr std::uint64_t kMicrosecondsPerDay = 86'400 * kMicrosecondsPerSecond;
constexpr int kMonth = 1;
constexpr int kExtendedMonths = 3;  // GDPR article 12(3): one month, and two more

// Beside the ones for this file.
using server::refuse;

tl::unexpected<Refusal> refuse(const base::Error& error) {
  if (error.field == "effect") return refuse(error.code, "STATE_FORBIDS", error.message);
  if (error.field == "actor") return refuse(error.code, "SECOND_PERSON_NEEDED", error.message);
  if (error.field == "deadline") return refuse(error.code, "DEADLINE_UNKNOWN", error.message);
  if (error.field == audit::kKeysInUseField)
    return refuse(error.code, "KEYS_IN_USE", error.message);
  return tl::unexpected(refusal_from(error));
}

audit::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

struct HoldWord {
  std::string_view event;
  audit::RecordEffect effect;
};
std::optional<HoldWord> word_of(v1::HoldAction action) {
  switch (action) {
    case v1::HOLD_ACTION_PLACE:
      return HoldWord{"hold_placed", audit::RecordEffect::kHold};
    case v1::HOLD_ACTION_PROPOSE_RELEASE:
      return HoldWord{"hold_release_proposed", audit::RecordEffect::kProposeRelease};
    case v1::HOLD_ACTION_RELEASE:
      return HoldWord{"hold_released", audit::RecordEffect::kRelease};
    default:
      return std::nullopt;
  }
}

std::string_view word_of(audit::RecordType type) {
  switch (type) {
    case audit::RecordType::kDecision:
      return "suggestion";
    case audit::RecordType::kManualReview:
      return "decision_of_a_person";
    case audit::RecordType::kErasure:
      return "erasure";
    case audit::RecordType::kRetentionPrune:
      return "retention";
    case audit::RecordType::kKeyEvent:
      return "key_event";
    case audit::RecordType::kConfigurationChange:
      return "configuration";
    case audit::RecordType::kAuditRead:
      return "look";
    case audit::RecordType::kServiceEvent:
      return "event";
    case audit::RecordType::kRefusedRequest:
      return "refused_request";
  }
  return "";
}

std::int64_t seconds_of(std::uint64_t unix_us) {
  return static_cast<std::int64_t>(unix_us / kMicrosecondsPerSecond);
}

template <class Request>
std::string canonical(const Request& request) {
  Request copy = request;
  copy.mutable_context()->set_request_id(lower_request_id(request.context().request_id()));
  return deterministic_bytes(copy);
}

// The record that a call makes, without subject and effect.
template <class Request>
audit::Record record_of(const Principal& caller, const Request& request, audit::RecordType type,
                        json body) {
  return server::record_of(caller, request.context(), type, canonical(request), std::move(body));
}

// What a person is told about one of the records.
json record_json(audit::Store& store, const std::string& tenant, std::uint64_t index,
                 const audit::StoredRecord& stored, const audit::Leaf& leaf,
                 const RetentionPeriods& periods) {
  json to{{"leaf_index", index},
          {"leaf_hash", base::to_hex(audit::leaf_hash(stored.leaf_data))},
          {"time", base::utc_text(seconds_of(leaf.time_unix_us))},
          {"type", word_of(leaf.type)},
          {"request_id", base::to_hex(leaf.request_id)},
          {"actor", base::to_hex(leaf.actor)},
          {"policy_sha256", base::to_hex(leaf.ruleset)}};
  const auto retention_class = audit::retention_class_of(leaf);
  if (retention_class) {
    const std::chrono::microseconds period =
        periods[static_cast<std::size_t>(*retention_class) - 1];
    to["retention_class"] = audit::name_of(*retention_class);
    to["kept_until"] =
        base::utc_text(seconds_of(leaf.time_unix_us + static_cast<std::uint64_t>(period.count())));
  }
  if ((leaf.flags & audit::kFlagHasBody) == 0) {
    to["body_state"] = "none";
    return to;
  }
  const auto body = store.open_body(tenant, index);
  json parsed =
      body ? json::parse(body->begin(), body->end(), nullptr, /*allow_exceptions=*/false) : json();
  if (parsed.is_object()) {
    to["body_state"] = take_out_third_parties(parsed) ? "redacted" : "open";
    to["body"] = std::move(parsed);
  } else {
    to["body_state"] =
        !body && body.error().code == ErrorCode::kFailedPrecondition ? "gone" : "unreadable";
  }
  return to;
}

json state_json(const audit::SubjectState& state) {
  json to{{"erased", state.erased_by.has_value()},
          {"held", state.held_by.has_value()},
          {"restricted", state.restricted_by.has_value()}};
  if (state.erased_by) to["erased_by_leaf"] = *state.erased_by;
  return to;
}

// Article 15: data, purposes, recipients, periods, where the data come from, and who looked.
class Report {
 public:
  Report(audit::Store& store, const Principal& caller, const RetentionPeriods& periods)
      : store_(store), tenant_(caller.tenant), periods_(periods) {}

  tl::expected<json, Refusal> write(const audit::Id16& ref, std::uint64_t now) {
    const auto state = store_.subject(tenant_, ref);
    if (!state) return refuse(state.error());
    for (const std::uint64_t index : state->records) {
      if (records_.size() == kMaxReportedRecords) break;
      if (auto added = add(index); !added) return tl::unexpected(std::move(added.error()));
    }
    const auto origin = store_.origin(tenant_);
    if (!origin) return refuse(origin.error());
    return json{{"version", 1},
                {"written", base::utc_text(seconds_of(now))},
                {"log_origin", *origin},
                {"subject_ref", base::to_hex(ref)},
                {"state", state_json(*state)},
                {"records", std::move(records_)},
                {"records_in_all", state->records.size()},
                {"looks", std::move(looks_)},
                {"purposes", purposes_},
                {"recipients", recipients_},
                {"sources", sources_},
                {"retention", retention_json()}};
  }

 private:
  tl::expected<void, Refusal> add(std::uint64_t index) {
    const auto stored = store_.leaf(tenant_, index);
    if (!stored) return refuse(stored.error());
    const auto leaf = audit::decode_leaf(stored->leaf_data);
    if (!leaf) return tl::unexpected(refusal_from({ErrorCode::kDataLoss, {}, {}}));
    json one = record_json(store_, tenant_, index, *stored, *leaf, periods_);
    const json body = one.value("body", json::object());
    if (const std::string purpose = base::text_at(body, "purpose"); !purpose.empty()) {
      purposes_.insert(purpose);
    }
    if (const std::string recipient = base::text_at(body, "recipient"); !recipient.empty()) {
      recipients_.insert(recipient);
    }
    if (const auto claims = body.find("claims"); claims != body.end() && claims->is_array()) {
      for (const json& claim : *claims) {
        if (claim.is_object()) sources_.insert(base::text_at(claim, "source"));
      }
    }
    if (leaf->type == audit::RecordType::kAuditRead) {
      looks_.push_back({{"time", one["time"]},
                        {"actor", one["actor"]},
                        {"role", base::text_at(body, "role")},
                        {"purpose", base::text_at(body, "purpose")},
                        {"reference", base::text_at(body, "reference")}});
    }
    records_.push_back(std::move(one));
    return {};
  }

  json retention_json() const {
    json to = json::object();
    for (const audit::RetentionClass one : audit::kAllRetentionClasses) {
      to[std::string(audit::name_of(one))] =
          std::to_string(periods_[static_cast<std::size_t>(one) - 1].count()) + " hours";
    }
    return to;
  }

  audit::Store& store_;
  const std::string& tenant_;
  const RetentionPeriods& periods_;
  json records_ = json::array();
  json looks_ = json::array();
  std::set<std::string> purposes_;
  std::set<std::string> recipients_;
  std::set<std::string> sources_;
};

void set_time(std::uint64_t unix_us, google::protobuf::Timestamp* to) {
  to->set_seconds(seconds_of(unix_us));
  to->set_nanos(static_cast<std::int32_t>(unix_us % kMicrosecondsPerSecond * 1000));
}

std::uint64_t midnight_utc(base::Date date) {
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::microseconds(days).count());
}

}  // namespace

std::uint64_t due_unix_us(base::Date received, bool extended) {
  base::Date due = received + std::chrono::months(extended ? kExtendedMonths : kMonth);
  if (!due.ok()) due = due.year() / due.month() / std::chrono::last;
  return midnight_utc(due) + kMicrosecondsPerDay - 1;
}

PrivacyFlow::Result<audit::Receipt> PrivacyFlow::append(audit::Record record) {
  auto receipt = append_and_wait(store_, std::move(record));
  if (!receipt) return refuse(receipt.error());
  return *std::move(receipt);
}

PrivacyFlow::Result<audit::Id16> PrivacyFlow::find(const Principal& caller,
                                                   const v1::SubjectSelector& subject) {
  const auto unknown = [] {
    return refuse(ErrorCode::kNotFound, "SUBJECT_UNKNOWN", "the log has no record of this person");
  };
  // A tenant without a log has nobody on record.
  const auto refuse_or_unknown = [&](const base::Error& error) -> tl::unexpected<Refusal> {
    return error.code == ErrorCode::kNotFound ? unknown() : refuse(error);
  };
  switch (subject.by_case()) {
    case v1::SubjectSelector::kDocument: {
      const std::string value = subject.document().issuer() + "|" + subject.document().number();
      const auto ref = store_.subject_of(
          caller.tenant, {static_cast<std::uint8_t>(SubjectKind::kDocument), bytes_of(value)});
      if (!ref) return refuse_or_unknown(ref.error());
      if (!*ref) return unknown();
      return **ref;
    }
    case v1::SubjectSelector::kRecordRequestId: {
      const auto id = parse_request_id(subject.record_request_id());
      const auto index = store_.index_of(caller.tenant, *id);
      if (!index) return refuse_or_unknown(index.error());
      if (!*index) return unknown();
      const auto stored = store_.leaf(caller.tenant, **index);
      if (!stored) return refuse(stored.error());
      const auto leaf = audit::decode_leaf(stored->leaf_data);
      if (!leaf || leaf->subject_ref == audit::Id16{}) return unknown();
      return leaf->subject_ref;
    }
    case v1::SubjectSelector::kSubjectRef:
    case v1::SubjectSelector::BY_NOT_SET: {
      audit::Id16 ref{};
      std::copy_n(subject.subject_ref().begin(), ref.size(), ref.begin());
      return ref;
    }
  }
  return unknown();
}

namespace {

void check_subject(const v1::SubjectSelector& subject, Violations& violations) {
  switch (subject.by_case()) {
    case v1::SubjectSelector::kDocument: {
      const auto& document = subject.document();
      if (document.number().empty() || document.number().size() > 64 ||
          document.issuer().size() > 8) {
        violations.add("DOCUMENT_MALFORMED", "subject.document",
                       "needs a number of 1 to 64 bytes and an issuer of at most 8");
      }
      return;
    }
    case v1::SubjectSelector::kRecordRequestId:
      read_request_id(subject.record_request_id(), violations, "subject.record_request_id");
      return;
    case v1::SubjectSelector::kSubjectRef:
      if (subject.subject_ref().size() != 16) {
        violations.add("SUBJECT_REF_MALFORMED", "subject.subject_ref", "must be 16 bytes");
      }
      return;
    case v1::SubjectSelector::BY_NOT_SET:
      violations.add("SUBJECT_MISSING", "subject", "is required");
      return;
  }
}

template <class Request>
Violations check(const Request& request) {
  Violations violations;
  check_context(request.context(), violations);
  check_subject(request.subject(), violations);
  return violations;
}

std::string ref_bytes(const audit::Id16& ref) { return {ref.begin(), ref.end()}; }

}  // namespace

PrivacyFlow::Result<void> PrivacyFlow::close_deadline(const Principal& caller,
                                                      const v1::PrivacyContext& context) {
  if (context.answers_request_id().empty()) return {};
  const audit::Id16 deadline = *parse_request_id(context.answers_request_id());
  const auto rows = store_.deadlines(caller.tenant);
  if (!rows) return refuse(rows.error());
  const bool closed = std::any_of(rows->begin(), rows->end(), [&](const audit::Deadline& row) {
    return row.request_id == deadline && row.closed_by;
  });
  if (closed) return {};
  audit::Record record;
  record.tenant = caller.tenant;
  // The same for a retry of the call.
  const audit::Id16 call = *parse_request_id(context.request_id());
  const audit::Hash id = audit::sha256({audit::bytes_of("paxid/deadline-answered/v1"), call});
  std::copy_n(id.begin(), record.request_id.size(), record.request_id.begin());
  record.canonical_request = bytes_of(context.answers_request_id());
  record.type = audit::RecordType::kServiceEvent;
  record.effect = audit::RecordEffect::kCloseDeadline;
  record.deadline = deadline;
  record.actor = caller.actor;
  record.body = bytes_of(json{{"version", 1},
                              {"request_id", base::to_hex(record.request_id)},
                              {"event", "deadline_answered"},
                              {"answered_by", base::to_hex(call)},
                              {"answers", base::to_hex(deadline)}}
                             .dump());
  auto receipt = append(std::move(record));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  return {};
}

namespace {

Violations check(const v1::FindSubjectsRequest& request) {
  Violations violations;
  check_context(request.context(), violations);
  const std::size_t length = base::count_code_points(request.name()).value_or(kMaxSearchedName + 1);
  if (!request.name().empty() && (length < kMinSearchedName || length > kMaxSearchedName)) {
    violations.add("NAME_MALFORMED", "name", "must be 2 to 128 characters or empty",
                   kMaxSearchedName);
  }
  if (!request.locator().empty() && !is_locator(request.locator())) {
    violations.add("LOCATOR_MALFORMED", "locator", "must be 5 to 7 of A-Z, 0-9 or empty");
  }
  if (request.has_subject()) {
    check_subject(request.subject(), violations);
  } else if (request.name().empty() && request.locator().empty()) {
    violations.add("SUBJECT_MISSING", "name", "give a name, a locator or a subject");
  }
  if (request.page_leaf() < 0 || request.end_leaf() < request.page_leaf()) {
    violations.add("PAGE_MALFORMED", "page_leaf", "must be what the page before said");
  }
  return violations;
}

std::uint64_t microseconds_of(const google::protobuf::Timestamp& time) {
  return time.seconds() < 0 ? 0
                            : static_cast<std::uint64_t>(time.seconds()) * kMicrosecondsPerSecond +
                                  static_cast<std::uint64_t>(time.nanos()) / 1000;
}

// The name that was looked for is personal data of somebody who may have no record: not written
// down. What was looked for is.
json search_json(const v1::FindSubjectsRequest& request) {
  json by = json::array();
  if (!request.name().empty()) by.push_back("name");
  if (!request.locator().empty()) by.push_back("locator");
  if (request.has_subject()) by.push_back("subject");
  return {{"event", "subjects_searched"}, {"searched_by", std::move(by)}};
}

}  // namespace

PrivacyFlow::Result<v1::FindSubjectsResponse> PrivacyFlow::find_subjects(
    const Principal& caller, const v1::FindSubjectsRequest& request) {
  if (const Violations wrong = check(request); !wrong.none()) {
    return tl::unexpected(wrong.refusal());
  }
  v1::FindSubjectsRequest same = request;
  same.clear_page_leaf();
  same.clear_end_leaf();
  auto receipt =
      append(record_of(caller, same, audit::RecordType::kAuditRead, search_json(request)));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  v1::FindSubjectsResponse response;
  write_place(*receipt, response.mutable_record());
  if (request.has_subject()) {
    const auto ref = find(caller, request.subject());
    if (!ref) return tl::unexpected(ref.error());
    response.add_candidates()->set_subject_ref(ref_bytes(*ref));
    return response;
  }
  const std::uint64_t size = receipt->tree_size;
  const auto bound = [&](bool has, const google::protobuf::Timestamp& time,
                         std::uint64_t otherwise) -> base::Result<std::uint64_t> {
    if (!has) return otherwise;
    return first_not_before(store_, caller.tenant, 0, size, microseconds_of(time));
  };
  std::uint64_t begin = static_cast<std::uint64_t>(request.page_leaf());
  std::uint64_t end = static_cast<std::uint64_t>(request.end_leaf());
  if (end == 0) {
    const auto from = bound(request.has_from(), request.from(), 0);
    const auto until = bound(request.has_until(), request.until(), size);
    if (!from || !until) return refuse(from ? until.error() : from.error());
    begin = *from;
    end = *until;
  }
  response.set_end_leaf(static_cast<std::int64_t>(end));
  if (auto searched =
          search_subjects(store_, caller.tenant, request, begin, std::min(end, size), &response);
      !searched) {
    return refuse(searched.error());
  }
  return response;
}

PrivacyFlow::Result<v1::GetAccessResponse> PrivacyFlow::access(
    const Principal& caller, const v1::GetAccessRequest& request) {
  if (const Violations wrong = check(request); !wrong.none()) {
    return tl::unexpected(wrong.refusal());
  }
  const auto ref = find(caller, request.subject());
  if (!ref) return tl::unexpected(ref.error());
  const auto state = store_.subject(caller.tenant, *ref);
  if (!state) return refuse(ErrorCode::kNotFound, "SUBJECT_UNKNOWN", "no record names this person");
  // The look is on record before anything of the person is read. Of somebody erased nothing can
  // be read, and nothing can be sealed for him: the record is the log's.
  audit::Record look = record_of(caller, request, audit::RecordType::kAuditRead,
                                 {{"event", "subject_access"}, {"recipient", "data_subject"}});
  if (!state->erased_by) look.subject_ref = *ref;
  auto receipt = append(std::move(look));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  auto report = Report(store_, caller, periods_).write(*ref, clock_.unix_microseconds());
  if (!report) return tl::unexpected(std::move(report.error()));
  if (auto closed = close_deadline(caller, request.context()); !closed) {
    return tl::unexpected(std::move(closed.error()));
  }
  v1::GetAccessResponse response;
  write_place(*receipt, response.mutable_record());
  response.set_subject_ref(ref_bytes(*ref));
  response.set_report_json(report->dump(-1, ' ', false, json::error_handler_t::replace));
  return response;
}

PrivacyFlow::Result<v1::EraseSubjectResponse> PrivacyFlow::erase(
    const Principal& caller, const v1::EraseSubjectRequest& request) {
  Violations wrong = check(request);
  if (word_of(request.ground()).empty()) {
    wrong.add("GROUND_MISSING", "ground", "must be one of the contract's values");
  }
  if (!wrong.none()) return tl::unexpected(wrong.refusal());
  audit::Id16 ref{};
  // A retry finds its own record: the document leads to nobody any more.
  const audit::Id16 id = *parse_request_id(request.context().request_id());
  const auto before = store_.index_of(caller.tenant, id);
  if (before && *before) {
    const auto stored = store_.leaf(caller.tenant, **before);
    if (!stored) return refuse(stored.error());
    const auto leaf = audit::decode_leaf(stored->leaf_data);
    if (leaf) ref = leaf->subject_ref;
  } else {
    const auto found = find(caller, request.subject());
    if (!found) return tl::unexpected(found.error());
    ref = *found;
  }
  const auto state = store_.subject(caller.tenant, ref);
  if (!state) return refuse(ErrorCode::kNotFound, "SUBJECT_UNKNOWN", "no record names this person");
  audit::Record erasure =
      record_of(caller, request, audit::RecordType::kErasure,
                {{"event", "subject_erased"}, {"ground", word_of(request.ground())}});
  erasure.effect = audit::RecordEffect::kErase;
  erasure.decision = static_cast<std::uint16_t>(request.ground());
  erasure.subject_ref = ref;
  auto receipt = append(std::move(erasure));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  const auto proof = proof_with_leaf(store_, caller.tenant, receipt->index);
  if (!proof) return refuse(proof.error());
  if (auto closed = close_deadline(caller, request.context()); !closed) {
    return tl::unexpected(std::move(closed.error()));
  }
  v1::EraseSubjectResponse response;
  write_place(*receipt, response.mutable_record());
  response.set_subject_ref(ref_bytes(ref));
  const auto erased = std::count_if(state->records.begin(), state->records.end(),
                                    [&](std::uint64_t index) { return index < receipt->index; });
  response.set_erased_records(erased);
  response.set_receipt(*proof);
  return response;
}

namespace {

// A call that adds one record about a person and says where it is.
template <class Response>
Response placed(const audit::Receipt& receipt, const audit::Id16& ref) {
  Response response;
  write_place(receipt, response.mutable_record());
  response.set_subject_ref(ref_bytes(ref));
  return response;
}

}  // namespace

PrivacyFlow::Result<v1::AddRectificationResponse> PrivacyFlow::rectify(
    const Principal& caller, const v1::AddRectificationRequest& request) {
  Violations wrong = check(request);
  const std::size_t length = base::count_code_points(request.note()).value_or(0);
  if (length == 0 || length > kMaxRectificationCharacters) {
    wrong.add("NOTE_MALFORMED", "note", "must be 1 to 2000 characters",
              kMaxRectificationCharacters);
  }
  if (!wrong.none()) return tl::unexpected(wrong.refusal());
  const auto ref = find(caller, request.subject());
  if (!ref) return tl::unexpected(ref.error());
  audit::Record note = record_of(caller, request, audit::RecordType::kServiceEvent,
                                 {{"event", "rectification_noted"}, {"note", request.note()}});
  note.subject_ref = *ref;
  auto receipt = append(std::move(note));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  if (auto closed = close_deadline(caller, request.context()); !closed) {
    return tl::unexpected(std::move(closed.error()));
  }
  return placed<v1::AddRectificationResponse>(*receipt, *ref);
}

PrivacyFlow::Result<v1::SetRestrictionResponse> PrivacyFlow::restrict(
    const Principal& caller, const v1::SetRestrictionRequest& request) {
  if (const Violations wrong = check(request); !wrong.none()) {
    return tl::unexpected(wrong.refusal());
  }
  const auto ref = find(caller, request.subject());
  if (!ref) return tl::unexpected(ref.error());
  audit::Record change =
      record_of(caller, request, audit::RecordType::kServiceEvent,
                {{"event", request.restricted() ? "use_restricted" : "restriction_lifted"}});
  change.subject_ref = *ref;
  change.effect =
      request.restricted() ? audit::RecordEffect::kRestrict : audit::RecordEffect::kLiftRestriction;
  auto receipt = append(std::move(change));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  if (auto closed = close_deadline(caller, request.context()); !closed) {
    return tl::unexpected(std::move(closed.error()));
  }
  return placed<v1::SetRestrictionResponse>(*receipt, *ref);
}

PrivacyFlow::Result<v1::ChangeHoldResponse> PrivacyFlow::hold(
    const Principal& caller, const v1::ChangeHoldRequest& request) {
  Violations wrong = check(request);
  const auto word = word_of(request.action());
  if (!word) wrong.add("ACTION_MISSING", "action", "must be one of the contract's values");
  if (!wrong.none()) return tl::unexpected(wrong.refusal());
  const auto ref = find(caller, request.subject());
  if (!ref) return tl::unexpected(ref.error());
  audit::Record change =
      record_of(caller, request, audit::RecordType::kServiceEvent, {{"event", word->event}});
  change.subject_ref = *ref;
  change.effect = word->effect;
  auto receipt = append(std::move(change));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  return placed<v1::ChangeHoldResponse>(*receipt, *ref);
}

PrivacyFlow::Result<v1::OpenDeadlineResponse> PrivacyFlow::open_deadline(
    const Principal& caller, const v1::OpenDeadlineRequest& request) {
  Violations wrong;
  check_context(request.context(), wrong);
  if (word_of(request.kind()).empty()) {
    wrong.add("KIND_MISSING", "kind", "must be one of the contract's values");
  }
  const auto received = base::parse_iso_date(request.received_on());
  // Somewhere the next day has begun already.
  const std::uint64_t latest = clock_.unix_microseconds() + kMicrosecondsPerDay;
  if (!received || midnight_utc(*received) > latest) {
    wrong.add("DATE_MALFORMED", "received_on", "must be YYYY-MM-DD and not in the future");
  }
  if (!wrong.none()) return tl::unexpected(wrong.refusal());
  const std::uint64_t due = due_unix_us(*received, request.extended());
  audit::Record entry = record_of(caller, request, audit::RecordType::kServiceEvent,
                                  {{"event", "deadline_opened"},
                                   {"kind", word_of(request.kind())},
                                   {"received_on", request.received_on()},
                                   {"due", base::utc_text(seconds_of(due))}});
  entry.effect = audit::RecordEffect::kOpenDeadline;
  entry.received_unix_us = midnight_utc(*received);
  entry.due_unix_us = due;
  auto receipt = append(std::move(entry));
  if (!receipt) return tl::unexpected(std::move(receipt.error()));
  v1::OpenDeadlineResponse response;
  write_place(*receipt, response.mutable_record());
  set_time(due, response.mutable_due());
  return response;
}

PrivacyFlow::Result<v1::ListDeadlinesResponse> PrivacyFlow::deadlines(
    const Principal& caller, const v1::ListDeadlinesRequest& request) {
  v1::ListDeadlinesResponse response;
  const auto rows = store_.deadlines(caller.tenant);
  if (!rows && rows.error().code == ErrorCode::kNotFound) return response;
  if (!rows) return refuse(rows.error());
  const std::chrono::microseconds warning = kDeadlineWarning;
  const std::uint64_t soon =
      clock_.unix_microseconds() + static_cast<std::uint64_t>(warning.count());
  for (const audit::Deadline& row : *rows) {
    if (row.closed_by && !request.include_closed()) continue;
    v1::RightsDeadline* to = response.add_deadlines();
    to->set_request_id(uuid_text(row.request_id));
    set_time(row.received_unix_us, to->mutable_received());
    set_time(row.due_unix_us, to->mutable_due());
    to->set_closed_by_leaf(row.closed_by ? static_cast<std::int64_t>(*row.closed_by) : -1);
    to->set_warning(!row.closed_by && row.due_unix_us <= soon);
  }
  return response;
}

}  // namespace paxid::server
