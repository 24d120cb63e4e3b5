#include "server/refusal.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr std::string_view kDomain = "paxid";
constexpr int kGrpcUnknown = 2;

// An error code with the number gRPC has for it, and what a client is told when the store fails
// with it. Without a reason, it is nothing that a store should say.
struct StoreError {
  ErrorCode code;
  int grpc_code;
  std::string_view reason;
  std::string_view message;
};

constexpr std::array kStoreErrors{
    StoreError{ErrorCode::kInvalidArgument, 3, "OUTSIDE_THE_LOG",
               "the log has no such index or size"},
    StoreError{ErrorCode::kNotFound, 5, "RECORD_NOT_FOUND", "the log holds no such record"},
    StoreError{ErrorCode::kAlreadyExists, 6, "REQUEST_ID_REUSED",
               "this request id was used for another request"},
    StoreError{ErrorCode::kPermissionDenied, 7, "", ""},
    StoreError{ErrorCode::kResourceExhausted, 8, "RECORDS_FULL",
               "no further record can be taken now; nothing was recorded"},
    StoreError{ErrorCode::kFailedPrecondition, 9, "RECORD_ERASED",
               "this request was answered and its record was erased since"},
    StoreError{ErrorCode::kInternal, 13, "", ""},
    StoreError{ErrorCode::kUnavailable, 14, "STORE_UNAVAILABLE",
               "the record could not be confirmed; retry with the same request id"},
    StoreError{ErrorCode::kDataLoss, 15, "STORE_DAMAGED", "stored data does not prove itself"},
};

}  // namespace

int grpc_code_of(ErrorCode code) {
  const auto row = std::find_if(kStoreErrors.begin(), kStoreErrors.end(),
                                [code](const StoreError& known) { return known.code == code; });
  return row == kStoreErrors.end() ? kGrpcUnknown : row->grpc_code;
}

tl::unexpected<Refusal> refuse(ErrorCode code, std::string reason, std::string message) {
  Refusal refusal;
  refusal.code = code;
  refusal.reason = std::move(reason);
  refusal.message = std::move(message);
  return tl::unexpected(std::move(refusal));
}

Refusal refusal_from(const base::Error& error) {
  const auto row =
      std::find_if(kStoreErrors.begin(), kStoreErrors.end(),
                   [&error](const StoreError& known) { return known.code == error.code; });
  if (row == kStoreErrors.end() || row->reason.empty()) {
    return {ErrorCode::kInternal, "INTERNAL", "the service failed", {}, {}, {}};
  }
  Refusal refusal{error.code, std::string(row->reason), std::string(row->message), {}, {}, {}};
  if (error.code == ErrorCode::kResourceExhausted) refusal.retry_delay = kRetryDelay;
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
