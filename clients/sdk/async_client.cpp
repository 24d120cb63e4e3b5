#include "clients/sdk/async_client.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "clients/sdk/connection.h"
#include "clients/sdk/wire.h"

namespace paxid::sdk {
namespace {

// How soon a change of health is seen.
constexpr std::chrono::milliseconds kHealthPeriod{50};

void set_client_time(auto& request) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  request.mutable_client_time()->set_seconds(
      std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

// The calls that are under way, so that the end can cancel them and wait for them.
//
// A context keeps its channel alive, and the library's thread that lets go of the last channel
// waits for its own end and then goes on in freed memory. So the contexts live here, and each is
// gone before the end, which lets go of the channels, goes on.
class UnderWay {
 public:
  using Id = std::uint64_t;
  struct Entry {
    Id id;
    grpc::ClientContext* context;  // until leave()
  };

  // None once the end has begun: the call must not start.
  std::optional<Entry> enter() {
    const std::lock_guard lock(mutex_);
    if (closed_) return std::nullopt;
    const auto at = contexts_.try_emplace(++last_id_).first;
    return Entry{at->first, &at->second};
  }
  // Whether what the call came back with is still wanted.
  bool open() const {
    const std::lock_guard lock(mutex_);
    return !closed_;
  }
  void leave(Id id) {
    const std::lock_guard lock(mutex_);
    contexts_.erase(id);
    empty_.notify_all();
  }
  void cancel(Id id) {
    const std::lock_guard lock(mutex_);
    const auto at = contexts_.find(id);
    if (at != contexts_.end()) at->second.TryCancel();
  }
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    for (auto& [id, context] : contexts_) context.TryCancel();
    empty_.wait(lock, [this] { return contexts_.empty(); });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::map<Id, grpc::ClientContext> contexts_;
  Id last_id_ = 0;
  bool closed_ = false;
};

// One call with its attempts; keeps itself alive while one is under way.
template <class WireRequest, class WireResponse>
class UnaryCall : public std::enable_shared_from_this<UnaryCall<WireRequest, WireResponse>> {
 public:
  using Done = std::function<void(grpc::Status)>;
  using Start =
      std::function<void(const Server&, grpc::ClientContext*, WireRequest*, WireResponse*, Done)>;
  using Finish = std::function<void(const grpc::Status&, WireResponse&)>;

  UnaryCall(const std::shared_ptr<UnderWay>& under_way, Servers& servers,
            std::chrono::milliseconds deadline, WireRequest request, Start start, Finish finish)
      : under_way_(under_way),
        servers_(&servers),
        deadline_(deadline),
        request_(std::move(request)),
        start_(std::move(start)),
        finish_(std::move(finish)) {}

  void attempt() {
    ++attempts_;
    const auto entry = under_way_->enter();
    if (!entry) return;
    entry->context->set_deadline(std::chrono::system_clock::now() + deadline_);
    const Server& server = servers_->preferred();
    response_.Clear();
    start_(server, entry->context, &request_, &response_,
           [self = this->shared_from_this(), id = entry->id, &server](const grpc::Status& status) {
             self->came_back(server, status);
             self->under_way_->leave(id);
           });
  }

 private:
  void came_back(const Server& server, const grpc::Status& status) {
    if (!under_way_->open()) return;
    if (is_silence(status)) servers_->pass_over(server);
    if (is_silence(status) && attempts_ < kAttempts) return attempt();
    finish_(status, response_);
  }

  std::shared_ptr<UnderWay> under_way_;
  Servers* servers_;
  std::chrono::milliseconds deadline_;
  WireRequest request_;
  WireResponse response_;
  Start start_;
  Finish finish_;
  int attempts_ = 0;
};

// Reads the changes of a flight; deletes itself at its end.
class WatchCall final : public grpc::ClientReadReactor<v1::WatchFlightResponse> {
 public:
  WatchCall(std::shared_ptr<UnderWay> under_way, UnderWay::Entry entry, FlightWatcher watcher,
            AsyncClient::Then<void> then)
      : under_way_(std::move(under_way)),
        entry_(entry),
        watcher_(std::move(watcher)),
        then_(std::move(then)) {}

  void start(const Server& server, const FlightKey& key,
             std::shared_ptr<std::atomic<bool>> cancelled) {
    cancelled_ = std::move(cancelled);
    write_key(key, request_.mutable_flight());
    server.manifest->async()->WatchFlight(entry_.context, &request_, this);
    StartRead(&response_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok || !wanted_) return;
    wanted_ = !cancelled_->load() && under_way_->open() && watcher_(from_wire(response_));
    if (!wanted_) return entry_.context->TryCancel();
    StartRead(&response_);
  }

  void OnDone(const grpc::Status& status) override {
    const auto under_way = under_way_;
    const auto id = entry_.id;
    if (under_way->open() && !cancelled_->load()) {
      then_(status.ok() || !wanted_ ? base::Result<void>{} : error_from(status));
    }
    delete this;
    under_way->leave(id);
  }

 private:
  std::shared_ptr<UnderWay> under_way_;
  UnderWay::Entry entry_;
  std::shared_ptr<std::atomic<bool>> cancelled_;
  FlightWatcher watcher_;
  AsyncClient::Then<void> then_;
  v1::WatchFlightRequest request_;
  v1::WatchFlightResponse response_;
  bool wanted_ = true;
};

}  // namespace

struct AsyncClient::Core {
  std::chrono::milliseconds deadline{};
  std::unique_ptr<Servers> servers;
  std::shared_ptr<UnderWay> under_way = std::make_shared<UnderWay>();
  HealthWatcher on_health;
  std::jthread health;

