#include "server/privacy_service.h"

#include <utility>

#include "server/unary_call.h"

namespace paxid::server {

template <class Request, class Response>
grpc::ServerUnaryReactor* PrivacyService::answer(grpc::CallbackServerContext* context,
                                                 std::string_view method,
                                                 FlowCall<Request, Response> right,
                                                 const Request* request, Response* response) {
  return run_on(
      worker_, calls_, context, method,
      [this, right, request, response](const Call& call, grpc::ServerUnaryReactor* reactor) {
        auto answered = (flow_.*right)(call.caller(), *request);
        if (!answered) {
          return finish(reactor, call, tl::unexpected(std::move(answered.error())));
        }
        *response = std::move(*answered);
        finish(reactor, call, {});
      });
}

grpc::ServerUnaryReactor* PrivacyService::FindSubjects(grpc::CallbackServerContext* context,
                                                       const v1::FindSubjectsRequest* request,
                                                       v1::FindSubjectsResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/FindSubjects", &PrivacyFlow::find_subjects,
                request, response);
}

grpc::ServerUnaryReactor* PrivacyService::GetAccess(grpc::CallbackServerContext* context,
                                                    const v1::GetAccessRequest* request,
                                                    v1::GetAccessResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/GetAccess", &PrivacyFlow::access, request,
                response);
}

grpc::ServerUnaryReactor* PrivacyService::EraseSubject(grpc::CallbackServerContext* context,
                                                       const v1::EraseSubjectRequest* request,
                                                       v1::EraseSubjectResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/EraseSubject", &PrivacyFlow::erase, request,
                response);
}

grpc::ServerUnaryReactor* PrivacyService::AddRectification(
    grpc::CallbackServerContext* context, const v1::AddRectificationRequest* request,
    v1::AddRectificationResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/AddRectification", &PrivacyFlow::rectify,
                request, response);
}

grpc::ServerUnaryReactor* PrivacyService::SetRestriction(grpc::CallbackServerContext* context,
                                                         const v1::SetRestrictionRequest* request,
                                                         v1::SetRestrictionResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/SetRestriction", &PrivacyFlow::restrict, request,
                response);
}

grpc::ServerUnaryReactor* PrivacyService::ChangeHold(grpc::CallbackServerContext* context,
                                                     const v1::ChangeHoldRequest* request,
                                                     v1::ChangeHoldResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/ChangeHold", &PrivacyFlow::hold, request,
                response);
}

grpc::ServerUnaryReactor* PrivacyService::OpenDeadline(grpc::CallbackServerContext* context,
                                                       const v1::OpenDeadlineRequest* request,
                                                       v1::OpenDeadlineResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/OpenDeadline", &PrivacyFlow::open_deadline,
                request, response);
}

grpc::ServerUnaryReactor* PrivacyService::ListDeadlines(grpc::CallbackServerContext* context,
                                                        const v1::ListDeadlinesRequest* request,
                                                        v1::ListDeadlinesResponse* response) {
  return answer(context, "/paxid.v1.PrivacyService/ListDeadlines", &PrivacyFlow::deadlines, request,
                response);
}

}  // namespace paxid::server
