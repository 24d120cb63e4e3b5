#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <tl/expected.hpp>

#include "audit/store.h"
#include "base/clock.h"
#include "bcbp/key_table.h"
#include "server/access.h"
#include "server/flights.h"
#include "server/policy_book.h"
#include "server/refusal.h"

namespace paxid::v1 {
class VerifyRequest;
class VerifyResponse;
}  // namespace paxid::v1

namespace paxid::server {

// A client's clock that is further off than this is worth a log line.
inline constexpr std::int64_t kClientClockToleranceSeconds = 300;

// A judged request on its way into the log.
struct JudgedRequest {
  audit::Record record;
  std::shared_ptr<const ApprovedPolicy> policy;  // the one that judged
  std::int64_t client_clock_offset_seconds = 0;  // client - server; 0 when not stated
};

// Turns a request into its answer and the record of it, and completes the answer by the record's
// receipt.
// Knows no gRPC and waits for nothing. Thread-safe; the arguments must outlive it.
//
// There is no look-up before the judgement: append decides alone whether a request is new,
// and judging a rare retry again costs less than a database read on every first call.
class VerificationFlow {
 public:
  VerificationFlow(const Policies& policies, const bcbp::KeyTable& pass_keys,
                   const Flights& flights, const audit::Store& store, const base::Clock& clock)
      : policies_(policies),
        pass_keys_(pass_keys),
        flights_(flights),
        store_(store),
        clock_(clock) {}

  // Validates, judges and writes down. The answer in the record and in `response`, which must be
  // empty, lacks only what the store decides: the place of the record and whether it is a replay.
  tl::expected<JudgedRequest, Refusal> judge(const Principal& caller,
                                             const v1::VerifyRequest& request,
                                             v1::VerifyResponse& response) const;

  // Completes the `response` to `request` by what the store says about its record; the stored
  // answer of a replay takes its place. Nothing when it is complete.
  static std::optional<Refusal> complete(const v1::VerifyRequest& request,
                                         const base::Result<audit::Receipt>& receipt,
                                         v1::VerifyResponse& response);

 private:
  const Policies& policies_;
  const bcbp::KeyTable& pass_keys_;
  const Flights& flights_;
  const audit::Store& store_;  // for blind indexes alone
  const base::Clock& clock_;
};

}  // namespace paxid::server
