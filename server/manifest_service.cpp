#include "server/manifest_service.h"

#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "server/conversion.h"
#include "server/unary_call.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

Refusal refusal_of(ErrorCode code, std::string reason, std::string message) {
  Refusal refusal;
  refusal.code = code;
  refusal.reason = std::move(reason);
  refusal.message = std::move(message);
  return refusal;
}

Refusal not_loaded() {
  return refusal_of(ErrorCode::kNotFound, "FLIGHT_NOT_LOADED", "the flight is not loaded");
}

// A principal with a station sees the flights that board there.
bool sees(const Principal& caller, const FlightKey& flight) {
  return caller.station.empty() || caller.station == flight.from;
}

// The loaded flight of a request.
tl::expected<SharedFlight, Refusal> find_flight(const Flights& flights, const Principal& caller,
                                                const v1::FlightKey& from) {
  Violations violations;
  const auto key = read_key(from, violations, "flight");
  if (!key) return tl::unexpected(violations.refusal());
  if (!sees(caller, *key)) {
    return tl::unexpected(refusal_of(ErrorCode::kPermissionDenied, "OTHER_STATION",
                                     "the flight boards at another station than the caller's"));
  }
  SharedFlight flight = flights.find(caller.tenant, *key);
  if (!flight) return tl::unexpected(not_loaded());
  return flight;
}

// Collects a load within its limits and hands it to the worker.
class LoadReactor final : public grpc::ServerReadReactor<v1::LoadFlightRequest> {
 public:
  LoadReactor(const Call& call, ManifestFlow& flow, Worker& worker, const base::Clock& clock,
              v1::LoadFlightResponse* response)
      : call_(call), flow_(flow), worker_(worker), clock_(clock), response_(response) {
    StartRead(&incoming_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      if (!worker_.run([this] { load(); })) end(tl::unexpected(too_many_calls(kMaxQueuedTasks)));
      return;
    }
    if (auto taken = take(); !taken) return end(taken);
    incoming_.Clear();
    StartRead(&incoming_);
  }

  void OnDone() override { delete this; }

 private:
  Outcome take() {
    if (call_.over()) return tl::unexpected(Call::too_late());
    if (incoming_.has_start() == started_) {
      return tl::unexpected(refusal_of(ErrorCode::kInvalidArgument, "START_MISPLACED",
                                       "the first piece, and only it, must be a start"));
    }
    if (incoming_.has_start()) {
      started_ = true;
      start_ = std::move(*incoming_.mutable_start());
    } else if (incoming_.part_case() == v1::LoadFlightRequest::kList) {
      list_ += incoming_.list();
    } else if (incoming_.has_passenger()) {
      passengers_.push_back(std::move(*incoming_.mutable_passenger()));
    }
    if (list_.size() > bcbp::kMaxListBytes) {
      return tl::unexpected(refusal_of(ErrorCode::kInvalidArgument, "LIST_TOO_LONG",
                                       "the list must be at most 1 MiB"));
    }
    if (passengers_.size() > kMaxPassengersPerFlight) {
      return tl::unexpected(refusal_of(ErrorCode::kInvalidArgument, "TOO_MANY_PASSENGERS",
                                       "a flight has at most 1,000 passengers"));
    }
    return {};
  }

  void load() {
    if (call_.over()) return end(tl::unexpected(Call::too_late()));
    auto input = read_load(start_, list_, passengers_, clock_.utc_date());
    if (!input) return end(tl::unexpected(std::move(input.error())));
    input->trace_id = call_.trace_id();
    auto loaded = flow_.load(call_.caller(), std::move(*input));
    if (!loaded) return end(tl::unexpected(std::move(loaded.error())));
    *response_ = std::move(*loaded);
    response_->set_request_id(start_.request_id());
    end({});
  }

  void end(const Outcome& outcome) {
    call_.end(outcome);
    Finish(outcome ? grpc::Status::OK : to_grpc_status(outcome.error()));
  }

