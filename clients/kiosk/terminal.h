#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <optional>
#include <string>

#include "base/error.h"
#include "clients/device/live_client.h"
#include "clients/kiosk/session.h"
#include "clients/reader/live_wedge.h"

namespace paxid::kiosk {

struct TerminalOptions {
  sdk::ClientOptions client;
  reader::WedgeOptions wedge;
  SessionOptions session;
};

// Between the session, the server and the keys. Everything happens on the thread it lives on, and
// nothing there waits: answers come in through its event loop. Needs no screen.
class Terminal final : public QObject {
 public:
  // `changed` is called after everything that may have changed the session; `say` with what is to
  // be read out: the whole of another screen or another message, the one button that gets the
  // focus.
  Terminal(const TerminalOptions& options, std::function<void()> changed,
           std::function<void(const std::string& text, messages::Language)> say);

  // Reads the certificates and connects in the background. Errors as sdk::AsyncClient::connect.
  base::Result<void> connect();

  // As reader::LiveWedge::key.
  void key(char32_t character, std::optional<Milliseconds> at);
  void scan(const Scan& scan);
  void press(const std::string& button);
  void move_focus(int steps);
  // Lets so much time pass at once.
  void pass_time(Milliseconds time);
  base::Date today() const;

  const Session& session() const { return session_; }
  // Nothing of anybody is kept, here and in what has arrived of a scan.
  bool is_blank() const { return session_.is_blank() && wedge_.is_blank(); }

 private:
  Milliseconds now() const;
  void deliver(const std::vector<reader::Arrival>& arrivals);
  void tick();
  void update();
  void run(const Effect& effect);
  void say(bool again);

  // What was said last: the same is not said again by itself, a countdown least of all.
  struct Told {
    Screen screen = Screen::kWelcome;
    messages::Language language = messages::Language::kEnglish;
    base::Message title;
    base::Message notice;
    friend bool operator==(const Told&, const Told&) = default;
  };

  TerminalOptions options_;
  std::function<void()> changed_;
  std::function<void(const std::string&, messages::Language)> say_;
  Session session_;
  reader::LiveWedge wedge_;
  QElapsedTimer clock_;
  Milliseconds passed_{0};
  QTimer second_;
  std::optional<Told> told_;
  std::string told_focus_;     // the button's id
  device::LiveClient client_;  // first to go: what it hears points here
};

}  // namespace paxid::kiosk
