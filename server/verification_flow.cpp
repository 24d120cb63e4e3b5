#include "server/verification_flow.h"

#include <paxid/v1/verification_service.pb.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "server/conversion.h"
#include "server/decision_words.h"
#include "server/flight_context.h"
#include "server/record_body.h"
#include "verification/rule.h"
#include "verification/station.h"

namespace paxid::server {
namespace {

namespace ver = verification;

constexpr double kScoreSteps = 65535;  // the record's score is the confidence in 16 bits

audit::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// One judgement in the making.
struct Judgement {
  VerifyInput& input;
  base::Date station_date;
  const FlightSight& sight;
  const ver::Sides& sides;
  FlightPart flight = {};
  ver::VerdictReport report = {};
};

void set_time(google::protobuf::Timestamp* to, std::uint64_t unix_us) {
  to->set_seconds(static_cast<std::int64_t>(unix_us / 1'000'000));
  to->set_nanos(static_cast<std::int32_t>(unix_us % 1'000'000 * 1'000));
}

void write_passenger(const FlightSight& sight, v1::FlightPassenger* to) {
  const RosterPassenger& passenger = *sight.passenger();
  to->set_passenger_ref(passenger.ref);
  to->set_seat(passenger.data.seat);
  to->set_sequence(passenger.data.sequence);
  const auto& boarded = sight.flight->board->boarded;
  if (const auto found = boarded.find(passenger.ref); found != boarded.end()) {
    set_time(to->mutable_boarded_at(), found->second.time_unix_us);
  }
}

void write_resolution(const Coverage& coverage, v1::Resolution* to) {
  const Resolution& from = *coverage.resolution;
  to->set_decision_request_id(uuid_text(from.decision));
  set_time(to->mutable_time(), from.time_unix_us);
  to->set_operator_pseudonym(from.operator_pseudonym.substr(0, kShownPseudonymDigits));
  to->set_channel(channel_from(from.channel));
  to->set_station(from.station);
  to->set_reason(accept_reason_from(from.reason));
  to->set_evidence(evidence_type_from(from.evidence));
  for (const std::string& code : coverage.codes) to->add_codes(code);
}

void write_response(const v1::VerifyRequest& request, const Judgement& judgement, ReportTexts texts,
                    const ver::Policy& policy, v1::VerifyResponse& response) {
  response.set_request_id(request.request_id());
  write_report(judgement.report, std::move(texts), &response);
  response.mutable_policy()->set_policy_id(policy.reference());
  response.mutable_policy()->set_sha256(policy.sha256.data(), policy.sha256.size());
  response.set_engine_version(ver::Engine::version());
  response.set_decided_by(v1::DECIDED_BY_AUTOMATIC_SUGGESTION);
  if (judgement.sight.place) write_passenger(judgement.sight, response.mutable_passenger());
  if (judgement.flight.coverage.resolution != nullptr) {
    write_resolution(judgement.flight.coverage, response.mutable_resolution());
  }
}

Holder holder_of(const ver::IdentitySide& identity) {
  Holder holder;
  if (identity.birth_date.value && identity.birth_date.value->date) {
    holder.birth_date = base::to_iso(*identity.birth_date.value->date);
  }
  holder.nationality = identity.nationality.value.value_or("");
  return holder;
}

// The flight as the request states it; what it leaves open, as it is loaded.
ver::Flight flight_of(const Judgement& judgement) {
  ver::Flight flight = judgement.input.flight;
  if (!judgement.sight.flight) return flight;
  const FlightKey& key = judgement.sight.flight->key;
  if (flight.carrier.empty()) flight.carrier = key.carrier;
  if (flight.number.empty()) flight.number = key.number;
  if (flight.from.empty()) flight.from = key.from;
  if (!flight.departure_date) flight.departure_date = key.date;
  return flight;
}

bool was_cleared(const ver::VerdictReport& report) {
  return (report.reason_bits >> static_cast<unsigned>(ver::RuleCode::kClearedBefore) & 1U) != 0;
}

// The passenger's booking on the loaded flight, or null.
const ver::Passenger* booking_of(const FlightSight& sight) {
  return sight.place ? &sight.flight->roster->prepared.passenger(*sight.place) : nullptr;
}

// Judges; what people have resolved before does not alarm again.
void judge(Judgement& judgement, const ver::Engine& engine, const bcbp::KeyTable& pass_keys,
           std::uint64_t now) {
  ver::Evidence evidence{std::move(judgement.input.claims), flight_of(judgement),
                         context_of(judgement.sight, judgement.flight.document, now),
                         judgement.station_date};
  if (judgement.input.client_unix_seconds) {
    evidence.client_clock_offset_seconds =
        *judgement.input.client_unix_seconds - static_cast<std::int64_t>(now / 1'000'000);
  }
  evidence.pass_keys = &pass_keys;
  judgement.report = engine.verify(evidence, judgement.sides);
  if (judgement.report.verdict == ver::Verdict::kReview) {
    Coverage coverage = coverage_of(judgement.sight, judgement.flight.document,
                                    holder_of(judgement.sides.identity), judgement.report);
    if (coverage.bits != 0) {
      evidence.context.cleared_bits = coverage.bits;
      judgement.report = engine.verify(evidence, judgement.sides);
      if (was_cleared(judgement.report)) judgement.flight.coverage = std::move(coverage);
    }
  }
  judgement.input.claims = std::move(evidence.claims);
  judgement.input.flight = std::move(evidence.flight);
}

Refusal record_too_large() {
  return {base::ErrorCode::kInvalidArgument,
          "RECORD_TOO_LARGE",
          "the record of this request would be too large; send fewer or shorter claims",
          {{"limit", std::to_string(audit::kMaxBodyBytes)}},
          {{"claims", "must fit a record"}},
          {}};
}

}  // namespace

tl::expected<JudgedRequest, Refusal> VerificationFlow::judge(const Principal& caller,
                                                             const v1::VerifyRequest& request,
                                                             v1::VerifyResponse& response) const {
  auto input = read_verify_request(request);
  if (!input) return tl::unexpected(std::move(input.error()));
  const std::uint64_t now = clock_.unix_microseconds();
  const base::Date station_date =
      ver::station_date(now, input->station.empty() ? input->flight.from : input->station);
  const auto passes = ver::read_passes(input->claims, station_date, &pass_keys_);
  const FlightSight sight = sight_of(flights_, caller.tenant, *input, passes);
  const ver::Sides sides = ver::sort_claims(input->claims, passes, station_date, booking_of(sight));
  const audit::SubjectLookup subject = subject_of(*input, sides);
  Judgement judgement{*input, station_date, sight, sides};
  judgement.flight.sight = &sight;
  if (subject.kind == static_cast<std::uint8_t>(SubjectKind::kDocument)) {
    judgement.flight.document = store_.blind_index(caller.tenant, subject);
  }

  JudgedRequest judged;
  judged.policy = policies_.on(station_date);
  const ver::Policy& policy = judged.policy->policy();
  server::judge(judgement, judged.policy->engine, pass_keys_, now);
  const ver::VerdictReport& report = judgement.report;
  audit::Record& record = judged.record;
  record.tenant = caller.tenant;
  record.request_id = judgement.input.request_id;
  record.canonical_request = bytes_of(canonical_request(request));
  record.decision = static_cast<std::uint16_t>(report.verdict);
  record.reason_bits = report.reason_bits;
  record.score =
      static_cast<std::uint16_t>(std::clamp(report.confidence, 0.0, 1.0) * kScoreSteps + 0.5);
  record.actor = caller.actor;
  record.subject = subject;
  record.ruleset = policy.sha256;
  record.software = software_of_engine();
  ReportTexts texts = english_of(report);
  record.body =
      bytes_of(record_body(judgement.input, judgement.station_date, judgement.sides,
                           judgement.flight, report, texts, policy, ver::Engine::version()));
  write_response(request, judgement, std::move(texts), policy, response);
  record.response.resize(response.ByteSizeLong());
  response.SerializeWithCachedSizesToArray(record.response.data());
  if (record.body.size() > audit::kMaxBodyBytes ||
      record.response.size() > audit::kMaxResponseBytes) {
    return tl::unexpected(record_too_large());
  }
  if (judgement.input.client_unix_seconds) {
    judged.client_clock_offset_seconds =
        *judgement.input.client_unix_seconds - static_cast<std::int64_t>(now / 1'000'000);
  }
  return judged;
}

std::optional<Refusal> VerificationFlow::complete(const v1::VerifyRequest& request,
                                                  const base::Result<audit::Receipt>& receipt,
                                                  v1::VerifyResponse& response) {
  if (!receipt) return refusal_from(receipt.error());
  if (receipt->replayed) {
    if (!response.ParseFromArray(receipt->response.data(),
                                 static_cast<int>(receipt->response.size()))) {
      return refusal_from({base::ErrorCode::kDataLoss, "a stored answer cannot be read", {}});
    }
    response.set_request_id(request.request_id());
    response.set_replayed(true);
  }
  write_place(*receipt, response.mutable_record());
  return std::nullopt;
}

}  // namespace paxid::server
