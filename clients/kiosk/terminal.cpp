#include "clients/kiosk/terminal.h"

#include <utility>

#include "base/clock.h"
#include "base/utf8.h"
#include "verification/station.h"

namespace paxid::kiosk {
namespace {

constexpr Milliseconds kTick{1'000};

}  // namespace

Terminal::Terminal(const TerminalOptions& options, std::function<void()> changed,
                   std::function<void(const std::string&, messages::Language)> say)
    : options_(options),
      changed_(std::move(changed)),
      say_(std::move(say)),
      session_(options.session),
      wedge_(
          options.wedge, [this] { return today(); },
          [this](const std::vector<reader::Arrival>& arrivals) { deliver(arrivals); }),
      client_([this](bool answers) { session_.health(answers); }, [this] { update(); }) {
  clock_.start();
  QObject::connect(&second_, &QTimer::timeout, this, [this] { tick(); });
  second_.start(kTick);
}

base::Result<void> Terminal::connect() { return client_.connect(options_.client); }

Milliseconds Terminal::now() const { return Milliseconds(clock_.elapsed()) + passed_; }

base::Date Terminal::today() const {
  return verification::station_date(base::SystemClock().unix_microseconds(),
                                    options_.session.station);
}

void Terminal::key(char32_t character, std::optional<Milliseconds> at) {
  wedge_.key(character, at);
}

void Terminal::scan(const Scan& scan) {
  session_.scan(scan, today(), now());
  update();
}

void Terminal::press(const std::string& button) {
  session_.press(button, now());
  update();
}

void Terminal::move_focus(int steps) {
  session_.move_focus(steps, now());
  update();
}

void Terminal::pass_time(Milliseconds time) {
  passed_ += time;
  tick();
}

// Who scans is not idle, though nothing is whole yet.
void Terminal::tick() {
  wedge_.pending().empty() ? session_.tick(now()) : session_.stir(now());
  update();
}

void Terminal::deliver(const std::vector<reader::Arrival>& arrivals) {
  for (const reader::Arrival& arrival : arrivals) {
    if (arrival.scan) session_.scan(*arrival.scan, today(), now());
    if (arrival.typed) session_.type(arrival.typed->text, now());
  }
  if (!arrivals.empty()) update();
}

void Terminal::update() {
  bool again = false;
  for (const Effect& effect : session_.take_effects()) {
    again = again || std::holds_alternative<SayAgain>(effect);
    run(effect);
  }
  changed_();
  say(again);
}

void Terminal::run(const Effect& effect) {
  if (std::holds_alternative<Forget>(effect)) wedge_.clear();
  const auto* wanted = std::get_if<Ask>(&effect);
  const sdk::AsyncClient* client = client_.get();
  if (wanted == nullptr || client == nullptr) return;
  client->verify(wanted->request,
                 client_.heard([this, id = wanted->request.request_id](const auto& answer) {
                   session_.answer(id, answer, now());
                 }));
}

void Terminal::say(bool again) {
  const View view = session_.view();
  const Button* focused = view.focus < view.buttons.size() ? &view.buttons[view.focus] : nullptr;
  const std::string focus = focused != nullptr ? focused->id : std::string();
  const bool moved = std::exchange(told_focus_, focus) != focus;
  Told told{view.screen, view.language, view.title, view.notice};
  if (again || told_ != told) {
    told_ = std::move(told);
    return say_(spoken(view), view.language);
  }
  if (!moved || focused == nullptr) return;
  const messages::Language language = focused->language.value_or(view.language);
  say_(messages::text_of(focused->label, language), language);
}

}  // namespace paxid::kiosk
