#include "clients/gate/desk.h"

#include <chrono>
#include <utility>

#include "base/clock.h"
#include "verification/station.h"

namespace paxid::gate {
namespace {

constexpr Milliseconds kTick{1'000};
// Before a watch that ended is begun again.
constexpr Milliseconds kWatchAgain{2'000};

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

}  // namespace

Desk::Desk(const DeskOptions& options, std::function<void()> changed, std::function<void()> typing,
           std::function<void(Tone)> play)
    : options_(options),
      changed_(std::move(changed)),
      typing_(std::move(typing)),
      play_(std::move(play)),
      session_(options.session),
      wedge_(
          options.wedge, [this] { return today(); },
          [this](const std::vector<reader::Arrival>& arrivals) { deliver(arrivals); }),
      client_([this](bool answers) { session_.health(answers); }, [this] { update(); }) {
  clock_.start();
  QObject::connect(&second_, &QTimer::timeout, this, [this] {
    session_.tick(now());
    update();
  });
  second_.start(kTick);
}

base::Result<void> Desk::connect() { return client_.connect(options_.client); }

Milliseconds Desk::now() const { return Milliseconds(clock_.elapsed()); }

base::Date Desk::today() const {
  const auto& flight = session_.flight();
  return verification::station_date(base::SystemClock().unix_microseconds(),
                                    flight ? flight->flight.from : std::string());
}

void Desk::key(char32_t character, std::optional<Milliseconds> at) { wedge_.key(character, at); }

void Desk::deliver(const std::vector<reader::Arrival>& arrivals) {
  if (arrivals.empty()) return typing_();
  for (const reader::Arrival& arrival : arrivals) {
    if (arrival.scan) session_.scan(*arrival.scan, today(), now());
    if (arrival.typed) session_.type(arrival.typed->text, now());
  }
  update();
}

void Desk::press(int function) {
  session_.press(function, now());
  update();
}

void Desk::move_selection(int rows) {
  session_.move_selection(rows, now());
  update();
}

void Desk::update() {
  for (const Effect& effect : session_.take_effects()) run(effect);
  changed_();
}

void Desk::run(const Effect& effect) {
  const sdk::AsyncClient* client = client_.get();
  if (client == nullptr) return;
  std::visit(
      Overloaded{
          [&](const AskFlights&) {
            client->flights(
                client_.heard([this](const auto& flights) { session_.flights(flights); }));
          },
          [&](const OpenFlight& wanted) { open(*client, wanted.key); },
          [&](const CloseFlight&) { close_flight(); },
          [&](const AskVerdict& wanted) {
            client->verify(wanted.request,
                           client_.heard([this, id = wanted.request.request_id](
                                             const auto& answer) { session_.answer(id, answer); }));
          },
          [&](const AskSuggestion& wanted) {
            client->suggestion(
                wanted.look, client_.heard([this, id = wanted.look.request_id](const auto& found) {
                  session_.suggestion(id, found);
                }));
          },
          [&](const RecordDecision& wanted) {
            client->decide(
                wanted.decision,
                client_.heard([this, id = wanted.decision.request_id](const auto& outcome) {
                  session_.recorded(id, outcome, now());
                }));
          },
          [&](const PlayTone& wanted) { play_(wanted.tone); },
      },
      effect);
}

void Desk::close_flight() {
  ++watch_;
  if (cancel_watch_) std::exchange(cancel_watch_, nullptr)();
}

void Desk::open(const sdk::AsyncClient& client, const sdk::FlightKey& key) {
  close_flight();
  const auto heard = [this, watch = watch_](auto hear) {
    return client_.heard([this, watch, hear](const auto& news) {
      if (watch == watch_) hear(news);
    });
  };
  client.flight(key, heard([this](const auto& manifest) { session_.manifest(manifest); }));
  const auto change = heard([this](const sdk::FlightChange& news) { session_.change(news); });
  cancel_watch_ = client.watch_flight(
      key, [change](const sdk::FlightChange& news) { return change(news), true; },
      heard([this, &client, key, watch = watch_](const base::Result<void>& end) {
        if (end) return;  // the flight is dropped
        QTimer::singleShot(kWatchAgain, this, [this, &client, key, watch] {
          if (watch == watch_) open(client, key);
        });
      }));
}

}  // namespace paxid::gate
