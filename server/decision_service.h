#pragma once

#include <paxid/v1/decision_service.grpc.pb.h>

#include "audit/store.h"
#include "base/clock.h"
#include "server/calls.h"
#include "server/decision_flow.h"
#include "server/flights.h"
#include "server/worker.h"

namespace paxid::server {

// paxid.v1.DecisionService. A decision is drafted on the worker, held by its flight, recorded,
// and takes effect when the record is durable; then the call is finished. The arguments must
// outlive it and the gRPC server.
class DecisionService final : public v1::DecisionService::CallbackService {
 public:
  DecisionService(Calls& calls, Flights& flights, audit::Store& store, Worker& worker,
                  const base::Clock& clock)
      : calls_(calls),
        flow_(store, flights, clock),
        flights_(flights),
        store_(store),
        worker_(worker),
        clock_(clock) {}

  grpc::ServerUnaryReactor* RecordDecision(grpc::CallbackServerContext* context,
                                           const v1::RecordDecisionRequest* request,
                                           v1::RecordDecisionResponse* response) override;
  grpc::ServerUnaryReactor* GetSuggestion(grpc::CallbackServerContext* context,
                                          const v1::GetSuggestionRequest* request,
                                          v1::GetSuggestionResponse* response) override;

 private:
  void record(const Call& call, const v1::RecordDecisionRequest& request,
              v1::RecordDecisionResponse* response, grpc::ServerUnaryReactor* reactor);
  void show(const Call& call, const v1::GetSuggestionRequest& request,
            v1::GetSuggestionResponse* response, grpc::ServerUnaryReactor* reactor);

  Calls& calls_;
  DecisionFlow flow_;
  Flights& flights_;
  audit::Store& store_;
  Worker& worker_;
  const base::Clock& clock_;
};

}  // namespace paxid::server
