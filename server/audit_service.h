#pragma once

#include <paxid/v1/audit_service.grpc.pb.h>

#include "audit/api_log.h"
#include "audit/store.h"
#include "server/calls.h"
#include "server/export_flow.h"
#include "server/witnesses.h"
#include "server/worker.h"

namespace paxid::server {

// paxid.v1.AuditService: proofs and exports from the log of the caller's tenant. They are read
// on the worker. The arguments must outlive it and the gRPC server: the server's end waits for its
// calls, which the worker's tasks finish.
class AuditService final : public v1::AuditService::CallbackService {
 public:
  AuditService(Calls& calls, audit::Store& store, Witnesses& witnesses, audit::ApiLog& api_log,
               Worker& worker)
      : calls_(calls),
        store_(store),
        witnesses_(witnesses),
        api_log_(api_log),
        exports_(store),
        worker_(worker) {}

  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* context,
                                          const v1::GetCheckpointRequest* request,
                                          v1::GetCheckpointResponse* response) override;
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::GetInclusionProofResponse* response) override;
  grpc::ServerUnaryReactor* GetConsistencyProof(grpc::CallbackServerContext* context,
                                                const v1::GetConsistencyProofRequest* request,
                                                v1::GetConsistencyProofResponse* response) override;
  grpc::ServerUnaryReactor* ExportRecords(grpc::CallbackServerContext* context,
                                          const v1::ExportRecordsRequest* request,
                                          v1::ExportRecordsResponse* response) override;
  grpc::ServerUnaryReactor* SealExport(grpc::CallbackServerContext* context,
                                       const v1::SealExportRequest* request,
                                       v1::SealExportResponse* response) override;
  grpc::ServerUnaryReactor* ReleaseExport(grpc::CallbackServerContext* context,
                                          const v1::ReleaseExportRequest* request,
                                          v1::ReleaseExportResponse* response) override;
  grpc::ServerUnaryReactor* AddCosignatures(grpc::CallbackServerContext* context,
                                            const v1::AddCosignaturesRequest* request,
                                            v1::AddCosignaturesResponse* response) override;
  grpc::ServerUnaryReactor* ListApiEntries(grpc::CallbackServerContext* context,
                                           const v1::ListApiEntriesRequest* request,
                                           v1::ListApiEntriesResponse* response) override;

 private:
  Calls& calls_;
  audit::Store& store_;
  Witnesses& witnesses_;
  audit::ApiLog& api_log_;
  ExportFlow exports_;
  Worker& worker_;
};

}  // namespace paxid::server