  const Call call_;
  ManifestFlow& flow_;
  Worker& worker_;
  const base::Clock& clock_;
  v1::LoadFlightResponse* const response_;
  v1::LoadFlightRequest incoming_;
  bool started_ = false;
  v1::LoadFlightStart start_;
  std::string list_;
  std::vector<v1::ManifestPassenger> passengers_;
};

class RefusedLoad final : public grpc::ServerReadReactor<v1::LoadFlightRequest> {
 public:
  explicit RefusedLoad(const Refusal& refusal) { Finish(to_grpc_status(refusal)); }
  void OnDone() override { delete this; }
};

// One watch. Changes come under the lock of the flights, one after the other.
class WatchReactor final : public grpc::ServerWriteReactor<v1::WatchFlightResponse> {
 public:
  WatchReactor(Flights& flights, const Call& call) : flights_(flights), call_(call) {}

  // Before gRPC is given the reactor: until then it only remembers what is started, and nothing
  // ends.
  void begin(const v1::WatchFlightRequest& request) {
    const Principal& caller = call_.caller();
    const auto flight = find_flight(flights_, caller, request.flight());
    if (!flight) return end(flight.error());
    // Flights may call take() before watch() returns its number; nobody needs it until OnDone.
    auto watch = flights_.watch(caller.tenant, (*flight)->key,
                                [this](const FlightChange& change) { take(change); });
    if (watch) {
      watch_ = *watch;
    } else if (watch.error().code == ErrorCode::kResourceExhausted) {
      end(refusal_of(ErrorCode::kResourceExhausted, "TOO_MANY_WATCHERS",
                     "too many watch this flight"));
    } else {
      end(not_loaded());
    }
  }

  void OnWriteDone(bool ok) override {
    proceed([this, ok] {
      writing_ = false;
      outbox_.pop_front();
      if (!ok) status_ = grpc::Status::CANCELLED;
    });
  }

  void OnCancel() override {
    proceed([this] { status_ = grpc::Status::CANCELLED; });
  }

  void OnDone() override {
    if (watch_ != 0) flights_.unwatch(watch_);
    call_.end(refusal_ ? &*refusal_ : nullptr);
    delete this;
  }

 private:
  void take(const FlightChange& change) {
    v1::WatchFlightResponse response;
    write_change(change, &response);
    proceed([&] {
      if (status_) return;
      if (outbox_.size() >= kMaxQueuedChanges) {
        refusal_ = refusal_of(ErrorCode::kResourceExhausted, "WATCHER_TOO_SLOW",
                              "changes were lost; get the flight and watch again");
        status_ = to_grpc_status(*refusal_);
        return;
      }
      outbox_.push_back(std::move(response));
      if (change.event == FlightEvent::kDropped) last_ = true;
    });
  }

  void end(Refusal refusal) {
    proceed([&] {
      status_ = to_grpc_status(refusal);
      refusal_ = std::move(refusal);
    });
  }

  template <class Change>
  void proceed(Change change) {
    const v1::WatchFlightResponse* write = nullptr;
    std::optional<grpc::Status> finish;
    {
      const std::lock_guard lock(mutex_);
      change();
      if (finished_) return;
      if (status_ && !writing_) outbox_.clear();
      if (!outbox_.empty() && !writing_ && !status_) {
        writing_ = true;
        write = &outbox_.front();
      }
      const bool over = status_ || (last_ && outbox_.empty());
      if (over && !writing_) {
        finished_ = true;
        finish = status_.value_or(grpc::Status::OK);
      }
    }
    if (write != nullptr) StartWrite(write);
    if (finish) Finish(*finish);
  }

