#include "server/calls.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hex.h"
#include "server/authentication.h"
#include "server/trace.h"

namespace paxid::server {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

audit::Id16 trace_of(const grpc::CallbackServerContext& context) {
  const auto found =
      context.client_metadata().find(grpc::string_ref(kTraceparent.data(), kTraceparent.size()));
  if (found == context.client_metadata().end()) return {};
  return parse_traceparent({found->second.data(), found->second.size()}).value_or(audit::Id16{});
}

Refusal rate_limited(std::chrono::nanoseconds wait, Pool pool) {
  return {base::ErrorCode::kResourceExhausted,
          "RATE_LIMITED",
          "the caller or its tenant makes more calls than it may",
          {{"pool", std::string(name_of(pool))}},
          {},
          std::chrono::ceil<std::chrono::milliseconds>(wait)};
}

}  // namespace

Refusal too_many_calls(std::int64_t limit) {
  return {base::ErrorCode::kResourceExhausted,
          "TOO_MANY_CALLS",
          "too many calls wait for the same work",
          {{"limit", std::to_string(limit)}},
          {},
          kRetryDelay};
}

std::int64_t VerificationPlaces::take(std::size_t tenant) {
  if (all_.fetch_add(1) >= kMaxVerifications) {
    --all_;
    return kMaxVerifications;
  }
  if (of_tenants_.at(tenant).fetch_add(1) >= kMaxVerificationsOfTenant) {
    give_back(tenant);
    return kMaxVerificationsOfTenant;
  }
  return 0;
}

void VerificationPlaces::give_back(std::size_t tenant) {
  --of_tenants_.at(tenant);
  --all_;
}

system_clock::time_point deadline_of(system_clock::time_point client,
                                     system_clock::time_point now) {
  if (client == system_clock::time_point::max()) return now + kDefaultDeadline;
  return std::min(client, now + kMaxDeadline);
}

bool Call::over() const { return context_->IsCancelled() || deadline_ <= system_clock::now(); }

Refusal Call::too_late() {
  return {base::ErrorCode::kUnavailable,
          "CALLER_GONE",
          "the call ended before its work began; nothing was recorded",
          {},
          {},
          {}};
}

void Call::end(const Refusal* refusal, std::initializer_list<LogField> more) const {
  Log& log = calls_->log_;
  const auto elapsed = steady_clock::now() - began_;
  calls_->counts_.count(static_cast<std::size_t>(method_ - access_table().data()),
                        refusal == nullptr ? std::nullopt : std::optional(refusal->code), elapsed);
  const LogLevel level = refusal == nullptr ? LogLevel::kDebug : LogLevel::kInfo;
  if (log.enabled(level)) {
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(elapsed);
    std::vector<LogField> fields{{LogKey::kMethod, method()},
                                 {LogKey::kTenant, caller().tenant},
                                 {LogKey::kMicroseconds, std::int64_t{microseconds.count()}}};
    const std::string trace_id = base::to_hex(trace_id_);
    if (trace_id_ != audit::Id16{}) fields.push_back({LogKey::kTraceId, trace_id});
    if (refusal != nullptr) {
      fields.push_back({LogKey::kCode, base::name_of(refusal->code)});
      fields.push_back({LogKey::kReason, refusal->reason});
    }
    fields.insert(fields.end(), more);
    log.write(level, refusal == nullptr ? "call_answered" : "call_failed", fields);
  }
  leave();
}

void Call::leave() const {
  if (has_place_) calls_->places_.give_back(caller_->tenant_number);
  if (method_->span != Span::kWatch) --calls_->under_way_;
}

tl::expected<Call, Refusal> Calls::begin(Call call, bool verifies) {
  if (call.method_->span != Span::kWatch) ++under_way_;
  const auto refused = [&call](const Refusal& refusal) {
    call.end(&refusal);
    return tl::unexpected(refusal);
  };
  // The token first: who is refused a place is slowed down as well.
  const Pool pool = call.method_->pool;
  const auto wait = limits_.take(*call.caller_, pool, call.began_);
  if (wait.count() != 0) return refused(rate_limited(wait, pool));
  if (!verifies) return call;
  const std::int64_t limit = places_.take(call.caller_->tenant_number);
  if (limit != 0) return refused(too_many_calls(limit));
  call.has_place_ = true;
  return call;
}

tl::expected<Call, Refusal> Calls::admit(grpc::CallbackServerContext* context,
                                         std::string_view method) {
  const Principal* caller = caller_of(*context->auth_context(), registry_);
  if (caller == nullptr) return tl::unexpected(no_caller());
  Call call;
  call.calls_ = this;
  call.context_ = context;
  call.caller_ = caller;
  call.method_ = find_method(method);
  PAXID_CHECK(call.method_ != nullptr);
  call.began_ = steady_clock::now();
  call.deadline_ = call.method_->span == Span::kOne
                       ? deadline_of(context->deadline(), system_clock::now())
                       : context->deadline();
  call.trace_id_ = trace_of(*context);
  // A stream that asks nothing takes nobody's place.
  const bool verifies = call.method_->pool == Pool::kVerify && call.method_->span == Span::kOne;
  return begin(call, verifies);
}

tl::expected<Call, Refusal> Calls::next(const Call& stream) {
  if (is_revoked(*stream.context_->auth_context(), stream.caller_->uri, revocations_)) {
    counts_.count(Denial::kCertificateRevoked);
    return tl::unexpected(revoked());
  }
  Call call = stream;
  call.began_ = steady_clock::now();
  call.deadline_ = std::min(stream.deadline_, system_clock::now() + kDefaultDeadline);
  return begin(call, true);
}

}  // namespace paxid::server
