#pragma once

#include <grpcpp/support/server_callback.h>

#include <string_view>
#include <utility>

#include <tl/expected.hpp>

#include "server/access.h"
#include "server/authentication.h"
#include "server/log.h"
#include "server/refusal.h"
#include "server/worker.h"

// What the handlers of calls that run on a worker share.
namespace paxid::server {

using Outcome = tl::expected<void, Refusal>;

// Logs a refusal with its code and reason and finishes the call.
inline void finish(grpc::ServerUnaryReactor* reactor, Log& log, const Principal& caller,
                   std::string_view method, const Outcome& outcome) {
  if (outcome) return reactor->Finish(grpc::Status::OK);
  log.write(LogLevel::kInfo, "call_failed",
            {{LogKey::kMethod, method},
             {LogKey::kTenant, caller.tenant},
             {LogKey::kCode, base::name_of(outcome.error().code)},
             {LogKey::kReason, outcome.error().reason}});
  reactor->Finish(to_grpc_status(outcome.error()));
}

// When the worker's queue is full.
inline Refusal too_busy() {
  return {base::ErrorCode::kResourceExhausted,
          "TOO_MANY_CALLS",
          "too many calls wait for the same work",
          {{"limit", std::to_string(kMaxQueuedTasks)}},
          {},
          kRetryDelay};
}

// Finds the caller, then runs `task(caller, reactor)` on the worker, which finishes the call
// then or later. What `task` refers to must live until then.
template <class Task>
grpc::ServerUnaryReactor* run_on(Worker& worker, const PrincipalRegistry& registry,
                                 grpc::CallbackServerContext* context, Task task) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const Principal* caller = caller_of(*context->auth_context(), registry);
  if (caller == nullptr) {
    reactor->Finish(to_grpc_status(no_caller()));
    return reactor;
  }
  if (!worker.run([reactor, caller, task] { task(*caller, reactor); })) {
    reactor->Finish(to_grpc_status(too_busy()));
  }
  return reactor;
}

}  // namespace paxid::server
