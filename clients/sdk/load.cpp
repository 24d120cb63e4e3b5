#include "clients/sdk/load.h"

#include <grpcpp/grpcpp.h>
#include <paxid/v1/verification_service.grpc.pb.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "clients/sdk/connection.h"
#include "clients/sdk/wire.h"

namespace paxid::sdk {
namespace {

using Clock = std::chrono::steady_clock;
using base::ErrorCode;

constexpr std::chrono::seconds kConnectTime{5};
constexpr std::chrono::milliseconds kProgressInterval{250};

std::string_view name_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::CANCELLED:
      return "CANCELLED";
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "INVALID_ARGUMENT";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "DEADLINE_EXCEEDED";
    case grpc::StatusCode::ALREADY_EXISTS:
      return "ALREADY_EXISTS";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "PERMISSION_DENIED";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    case grpc::StatusCode::UNAVAILABLE:
      return "UNAVAILABLE";
    case grpc::StatusCode::UNAUTHENTICATED:
      return "UNAUTHENTICATED";
    default:
      return "OTHER";
  }
}

LoadReport::Times times_of(std::vector<float>& microseconds) {
  LoadReport::Times times;
  if (microseconds.empty()) return times;
  std::sort(microseconds.begin(), microseconds.end());
  const auto at = [&](double share) {
    const auto last = static_cast<double>(microseconds.size() - 1);
    return static_cast<double>(microseconds[static_cast<std::size_t>(share * last)]);
  };
  times.p50 = at(0.5);
  times.p90 = at(0.9);
  times.p99 = at(0.99);
  times.p999 = at(0.999);
  times.max = microseconds.back();
  return times;
}

// What has been measured. Thread-safe.
class Measurement {
 public:
  Measurement(Clock::time_point from, Clock::time_point until) : from_(from), until_(until) {}

  bool is_over() const { return Clock::now() >= until_; }
  Clock::time_point until() const { return until_; }

  void begin() {
    const std::lock_guard lock(mutex_);
    ++in_flight_;
    most_in_flight_ = std::max(most_in_flight_, in_flight_);
  }
  void miss() {
    const std::lock_guard lock(mutex_);
    ++not_begun_;
  }
  std::size_t in_flight() const {
    const std::lock_guard lock(mutex_);
    return in_flight_;
  }
  // One passenger's answer, of a call that began, or should have begun, at `since`.
  void take(grpc::StatusCode code, Clock::time_point since) {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    if (code == grpc::StatusCode::OK) ++so_far_;
    if (now < from_ || now >= until_) return;
    const auto time = std::chrono::duration<float, std::micro>(now - since).count();
    if (code == grpc::StatusCode::OK) {
      answered_.push_back(time);
    } else {
      refused_.push_back(time);
      ++codes_[std::string(name_of(code))];
    }
  }
  // The last word of a call: nothing of it is used afterwards.
  void end() {
    const std::lock_guard lock(mutex_);
    if (--in_flight_ == 0) idle_.notify_all();
  }

  std::uint64_t so_far() const {
    const std::lock_guard lock(mutex_);
    return so_far_;
  }
  void wait_until_idle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return in_flight_ == 0; });
  }
  // Requires that nothing is under way.
  LoadReport report() {
    const std::lock_guard lock(mutex_);
    LoadReport report;
    report.answered = answered_.size();
    report.seconds = std::chrono::duration<double>(until_ - from_).count();
    report.refused = codes_;
    report.not_begun = not_begun_;
    report.most_in_flight = most_in_flight_;
    report.times = times_of(answered_);
    report.refusal_times = times_of(refused_);
    return report;
  }

 private:
  const Clock::time_point from_;
  const Clock::time_point until_;
  mutable std::mutex mutex_;
  std::condition_variable idle_;
  std::vector<float> answered_;
  std::vector<float> refused_;
  std::map<std::string, std::uint64_t> codes_;
  std::uint64_t so_far_ = 0;
  std::uint64_t not_begun_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t most_in_flight_ = 0;
};

