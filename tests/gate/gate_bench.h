#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QWidget>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/date.h"
#include "clients/gate/desk.h"
#include "clients/gate/window.h"
#include "tests/integration/fixture.h"

// A gate on a table: the window without a screen, a scanner that types into it, a flight.
namespace paxid::gate {

// A traveller of the flight. Invented.
struct Traveller {
  std::string booked;  // "MUELLER/HANSMR"
  std::string locator;
  std::string seat;
  std::string birth_date;  // "1974-08-12"
  char sex = 'M';
  // What the passport says.
  std::string surname;
  std::string given;
  std::string number;
};

// The day of the flight where it departs, two hours from when this was first asked: the same for
// the whole run, midnight or not.
base::Date flight_day();
// Loads the travellers on XX 123 from FRA, which departs in two hours.
void load_flight(const integration::Site& site, const integration::ServerProcess& server,
                 const std::vector<Traveller>& travellers);
// The text of the barcode, and the lines of the passport.
std::string pass_of(const Traveller& traveller);
std::vector<std::string> passport_of(const Traveller& traveller);
// A certificate of demo's device that ended on 2021-01-31; its file.
std::string ended_certificate(const integration::Site& site, const std::string& role,
                              const std::string& name);

// A desk with its window, as paxid-gate puts them together.
class GateBench {
 public:
  GateBench(const sdk::ClientOptions& client, messages::Language language, const Look& look = {},
            SessionOptions session = {});

  // A wedge scanner: `milliseconds` between two keys. `before_last` is called before the key that
  // ends the line.
  void scan(const std::string& line, int milliseconds = 3,
            const std::function<void()>& before_last = {});
  void scan_document(const std::vector<std::string>& lines);
  // A person: every key on its own.
  void type(const std::string& text);
  void press(int function, bool auto_repeat = false);
  void press_escape();
  void press_arrow(Qt::Key key);
  // Lets the event loop run until it is so; fails the test when it is not within a minute.
  bool wait_for(const std::function<bool()>& condition);
  bool wait_for(Stage stage);
  void pause(int milliseconds);

  const Session& session() const { return desk_->session(); }
  Window& window() { return *window_; }
  std::string notice() const;
  // Everything that the window says.
  std::string words() const;
  const std::vector<Tone>& tones() const { return tones_; }

 private:
  void key(int code, const QString& text, int gap, bool auto_repeat = false);

  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Window> window_;
  std::vector<Tone> tones_;
  quint64 clock_ = 10'000;
};

}  // namespace paxid::gate
