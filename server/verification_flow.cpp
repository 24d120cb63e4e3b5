#include "server/verification_flow.h"

#include <paxid/v1/verification_service.pb.h>

#include <algorithm>
#include <string>
#include <utility>

#include "server/conversion.h"
#include "server/record_body.h"

namespace paxid::server {
namespace {

constexpr double kScoreSteps = 65535;  // the record's score is the confidence in 16 bits

audit::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

audit::Hash software_of_engine() {
  audit::Hash hash{};
  const auto& digest = verification::Engine::software_digest();
  std::copy_n(digest.begin(), std::min(digest.size(), hash.size()), hash.begin());
  return hash;
}

v1::VerifyResponse response_of(const v1::VerifyRequest& request,
                               const verification::VerdictReport& report,
                               const verification::Policy& policy) {
  v1::VerifyResponse response;
  response.set_request_id(request.request_id());
  write_report(report, &response);
  response.mutable_policy()->set_policy_id(policy.reference());
  response.mutable_policy()->set_sha256(policy.sha256.data(), policy.sha256.size());
  response.set_engine_version(verification::Engine::version());
  response.set_decided_by(v1::DECIDED_BY_AUTOMATIC_SUGGESTION);
  return response;
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

tl::expected<JudgedRequest, Refusal> VerificationFlow::judge(
    const Principal& caller, const v1::VerifyRequest& request) const {
  auto input = read_verify_request(request);
  if (!input) return tl::unexpected(std::move(input.error()));
  // Known limit: the station's date is UTC until airports have time zones here, so expiry
  // and flight day are judged up to half a day early or late far from Greenwich.
  const base::Date station_date = clock_.utc_date();
  verification::Evidence evidence{std::move(input->claims), input->flight, {}, station_date};
  const verification::VerdictReport report = engine_.verify(evidence);
  input->claims = std::move(evidence.claims);

  const verification::Policy& policy = engine_.policy();
  JudgedRequest judged;
  audit::Record& record = judged.record;
  record.tenant = caller.tenant;
  record.request_id = input->request_id;
  record.canonical_request = bytes_of(canonical_request(request));
  record.decision = static_cast<std::uint16_t>(report.verdict);
  record.reason_bits = report.reason_bits;
  record.score =
      static_cast<std::uint16_t>(std::clamp(report.confidence, 0.0, 1.0) * kScoreSteps + 0.5);
  record.actor = caller.actor;
  record.subject = subject_of(*input, station_date);
  record.ruleset = policy.sha256;
  record.software = software_of_engine();
  record.body =
      bytes_of(record_body(*input, station_date, report, policy, verification::Engine::version()));
  record.response = bytes_of(response_of(request, report, policy).SerializeAsString());
  if (record.body.size() > audit::kMaxBodyBytes ||
      record.response.size() > audit::kMaxResponseBytes) {
    return tl::unexpected(record_too_large());
  }
  if (input->client_unix_seconds) {
    const auto now = static_cast<std::int64_t>(clock_.unix_microseconds() / 1'000'000);
    judged.client_clock_offset_seconds = *input->client_unix_seconds - now;
  }
  return judged;
}

tl::expected<v1::VerifyResponse, Refusal> VerificationFlow::answer(
    const v1::VerifyRequest& request, const base::Result<audit::Receipt>& receipt) {
  if (!receipt) return tl::unexpected(refusal_from(receipt.error()));
  v1::VerifyResponse response;
  if (!response.ParseFromArray(receipt->response.data(),
                               static_cast<int>(receipt->response.size()))) {
    return tl::unexpected(
        refusal_from({base::ErrorCode::kDataLoss, "a stored answer cannot be read", {}}));
  }
  response.set_request_id(request.request_id());
  response.set_replayed(receipt->replayed);
  v1::PlacedRecord* placed = response.mutable_record()->mutable_placed();
  placed->set_log_origin(receipt->origin);
  placed->set_leaf_index(static_cast<std::int64_t>(receipt->index));
  placed->set_leaf_hash(receipt->leaf_hash.data(), receipt->leaf_hash.size());
  return response;
}

}  // namespace paxid::server
