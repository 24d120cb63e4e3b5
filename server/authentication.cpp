#include "server/authentication.h"

#include <google/rpc/status.pb.h>
#include <grpc/grpc_security_constants.h>

#include <optional>
#include <string>
#include <vector>

#include "server/certificates.h"

namespace paxid::server {
namespace {

// A path is the peer's text: only those of the table may reach a log line.
std::string_view loggable(std::string_view path) {
  const MethodAccess* row = find_method(path);
  return row == nullptr ? "unknown" : row->method;
}

}  // namespace

const Principal* caller_of(const grpc::AuthContext& context, const PrincipalRegistry& registry) {
  const auto uris = context.FindPropertyValues("peer_uri");
  if (!context.IsPeerAuthenticated() || uris.size() != 1) return nullptr;
  return registry.find(std::string_view(uris.front().data(), uris.front().size()));
}

bool is_revoked(const grpc::AuthContext& context, std::string_view uri,
                const Revocations& revocations) {
  return revocations.denies(uri, [&context]() -> std::optional<std::string> {
    const auto pem = context.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (pem.size() != 1) return std::nullopt;
    return serial_of(std::string(pem.front().data(), pem.front().size()));
  });
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
    deny(Denial::kPrincipalUnknown, path, caller);
    return to_grpc_status(no_caller());
  }
  if (is_revoked(*context, caller->uri, revocations_)) {
    deny(Denial::kCertificateRevoked, path, caller);
    return to_grpc_status(revoked());
  }
  if (!may_call(caller->role, path)) {
    deny(Denial::kRoleMayNot, path, caller);
    return to_grpc_status({base::ErrorCode::kPermissionDenied,
                           "ROLE_MAY_NOT",
                           "the caller's role may not call this method",
                           {},
                           {},
                           {}});
  }
  return grpc::Status::OK;
}

void AccessProcessor::deny(Denial denial, std::string_view path, const Principal* caller) {
  counts_.count(denial);
  std::vector<LogField> fields{{LogKey::kMethod, loggable(path)},
                               {LogKey::kReason, name_of(denial)}};
  if (caller != nullptr) {
    fields.push_back({LogKey::kTenant, caller->tenant});
    fields.push_back({LogKey::kRole, name_of(caller->role)});
  }
  log_.write(LogLevel::kWarn, "call_refused", fields);
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

Refusal revoked() {
  return {base::ErrorCode::kPermissionDenied,
          "CERTIFICATE_REVOKED",
          "the caller's certificate is revoked",
          {},
          {},
          {}};
}

}  // namespace paxid::server
