#include "server/verification_service.h"

#include <google/rpc/status.pb.h>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "server/authentication.h"
#include "server/conversion.h"

namespace paxid::server {
namespace {

using Answer = tl::expected<v1::VerifyResponse, Refusal>;
using Done = std::function<void(Answer)>;

std::string_view method_of(bool in_stream) {
  return in_stream ? "/paxid.v1.VerificationService/VerifyStream"
                   : "/paxid.v1.VerificationService/Verify";
}

// What one verification needs from the service.
struct Desk {
  const VerificationFlow& flow;
  audit::Store& store;
  PolicyUses& uses;
  Log& log;
};

void log_answer(Log& log, const Principal& caller, bool in_stream, const Answer& answer,
                std::chrono::steady_clock::time_point began) {
  const LogLevel level = answer ? LogLevel::kDebug : LogLevel::kInfo;
  if (!log.enabled(level)) return;
  const std::int64_t elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
                                   std::chrono::steady_clock::now() - began)
                                   .count();
  if (answer) {
    log.write(level, "call_answered",
              {{LogKey::kMethod, method_of(in_stream)},
               {LogKey::kTenant, caller.tenant},
               {LogKey::kMicroseconds, elapsed},
               {LogKey::kLeafIndex, answer->record().placed().leaf_index()},
               {LogKey::kReplayed, answer->replayed()}});
  } else {
    log.write(level, "call_failed",
              {{LogKey::kMethod, method_of(in_stream)},
               {LogKey::kTenant, caller.tenant},
               {LogKey::kMicroseconds, elapsed},
               {LogKey::kCode, base::name_of(answer.error().code)},
               {LogKey::kReason, answer.error().reason}});
  }
}

// Judges, records and calls `done` once, here or on the committer's thread. Nothing is
// recorded when the caller has `gone` meanwhile. `request` must live until `done`.
void verify(const Desk& desk, const Principal& caller, bool in_stream,
            const v1::VerifyRequest& request, const std::function<bool()>& gone, Done done) {
  const auto began = std::chrono::steady_clock::now();
  const auto finish = [&log = desk.log, &caller, in_stream, began,
                       done = std::move(done)](Answer answer) {
    log_answer(log, caller, in_stream, answer, began);
    done(std::move(answer));
  };
  if (!desk.store.healthy()) {
    return finish(tl::unexpected(refusal_from({base::ErrorCode::kUnavailable, {}, {}})));
  }
  auto judged = desk.flow.judge(caller, request);
  if (!judged) return finish(tl::unexpected(std::move(judged.error())));
  if (std::abs(judged->client_clock_offset_seconds) > kClientClockToleranceSeconds) {
    desk.log.write(LogLevel::kInfo, "client_clock_is_off",
                   {{LogKey::kTenant, caller.tenant},
                    {LogKey::kSeconds, judged->client_clock_offset_seconds}});
  }
  if (gone()) {
    Refusal refusal = refusal_from({base::ErrorCode::kUnavailable, {}, {}});
    refusal.reason = "CALLER_GONE";
    refusal.message = "the call ended before its record was queued; nothing was recorded";
    return finish(tl::unexpected(std::move(refusal)));
  }
  desk.uses.append(*judged->policy, std::move(judged->record),
                   [finish, &request](base::Result<audit::Receipt> receipt) {
                     finish(VerificationFlow::answer(request, receipt));
                   });
}

bool has_ended(const grpc::CallbackServerContext& context) {
  return context.IsCancelled() || context.deadline() <= std::chrono::system_clock::now();
}

using StreamReactor = grpc::ServerBidiReactor<v1::VerifyStreamRequest, v1::VerifyStreamResponse>;

// One stream. Reads while fewer than kStreamWindow requests are on their way or waiting to be
// written; writes answers in the order in which they get ready.
class VerifyStreamReactor final : public StreamReactor {
 public:
  VerifyStreamReactor(Desk desk, const Principal& caller, grpc::CallbackServerContext* context)
      : desk_(desk), caller_(caller), context_(context) {
    reading_ = true;
    StartRead(&incoming_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      proceed([this] {
        reading_ = false;
        no_more_requests_ = true;
      });
      return;
    }
    // The request lives until its answer, on its own: the next one is read into incoming_.
    auto request = std::make_shared<v1::VerifyRequest>();
    request->Swap(incoming_.mutable_request());
    incoming_.Clear();
    {
      std::lock_guard lock(mutex_);
      ++in_flight_;
      reading_ = false;
    }
    verify(
        desk_, caller_, /*in_stream=*/true, *request, [this] { return has_ended(*context_); },
        [this, request](Answer answer) { deliver(*request, std::move(answer)); });
    proceed([] {});
  }

