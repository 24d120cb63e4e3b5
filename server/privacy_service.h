#pragma once

#include <paxid/v1/privacy_service.grpc.pb.h>

#include "audit/store.h"
#include "base/clock.h"
#include "server/calls.h"
#include "server/privacy_flow.h"
#include "server/worker.h"

namespace paxid::server {

// paxid.v1.PrivacyService. Runs on the worker, because every call waits for its record. The
// arguments must outlive it and the gRPC server.
class PrivacyService final : public v1::PrivacyService::CallbackService {
 public:
  PrivacyService(Calls& calls, audit::Store& store, Worker& worker, const base::Clock& clock,
                 const RetentionPeriods& periods)
      : calls_(calls), flow_(store, clock, periods), worker_(worker) {}

  grpc::ServerUnaryReactor* FindSubjects(grpc::CallbackServerContext* context,
                                         const v1::FindSubjectsRequest* request,
                                         v1::FindSubjectsResponse* response) override;
  grpc::ServerUnaryReactor* GetAccess(grpc::CallbackServerContext* context,
                                      const v1::GetAccessRequest* request,
                                      v1::GetAccessResponse* response) override;
  grpc::ServerUnaryReactor* EraseSubject(grpc::CallbackServerContext* context,
                                         const v1::EraseSubjectRequest* request,
                                         v1::EraseSubjectResponse* response) override;
  grpc::ServerUnaryReactor* AddRectification(grpc::CallbackServerContext* context,
                                             const v1::AddRectificationRequest* request,
                                             v1::AddRectificationResponse* response) override;
  grpc::ServerUnaryReactor* SetRestriction(grpc::CallbackServerContext* context,
                                           const v1::SetRestrictionRequest* request,
                                           v1::SetRestrictionResponse* response) override;
  grpc::ServerUnaryReactor* ChangeHold(grpc::CallbackServerContext* context,
                                       const v1::ChangeHoldRequest* request,
                                       v1::ChangeHoldResponse* response) override;
  grpc::ServerUnaryReactor* OpenDeadline(grpc::CallbackServerContext* context,
                                         const v1::OpenDeadlineRequest* request,
                                         v1::OpenDeadlineResponse* response) override;
  grpc::ServerUnaryReactor* ListDeadlines(grpc::CallbackServerContext* context,
                                          const v1::ListDeadlinesRequest* request,
                                          v1::ListDeadlinesResponse* response) override;

 private:
  template <class Request, class Response>
  using FlowCall = PrivacyFlow::Result<Response> (PrivacyFlow::*)(const Principal&, const Request&);
  template <class Request, class Response>
  grpc::ServerUnaryReactor* answer(grpc::CallbackServerContext* context, std::string_view method,
                                   FlowCall<Request, Response> right, const Request* request,
                                   Response* response);

  Calls& calls_;
  PrivacyFlow flow_;
  Worker& worker_;
};

}  // namespace paxid::server