  // Which server answers is a state of its channel, which asks the server's health.
  void watch_health(const std::stop_token& stop) {
    // Whoever waits here also carries the connections on; nobody else does while no call is made.
    grpc::CompletionQueue changes;
    std::optional<bool> before;
    void* tag = nullptr;
    bool changed = false;
    while (!stop.stop_requested()) {
      bool answers = false;
      bool known = true;
      const auto soon = std::chrono::system_clock::now() + kHealthPeriod;
      for (const auto& server : servers->all()) {
        const grpc_connectivity_state state = server->channel->GetState(true);
        answers = answers || state == GRPC_CHANNEL_READY;
        known = known && (state == GRPC_CHANNEL_READY || state == GRPC_CHANNEL_TRANSIENT_FAILURE);
        server->channel->NotifyOnStateChange(state, soon, &changes, server.get());
      }
      // A channel that connects says nothing yet, but what was said before may hold no more.
      if ((answers || known || before.value_or(false)) && before != answers) {
        before = answers;
        on_health(answers);
      }
      for (std::size_t i = 0; i < servers->all().size(); ++i) changes.Next(&tag, &changed);
    }
    changes.Shutdown();
    while (changes.Next(&tag, &changed)) continue;
  }

  template <class WireRequest, class WireResponse>
  void call(WireRequest request, typename UnaryCall<WireRequest, WireResponse>::Start start,
            typename UnaryCall<WireRequest, WireResponse>::Finish finish) {
    std::make_shared<UnaryCall<WireRequest, WireResponse>>(
        under_way, *servers, deadline, std::move(request), std::move(start), std::move(finish))
        ->attempt();
  }

