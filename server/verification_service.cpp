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

constexpr std::string_view kVerify = "/paxid.v1.VerificationService/Verify";
constexpr std::string_view kVerifyStream = "/paxid.v1.VerificationService/VerifyStream";

// What one verification needs from the service.
struct Desk {
  const VerificationFlow& flow;
  audit::Store& store;
  PolicyUses& uses;
  Log& log;
};

void end(const Call& call, const Answer& answer) {
  if (!answer) return call.end(&answer.error());
  call.end(nullptr, {{LogKey::kLeafIndex, answer->record().placed().leaf_index()},
                     {LogKey::kReplayed, answer->replayed()}});
}

// Judges, records, ends the call and calls `done` once, here or on the committer's thread. Nothing
// is recorded when the caller has gone meanwhile. `request` must live until `done`.
void verify(const Desk& desk, const Call& call, const v1::VerifyRequest& request, Done done) {
  const auto finish = [call, done = std::move(done)](Answer answer) {
    end(call, answer);
    done(std::move(answer));
  };
  if (!desk.store.healthy()) {
    return finish(tl::unexpected(refusal_from({base::ErrorCode::kUnavailable, {}, {}})));
  }
  auto judged = desk.flow.judge(call.caller(), request);
  if (!judged) return finish(tl::unexpected(std::move(judged.error())));
  if (std::abs(judged->client_clock_offset_seconds) > kClientClockToleranceSeconds) {
    desk.log.write(LogLevel::kInfo, "client_clock_is_off",
                   {{LogKey::kTenant, call.caller().tenant},
                    {LogKey::kSeconds, judged->client_clock_offset_seconds}});
  }
  if (call.over()) return finish(tl::unexpected(Call::too_late()));
  judged->record.trace_id = call.trace_id();
  desk.uses.append(*judged->policy, std::move(judged->record),
                   [finish, &request](base::Result<audit::Receipt> receipt) {
                     finish(VerificationFlow::answer(request, receipt));
                   });
}

using StreamReactor = grpc::ServerBidiReactor<v1::VerifyStreamRequest, v1::VerifyStreamResponse>;

// One stream. Reads while fewer than kStreamWindow requests are on their way or waiting to be
// written; writes answers in the order in which they get ready.
class VerifyStreamReactor final : public StreamReactor {
 public:
  VerifyStreamReactor(Desk desk, Calls& calls, const Call& stream)
      : desk_(desk), calls_(calls), stream_(stream) {
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
    if (const auto call = calls_.next(stream_)) {
      verify(desk_, *call, *request,
             [this, request](Answer answer) { deliver(*request, std::move(answer)); });
    } else {
      deliver(*request, tl::unexpected(call.error()));
    }
    proceed([] {});
  }

  void OnWriteDone(bool ok) override {
    proceed([this, ok] {
      writing_ = false;
      outbox_.pop_front();
      if (!ok) broken_ = true;
    });
  }

  void OnDone() override {
    stream_.leave();
    delete this;
  }

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
  Calls& calls_;
  const Call stream_;
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
  const auto call = calls_.admit(context, kVerify);
  if (!call) {
    reactor->Finish(to_grpc_status(call.error()));
    return reactor;
  }
  verify({flow_, store_, uses_, log_}, *call, *request, [reactor, response](Answer answer) {
    if (!answer) return reactor->Finish(to_grpc_status(answer.error()));
    *response = std::move(*answer);
    reactor->Finish(grpc::Status::OK);
  });
  return reactor;
}

StreamReactor* VerificationService::VerifyStream(grpc::CallbackServerContext* context) {
  const auto stream = calls_.admit(context, kVerifyStream);
  if (!stream) return new RefusedStream(stream.error());
  return new VerifyStreamReactor({flow_, store_, uses_, log_}, calls_, *stream);
}

}  // namespace paxid::server
