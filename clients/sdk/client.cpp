#include "clients/sdk/client.h"

#include <google/rpc/status.pb.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "clients/sdk/connection.h"
#include "clients/sdk/wire.h"

namespace paxid::sdk {
namespace {

using base::ErrorCode;

constexpr std::size_t kMaxPemBytes = 1024 * 1024;
// The report of everything about a person is the largest answer.
constexpr int kMaxReceivedMessageBytes = 64 * 1024 * 1024;

base::Result<std::string> read_pem(const std::string& path) {
  auto text = base::read_file(path, kMaxPemBytes);
  if (text && text->empty())
    return base::fail(ErrorCode::kInvalidArgument, path + " is empty", path);
  return text;
}

ErrorCode code_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::OUT_OF_RANGE:
      return ErrorCode::kInvalidArgument;
    case grpc::StatusCode::NOT_FOUND:
      return ErrorCode::kNotFound;
    case grpc::StatusCode::ALREADY_EXISTS:
      return ErrorCode::kAlreadyExists;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return ErrorCode::kPermissionDenied;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return ErrorCode::kResourceExhausted;
    case grpc::StatusCode::FAILED_PRECONDITION:
      return ErrorCode::kFailedPrecondition;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
      return ErrorCode::kUnavailable;
    case grpc::StatusCode::DATA_LOSS:
      return ErrorCode::kDataLoss;
    default:
      return ErrorCode::kInternal;
  }
}

std::vector<audit::Hash> hashes_of(const google::protobuf::RepeatedPtrField<std::string>& field,
                                   bool& right) {
  std::vector<audit::Hash> hashes;
  for (const std::string& bytes : field) {
    audit::Hash hash{};
    right = right && bytes.size() == hash.size();
    if (!right) break;
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    hashes.push_back(hash);
  }
  return hashes;
}

}  // namespace

tl::unexpected<base::Error> error_from(const grpc::Status& status) {
  std::string reason;
  std::string field;
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const auto& detail : details.details()) {
      google::rpc::ErrorInfo info;
      google::rpc::BadRequest bad_request;
      if (detail.UnpackTo(&info)) reason = info.reason();
      if (detail.UnpackTo(&bad_request) && bad_request.field_violations_size() > 0) {
        field = bad_request.field_violations(0).field();
      }
    }
  }
  std::string message = status.error_message();
  if (!reason.empty()) message = reason + ": " + message;
  return base::fail(code_of(status.error_code()), std::move(message), std::move(field));
}

tl::unexpected<base::Error> malformed(std::string field) {
  return base::fail(ErrorCode::kInternal, "the server's answer is malformed", std::move(field));
}

Client::Client(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

namespace {

// How long a client waits between two tries to connect, at most: a gate must be back as soon as
// the server is.
constexpr int kMaxReconnectMilliseconds = 2'000;
constexpr int kFirstReconnectMilliseconds = 200;
// The C core asks for health only below a policy that balances, for one address too.
constexpr const char* kHealthConfiguration =
    R"({"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":""}})";

base::Result<grpc::SslCredentialsOptions> read_credentials(const ClientOptions& options) {
  grpc::SslCredentialsOptions pem;
  for (const auto& [file, text] : {std::pair{&options.ca_file, &pem.pem_root_certs},
                                   std::pair{&options.certificate_file, &pem.pem_cert_chain},
                                   std::pair{&options.key_file, &pem.pem_private_key}}) {
    auto read = read_pem(*file);
    if (!read) return tl::unexpected(read.error());
    *text = std::move(*read);
  }
  return pem;
}

grpc::ChannelArguments channel_arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxReceivedMessageBytes);
  return arguments;
}

}  // namespace

Server::Server(std::shared_ptr<grpc::Channel> to)
    : channel(std::move(to)),
      verification(v1::VerificationService::NewStub(channel)),
      decision(v1::DecisionService::NewStub(channel)),
      manifest(v1::ManifestService::NewStub(channel)),
      audit(v1::AuditService::NewStub(channel)),
      privacy(v1::PrivacyService::NewStub(channel)) {}

bool is_silence(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
}

void Servers::pass_over(const Server& silent) {
  std::size_t place = place_.load();
  if (list_[place % list_.size()].get() == &silent)
    place_.compare_exchange_strong(place, place + 1);
}

base::Result<std::shared_ptr<grpc::Channel>> open_channel(const ClientOptions& options,
                                                          ChannelSharing sharing) {
  const auto pem = read_credentials(options);
  if (!pem) return tl::unexpected(pem.error());
  grpc::ChannelArguments arguments = channel_arguments();
  if (sharing == ChannelSharing::kOwnConnection) {
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  }
  return grpc::CreateCustomChannel(options.server, grpc::SslCredentials(*pem), arguments);
}

