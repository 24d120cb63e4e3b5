#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <optional>

#include "base/error.h"
#include "clients/device/live_client.h"
#include "clients/gate/session.h"
#include "clients/reader/live_wedge.h"

namespace paxid::gate {

struct DeskOptions {
  sdk::ClientOptions client;
  reader::WedgeOptions wedge;
  SessionOptions session;
};

// Between the session, the server and the keys. Everything happens on the thread it lives on, and
// nothing there waits: answers come in through its event loop.
class Desk final : public QObject {
 public:
  // `changed` is called after everything that may have changed the session, `typing` after a key
  // that changed nothing but pending(), `play` for each tone.
  Desk(const DeskOptions& options, std::function<void()> changed, std::function<void()> typing,
       std::function<void(Tone)> play);

  // Reads the certificates and connects in the background. Errors as sdk::AsyncClient::connect.
  base::Result<void> connect();

  // A character was typed at `at` by the clock of the window system, which may be another than
  // that of the desk; nothing when it is not known.
  void key(char32_t character, std::optional<Milliseconds> at);
  void press(int function);
  void move_selection(int rows);

  const Session& session() const { return session_; }
  // What has arrived of a scan so far.
  std::string pending() const { return wedge_.pending(); }

 private:
  Milliseconds now() const;
  base::Date today() const;
  void deliver(const std::vector<reader::Arrival>& arrivals);
  void update();
  void run(const Effect& effect);
  void open(const sdk::AsyncClient& client, const sdk::FlightKey& key);
  void close_flight();

  DeskOptions options_;
  std::function<void()> changed_;
  std::function<void()> typing_;
  std::function<void(Tone)> play_;
  Session session_;
  reader::LiveWedge wedge_;
  QElapsedTimer clock_;
  QTimer second_;
  // The flight that is watched; what an older watch still tells is not listened to.
  int watch_ = 0;
  sdk::AsyncClient::Cancel cancel_watch_;
  device::LiveClient client_;  // first to go: what it hears points here
};

}  // namespace paxid::gate