  void OnWriteDone(bool ok) override {
    proceed([this, ok] {
      writing_ = false;
      outbox_.pop_front();
      if (!ok) broken_ = true;
    });
  }

  void OnDone() override { delete this; }

 private:
  void deliver(const v1::VerifyRequest& request, Answer answer) {
    v1::VerifyStreamResponse response;
    // An id that is no UUID may be anything: it is not sent back.
    if (parse_request_id(request.request_id())) response.set_request_id(request.request_id());
    if (answer) {
      *response.mutable_response() = std::move(*answer);
    } else {
      *response.mutable_error() = to_rpc_status(answer.error());
    }
    proceed([&] {
      --in_flight_;
      outbox_.push_back(std::move(response));
    });
  }

  // Changes the state, then starts whatever the new state allows. Operations start outside
  // the lock; at most one thread decides to finish, and only when nothing is under way, so
  // nobody touches the stream after OnDone.
  template <class Change>
  void proceed(Change change) {
    bool read = false;
    bool finish = false;
    const v1::VerifyStreamResponse* write = nullptr;
    {
      std::lock_guard lock(mutex_);
      change();
      if (broken_ && !writing_) outbox_.clear();
      if (!outbox_.empty() && !writing_) {
        writing_ = true;
        write = &outbox_.front();
      }
      if (!no_more_requests_ && !reading_ && in_flight_ + outbox_.size() < kStreamWindow) {
        reading_ = true;
        read = true;
      }
      if (no_more_requests_ && !reading_ && !writing_ && in_flight_ == 0 && outbox_.empty() &&
          !finished_) {
        finished_ = true;
        finish = true;
      }
    }
    if (write != nullptr) StartWrite(write);
    if (read) StartRead(&incoming_);
    if (finish) Finish(grpc::Status::OK);
  }

  const Desk desk_;
  const Principal& caller_;
  grpc::CallbackServerContext* const context_;
  v1::VerifyStreamRequest incoming_;

  std::mutex mutex_;
  std::deque<v1::VerifyStreamResponse> outbox_;  // the front is being written
  std::size_t in_flight_ = 0;
  bool reading_ = false;
  bool writing_ = false;
  bool no_more_requests_ = false;
  bool broken_ = false;
  bool finished_ = false;
};

// A stream that is refused at once.
class RefusedStream final : public StreamReactor {
 public:
  explicit RefusedStream(const Refusal& refusal) { Finish(to_grpc_status(refusal)); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerUnaryReactor* VerificationService::Verify(grpc::CallbackServerContext* context,
                                                      const v1::VerifyRequest* request,
                                                      v1::VerifyResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const Principal* caller = caller_of(*context->auth_context(), registry_);
  if (caller == nullptr) {
    reactor->Finish(to_grpc_status(no_caller()));
    return reactor;
  }
  verify(
      {flow_, store_, uses_, log_}, *caller, /*in_stream=*/false, *request,
      [context] { return has_ended(*context); },
      [reactor, response](Answer answer) {
        if (!answer) return reactor->Finish(to_grpc_status(answer.error()));
        *response = std::move(*answer);
        reactor->Finish(grpc::Status::OK);
      });
  return reactor;
}

StreamReactor* VerificationService::VerifyStream(grpc::CallbackServerContext* context) {
  const Principal* caller = caller_of(*context->auth_context(), registry_);
  if (caller == nullptr) return new RefusedStream(no_caller());
  return new VerifyStreamReactor({flow_, store_, uses_, log_}, *caller, context);
}

}  // namespace paxid::server