base::Result<std::unique_ptr<Servers>> open_servers(const ClientOptions& options,
                                                    HealthWatch watch) {
  const auto pem = read_credentials(options);
  if (!pem) return tl::unexpected(pem.error());
  grpc::ChannelArguments arguments = channel_arguments();
  if (watch == HealthWatch::kWatched) {
    arguments.SetServiceConfigJSON(kHealthConfiguration);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMilliseconds);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMilliseconds);
  }
  std::vector<std::string> addresses{options.server};
  addresses.insert(addresses.end(), options.further_servers.begin(), options.further_servers.end());
  std::vector<std::unique_ptr<Server>> servers;
  for (const std::string& address : addresses) {
    servers.push_back(std::make_unique<Server>(
        grpc::CreateCustomChannel(address, grpc::SslCredentials(*pem), arguments)));
  }
  return std::make_unique<Servers>(std::move(servers));
}

base::Result<Client> Client::connect(const ClientOptions& options) {
  auto servers = open_servers(options, HealthWatch::kNone);
  if (!servers) return tl::unexpected(servers.error());
  auto connection = std::make_unique<Connection>();
  connection->deadline = options.deadline;
  connection->servers = *std::move(servers);
  return Client(std::move(connection));
}

base::Result<Answer> Client::verify(const Request& request) const {
  if (request.request_id.empty()) {
    return base::fail(ErrorCode::kInvalidArgument, "is required", "request_id");
  }
  v1::VerifyRequest wire = to_wire(request);
  v1::VerifyResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        wire.mutable_client_time()->set_seconds(
            std::chrono::duration_cast<std::chrono::seconds>(now).count());
        return server.verification->Verify(context, wire, &response);
      });
  if (!status.ok()) return error_from(status);
  return from_wire(response);
}

base::Result<Checkpoint> Client::checkpoint(bool witnessed) const {
  v1::GetCheckpointRequest request;
  request.set_witnessed(witnessed);
  v1::GetCheckpointResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        return server.audit->GetCheckpoint(context, request, &response);
      });
  if (!status.ok()) return error_from(status);
  Checkpoint checkpoint;
  if (response.tree_size() < 0 || response.root_hash().size() != checkpoint.root.size()) {
    return malformed("checkpoint");
  }
  checkpoint.note = response.checkpoint();
  checkpoint.tree_size = static_cast<std::uint64_t>(response.tree_size());
  std::copy(response.root_hash().begin(), response.root_hash().end(), checkpoint.root.begin());
  checkpoint.claimed_verifier_key = response.verifier_key();
  return checkpoint;
}

base::Result<InclusionProof> Client::inclusion_proof(std::uint64_t leaf_index,
                                                     bool witnessed) const {
  v1::GetInclusionProofRequest request;
  request.set_witnessed(witnessed);
  request.set_leaf_index(static_cast<std::int64_t>(leaf_index));
  v1::GetInclusionProofResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        return server.audit->GetInclusionProof(context, request, &response);
      });
  if (!status.ok()) return error_from(status);
  InclusionProof proof;
  bool right = response.leaf_index() == request.leaf_index() && response.tree_size() > 0;
  proof.hashes = hashes_of(response.hashes(), right);
  if (!right) return malformed("hashes");
  proof.leaf_index = leaf_index;
  proof.tree_size = static_cast<std::uint64_t>(response.tree_size());
  proof.checkpoint = response.checkpoint();
  proof.leaf_data.assign(response.leaf_data().begin(), response.leaf_data().end());
  proof.tlog_proof = response.tlog_proof();
  return proof;
}

base::Result<ConsistencyProof> Client::consistency_proof(std::uint64_t first,
                                                         std::uint64_t second) const {
  v1::GetConsistencyProofRequest request;
  request.set_first_tree_size(static_cast<std::int64_t>(first));
  request.set_second_tree_size(static_cast<std::int64_t>(second));
  v1::GetConsistencyProofResponse response;
  const grpc::Status status =
      connection_->attempt([&](const Server& server, grpc::ClientContext* context) {
        return server.audit->GetConsistencyProof(context, request, &response);
      });
  if (!status.ok()) return error_from(status);
  ConsistencyProof proof;
  bool right = response.first_tree_size() == request.first_tree_size() &&
               response.second_tree_size() >= request.first_tree_size();
  proof.hashes = hashes_of(response.hashes(), right);
  if (!right) return malformed("hashes");
  proof.first_size = first;
  proof.second_size = static_cast<std::uint64_t>(response.second_tree_size());
  proof.checkpoint = response.checkpoint();
  return proof;
}

}  // namespace paxid::sdk
