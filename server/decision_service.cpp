#include "server/decision_service.h"

#include <utility>

#include "server/suggestion_look.h"
#include "server/unary_call.h"

namespace paxid::server {
namespace {

constexpr std::string_view kMethod = "/paxid.v1.DecisionService/RecordDecision";
constexpr std::string_view kLookMethod = "/paxid.v1.DecisionService/GetSuggestion";

}  // namespace

void DecisionService::record(const Call& call, const v1::RecordDecisionRequest& request,
                             v1::RecordDecisionResponse* response,
                             grpc::ServerUnaryReactor* reactor) {
  const Principal& caller = call.caller();
  auto drafted = flow_.draft(caller, request);
  if (!drafted) {
    return finish(reactor, call, tl::unexpected(std::move(drafted.error())));
  }
  bool held = false;
  if (drafted->flight) {
    const auto hold = flights_.hold(caller.tenant, *drafted->flight, drafted->decision);
    if (!hold) {
      return finish(reactor, call, tl::unexpected(refusal_from_hold(hold.error())));
    }
    held = *hold;
  }
  audit::Record recorded = std::move(drafted->record);
  recorded.trace_id = call.trace_id();
  const auto done = [this, call, &caller, &request, response, reactor, held,
                     flight = drafted->flight,
                     decision = drafted->decision](const base::Result<audit::Receipt>& receipt) {
    if (held && receipt) {
      flights_.settle(caller.tenant, *flight, decision, clock_.unix_microseconds());
    } else if (held) {
      flights_.give_up(caller.tenant, *flight, decision.request);
    }
    auto answer = DecisionFlow::answer(request, receipt);
    if (!answer) {
      return finish(reactor, call, tl::unexpected(std::move(answer.error())));
    }
    *response = std::move(*answer);
    finish(reactor, call, {});
  };
  store_.append(std::move(recorded), done);
}

void DecisionService::show(const Call& call, const v1::GetSuggestionRequest& request,
                           v1::GetSuggestionResponse* response, grpc::ServerUnaryReactor* reactor) {
  auto look = draft_look(store_, call.caller(), request, clock_.unix_microseconds());
  if (!look) return finish(reactor, call, tl::unexpected(std::move(look.error())));
  look->trace_id = call.trace_id();
  store_.append(*std::move(look),
                [call, response, reactor](const base::Result<audit::Receipt>& receipt) {
                  auto answer = answer_look(receipt);
                  if (!answer) {
                    return finish(reactor, call, tl::unexpected(std::move(answer.error())));
                  }
                  *response = std::move(*answer);
                  finish(reactor, call, {});
                });
}

grpc::ServerUnaryReactor* DecisionService::RecordDecision(grpc::CallbackServerContext* context,
                                                          const v1::RecordDecisionRequest* request,
                                                          v1::RecordDecisionResponse* response) {
  return run_on(worker_, calls_, context, kMethod,
                [this, request, response](const Call& call, grpc::ServerUnaryReactor* reactor) {
                  record(call, *request, response, reactor);
                });
}

grpc::ServerUnaryReactor* DecisionService::GetSuggestion(grpc::CallbackServerContext* context,
                                                         const v1::GetSuggestionRequest* request,
                                                         v1::GetSuggestionResponse* response) {
  return run_on(worker_, calls_, context, kLookMethod,
                [this, request, response](const Call& call, grpc::ServerUnaryReactor* reactor) {
                  show(call, *request, response, reactor);
                });
}

}  // namespace paxid::server
