// paxid-kiosk: the kiosk, on a screen or without one. docs/kiosk.md describes it.

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QScreen>
#include <QSocketNotifier>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "clients/device/settings.h"
#include "clients/kiosk/script.h"
#include "clients/kiosk/speech.h"
#include "clients/kiosk/terminal.h"
#include "clients/kiosk/window.h"
#include "verification/station.h"

namespace {

using namespace paxid;

constexpr double kMillimetresPerInch = 25.4;

struct Settings {
  device::Settings device;
  std::string language = "en";
  std::string station;
  int ask_seconds = 45;
  int forget_seconds = 20;
  double dpi = 0;
  std::string speech;
  bool windowed = false;
  bool headless = false;
};

void add_options(CLI::App& app, Settings& settings) {
  device::add_server_options(app, settings.device);
  app.add_option("--language", settings.language,
                 "Of the first screen: en, de, fr, es, pt, it, tr, ar, zh or ja")
      ->capture_default_str();
  app.add_option("--station", settings.station,
                 "IATA code of the airport where the kiosk stands: its date is the kiosk's")
      ->required();
  device::add_scanner_options(app, settings.device);
  app.add_option("--ask-after", settings.ask_seconds,
                 "Seconds without a touch until the kiosk asks whether more time is needed")
      ->check(CLI::Range(10, 600))
      ->capture_default_str();
  app.add_option("--forget-after", settings.forget_seconds,
                 "Seconds after that question until all is deleted")
      ->check(CLI::Range(10, 600))
      ->capture_default_str();
  app.add_option("--dpi", settings.dpi,
                 "Points of the screen per inch, which decide how large 20 mm are; else what the "
                 "screen says of itself")
      ->check(CLI::Range(30.0, 600.0));
  app.add_option("--speech", settings.speech,
                 "Program that speaks what it reads from standard input, with %l for the language: "
                 "\"espeak-ng -v %l --stdin\"; empty: no speech");
  app.add_flag("--windowed", settings.windowed, "A window instead of the whole screen");
  app.add_flag("--headless", settings.headless,
               "No screen: lines of JSON on standard input and output");
}

base::Result<kiosk::TerminalOptions> terminal_options(const Settings& settings) {
  kiosk::TerminalOptions options;
  options.client = device::client_options(settings.device);
  auto wedge = reader::wedge_options(settings.device.reader);
  if (!wedge) return tl::unexpected(wedge.error());
  options.wedge = *std::move(wedge);
  const auto language = messages::language_from(settings.language);
  if (!language) {
    return base::fail(base::ErrorCode::kInvalidArgument, "--language: there is no such catalogue");
  }
  if (verification::time_zone_of_airport(settings.station).empty()) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      "--station: no airport of this code is known");
  }
  options.session.language = *language;
  options.session.station = settings.station;
  options.session.speaks = !settings.speech.empty();
  // A script's presses follow each other as fast as it is read.
  if (settings.headless) options.session.settle_after = {};
  options.session.ask_after = std::chrono::seconds(settings.ask_seconds);
  options.session.forget_after = std::chrono::seconds(settings.forget_seconds);
  return options;
}

// False at the end of standard input.
bool read_input(kiosk::ScriptLines& lines, const kiosk::ScriptLines::Each& each) {
  char bytes[4096];
  const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
  if (count > 0) {
    lines.add({bytes, static_cast<std::size_t>(count)}, each);
  } else {
    lines.end(each);
  }
  return count > 0;
}

int run_headless(const kiosk::TerminalOptions& options, const std::string& speech_command) {
  kiosk::Speech speech(QString::fromStdString(speech_command));
  bool at_end = false;
  std::string before;
  kiosk::Terminal* running = nullptr;
  const auto changed = [&] {
    if (running == nullptr) return;
    const kiosk::View view = running->session().view();
    std::string line = kiosk::line_of(view);
    if (line != before) std::cout << line << std::endl;
    before = std::move(line);
    if (at_end && view.screen != kiosk::Screen::kChecking) QCoreApplication::quit();
  };
  kiosk::Terminal terminal(options, changed, [&](const std::string& text, auto language) {
    speech.say(text, language);
  });
  running = &terminal;
  if (const auto connected = terminal.connect(); !connected) return device::fail(connected.error());
  kiosk::ScriptLines lines;
  QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
  QObject::connect(&input, &QSocketNotifier::activated, [&] {
    const bool more = read_input(lines, [&](std::string_view line) {
      const std::string wrong = kiosk::run_line(terminal, line);
      if (!wrong.empty()) std::cout << wrong << std::endl;
    });
    if (more) return;
    input.setEnabled(false);
    at_end = true;
    changed();
  });
  changed();
  const int status = QCoreApplication::exec();
  running = nullptr;
  return status;
}

int run_window(const kiosk::TerminalOptions& options, const Settings& settings) {
  kiosk::draw_in_software();
  kiosk::Speech speech(QString::fromStdString(settings.speech));
  kiosk::Window* shown = nullptr;
  kiosk::Terminal terminal(
      options,
      [&] {
        if (shown != nullptr) shown->show_view(terminal.session().view());
      },
      [&](const std::string& text, auto language) { speech.say(text, language); });
  const double dpi =
      settings.dpi > 0 ? settings.dpi : QGuiApplication::primaryScreen()->physicalDotsPerInch();
  kiosk::Window window(dpi / kMillimetresPerInch,
                       {[&](char32_t character, auto at) { terminal.key(character, at); },
                        [&](const std::string& button) { terminal.press(button); },
                        [&](int steps) { terminal.move_focus(steps); }});
  shown = &window;
  window.show_view(terminal.session().view());
  if (settings.windowed) {
    window.resize(1280, 800);
    window.show();
  } else {
    window.showFullScreen();
  }
  window.requestActivate();  // where no window manager gives it the keys
  if (const auto connected = terminal.connect(); !connected) return device::fail(connected.error());
  const int status = QGuiApplication::exec();
  shown = nullptr;
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("The kiosk: scan, and go on or see a colleague", "paxid-kiosk");
  add_options(app, settings);
  if (const auto status = device::parse(app, argc, argv)) return *status;
  const auto options = terminal_options(settings);
  if (!options) return device::fail(options.error());
  if (settings.headless) {
    QCoreApplication application(argc, argv);
    return run_headless(*options, settings.speech);
  }
  QGuiApplication application(argc, argv);
  QGuiApplication::setApplicationName("paxid-kiosk");
  return run_window(*options, settings);
}
