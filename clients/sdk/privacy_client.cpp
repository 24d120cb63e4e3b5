#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "clients/sdk/connection.h"
#include "clients/sdk/privacy_wire.h"
#include "clients/sdk/wire.h"

namespace paxid::sdk {
namespace {

template <class Value, std::size_t kSize>
std::optional<Value> find_word(const std::array<std::pair<std::string_view, Value>, kSize>& words,
                               std::string_view word) {
  for (const auto& [known, value] : words) {
    if (known == word) return value;
  }
  return std::nullopt;
}

void write_subject(const SubjectSelector& from, v1::SubjectSelector* to) {
  if (const auto* document = std::get_if<DocumentSelector>(&from)) {
    to->mutable_document()->set_issuer(document->issuer);
    to->mutable_document()->set_number(document->number);
  } else if (const auto* record = std::get_if<RecordSelector>(&from)) {
    to->set_record_request_id(record->request_id);
  } else {
    const auto& ref = std::get<audit::Id16>(from);
    to->set_subject_ref(std::string(ref.begin(), ref.end()));
  }
}

template <class Request>
Request request_of(const PrivacyContext& context, const SubjectSelector& subject) {
  Request request;
  write_context(context, request.mutable_context());
  write_subject(subject, request.mutable_subject());
  return request;
}

// Reading or erasing all of a person takes longer than a verification.
constexpr std::chrono::seconds kPrivacyDeadline{30};

template <class Call>
grpc::Status attempt(const Client::Connection& connection, Call call) {
  return connection.attempt([&](const Server& server, grpc::ClientContext* context) {
    context->set_deadline(
        std::chrono::system_clock::now() +
        std::max<std::chrono::milliseconds>(connection.deadline, kPrivacyDeadline));
    return call(server, context);
  });
}

// What every answer about a person says.
template <class Response, class Answer>
base::Result<Answer> read_common(const Response& from, Answer to) {
  if (!read_record(from.record(), to.record)) return malformed("record");
  if (from.subject_ref().size() != to.subject_ref.size()) return malformed("subject_ref");
  std::copy(from.subject_ref().begin(), from.subject_ref().end(), to.subject_ref.begin());
  return to;
}

}  // namespace

void write_context(const PrivacyContext& from, v1::PrivacyContext* to) {
  to->set_request_id(from.request_id);
  to->set_purpose(static_cast<v1::LookPurpose>(from.purpose));
  to->set_reference(from.reference);
  to->set_answers_request_id(from.answers_request_id);
}

namespace {
constexpr std::array kPurposes{
    std::pair<std::string_view, LookPurpose>{"subject_request", LookPurpose::kSubjectRequest},
    std::pair<std::string_view, LookPurpose>{"supervision", LookPurpose::kSupervision},
    std::pair<std::string_view, LookPurpose>{"fine_defence", LookPurpose::kFineDefence},
    std::pair<std::string_view, LookPurpose>{"claim_defence", LookPurpose::kClaimDefence},
    std::pair<std::string_view, LookPurpose>{"audit", LookPurpose::kAudit}};
}  // namespace

std::string_view name_of(LookPurpose purpose) {
  return kPurposes[static_cast<std::size_t>(purpose) - 1].first;
}

std::optional<LookPurpose> look_purpose_from(std::string_view word) {
  return find_word(kPurposes, word);
}

std::optional<ErasureGround> erasure_ground_from(std::string_view word) {
  static constexpr std::array kWords{
      std::pair<std::string_view, ErasureGround>{"subject_request", ErasureGround::kSubjectRequest},
      std::pair<std::string_view, ErasureGround>{"objection", ErasureGround::kObjection},
      std::pair<std::string_view, ErasureGround>{"unlawful", ErasureGround::kUnlawful},
      std::pair<std::string_view, ErasureGround>{"legal_obligation",
                                                 ErasureGround::kLegalObligation},
      std::pair<std::string_view, ErasureGround>{"controller", ErasureGround::kController}};
  return find_word(kWords, word);
}

std::optional<HoldAction> hold_action_from(std::string_view word) {
  static constexpr std::array kWords{
      std::pair<std::string_view, HoldAction>{"place", HoldAction::kPlace},
      std::pair<std::string_view, HoldAction>{"propose-release", HoldAction::kProposeRelease},
      std::pair<std::string_view, HoldAction>{"release", HoldAction::kRelease}};
  return find_word(kWords, word);
}

std::optional<RightsRequestKind> rights_request_kind_from(std::string_view word) {
  static constexpr std::array kWords{
      std::pair<std::string_view, RightsRequestKind>{"access", RightsRequestKind::kAccess},
      std::pair<std::string_view, RightsRequestKind>{"erasure", RightsRequestKind::kErasure},
      std::pair<std::string_view, RightsRequestKind>{"rectification",
                                                     RightsRequestKind::kRectification},
      std::pair<std::string_view, RightsRequestKind>{"restriction",
                                                     RightsRequestKind::kRestriction},
      std::pair<std::string_view, RightsRequestKind>{"objection", RightsRequestKind::kObjection}};
  return find_word(kWords, word);
}

base::Result<AccessReport> Client::access(const PrivacyContext& context,
                                          const SubjectSelector& subject) const {
  const auto request = request_of<v1::GetAccessRequest>(context, subject);
  v1::GetAccessResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->GetAccess(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  auto report = read_common(response, AccessReport{});
  if (report) report->json = std::move(*response.mutable_report_json());
  return report;
}

base::Result<audit::Id16> Client::subject_ref(const PrivacyContext& context,
                                              const SubjectSelector& subject) const {
  const auto request = request_of<v1::FindSubjectsRequest>(context, subject);
  v1::FindSubjectsResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->FindSubjects(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  audit::Id16 ref{};
  if (response.candidates_size() != 1 ||
      response.candidates(0).subject_ref().size() != ref.size()) {
    return malformed("candidates");
  }
  std::copy_n(response.candidates(0).subject_ref().begin(), ref.size(), ref.begin());
  return ref;
}

base::Result<SubjectPage> Client::find_subjects(const PrivacyContext& context,
                                                const SubjectSearch& search,
                                                std::uint64_t page_leaf,
                                                std::uint64_t end_leaf) const {
  v1::FindSubjectsRequest request;
  write_context(context, request.mutable_context());
  request.set_name(search.name);
  request.set_locator(search.locator);
  request.mutable_flight()->set_carrier(search.carrier);
  request.mutable_flight()->set_flight_number(search.flight_number);
  request.mutable_flight()->set_departure_date(search.departure_date);
  if (search.from_unix_seconds) request.mutable_from()->set_seconds(*search.from_unix_seconds);
  if (search.until_unix_seconds) request.mutable_until()->set_seconds(*search.until_unix_seconds);
  request.set_page_leaf(static_cast<std::int64_t>(page_leaf));
  request.set_end_leaf(static_cast<std::int64_t>(end_leaf));
  v1::FindSubjectsResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->FindSubjects(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  SubjectPage page;
  page.next_leaf = static_cast<std::uint64_t>(response.next_leaf());
  page.end_leaf = static_cast<std::uint64_t>(response.end_leaf());
  for (const v1::SubjectCandidate& from : response.candidates()) {
    SubjectCandidate& to = page.candidates.emplace_back();
    if (from.subject_ref().size() != to.subject_ref.size()) return malformed("subject_ref");
    std::copy(from.subject_ref().begin(), from.subject_ref().end(), to.subject_ref.begin());
    to.record_request_id = from.record_request_id();
    to.unix_seconds = from.time().seconds();
    const v1::FlightKey& flight = from.flight();
    to.flight = flight.carrier() + flight.flight_number() + "/" + flight.departure_date() + "/" +
                flight.from();
    to.booked_name = from.booked_name();
    to.document_name = from.document_name();
    to.locator = from.locator();
    to.birth_date = from.birth_date();
  }
  return page;
}

base::Result<ErasureReceipt> Client::erase(const PrivacyContext& context,
                                           const SubjectSelector& subject,
                                           ErasureGround ground) const {
  auto request = request_of<v1::EraseSubjectRequest>(context, subject);
  request.set_ground(static_cast<v1::ErasureGround>(ground));
  v1::EraseSubjectResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->EraseSubject(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  auto receipt = read_common(response, ErasureReceipt{});
  if (receipt) {
    receipt->erased_records = static_cast<std::uint64_t>(response.erased_records());
    receipt->proof = std::move(*response.mutable_receipt());
  }
  return receipt;
}

base::Result<SubjectChange> Client::rectify(const PrivacyContext& context,
                                            const SubjectSelector& subject,
                                            const std::string& note) const {
  auto request = request_of<v1::AddRectificationRequest>(context, subject);
  request.set_note(note);
  v1::AddRectificationResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->AddRectification(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  return read_common(response, SubjectChange{});
}

base::Result<SubjectChange> Client::restrict(const PrivacyContext& context,
                                             const SubjectSelector& subject,
                                             bool restricted) const {
  auto request = request_of<v1::SetRestrictionRequest>(context, subject);
  request.set_restricted(restricted);
  v1::SetRestrictionResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->SetRestriction(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  return read_common(response, SubjectChange{});
}

base::Result<SubjectChange> Client::hold(const PrivacyContext& context,
                                         const SubjectSelector& subject, HoldAction action) const {
  auto request = request_of<v1::ChangeHoldRequest>(context, subject);
  request.set_action(static_cast<v1::HoldAction>(action));
  v1::ChangeHoldResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->ChangeHold(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  return read_common(response, SubjectChange{});
}

base::Result<OpenedDeadline> Client::open_deadline(const PrivacyContext& context,
                                                   const RightsRequest& wanted) const {
  v1::OpenDeadlineRequest request;
  write_context(context, request.mutable_context());
  request.set_kind(static_cast<v1::RightsRequestKind>(wanted.kind));
  request.set_received_on(wanted.received_on);
  request.set_extended(wanted.extended);
  v1::OpenDeadlineResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->OpenDeadline(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  OpenedDeadline opened;
  if (!read_record(response.record(), opened.record)) return malformed("record");
  opened.due_unix_seconds = response.due().seconds();
  return opened;
}

base::Result<std::vector<RightsDeadline>> Client::deadlines(bool include_closed) const {
  v1::ListDeadlinesRequest request;
  request.set_include_closed(include_closed);
  v1::ListDeadlinesResponse response;
  const grpc::Status status =
      attempt(*connection_, [&](const Server& server, grpc::ClientContext* call) {
        return server.privacy->ListDeadlines(call, request, &response);
      });
  if (!status.ok()) return error_from(status);
  std::vector<RightsDeadline> list;
  for (const v1::RightsDeadline& from : response.deadlines()) {
    RightsDeadline& to = list.emplace_back();
    to.request_id = from.request_id();
    to.received_unix_seconds = from.received().seconds();
    to.due_unix_seconds = from.due().seconds();
    if (from.closed_by_leaf() >= 0) {
      to.closed_by_leaf = static_cast<std::uint64_t>(from.closed_by_leaf());
    }
    to.warning = from.warning();
  }
  return list;
}

}  // namespace paxid::sdk
