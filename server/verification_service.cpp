#include "server/verification_service.h"

#include <google/rpc/status.pb.h>

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "server/authentication.h"
#include "server/conversion.h"
#include "server/decision_words.h"

namespace paxid::server {
namespace {

constexpr std::string_view kVerify = "/paxid.v1.VerificationService/Verify";
constexpr std::string_view kVerifyStream = "/paxid.v1.VerificationService/VerifyStream";

// What one verification needs from the service.
struct Desk {
  const VerificationFlow& flow;
  audit::Store& store;
  PolicyUses& uses;
  audit::ApiLog& api_log;
  Log& log;
};

// One verification on its way. Judges and records, then ends the call and calls finish() once, here
// or on a thread of the store. Nothing is recorded when the caller has gone meanwhile.
class Verification {
 public:
  Verification(const Desk& desk, const Call& call) : desk_(desk), call_(call) {}
  Verification(const Verification&) = delete;
  Verification& operator=(const Verification&) = delete;
  virtual ~Verification() = default;

  // `request` and the empty `response` must live until finish().
  void run(const v1::VerifyRequest& request, v1::VerifyResponse& response) {
    request_ = &request;
    response_ = &response;
    if (!desk_.store.healthy()) {
      return end(refusal_from({base::ErrorCode::kUnavailable, {}, {}}));
    }
    auto judged = desk_.flow.judge(call_.caller(), request, response);
    if (!judged) return end(std::move(judged.error()));
    if (std::abs(judged->client_clock_offset_seconds) > kClientClockToleranceSeconds) {
      desk_.log.write(LogLevel::kInfo, "client_clock_is_off",
                      {{LogKey::kTenant, call_.caller().tenant},
                       {LogKey::kSeconds, judged->client_clock_offset_seconds}});
    }
    if (call_.over()) return end(Call::too_late());
    judged->record.trace_id = call_.trace_id();
    desk_.uses.append(
        *judged->policy, std::move(judged->record),
        [this](const base::Result<audit::Receipt>& receipt) {
          log_api_processing(VerificationFlow::complete(*request_, receipt, *response_));
        });
  }

 protected:
  // Answers the caller; the object may die in it.
  virtual void finish(const std::optional<Refusal>& refusal) = 0;

 private:
  // What was judged for the API duties is answered when the API-processing log has it as well. A
  // retry is a processing of its own.
  void log_api_processing(const std::optional<Refusal>& refusal) {
    if (refusal || request_->purpose() != v1::PURPOSE_API_ACCURACY) return end(refusal);
    audit::ApiEntry entry;
    entry.station = request_->station().empty() ? request_->flight().from() : request_->station();
    entry.channel = word_of(request_->channel());
    entry.actor = call_.caller().actor;
    entry.operation = "compared";
    desk_.api_log.append(call_.caller().tenant, std::move(entry),
                         [this](const base::Result<void>& written) {
                           if (written) return end(std::nullopt);
                           end(refusal_from({base::ErrorCode::kUnavailable, {}, {}}));
                         });
  }

  void end(const std::optional<Refusal>& refusal) {
    if (refusal) {
      call_.end(&*refusal);
    } else if (response_->record().has_placed()) {
      call_.end(nullptr, {{LogKey::kLeafIndex, response_->record().placed().leaf_index()},
                          {LogKey::kReplayed, response_->replayed()}});
    } else {
      call_.end(nullptr, {{LogKey::kReplayed, response_->replayed()}});
    }
    finish(refusal);
  }

  const Desk desk_;
  const Call call_;
  const v1::VerifyRequest* request_ = nullptr;
  v1::VerifyResponse* response_ = nullptr;
};

// A call of its own; deletes itself.
class UnaryVerification final : public Verification {
 public:
  UnaryVerification(const Desk& desk, const Call& call, grpc::ServerUnaryReactor* reactor)
      : Verification(desk, call), reactor_(reactor) {}

 private:
  void finish(const std::optional<Refusal>& refusal) override {
    grpc::ServerUnaryReactor* reactor = reactor_;
    const grpc::Status status = refusal ? to_grpc_status(*refusal) : grpc::Status::OK;
    delete this;
    reactor->Finish(status);
  }

  grpc::ServerUnaryReactor* const reactor_;
};

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
    v1::VerifyRequest request;
    request.Swap(incoming_.mutable_request());
    incoming_.Clear();
    proceed([this] {
      ++in_flight_;
      reading_ = false;
    });
    // Last: the stream may end as soon as this one is answered.
    const auto call = calls_.next(stream_);
    if (!call) return deliver(refused(request, call.error()));
    auto* one = new StreamedVerification(desk_, *call, *this);
    one->request.Swap(&request);
    one->run(one->request, *one->answer.mutable_response());
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
  // One passenger of the stream; deletes itself.
  class StreamedVerification final : public Verification {
   public:
    StreamedVerification(const Desk& desk, const Call& call, VerifyStreamReactor& stream)
        : Verification(desk, call), stream_(stream) {}

    v1::VerifyRequest request;
    v1::VerifyStreamResponse answer;

   private:
    void finish(const std::optional<Refusal>& refusal) override {
      VerifyStreamReactor& stream = stream_;
      v1::VerifyStreamResponse response = refusal ? refused(request, *refusal) : std::move(answer);
      // Only what was judged has an id that is a UUID.
      if (!refusal) response.set_request_id(request.request_id());
      delete this;
      stream.deliver(std::move(response));
    }

    VerifyStreamReactor& stream_;
  };

  static v1::VerifyStreamResponse refused(const v1::VerifyRequest& request,
                                          const Refusal& refusal) {
    v1::VerifyStreamResponse response;
    // An id that is no UUID may be anything: it is not sent back.
    if (parse_request_id(request.request_id())) response.set_request_id(request.request_id());
    *response.mutable_error() = to_rpc_status(refusal);
    return response;
  }

  void deliver(v1::VerifyStreamResponse response) {
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
    grpc::WriteOptions options;
    {
      std::lock_guard lock(mutex_);
      change();
      if (broken_ && !writing_) outbox_.clear();
      if (!outbox_.empty() && !writing_) {
        writing_ = true;
        write = &outbox_.front();
        // It need not leave alone: another one follows.
        if (outbox_.size() > 1) options.set_buffer_hint();
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
    if (write != nullptr) StartWrite(write, options);
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
  auto* verification =
      new UnaryVerification({flow_, store_, uses_, api_log_, log_}, *call, reactor);
  verification->run(*request, *response);
  return reactor;
}

StreamReactor* VerificationService::VerifyStream(grpc::CallbackServerContext* context) {
  const auto stream = calls_.admit(context, kVerifyStream);
  if (!stream) return new RefusedStream(stream.error());
  return new VerifyStreamReactor({flow_, store_, uses_, api_log_, log_}, calls_, *stream);
}

}  // namespace paxid::server
