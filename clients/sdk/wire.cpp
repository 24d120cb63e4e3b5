#include "clients/sdk/wire.h"

#include <paxid/v1/verification_service.pb.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>
#include <utility>
#include <variant>

#include "base/date.h"

namespace paxid::sdk {
namespace {

namespace ver = verification;
using base::ErrorCode;
using base::PersonalText;

v1::Source to_wire(ver::Source source) {
  switch (source) {
    case ver::Source::kBooking:
      return v1::SOURCE_BOOKING;
    case ver::Source::kBoardingPass:
      return v1::SOURCE_BOARDING_PASS;
    case ver::Source::kMrz:
      return v1::SOURCE_MRZ;
    case ver::Source::kVisual:
      return v1::SOURCE_VISUAL;
    case ver::Source::kChip:
      return v1::SOURCE_CHIP;
    case ver::Source::kTyped:
      return v1::SOURCE_TYPED;
  }
  return v1::SOURCE_UNSPECIFIED;
}

v1::CaptureMethod to_wire(ver::CaptureMethod method) {
  switch (method) {
    case ver::CaptureMethod::kReceived:
      return v1::CAPTURE_METHOD_RECEIVED;
    case ver::CaptureMethod::kScanned:
      return v1::CAPTURE_METHOD_SCANNED;
    case ver::CaptureMethod::kChipRead:
      return v1::CAPTURE_METHOD_CHIP_READ;
    case ver::CaptureMethod::kTyped:
      return v1::CAPTURE_METHOD_TYPED;
  }
  return v1::CAPTURE_METHOD_UNSPECIFIED;
}

v1::Assurance to_wire(ver::Assurance assurance) {
  switch (assurance) {
    case ver::Assurance::kAsserted:
      return v1::ASSURANCE_ASSERTED;
    case ver::Assurance::kInspected:
      return v1::ASSURANCE_INSPECTED;
    case ver::Assurance::kAuthenticated:
      return v1::ASSURANCE_AUTHENTICATED;
  }
  return v1::ASSURANCE_UNSPECIFIED;
}

v1::Sex to_wire(ver::Sex sex) {
  switch (sex) {
    case ver::Sex::kMale:
      return v1::SEX_MALE;
    case ver::Sex::kFemale:
      return v1::SEX_FEMALE;
    case ver::Sex::kNotStated:
      return v1::SEX_NOT_STATED;
  }
  return v1::SEX_UNSPECIFIED;
}

v1::Channel to_wire(Channel channel) {
  switch (channel) {
    case Channel::kKiosk:
      return v1::CHANNEL_KIOSK;
    case Channel::kGate:
      return v1::CHANNEL_GATE;
    case Channel::kDesk:
      return v1::CHANNEL_DESK;
    case Channel::kWeb:
      return v1::CHANNEL_WEB;
    case Channel::kApp:
      return v1::CHANNEL_APP;
    case Channel::kBagDrop:
      return v1::CHANNEL_BAG_DROP;
  }
  return v1::CHANNEL_UNSPECIFIED;
}

v1::Purpose to_wire(Purpose purpose) {
  return purpose == Purpose::kApiAccuracy ? v1::PURPOSE_API_ACCURACY : v1::PURPOSE_BOARDING_CHECK;
}

void write_name(const ver::PersonName& name, v1::PersonName* to) {
  to->set_full_name(name.full.reveal());
  to->set_surname(name.surname.reveal());
  to->set_given_names(name.given.reveal());
  to->set_language(name.language);
}

struct ClaimWriter {
  v1::Claim* to;

  void operator()(const ver::NameClaim& c) const { write_name(c.name, to->mutable_person_name()); }
  void operator()(const ver::UsageNameClaim& c) const {
    write_name(c.name, to->mutable_usage_name());
  }
  void operator()(const ver::ZoneClaim& c) const { to->set_mrz_zone(c.text.reveal()); }
  void operator()(const ver::PassClaim& c) const { to->set_boarding_pass(c.text.reveal()); }
  void operator()(const ver::PassNameClaim& c) const { to->set_pass_name(c.text.reveal()); }
  void operator()(const ver::BookingNameClaim& c) const { to->set_booking_name(c.text.reveal()); }
  void operator()(const ver::BirthDateClaim& c) const { to->set_birth_date(base::to_iso(c.date)); }
  void operator()(const ver::SexClaim& c) const { to->set_sex(to_wire(c.sex)); }
  void operator()(const ver::NationalityClaim& c) const { to->set_nationality(c.code); }
  void operator()(const ver::DocumentNumberClaim& c) const {
    to->set_document_number(c.number.reveal());
  }
  void operator()(const ver::IssuerClaim& c) const { to->set_issuer(c.code); }
  void operator()(const ver::DocumentTypeClaim& c) const { to->set_document_type(c.code); }
  void operator()(const ver::DocsClaim& c) const { to->set_docs(c.text.reveal()); }
  void operator()(const ver::PassengerTypeClaim& c) const { to->set_passenger_type(c.code); }
  void operator()(const ver::ExpiryDateClaim& c) const {
    to->set_expiry_date(base::to_iso(c.date));
  }
};

std::optional<ver::Verdict> verdict_of(v1::Verdict verdict) {
  switch (verdict) {
    case v1::VERDICT_MATCH:
      return ver::Verdict::kMatch;
    case v1::VERDICT_REVIEW:
      return ver::Verdict::kReview;
    case v1::VERDICT_MISMATCH:
      return ver::Verdict::kMismatch;
    default:
      return std::nullopt;
  }
}

ver::Severity severity_of(v1::Severity severity) {
  switch (severity) {
    case v1::SEVERITY_INFO:
      return ver::Severity::kInfo;
    case v1::SEVERITY_WARNING:
      return ver::Severity::kWarning;
    default:  // what a later contract adds is at least as bad
      return ver::Severity::kError;
  }
}

bool copy_hash(const std::string& bytes, audit::Hash& to) {
  if (bytes.size() != to.size()) return false;
  std::copy(bytes.begin(), bytes.end(), to.begin());
  return true;
}

// Reasons, counterfactuals and messages keep views of their codes, keys and names: these get a
// home first.
class Home {
 public:
  std::string_view keep(const std::string& text) { return texts_.emplace_back(text); }