  ~Core() {
    if (health.joinable()) {
      health.request_stop();
      health.join();
    }
    under_way->close();
  }
};

AsyncClient::AsyncClient(std::unique_ptr<Core> core) : core_(std::move(core)) {}
AsyncClient::AsyncClient(AsyncClient&&) noexcept = default;
AsyncClient::~AsyncClient() = default;

base::Result<AsyncClient> AsyncClient::connect(const ClientOptions& options,
                                               HealthWatcher on_health) {
  auto servers = open_servers(options, HealthWatch::kWatched);
  if (!servers) return tl::unexpected(servers.error());
  auto core = std::make_unique<Core>();
  core->deadline = options.deadline;
  core->servers = *std::move(servers);
  core->on_health = std::move(on_health);
  if (core->on_health) {
    core->health =
        std::jthread([at = core.get()](const std::stop_token& stop) { at->watch_health(stop); });
  }
  return AsyncClient(std::move(core));
}

void AsyncClient::verify(const Request& request, Then<Answer> then) const {
  core_->call<v1::VerifyRequest, v1::VerifyResponse>(
      to_wire(request),
      [](const Server& server, auto* context, auto* wire, auto* response, auto done) {
        set_client_time(*wire);
        server.verification->async()->Verify(context, wire, response, std::move(done));
      },
      [then = std::move(then)](const grpc::Status& status, auto& response) {
        then(status.ok() ? from_wire(response) : error_from(status));
      });
}

void AsyncClient::decide(const Decision& decision, Then<DecisionOutcome> then) const {
  core_->call<v1::RecordDecisionRequest, v1::RecordDecisionResponse>(
      to_wire(decision),
      [](const Server& server, auto* context, auto* wire, auto* response, auto done) {
        set_client_time(*wire);
        server.decision->async()->RecordDecision(context, wire, response, std::move(done));
      },
      [then = std::move(then)](const grpc::Status& status, auto& response) {
        then(status.ok() ? from_wire(response) : error_from(status));
      });
}

void AsyncClient::suggestion(const SuggestionLook& look, Then<Suggestion> then) const {
  core_->call<v1::GetSuggestionRequest, v1::GetSuggestionResponse>(
      to_wire(look),
      [](const Server& server, auto* context, auto* wire, auto* response, auto done) {
        server.decision->async()->GetSuggestion(context, wire, response, std::move(done));
      },
      [then = std::move(then)](const grpc::Status& status, auto& response) {
        then(status.ok() ? from_wire(response) : error_from(status));
      });
}

void AsyncClient::flights(Then<std::vector<FlightSummary>> then) const {
  core_->call<v1::ListFlightsRequest, v1::ListFlightsResponse>(
      {},
      [](const Server& server, auto* context, auto* wire, auto* response, auto done) {
        server.manifest->async()->ListFlights(context, wire, response, std::move(done));
      },
      [then = std::move(then)](const grpc::Status& status, auto& response) {
        if (!status.ok()) return then(error_from(status));
        std::vector<FlightSummary> flights;
        for (const auto& flight : response.flights()) flights.push_back(from_wire(flight));
        then(std::move(flights));
      });
}

void AsyncClient::flight(const FlightKey& key, Then<FlightManifest> then) const {
  v1::GetFlightRequest request;
  write_key(key, request.mutable_flight());
  core_->call<v1::GetFlightRequest, v1::GetFlightResponse>(
      std::move(request),
      [](const Server& server, auto* context, auto* wire, auto* response, auto done) {
        server.manifest->async()->GetFlight(context, wire, response, std::move(done));
      },
      [then = std::move(then)](const grpc::Status& status, auto& response) {
        if (!status.ok()) return then(error_from(status));
        then(from_wire(response));
      });
}

AsyncClient::Cancel AsyncClient::watch_flight(const FlightKey& key, FlightWatcher watcher,
                                              Then<void> then) const {
  const auto& under_way = core_->under_way;
  const auto entry = under_way->enter();
  if (!entry) return [] {};
  const auto cancelled = std::make_shared<std::atomic<bool>>(false);
  // Until OnDone.
  auto* call = new WatchCall(under_way, *entry, std::move(watcher), std::move(then));
  call->start(core_->servers->preferred(), key, cancelled);
  return [under_way, id = entry->id, cancelled] {
    cancelled->store(true);
    under_way->cancel(id);
  };
}

}  // namespace paxid::sdk