  Flights& flights_;
  const Call call_;
  std::uint64_t watch_ = 0;
  std::mutex mutex_;
  std::deque<v1::WatchFlightResponse> outbox_;  // the front is being written
  std::optional<grpc::Status> status_;          // how the stream ends
  std::optional<Refusal> refusal_;              // why it ends, when this side ends it
  bool writing_ = false;
  bool last_ = false;
  bool finished_ = false;
};

class RefusedWatch final : public grpc::ServerWriteReactor<v1::WatchFlightResponse> {
 public:
  explicit RefusedWatch(const Refusal& refusal) { Finish(to_grpc_status(refusal)); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerReadReactor<v1::LoadFlightRequest>* ManifestService::LoadFlight(
    grpc::CallbackServerContext* context, v1::LoadFlightResponse* response) {
  const auto call = calls_.admit(context, "/paxid.v1.ManifestService/LoadFlight");
  if (!call) return new RefusedLoad(call.error());
  return new LoadReactor(*call, flow_, worker_, clock_, response);
}

grpc::ServerUnaryReactor* ManifestService::GetFlight(grpc::CallbackServerContext* context,
                                                     const v1::GetFlightRequest* request,
                                                     v1::GetFlightResponse* response) {
  return run_on(worker_, calls_, context, "/paxid.v1.ManifestService/GetFlight",
                [this, request, response](const Call& call, grpc::ServerUnaryReactor* reactor) {
                  const auto flight = find_flight(flights_, call.caller(), request->flight());
                  Outcome outcome;
                  if (!flight) outcome = tl::unexpected(flight.error());
                  if (flight) {
                    write_summary(**flight, response->mutable_summary());
                    for (const RosterPassenger& passenger : *(*flight)->roster->passengers) {
                      write_passenger(**flight, passenger, response->add_passengers());
                    }
                  }
                  finish(reactor, call, outcome);
                });
}

grpc::ServerWriteReactor<v1::WatchFlightResponse>* ManifestService::WatchFlight(
    grpc::CallbackServerContext* context, const v1::WatchFlightRequest* request) {
  const auto call = calls_.admit(context, "/paxid.v1.ManifestService/WatchFlight");
  if (!call) return new RefusedWatch(call.error());
  auto* reactor = new WatchReactor(flights_, *call);
  reactor->begin(*request);
  return reactor;
}

grpc::ServerUnaryReactor* ManifestService::ListFlights(grpc::CallbackServerContext* context,
                                                       const v1::ListFlightsRequest*,
                                                       v1::ListFlightsResponse* response) {
  return run_on(worker_, calls_, context, "/paxid.v1.ManifestService/ListFlights",
                [this, response](const Call& call, grpc::ServerUnaryReactor* reactor) {
                  const Principal& caller = call.caller();
                  for (const SharedFlight& flight : flights_.list(caller.tenant)) {
                    if (sees(caller, flight->key)) write_summary(*flight, response->add_flights());
                  }
                  finish(reactor, call, {});
                });
}

grpc::ServerUnaryReactor* ManifestService::DropFlight(grpc::CallbackServerContext* context,
                                                      const v1::DropFlightRequest* request,
                                                      v1::DropFlightResponse* response) {
  return run_on(worker_, calls_, context, "/paxid.v1.ManifestService/DropFlight",
                [this, request, response](const Call& call, grpc::ServerUnaryReactor* reactor) {
                  Violations violations;
                  const RequestId id = read_request_id(request->request_id(), violations);
                  const auto key = read_key(request->flight(), violations, "flight");
                  if (!violations.none() || !key) {
                    return finish(reactor, call, tl::unexpected(violations.refusal()));
                  }
                  auto dropped = flow_.drop(call.caller(), id, *key, call.trace_id());
                  if (!dropped) {
                    return finish(reactor, call, tl::unexpected(std::move(dropped.error())));
                  }
                  response->set_request_id(request->request_id());
                  response->set_replayed(dropped->receipt.replayed);
                  write_place(dropped->receipt, response->mutable_record());
                  finish(reactor, call, {});
                });
}

}  // namespace paxid::server
