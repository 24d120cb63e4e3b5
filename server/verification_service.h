#pragma once

#include <paxid/v1/verification_service.grpc.pb.h>

#include "audit/api_log.h"
#include "audit/store.h"
#include "base/clock.h"
#include "server/arena_messages.h"
#include "server/calls.h"
#include "server/log.h"
#include "server/verification_flow.h"

namespace paxid::server {

// Requests of one stream that may be on their way at once. A client that sends faster waits:
// the stream reads no further.
inline constexpr std::size_t kStreamWindow = 64;

// paxid.v1.VerificationService. A call is judged on the thread it arrives on, its record is
// queued, and the call is finished by the store's completion. The arguments must outlive it.
class VerificationService final : public v1::VerificationService::CallbackService {
 public:
  VerificationService(Calls& calls, const Policies& policies, const bcbp::KeyTable& pass_keys,
                      const Flights& flights, audit::Store& store, audit::ApiLog& api_log,
                      const base::Clock& clock, Log& log)
      : calls_(calls),
        flow_(policies, pass_keys, flights, store, clock),
        store_(store),
        uses_(store),
        api_log_(api_log),
        log_(log) {
    SetMessageAllocatorFor_Verify(&messages_);
  }

  grpc::ServerUnaryReactor* Verify(grpc::CallbackServerContext* context,
                                   const v1::VerifyRequest* request,
                                   v1::VerifyResponse* response) override;

  grpc::ServerBidiReactor<v1::VerifyStreamRequest, v1::VerifyStreamResponse>* VerifyStream(
      grpc::CallbackServerContext* context) override;

 private:
  Calls& calls_;
  VerificationFlow flow_;
  audit::Store& store_;
  PolicyUses uses_;
  audit::ApiLog& api_log_;
  Log& log_;
  ArenaMessages<v1::VerifyRequest, v1::VerifyResponse> messages_;
};

}  // namespace paxid::server
