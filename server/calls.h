#pragma once

#include <grpcpp/server_context.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "audit/bytes.h"
#include "server/access.h"
#include "server/call_counts.h"
#include "server/log.h"
#include "server/rate_limits.h"
#include "server/refusal.h"
#include "server/revocations.h"

namespace paxid::server {

// Nothing, or why a call is not answered.
using Outcome = tl::expected<void, Refusal>;

// A call without a deadline has this one, and none has a later one than the second.
inline constexpr std::chrono::seconds kDefaultDeadline{2};
inline constexpr std::chrono::seconds kMaxDeadline{30};

// When the work of a call must have begun; the client's deadline is time_point::max() where it
// gave none.
std::chrono::system_clock::time_point deadline_of(std::chrono::system_clock::time_point client,
                                                  std::chrono::system_clock::time_point now);

// Verifications that are under way at most, single ones and questions of streams, and of one tenant
// at most: what is more would wait longer than a passenger should, in memory, and take the others'
// time. Other calls wait for a worker, whose queue is bounded.
inline constexpr std::int64_t kMaxVerifications = 2048;
inline constexpr std::int64_t kMaxVerificationsOfTenant = 1024;

// The places of verifications. Thread-safe.
class VerificationPlaces {
 public:
  explicit VerificationPlaces(std::size_t tenants) : of_tenants_(tenants) {}

  // Zero: a place was taken for the tenant of this number. Else none was, and this is the limit.
  std::int64_t take(std::size_t tenant);
  void give_back(std::size_t tenant);

 private:
  std::atomic<std::int64_t> all_{0};
  std::vector<std::atomic<std::int64_t>> of_tenants_;
};

// When `limit` calls wait for the same work.
Refusal too_many_calls(std::int64_t limit);

class Calls;

// One call, or one question of a stream, from its admission to its end. A value that its handler
// hands on; end() or leave() is called exactly once.
class Call {
 public:
  const Principal& caller() const { return *caller_; }
  std::string_view method() const { return method_->method; }
  // The W3C trace id; zero without one.
  const audit::Id16& trace_id() const { return trace_id_; }

  // The client has gone, or its time is over: what has not begun need not.
  bool over() const;
  // What over() is answered with.
  static Refusal too_late();

  // Logs and counts how it ended; `refusal` is null when it was answered. `more` goes into the
  // line.
  void end(const Refusal* refusal, std::initializer_list<LogField> more = {}) const;
  void end(const Outcome& outcome) const { end(outcome ? nullptr : &outcome.error()); }
  // The same without a line: of a stream, whose questions have ended one by one.
  void leave() const;

 private:
  friend class Calls;
  Calls* calls_ = nullptr;
  grpc::CallbackServerContext* context_ = nullptr;
  const Principal* caller_ = nullptr;
  const MethodAccess* method_ = nullptr;
  std::chrono::steady_clock::time_point began_;
  std::chrono::system_clock::time_point deadline_;
  audit::Id16 trace_id_{};
  bool has_place_ = false;
};

// Every call of a server goes through here. Thread-safe; the arguments must outlive it.
class Calls {
 public:
  Calls(const PrincipalRegistry& registry, const Revocations& revocations, const PoolRates& rates,
        CallCounts& counts, Log& log)
      : registry_(registry),
        revocations_(revocations),
        limits_(registry, rates),
        counts_(counts),
        log_(log),
        places_(registry.tenants().size()) {}

  // The call of `method`, which is in the access table, or why it is refused: PRINCIPAL_UNKNOWN,
  // or TOO_MANY_CALLS or RATE_LIMITED with the time to wait. `context` must outlive the call.
  tl::expected<Call, Refusal> admit(grpc::CallbackServerContext* context, std::string_view method);
  // The next question of a stream, which is a call of its own: CERTIFICATE_REVOKED as well.
  tl::expected<Call, Refusal> next(const Call& stream);

  // Calls and streams that have not ended, but for watches.
  std::int64_t under_way() const { return under_way_.load(); }

 private:
  friend class Call;
  // `verifies`: it wants a place among the verifications.
  tl::expected<Call, Refusal> begin(Call call, bool verifies);

  const PrincipalRegistry& registry_;
  const Revocations& revocations_;
  RateLimits limits_;
  CallCounts& counts_;
  Log& log_;
  VerificationPlaces places_;
  std::atomic<std::int64_t> under_way_{0};
};

}  // namespace paxid::server
