#pragma once

#include <grpcpp/support/server_callback.h>

#include <string_view>
#include <utility>

#include "server/authentication.h"
#include "server/calls.h"
#include "server/refusal.h"
#include "server/worker.h"

// What the handlers of calls that run on a worker share.
namespace paxid::server {

// Ends the call and answers it.
inline void finish(grpc::ServerUnaryReactor* reactor, const Call& call, const Outcome& outcome) {
  call.end(outcome);
  reactor->Finish(outcome ? grpc::Status::OK : to_grpc_status(outcome.error()));
}

// Admits the call, then runs `task(call, reactor)` on the worker, which finishes the call then or
// later. What `task` refers to must live until then. A call whose caller has gone while it waited
// is not worked on.
template <class Task>
grpc::ServerUnaryReactor* run_on(Worker& worker, Calls& calls, grpc::CallbackServerContext* context,
                                 std::string_view method, Task task) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto call = calls.admit(context, method);
  if (!call) {
    reactor->Finish(to_grpc_status(call.error()));
    return reactor;
  }
  const bool queued = worker.run([reactor, call = *call, task] {
    if (call.over()) return finish(reactor, call, tl::unexpected(Call::too_late()));
    task(call, reactor);
  });
  if (!queued) finish(reactor, *call, tl::unexpected(too_many_calls(kMaxQueuedTasks)));
  return reactor;
}

}  // namespace paxid::server
