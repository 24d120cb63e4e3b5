#pragma once

#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/support/status.h>

#include "server/access.h"
#include "server/call_counts.h"
#include "server/log.h"
#include "server/refusal.h"
#include "server/revocations.h"

namespace paxid::server {

// Who is at the other end, by the URI SAN of the verified client certificate. Nothing when
// the certificate has no URI, more than one, or one that is not registered.
const Principal* caller_of(const grpc::AuthContext& context, const PrincipalRegistry& registry);

// Whether the deny list has the certificate at the other end, whose URI is `uri`.
bool is_revoked(const grpc::AuthContext& context, std::string_view uri,
                const Revocations& revocations);

// Stands before every handler: a call passes only when its certificate is not revoked and the
// access table gives its method to the caller's role. Deny by default. The arguments must outlive
// it.
class AccessProcessor final : public grpc::AuthMetadataProcessor {
 public:
  AccessProcessor(const PrincipalRegistry& registry, const Revocations& revocations,
                  CallCounts& counts, Log& log)
      : registry_(registry), revocations_(revocations), counts_(counts), log_(log) {}

  bool IsBlocking() const override { return false; }
  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext* context,
                       OutputMetadata* consumed, OutputMetadata* response) override;

 private:
  // Logs and counts.
  void deny(Denial denial, std::string_view path, const Principal* caller);

  const PrincipalRegistry& registry_;
  const Revocations& revocations_;
  CallCounts& counts_;
  Log& log_;
};

// The status with its details in the "grpc-status-details-bin" trailer.
grpc::Status to_grpc_status(const Refusal& refusal);

// What a handler answers when it has no caller: only a listener without certificates, or a
// registry that changed under an open connection, can bring that about.
Refusal no_caller();
// What a caller with a revoked certificate is answered.
Refusal revoked();

}  // namespace paxid::server
