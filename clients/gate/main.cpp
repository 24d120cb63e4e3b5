// paxid-gate: the gate agent's window. docs/gate.md describes its keys.

#include <CLI/CLI.hpp>
#include <QApplication>
#include <QStyleFactory>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "clients/gate/desk.h"
#include "clients/gate/tone.h"
#include "clients/gate/window.h"
#include "clients/reader/scanner_settings.h"
#include "clients/sdk/device.h"
#include "manual/manual.h"
#include "verification/engine.h"

namespace {

using namespace paxid;

constexpr int kUsage = 2;
constexpr int kFailed = 1;

struct Settings {
  std::vector<std::string> servers;
  std::string ca;
  std::string certificate;
  std::string key;
  std::string language;
  double text_scale = 1.0;
  bool dark = false;
  bool blue_orange = false;
  bool windowed = false;
  reader::ScannerSettings reader;
  int lock_seconds = 180;
  std::string player = "aplay -q";
};

void add_options(CLI::App& app, Settings& settings) {
  app.add_option("--server", settings.servers,
                 "HOST:PORT; more of them are asked in turn when one does not answer")
      ->required();
  app.add_option("--ca", settings.ca, "PEM file: whom to trust")->required();
  app.add_option("--cert", settings.certificate, "PEM file: who this device is")->required();
  app.add_option("--key", settings.key, "PEM file: its private key")->required();
  app.add_option("--language", settings.language,
                 "en, de, fr, es, pt, it, tr, ar, zh or ja; else that of the environment");
  app.add_option("--text-scale", settings.text_scale, "Size of text, 1 to 2")
      ->check(CLI::Range(1.0, 2.0))
      ->capture_default_str();
  app.add_flag("--dark", settings.dark, "Light text on dark ground, for a dark gate");
  app.add_flag("--blue-orange", settings.blue_orange, "Blue and orange instead of green and amber");
  app.add_flag("--windowed", settings.windowed, "A window instead of the whole screen");
  app.add_option("--scanner", settings.reader.scanners,
                 "What a scanner puts around a text: PREFIX|SUFFIX with \\r \\n \\t \\xHH");
  app.add_option("--keyboard", settings.reader.keyboard,
                 "Layout of this computer's keyboard; else what scans prove")
      ->check(CLI::IsMember(reader::keyboard_names()));
  app.add_option("--key-gap", settings.reader.key_gap_ms,
                 "Keys that follow within so many milliseconds come from a scanner")
      ->check(CLI::Range(5, 200))
      ->capture_default_str();
  app.add_option("--lock-after", settings.lock_seconds, "Seconds without a key")
      ->check(CLI::Range(10, 3600))
      ->capture_default_str();
  app.add_option("--player", settings.player,
                 "Program that plays a WAV file from standard input; empty: no tones")
      ->capture_default_str();
  app.set_config("--config", "", "File with these options, one a line: server = \"HOST:PORT\"");
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
  options.client.server = settings.servers.front();
  options.client.further_servers.assign(settings.servers.begin() + 1, settings.servers.end());
  options.client.ca_file = settings.ca;
  options.client.certificate_file = settings.certificate;
  options.client.key_file = settings.key;
  auto wedge = reader::wedge_options(settings.reader);
  if (!wedge) return tl::unexpected(wedge.error());
  options.wedge = *std::move(wedge);
  options.session.lock_after = std::chrono::seconds(settings.lock_seconds);
  return options;
}

int fail(const base::Error& error) {
  std::cerr << "error: " << error.message << "\n";
  return kFailed;
}

int run(const Settings& settings) {
  const auto certificate = sdk::read_device_certificate(settings.certificate);
  if (!certificate) return fail(certificate.error());
  auto options = desk_options(settings);
  if (!options) return fail(options.error());

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
  if (const auto connected = desk.connect(); !connected) return fail(connected.error());
  const int status = QApplication::exec();
  shown = nullptr;
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("The gate agent's window: scan, see, decide", "paxid-gate");
  add_options(app, settings);
  app.set_version_flag("--version", verification::Engine::version());
  manual::add_to(app, verification::Engine::version(), manual::Section::kUserCommands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : kUsage;
  }
  QApplication application(argc, argv);
  QApplication::setApplicationName("paxid-gate");
  return run(settings);
}
