#include "server/refusal.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::string_view kDomain = "paxid";

}  // namespace

int grpc_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 3;
    case ErrorCode::kNotFound:
      return 5;
    case ErrorCode::kAlreadyExists:
      return 6;
    case ErrorCode::kPermissionDenied:
      return 7;
    case ErrorCode::kResourceExhausted:
      return 8;
    case ErrorCode::kFailedPrecondition:
      return 9;
    case ErrorCode::kInternal:
      return 13;
    case ErrorCode::kUnavailable:
      return 14;
    case ErrorCode::kDataLoss:
      return 15;
  }
  return 2;
}

Refusal refusal_from(const base::Error& error) {
  Refusal refusal{error.code, {}, {}, {}, {}, {}};
  switch (error.code) {
    case ErrorCode::kAlreadyExists:
      refusal.reason = "REQUEST_ID_REUSED";
      refusal.message = "this request id was used for another request";
      return refusal;
    case ErrorCode::kResourceExhausted:
      refusal.reason = "RECORDS_FULL";
      refusal.message = "no further record can be taken now; nothing was recorded";
      refusal.retry_delay = kRetryDelay;
      return refusal;
    case ErrorCode::kFailedPrecondition:
      refusal.reason = "RECORD_ERASED";
      refusal.message = "this request was answered and its record was erased since";
      return refusal;
    case ErrorCode::kNotFound:
      refusal.reason = "RECORD_NOT_FOUND";
      refusal.message = "the log holds no such record";
      return refusal;
    case ErrorCode::kInvalidArgument:
      refusal.reason = "OUTSIDE_THE_LOG";
      refusal.message = "the log has no such index or size";
      return refusal;
    case ErrorCode::kUnavailable:
      refusal.reason = "STORE_UNAVAILABLE";
      refusal.message = "the record could not be confirmed; retry with the same request id";
      return refusal;
    case ErrorCode::kDataLoss:
      refusal.reason = "STORE_DAMAGED";
      refusal.message = "stored data does not prove itself";
      return refusal;
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kInternal:
      break;
  }
  refusal.code = ErrorCode::kInternal;
  refusal.reason = "INTERNAL";
  refusal.message = "the service failed";
  return refusal;
}

google::rpc::Status to_rpc_status(const Refusal& refusal) {
  google::rpc::Status status;
  status.set_code(grpc_code_of(refusal.code));
  status.set_message(refusal.message);
  google::rpc::ErrorInfo info;
  info.set_reason(refusal.reason);
  info.set_domain(std::string(kDomain));
  for (const auto& [key, value] : refusal.metadata) (*info.mutable_metadata())[key] = value;
  status.add_details()->PackFrom(info);
  if (!refusal.violations.empty()) {
    google::rpc::BadRequest bad_request;
    const std::size_t count = std::min(refusal.violations.size(), kMaxViolations);
    for (std::size_t i = 0; i < count; ++i) {
      auto* violation = bad_request.add_field_violations();
      violation->set_field(refusal.violations[i].field);
      violation->set_description(refusal.violations[i].description);
    }
    status.add_details()->PackFrom(bad_request);
  }
  if (refusal.retry_delay.count() > 0) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(refusal.retry_delay.count() / 1000);
    retry.mutable_retry_delay()->set_nanos(
        static_cast<int>(refusal.retry_delay.count() % 1000 * 1'000'000));
    status.add_details()->PackFrom(retry);
  }
  return status;
}

}  // namespace paxid::server
