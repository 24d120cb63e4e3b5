// paxid-gate: the gate agent's window. docs/gate.md describes its keys.

#include <CLI/CLI.hpp>
#include <QApplication>
#include <QStyleFactory>
#include <chrono>
#include <cstdlib>
#include <string>

#include "base/clock.h"
#include "clients/device/settings.h"
#include "clients/gate/desk.h"
#include "clients/gate/tone.h"
#include "clients/gate/window.h"
#include "clients/sdk/device.h"

namespace {

using namespace paxid;

struct Settings {
  device::Settings device;
  std::string language;
  double text_scale = 1.0;
  bool dark = false;
  bool blue_orange = false;
  bool windowed = false;
  int lock_seconds = 180;
  std::string player = "aplay -q";
};

void add_options(CLI::App& app, Settings& settings) {
  device::add_server_options(app, settings.device);
  app.add_option("--language", settings.language,
                 "en, de, fr, es, pt, it, tr, ar, zh or ja; else that of the environment");
  app.add_option("--text-scale", settings.text_scale, "Size of text, 1 to 2")
      ->check(CLI::Range(1.0, 2.0))
      ->capture_default_str();
  app.add_flag("--dark", settings.dark, "Light text on dark ground, for a dark gate");
  app.add_flag("--blue-orange", settings.blue_orange, "Blue and orange instead of green and amber");
  app.add_flag("--windowed", settings.windowed, "A window instead of the whole screen");
  device::add_scanner_options(app, settings.device);
  app.add_option("--lock-after", settings.lock_seconds, "Seconds without a key")
      ->check(CLI::Range(10, 3600))
      ->capture_default_str();
  app.add_option("--player", settings.player,
                 "Program that plays a WAV file from standard input; empty: no tones")
      ->capture_default_str();
}

messages::Language language_of(const Settings& settings) {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(variable);
    const std::string tag = !settings.language.empty() ? settings.language
                            : value != nullptr         ? value
                                                       : "";
    if (const auto language = messages::language_from(tag)) return *language;
  }
  return messages::Language::kEnglish;
}

base::Result<gate::DeskOptions> desk_options(const Settings& settings) {
  gate::DeskOptions options;
  options.client = device::client_options(settings.device);
  auto wedge = reader::wedge_options(settings.device.reader);
  if (!wedge) return tl::unexpected(wedge.error());
  options.wedge = *std::move(wedge);
  options.session.lock_after = std::chrono::seconds(settings.lock_seconds);
  return options;
}

int run(const Settings& settings) {
  const auto certificate = sdk::read_device_certificate(settings.device.certificate);
  if (!certificate) return device::fail(certificate.error());
  auto options = desk_options(settings);
  if (!options) return device::fail(options.error());

  const auto now = static_cast<std::int64_t>(base::SystemClock().unix_microseconds() / 1'000'000);
  gate::Look look;
  look.brightness = settings.dark ? gate::Brightness::kDark : gate::Brightness::kLight;
  look.hues = settings.blue_orange ? gate::Hues::kBlueOrange : gate::Hues::kUsual;
  look.text_scale = settings.text_scale;
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  QApplication::setPalette(look.palette());

  gate::Window* shown = nullptr;
  const QString player = QString::fromStdString(settings.player);
  gate::Desk desk(
      *options,
      [&] {
        if (shown != nullptr) shown->show_session(desk.session(), desk.pending());
      },
      [&] {
        if (shown != nullptr) shown->show_pending(desk.session(), desk.pending());
      },
      [&](gate::Tone tone) { gate::play(tone, player); });
  gate::Window window(
      look, language_of(settings), gate::face_of(*certificate, now),
      {[&](char32_t character, auto at) { desk.key(character, at); },
       [&](int function) { desk.press(function); }, [&](int rows) { desk.move_selection(rows); }});
  shown = &window;
  window.show_session(desk.session(), {});
  if (settings.windowed) {
    window.show();
  } else {
    window.showFullScreen();
  }
  window.activateWindow();  // where no window manager gives it the keys
  if (const auto connected = desk.connect(); !connected) return device::fail(connected.error());
  const int status = QApplication::exec();
  shown = nullptr;
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("The gate agent's window: scan, see, decide", "paxid-gate");
  add_options(app, settings);
  if (const auto status = device::parse(app, argc, argv)) return *status;
  QApplication application(argc, argv);
  QApplication::setApplicationName("paxid-gate");
  return run(settings);
}