struct Target {
  std::vector<std::unique_ptr<v1::VerificationService::Stub>> stubs;
  std::vector<v1::VerifyRequest> passengers;
  std::chrono::milliseconds deadline;
  std::atomic<std::uint64_t> next = 0;

  v1::VerificationService::Stub& stub(std::uint64_t turn) { return *stubs[turn % stubs.size()]; }
  // A passenger under a new request id.
  void fill(v1::VerifyRequest& request, std::uint64_t turn) const {
    request = passengers[turn % passengers.size()];
    request.set_request_id(new_request_id());
  }
};

// One call after the other until the time is over; deletes itself then.
class ClosedCall {
 public:
  ClosedCall(Target& target, Measurement& measurement)
      : target_(target), measurement_(measurement) {
    measurement_.begin();
  }
  void start() {
    context_ = std::make_unique<grpc::ClientContext>();
    context_->set_deadline(std::chrono::system_clock::now() + target_.deadline);
    const std::uint64_t turn = target_.next++;
    target_.fill(request_, turn);
    since_ = Clock::now();
    target_.stub(turn).async()->Verify(context_.get(), &request_, &response_,
                                       [this](grpc::Status status) { finished(status); });
  }

 private:
  void finished(const grpc::Status& status) {
    measurement_.take(status.error_code(), since_);
    if (!measurement_.is_over()) return start();
    Measurement& measurement = measurement_;
    delete this;
    measurement.end();
  }

  Target& target_;
  Measurement& measurement_;
  std::unique_ptr<grpc::ClientContext> context_;
  v1::VerifyRequest request_;
  v1::VerifyResponse response_;
  Clock::time_point since_;
};

// One call at its time; deletes itself.
class OpenCall {
 public:
  OpenCall(Target& target, Measurement& measurement, Clock::time_point since)
      : measurement_(measurement), since_(since) {
    measurement_.begin();
    context_.set_deadline(std::chrono::system_clock::now() + target.deadline);
    const std::uint64_t turn = target.next++;
    target.fill(request_, turn);
    target.stub(turn).async()->Verify(&context_, &request_, &response_,
                                      [this](grpc::Status status) { finished(status); });
  }

 private:
  void finished(const grpc::Status& status) {
    measurement_.take(status.error_code(), since_);
    Measurement& measurement = measurement_;
    delete this;
    measurement.end();
  }

  Measurement& measurement_;
  const Clock::time_point since_;
  grpc::ClientContext context_;
  v1::VerifyRequest request_;
  v1::VerifyResponse response_;
};

// One stream of passengers after the other until the time is over; deletes itself then.
class StreamCall final
    : public grpc::ClientBidiReactor<v1::VerifyStreamRequest, v1::VerifyStreamResponse> {
 public:
  StreamCall(Target& target, Measurement& measurement, int passengers)
      : target_(target), measurement_(measurement), passengers_(passengers) {
    measurement_.begin();
  }
  void start() {
    context_.set_deadline(std::chrono::system_clock::now() + target_.deadline +
                          std::chrono::milliseconds(passengers_));
    target_.stub(target_.next).async()->VerifyStream(&context_, this);
    since_ = Clock::now();
    write();
    StartRead(&response_);
    StartCall();
  }

  void OnWriteDone(bool ok) override {
    if (ok && written_ < passengers_) write();
  }
  void OnReadDone(bool ok) override {
    if (!ok) return;
    const bool answered = response_.has_response();
    measurement_.take(
        answered ? grpc::StatusCode::OK : static_cast<grpc::StatusCode>(response_.error().code()),
        since_);
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& status) override {
    if (!status.ok()) measurement_.take(status.error_code(), since_);
    if (!measurement_.is_over()) {
      (new StreamCall(target_, measurement_, passengers_))->start();
    }
    Measurement& measurement = measurement_;
    delete this;
    measurement.end();
  }

 private:
  void write() {
    target_.fill(*request_.mutable_request(), target_.next++);
    ++written_;
    if (written_ == passengers_) {
      StartWriteLast(&request_, {});
    } else {
      StartWrite(&request_);
    }
  }

  Target& target_;
  Measurement& measurement_;
  const int passengers_;
  int written_ = 0;
  grpc::ClientContext context_;
  v1::VerifyStreamRequest request_;
  v1::VerifyStreamResponse response_;
  Clock::time_point since_;
};

