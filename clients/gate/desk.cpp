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
          [this](const std::vector<reader::Arrival>& arrivals) { deliver(arrivals); }) {
  clock_.start();
  QObject::connect(&second_, &QTimer::timeout, this, [this] {
    session_.tick(now());
    update();
  });
  second_.start(kTick);
}

Desk::~Desk() = default;

template <class Call>
void Desk::post(Call call) {
  QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

base::Result<void> Desk::connect() {
  auto client = sdk::AsyncClient::connect(options_.client, [this](bool answers) {
    post([this, answers] {
      session_.health(answers);
      update();
    });
  });
  if (!client) return tl::unexpected(client.error());
  client_.emplace(*std::move(client));
  return {};
}

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
  if (!client_) return;
  std::visit(
      Overloaded{
          [this](const AskFlights&) {
            client_->flights([this](auto flights) {
              post([this, flights = std::move(flights)] {
                session_.flights(flights);
                update();
              });
            });
          },
          [this](const OpenFlight& wanted) { open(wanted.key); },
          [this](const CloseFlight&) { close_flight(); },
          [this](const AskVerdict& wanted) {
            client_->verify(wanted.request, [this, id = wanted.request.request_id](auto answer) {
              post([this, id, answer = std::move(answer)] {
                session_.answer(id, answer);
                update();
              });
            });
          },
          [this](const AskSuggestion& wanted) {
            client_->suggestion(wanted.look, [this, id = wanted.look.request_id](auto found) {
              post([this, id, found = std::move(found)] {
                session_.suggestion(id, found);
                update();
              });
            });
          },
          [this](const RecordDecision& wanted) {
            client_->decide(wanted.decision, [this, id = wanted.decision.request_id](auto outcome) {
              post([this, id, outcome = std::move(outcome)] {
                session_.recorded(id, outcome, now());
                update();
              });
            });
          },
          [this](const PlayTone& wanted) { play_(wanted.tone); },
      },
      effect);
}

void Desk::close_flight() {
  ++watch_;
  if (cancel_watch_) std::exchange(cancel_watch_, nullptr)();
}

void Desk::open(const sdk::FlightKey& key) {
  close_flight();
  const int watch = watch_;
  const auto heard = [this, watch](auto tell) {
    post([this, watch, tell = std::move(tell)] {
      if (watch != watch_) return;
      tell();
      update();
    });
  };
  client_->flight(key, [this, heard](auto manifest) {
    heard([this, manifest = std::move(manifest)] { session_.manifest(manifest); });
  });
  cancel_watch_ = client_->watch_flight(
      key,
      [this, heard](const sdk::FlightChange& change) {
        heard([this, change] { session_.change(change); });
        return true;
      },
      [this, heard, key](const base::Result<void>& end) {
        if (end) return;  // the flight is dropped
        heard([this, key, watch = watch_] {
          QTimer::singleShot(kWatchAgain, this, [this, key, watch] {
            if (watch == watch_) open(key);
          });
        });
      });
}

}  // namespace paxid::gate
