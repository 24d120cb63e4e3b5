#pragma once

#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/support/status.h>

#include "server/access.h"
#include "server/log.h"
#include "server/refusal.h"

namespace paxid::server {

// Who is at the other end, by the URI SAN of the verified client certificate. Nothing when
// the certificate has no URI, more than one, or one that is not registered.
const Principal* caller_of(const grpc::AuthContext& context, const PrincipalRegistry& registry);

// Stands before every handler: a call passes only when the access table gives its method to
// the caller's role. Deny by default. The arguments must outlive it.
class AccessProcessor final : public grpc::AuthMetadataProcessor {
 public:
  AccessProcessor(const PrincipalRegistry& registry, Log& log) : registry_(registry), log_(log) {}

  bool IsBlocking() const override { return false; }
  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext* context,
                       OutputMetadata* consumed, OutputMetadata* response) override;

 private:
  const PrincipalRegistry& registry_;
  Log& log_;
};

// The status with its details in the "grpc-status-details-bin" trailer.
grpc::Status to_grpc_status(const Refusal& refusal);

// What a handler answers when it has no caller: only a listener without certificates, or a
// registry that changed under an open connection, can bring that about.
Refusal no_caller();

}  // namespace paxid::server