 private:
  std::deque<std::string> texts_;  // what is there does not move
};

base::Message read_sentence(const v1::Sentence& from, const std::string& english, Home& home) {
  base::Message to = base::literal_message(english);
  to.key = home.keep(from.key());
  for (const v1::SentenceArgument& argument : from.arguments()) {
    const std::string_view name = home.keep(argument.name());
    if (argument.value_case() == v1::SentenceArgument::kNumber) {
      to.arguments.push_back({name, argument.number()});
    } else {
      to.arguments.push_back({name, PersonalText(argument.text())});
    }
  }
  return to;
}

ver::Counterfactual read_counterfactual(const v1::Counterfactual& from, Home& home) {
  ver::Counterfactual to{home.keep(from.code()),
                         verdict_of(from.verdict()).value_or(ver::Verdict::kReview),
                         {},
                         base::literal_message(from.text())};
  for (const v1::Sentence& wish : from.wishes()) {
    to.wishes.push_back(read_sentence(wish, {}, home));
  }
  return to;
}

void read_report(const v1::VerifyResponse& from, Home& home, ver::VerdictReport& to) {
  to.confidence = from.confidence();
  to.log_odds = from.log_odds();
  to.sentence = read_sentence(from.localizable_sentence(), from.sentence(), home);
  for (const v1::Reason& reason : from.reasons()) {
    to.reasons.push_back({home.keep(reason.code()), PersonalText(reason.booking_part()),
                          PersonalText(reason.document_part()), reason.bits(),
                          read_sentence(reason.localizable_text(), reason.text(), home)});
  }
  for (const v1::Counterfactual& c : from.counterfactuals()) {
    to.counterfactuals.push_back(read_counterfactual(c, home));
  }
  for (const v1::Finding& finding : from.findings()) {
    to.findings.push_back(
        {finding.code(), severity_of(finding.severity()), finding.claim_index(), finding.place()});
  }
  for (const v1::AlignedPart& part : from.alignment()) {
    to.alignment.push_back(
        {PersonalText(part.booking_part()),
         PersonalText(part.document_part()),
         {part.booking_differences().begin(), part.booking_differences().end()},
         {part.document_differences().begin(), part.document_differences().end()}});
  }
}

}  // namespace

bool read_record(const v1::RecordReference& from, RecordReference& to) {
  if (from.has_placed()) {
    if (from.placed().leaf_index() < 0) return false;
    to.log_origin = from.placed().log_origin();
    to.leaf_index = static_cast<std::uint64_t>(from.placed().leaf_index());
    return copy_hash(from.placed().leaf_hash(), to.leaf_hash);
  }
  to.log_origin = from.promised().log_origin();
  to.signed_promise = from.promised().signed_promise();
  return from.has_promised() && copy_hash(from.promised().leaf_hash(), to.leaf_hash);
}

v1::VerifyRequest to_wire(const Request& request) {
  v1::VerifyRequest to;
  to.set_request_id(request.request_id);
  for (const ver::Claim& claim : request.claims) {
    v1::Claim* wire = to.add_claims();
    wire->set_source(to_wire(claim.source));
    wire->set_capture_method(to_wire(claim.capture));
    wire->set_assurance(to_wire(claim.assurance));
    std::visit(ClaimWriter{wire}, claim.value);
  }
  v1::Flight* flight = to.mutable_flight();
  flight->set_carrier(request.flight.carrier);
  flight->set_flight_number(request.flight.number);
  if (request.flight.departure_date) {
    flight->set_departure_date(base::to_iso(*request.flight.departure_date));
  }
  flight->set_from(request.flight.from);
  flight->set_to(request.flight.to);
  to.set_station(request.station);
  to.set_channel(to_wire(request.channel));
  to.set_purpose(to_wire(request.purpose));
  write_booking(request.booking, &to);
  return to;
}

base::Result<Answer> from_wire(const v1::VerifyResponse& response) {
  Answer answer;
  const auto verdict = verdict_of(response.verdict());
  if (!verdict || !std::isfinite(response.confidence())) {
    return base::fail(ErrorCode::kInternal, "the server's answer has no verdict", "verdict");
  }
  if (!read_record(response.record(), answer.record)) {
    return base::fail(ErrorCode::kInternal, "the server's answer names no record", "record");
  }
  if (!copy_hash(response.policy().sha256(), answer.policy_sha256)) {
    return base::fail(ErrorCode::kInternal, "the server's answer names no policy", "policy");
  }
  answer.request_id = response.request_id();
  const auto home = std::make_shared<Home>();
  answer.report.verdict = *verdict;
  read_report(response, *home, answer.report);
  answer.codes = home;
  answer.policy_id = response.policy().policy_id();
  answer.engine_version = response.engine_version();
  answer.replayed = response.replayed();
  read_flight_part(response, answer);
  return answer;
}

}  // namespace paxid::sdk
