#pragma once

#include <google/rpc/error_details.pb.h>
#include <grpcpp/grpcpp.h>
#include <paxid/v1/audit_service.grpc.pb.h>
#include <paxid/v1/decision_service.grpc.pb.h>
#include <paxid/v1/manifest_service.grpc.pb.h>
#include <paxid/v1/privacy_service.grpc.pb.h>
#include <paxid/v1/verification_service.grpc.pb.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "clients/sdk/client.h"

// The part of the client library that knows gRPC. Not for its users.
namespace paxid::sdk {

// One of the servers. The stubs are thread-safe.
struct Server {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::VerificationService::Stub> verification;
  std::unique_ptr<v1::DecisionService::Stub> decision;
  std::unique_ptr<v1::ManifestService::Stub> manifest;
  std::unique_ptr<v1::AuditService::Stub> audit;
  std::unique_ptr<v1::PrivacyService::Stub> privacy;

  explicit Server(std::shared_ptr<grpc::Channel> to);
};

// A call is made at most this often: once more when no answer came.
inline constexpr int kAttempts = 2;

// No answer came; whether the server did something is not known.
bool is_silence(const grpc::Status& status);

// The servers in the order of the options, and which of them answered last.
class Servers {
 public:
  explicit Servers(std::vector<std::unique_ptr<Server>> list) : list_(std::move(list)) {}

  const Server& preferred() const { return *list_[place_.load() % list_.size()]; }
  // `silent` gave no answer: the next one is asked from now on. Nothing changes when another call
  // has said so before.
  void pass_over(const Server& silent);
  const std::vector<std::unique_ptr<Server>>& all() const { return list_; }

 private:
  std::vector<std::unique_ptr<Server>> list_;
  std::atomic<std::size_t> place_{0};
};

struct Client::Connection {
  std::chrono::milliseconds deadline;
  std::unique_ptr<Servers> servers;

  const Server& preferred() const { return servers->preferred(); }

  // Runs `call(server, context)` with the deadline, and once more, at the next server, when no
  // answer came.
  template <class Call>
  grpc::Status attempt(Call call) const {
    grpc::Status status;
    for (int i = 0; i < kAttempts; ++i) {
      const Server& server = preferred();
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + deadline);
      status = call(server, &context);
      if (!is_silence(status)) break;
      servers->pass_over(server);
    }
    return status;
  }
};

// Whether a channel may run over a connection that another channel to the same server has opened.
enum class ChannelSharing { kShared, kOwnConnection };
// Whether a channel asks the server for its health, and calls nobody who is not serving.
enum class HealthWatch { kNone, kWatched };
// To options.server. Reads the files; connects with the first call. Errors as Client::connect.
base::Result<std::shared_ptr<grpc::Channel>> open_channel(const ClientOptions& options,
                                                          ChannelSharing sharing);
// To options.server and all of options.further_servers.
base::Result<std::unique_ptr<Servers>> open_servers(const ClientOptions& options,
                                                    HealthWatch watch);

tl::unexpected<base::Error> error_from(const grpc::Status& status);
// The server said what the contract does not allow.
tl::unexpected<base::Error> malformed(std::string field);

}  // namespace paxid::sdk
