#include "server/decision_service.h"

#include <utility>

#include "server/unary_call.h"

namespace paxid::server {
namespace {

constexpr std::string_view kMethod = "/paxid.v1.DecisionService/RecordDecision";

}  // namespace

void DecisionService::record(const Principal& caller, const v1::RecordDecisionRequest& request,
                             v1::RecordDecisionResponse* response,
                             grpc::ServerUnaryReactor* reactor) {
  auto drafted = flow_.draft(caller, request);
  if (!drafted) {
    return finish(reactor, log_, caller, kMethod, tl::unexpected(std::move(drafted.error())));
  }
  bool held = false;
  if (drafted->flight) {
    const auto hold = flights_.hold(caller.tenant, *drafted->flight, drafted->decision);
    if (!hold) {
      return finish(reactor, log_, caller, kMethod,
                    tl::unexpected(refusal_from_hold(hold.error())));
    }
    held = *hold;
  }
  audit::Record recorded = std::move(drafted->record);
  const auto done = [this, &caller, &request, response, reactor, held, flight = drafted->flight,
                     decision = drafted->decision](const base::Result<audit::Receipt>& receipt) {
    if (held && receipt) {
      flights_.settle(caller.tenant, *flight, decision, clock_.unix_microseconds());
    } else if (held) {
      flights_.give_up(caller.tenant, *flight, decision.request);
    }
    auto answer = DecisionFlow::answer(request, receipt);
    if (!answer) {
      return finish(reactor, log_, caller, kMethod, tl::unexpected(std::move(answer.error())));
    }
    *response = std::move(*answer);
    finish(reactor, log_, caller, kMethod, {});
  };
  store_.append(std::move(recorded), done);
}

grpc::ServerUnaryReactor* DecisionService::RecordDecision(grpc::CallbackServerContext* context,
                                                          const v1::RecordDecisionRequest* request,
                                                          v1::RecordDecisionResponse* response) {
  return run_on(
      worker_, registry_, context,
      [this, request, response](const Principal& caller, grpc::ServerUnaryReactor* reactor) {
        record(caller, *request, response, reactor);
      });
}

}  // namespace paxid::server
