#pragma once

#include <google/rpc/error_details.pb.h>
#include <grpcpp/grpcpp.h>
#include <paxid/v1/audit_service.grpc.pb.h>
#include <paxid/v1/decision_service.grpc.pb.h>
#include <paxid/v1/manifest_service.grpc.pb.h>
#include <paxid/v1/privacy_service.grpc.pb.h>
#include <paxid/v1/verification_service.grpc.pb.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/error.h"
#include "clients/sdk/client.h"

// The part of the client library that knows gRPC. Not for its users.
namespace paxid::sdk {

struct Client::Connection {
  std::chrono::milliseconds deadline;
  std::unique_ptr<v1::VerificationService::Stub> verification;
  std::unique_ptr<v1::DecisionService::Stub> decision;
  std::unique_ptr<v1::ManifestService::Stub> manifest;
  std::unique_ptr<v1::AuditService::Stub> audit;
  std::unique_ptr<v1::PrivacyService::Stub> privacy;

  static constexpr int kAttempts = 2;

  // Runs `call(context)` with the deadline, and once more when no answer came.
  template <class Call>
  grpc::Status attempt(Call call) const {
    grpc::Status status;
    for (int i = 0; i < kAttempts; ++i) {
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + deadline);
      status = call(&context);
      if (status.error_code() != grpc::StatusCode::UNAVAILABLE &&
          status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED) {
        break;
      }
    }
    return status;
  }
};

// Whether a channel may run over a connection that another channel to the same server has opened.
enum class ChannelSharing { kShared, kOwnConnection };
// Reads the files; connects with the first call. Errors as Client::connect.
base::Result<std::shared_ptr<grpc::Channel>> open_channel(const ClientOptions& options,
                                                          ChannelSharing sharing);

tl::unexpected<base::Error> error_from(const grpc::Status& status);
// The server said what the contract does not allow.
tl::unexpected<base::Error> malformed(std::string field);

}  // namespace paxid::sdk