base::Result<void> check(const LoadOptions& options, std::span<const Request> passengers) {
  const auto wrong = [](const char* field, const char* message) -> base::Result<void> {
    return base::fail(ErrorCode::kInvalidArgument, message, field);
  };
  if (passengers.empty()) return wrong("passengers", "at least one");
  if (options.channels < 1 || options.channels > kMaxLoadChannels) {
    return wrong("channels", "1 to 64");
  }
  if (options.in_flight < 1 || options.in_flight > kMaxInFlight) {
    return wrong("in_flight", "1 to 10000");
  }
  if (options.per_stream < 0 || options.per_stream > kMaxPerStream) {
    return wrong("per_stream", "0 to 10000");
  }
  if (options.per_second < 0 || (options.per_second > 0 && options.per_stream > 0)) {
    return wrong("per_second", "0 or more, and not with streams");
  }
  if (options.duration.count() <= 0 || options.warm_up.count() < 0 ||
      options.duration + options.warm_up > kMaxLoadTime) {
    return wrong("duration", "up to a day");
  }
  return {};
}

base::Result<void> connect(const LoadOptions& options, Target& target) {
  for (int i = 0; i < options.channels; ++i) {
    auto channel = open_channel(options.client, ChannelSharing::kOwnConnection);
    if (!channel) return tl::unexpected(channel.error());
    if (!(*channel)->WaitForConnected(std::chrono::system_clock::now() + kConnectTime)) {
      return base::fail(ErrorCode::kUnavailable, "no connection to " + options.client.server);
    }
    target.stubs.push_back(v1::VerificationService::NewStub(*channel));
  }
  return {};
}

void send_at_rate(Target& target, Measurement& measurement, double per_second,
                  Clock::time_point start) {
  const std::chrono::duration<double> interval(1 / per_second);
  for (std::uint64_t i = 0;; ++i) {
    const auto due =
        start + std::chrono::duration_cast<Clock::duration>(interval * static_cast<double>(i));
    if (due >= measurement.until()) return;
    std::this_thread::sleep_until(due);
    if (measurement.in_flight() >= static_cast<std::size_t>(kMaxInFlight)) {
      measurement.miss();
    } else {
      new OpenCall(target, measurement, due);  // deletes itself
    }
  }
}

}  // namespace

base::Result<LoadReport> apply_load(const LoadOptions& options, std::span<const Request> passengers,
                                    const std::function<void(std::uint64_t)>& progress) {
  if (const auto right = check(options, passengers); !right) return tl::unexpected(right.error());
  Target target;
  target.deadline = options.client.deadline;
  for (const Request& passenger : passengers) target.passengers.push_back(to_wire(passenger));
  if (const auto connected = connect(options, target); !connected) {
    return tl::unexpected(connected.error());
  }
  const auto start = Clock::now();
  Measurement measurement(start + options.warm_up, start + options.warm_up + options.duration);
  std::thread sender;
  if (options.per_second > 0) {
    sender = std::thread([&] { send_at_rate(target, measurement, options.per_second, start); });
  } else {
    for (int i = 0; i < options.in_flight; ++i) {  // each deletes itself
      if (options.per_stream > 0) {
        (new StreamCall(target, measurement, options.per_stream))->start();
      } else {
        (new ClosedCall(target, measurement))->start();
      }
    }
  }
  while (!measurement.is_over()) {
    std::this_thread::sleep_until(std::min(measurement.until(), Clock::now() + kProgressInterval));
    progress(measurement.so_far());
  }
  if (sender.joinable()) sender.join();
  measurement.wait_until_idle();
  return measurement.report();
}

}  // namespace paxid::sdk
