#include "clients/device/settings.h"

#include <iostream>

#include "manual/manual.h"
#include "verification/engine.h"

namespace paxid::device {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

}  // namespace

void add_server_options(CLI::App& app, Settings& settings) {
  app.add_option("--server", settings.servers,
                 "HOST:PORT; more of them are asked in turn when one does not answer")
      ->required();
  app.add_option("--ca", settings.ca, "PEM file: whom to trust")->required();
  app.add_option("--cert", settings.certificate, "PEM file: who this device is")->required();
  app.add_option("--key", settings.key, "PEM file: its private key")->required();
}

void add_scanner_options(CLI::App& app, Settings& settings) {
  app.add_option("--scanner", settings.reader.scanners,
                 "What a scanner puts around a text: PREFIX|SUFFIX with \\r \\n \\t \\xHH");
  app.add_option("--keyboard", settings.reader.keyboard,
                 "Layout of this computer's keyboard; else what scans prove")
      ->check(CLI::IsMember(reader::keyboard_names()));
  app.add_option("--key-gap", settings.reader.key_gap_ms,
                 "Keys that follow within so many milliseconds come from a scanner")
      ->check(CLI::Range(5, 200))
      ->capture_default_str();
}

sdk::ClientOptions client_options(const Settings& settings) {
  sdk::ClientOptions options;
  options.server = settings.servers.front();
  options.further_servers.assign(settings.servers.begin() + 1, settings.servers.end());
  options.ca_file = settings.ca;
  options.certificate_file = settings.certificate;
  options.key_file = settings.key;
  return options;
}

std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  app.set_config("--config", "", "File with these options, one a line: server = \"HOST:PORT\"");
  app.set_version_flag("--version", verification::Engine::version());
  manual::add_to(app, verification::Engine::version(), manual::Section::kUserCommands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return std::nullopt;
}

int fail(const base::Error& error) {
  std::cerr << "error: " << error.message << "\n";
  return kFailed;
}

}  // namespace paxid::device
