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
  LoadReactor(const Principal& caller, ManifestFlow& flow, Worker& worker, const base::Clock& clock,
              Log& log, v1::LoadFlightResponse* response)
      : caller_(caller),
        flow_(flow),
        worker_(worker),
        clock_(clock),
        log_(log),
        response_(response) {
    StartRead(&incoming_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      if (!worker_.run([this] { load(); })) end(tl::unexpected(too_busy()));
      return;
    }
    if (auto taken = take(); !taken) return end(taken);
    incoming_.Clear();
    StartRead(&incoming_);
  }

  void OnDone() override { delete this; }

 private:
  Outcome take() {
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
    auto input = read_load(start_, list_, passengers_, clock_.utc_date());
    if (!input) return end(tl::unexpected(std::move(input.error())));
    auto loaded = flow_.load(caller_, std::move(*input));
    if (!loaded) return end(tl::unexpected(std::move(loaded.error())));
    *response_ = std::move(*loaded);
    response_->set_request_id(start_.request_id());
    end({});
  }

  void end(const Outcome& outcome) {
    if (outcome) return Finish(grpc::Status::OK);
    log_.write(LogLevel::kInfo, "call_failed",
               {{LogKey::kMethod, "/paxid.v1.ManifestService/LoadFlight"},
                {LogKey::kTenant, caller_.tenant},
                {LogKey::kCode, base::name_of(outcome.error().code)},
                {LogKey::kReason, outcome.error().reason}});
    Finish(to_grpc_status(outcome.error()));
  }

  const Principal& caller_;
  ManifestFlow& flow_;
  Worker& worker_;
  const base::Clock& clock_;
  Log& log_;
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
  explicit WatchReactor(Flights& flights) : flights_(flights) {}

  void begin(const Principal& caller, const v1::WatchFlightRequest& request) {
    const auto flight = find_flight(flights_, caller, request.flight());
    if (!flight) return end(to_grpc_status(flight.error()));
    // Flights may call take() before watch() returns its number; nobody needs it until OnDone.
    auto watch = flights_.watch(caller.tenant, (*flight)->key,
                                [this](const FlightChange& change) { take(change); });
    if (watch) {
      watch_ = *watch;
    } else if (watch.error().code == ErrorCode::kResourceExhausted) {
      end(to_grpc_status(refusal_of(ErrorCode::kResourceExhausted, "TOO_MANY_WATCHERS",
                                    "too many watch this flight")));
    } else {
      end(to_grpc_status(not_loaded()));
    }
    release();
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
    release();
  }

 private:
  // begin() and the stream each hold the reactor: it goes when both are done with it.
  void release() {
    if (holders_.fetch_sub(1) == 1) delete this;
  }

  void take(const FlightChange& change) {
    v1::WatchFlightResponse response;
    write_change(change, &response);
    proceed([&] {
      if (status_) return;
      if (outbox_.size() >= kMaxQueuedChanges) {
        status_ = to_grpc_status(refusal_of(ErrorCode::kResourceExhausted, "WATCHER_TOO_SLOW",
                                            "changes were lost; get the flight and watch again"));
        return;
      }
      outbox_.push_back(std::move(response));
      if (change.event == FlightEvent::kDropped) last_ = true;
    });
  }

  void end(const grpc::Status& status) {
    proceed([&] { status_ = status; });
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
  std::uint64_t watch_ = 0;
  std::atomic<int> holders_{2};
  std::mutex mutex_;
  std::deque<v1::WatchFlightResponse> outbox_;  // the front is being written
  std::optional<grpc::Status> status_;          // how the stream ends
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
  const Principal* caller = caller_of(*context->auth_context(), registry_);
  if (caller == nullptr) return new RefusedLoad(no_caller());
  return new LoadReactor(*caller, flow_, worker_, clock_, log_, response);
}

grpc::ServerUnaryReactor* ManifestService::GetFlight(grpc::CallbackServerContext* context,
                                                     const v1::GetFlightRequest* request,
                                                     v1::GetFlightResponse* response) {
  return run_on(
      worker_, registry_, context,
      [this, request, response](const Principal& caller, grpc::ServerUnaryReactor* reactor) {
        const auto flight = find_flight(flights_, caller, request->flight());
        Outcome outcome;
        if (!flight) outcome = tl::unexpected(flight.error());
        if (flight) {
          write_summary(**flight, response->mutable_summary());
          for (const RosterPassenger& passenger : (*flight)->roster->passengers) {
            write_passenger(**flight, passenger, response->add_passengers());
          }
        }
        finish(reactor, log_, caller, "/paxid.v1.ManifestService/GetFlight", outcome);
      });
}

grpc::ServerWriteReactor<v1::WatchFlightResponse>* ManifestService::WatchFlight(
    grpc::CallbackServerContext* context, const v1::WatchFlightRequest* request) {
  const Principal* caller = caller_of(*context->auth_context(), registry_);
  if (caller == nullptr) return new RefusedWatch(no_caller());
  auto* reactor = new WatchReactor(flights_);
  reactor->begin(*caller, *request);
  return reactor;
}

grpc::ServerUnaryReactor* ManifestService::ListFlights(grpc::CallbackServerContext* context,
                                                       const v1::ListFlightsRequest*,
                                                       v1::ListFlightsResponse* response) {
  return run_on(worker_, registry_, context,
                [this, response](const Principal& caller, grpc::ServerUnaryReactor* reactor) {
                  for (const SharedFlight& flight : flights_.list(caller.tenant)) {
                    if (sees(caller, flight->key)) write_summary(*flight, response->add_flights());
                  }
                  finish(reactor, log_, caller, "/paxid.v1.ManifestService/ListFlights", {});
                });
}

grpc::ServerUnaryReactor* ManifestService::DropFlight(grpc::CallbackServerContext* context,
                                                      const v1::DropFlightRequest* request,
                                                      v1::DropFlightResponse* response) {
  return run_on(
      worker_, registry_, context,
      [this, request, response](const Principal& caller, grpc::ServerUnaryReactor* reactor) {
        const std::string_view method = "/paxid.v1.ManifestService/DropFlight";
        Violations violations;
        const RequestId id = read_request_id(request->request_id(), violations);
        const auto key = read_key(request->flight(), violations, "flight");
        if (!violations.none() || !key) {
          return finish(reactor, log_, caller, method, tl::unexpected(violations.refusal()));
        }
        auto dropped = flow_.drop(caller, id, *key);
        if (!dropped) {
          return finish(reactor, log_, caller, method, tl::unexpected(std::move(dropped.error())));
        }
        response->set_request_id(request->request_id());
        response->set_replayed(dropped->receipt.replayed);
        write_place(dropped->receipt, response->mutable_record());
        finish(reactor, log_, caller, method, {});
      });
}

}  // namespace paxid::server
