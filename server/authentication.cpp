#include "server/authentication.h"

#include <google/rpc/status.pb.h>

#include <algorithm>
#include <string>

namespace paxid::server {
namespace {

// A path is the peer's text: only those of the table may reach a log line.
std::string_view loggable(std::string_view path) {
  for (const MethodAccess& row : access_table()) {
    if (row.method == path) return row.method;
  }
  return "unknown";
}

}  // namespace

const Principal* caller_of(const grpc::AuthContext& context, const PrincipalRegistry& registry) {
  const auto uris = context.FindPropertyValues("peer_uri");
  if (!context.IsPeerAuthenticated() || uris.size() != 1) return nullptr;
  return registry.find(std::string_view(uris.front().data(), uris.front().size()));
}

grpc::Status AccessProcessor::Process(const InputMetadata& metadata, grpc::AuthContext* context,
                                      OutputMetadata*, OutputMetadata*) {
  const auto path_entry = metadata.find(":path");
  const std::string_view path =
      path_entry == metadata.end()
          ? std::string_view()
          : std::string_view(path_entry->second.data(), path_entry->second.size());
  const Principal* caller = caller_of(*context, registry_);
  if (caller == nullptr) {
    log_.write(LogLevel::kWarn, "call_refused",
               {{LogKey::kMethod, loggable(path)}, {LogKey::kReason, "PRINCIPAL_UNKNOWN"}});
    return to_grpc_status(no_caller());
  }
  if (!may_call(caller->role, path)) {
    log_.write(LogLevel::kWarn, "call_refused",
               {{LogKey::kMethod, loggable(path)},
                {LogKey::kReason, "ROLE_MAY_NOT"},
                {LogKey::kTenant, caller->tenant},
                {LogKey::kRole, name_of(caller->role)}});
    return to_grpc_status({base::ErrorCode::kPermissionDenied,
                           "ROLE_MAY_NOT",
                           "the caller's role may not call this method",
                           {},
                           {},
                           {}});
  }
  return grpc::Status::OK;
}

grpc::Status to_grpc_status(const Refusal& refusal) {
  const google::rpc::Status status = to_rpc_status(refusal);
  return {static_cast<grpc::StatusCode>(status.code()), status.message(),
          status.SerializeAsString()};
}

Refusal no_caller() {
  return {base::ErrorCode::kPermissionDenied,
          "PRINCIPAL_UNKNOWN",
          "the certificate's URI is not registered",
          {},
          {},
          {}};
}

}  // namespace paxid::server
