#pragma once

#include <paxid/v1/manifest_service.grpc.pb.h>

#include "audit/store.h"
#include "base/clock.h"
#include "server/calls.h"
#include "server/flights.h"
#include "server/manifest_flow.h"
#include "server/worker.h"

namespace paxid::server {

// Changes that wait to be written to one watcher; a slower one is ended.
inline constexpr std::size_t kMaxQueuedChanges = 256;

// paxid.v1.ManifestService. Loads and drops run on the worker, one after the other; reading and
// watching answer at once. The arguments must outlive it and the gRPC server.
class ManifestService final : public v1::ManifestService::CallbackService {
 public:
  ManifestService(Calls& calls, Flights& flights, audit::Store& store, Worker& worker,
                  const base::Clock& clock)
      : calls_(calls),
        flow_(flights, store, clock),
        flights_(flights),
        worker_(worker),
        clock_(clock) {}

  grpc::ServerReadReactor<v1::LoadFlightRequest>* LoadFlight(
      grpc::CallbackServerContext* context, v1::LoadFlightResponse* response) override;
  grpc::ServerUnaryReactor* GetFlight(grpc::CallbackServerContext* context,
                                      const v1::GetFlightRequest* request,
                                      v1::GetFlightResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchFlightResponse>* WatchFlight(
      grpc::CallbackServerContext* context, const v1::WatchFlightRequest* request) override;
  grpc::ServerUnaryReactor* ListFlights(grpc::CallbackServerContext* context,
                                        const v1::ListFlightsRequest* request,
                                        v1::ListFlightsResponse* response) override;
  grpc::ServerUnaryReactor* DropFlight(grpc::CallbackServerContext* context,
                                       const v1::DropFlightRequest* request,
                                       v1::DropFlightResponse* response) override;

 private:
  Calls& calls_;
  ManifestFlow flow_;
  Flights& flights_;
  Worker& worker_;
  const base::Clock& clock_;
};

}  // namespace paxid::server
