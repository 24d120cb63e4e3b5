// paxid-server: reads its configuration, runs the service until SIGTERM.

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include "base/file.h"
#include "server/configuration.h"
#include "server/log.h"
#include "server/server.h"
#include "verification/engine.h"

namespace {

using namespace paxid;

constexpr int kOk = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
// How soon a failed store and the end of draining are noticed.
constexpr long kPollNanoseconds = 100'000'000;

struct Options {
  std::string configuration_file;
  std::string port_file;
  bool check_only = false;
  bool print = false;
};

constexpr const char* kFooter =
    "Examples:\n"
    "  paxid-server --print-config > paxid-server.toml   every key, with its default\n"
    "  paxid-server --config paxid-server.toml --check-config\n"
    "  paxid-server --config paxid-server.toml\n"
    "\n"
    "SIGTERM: health says NOT_SERVING, calls end, a final checkpoint is signed, status 0.\n"
    "A second SIGTERM does not wait for calls. Status 1: it failed; 2: wrong usage or\n"
    "configuration.";

void print_problems(const std::string& file, const server::Problems& problems) {
  for (const base::Error& problem : problems) {
    std::cerr << file << ": " << (problem.field.empty() ? "the file" : problem.field) << ": "
              << problem.message << "\n";
  }
}

// Prints what is wrong and gives nothing when the configuration cannot be used.
std::optional<server::Configuration> load(const Options& options) {
  const auto defaults = server::default_directories();
  std::string file = options.configuration_file;
  if (file.empty()) file = defaults.configuration + "/paxid-server.toml";
  std::string text;
  // Without a file every key has its default, unless the operator named one.
  if (!options.configuration_file.empty() || std::filesystem::exists(file)) {
    auto read = base::read_file(file, server::kMaxConfigurationBytes);
    if (!read) {
      std::cerr << read.error().message << "\n";
      return std::nullopt;
    }
    text = std::move(*read);
  }
  std::error_code ignored;
  const auto directory = std::filesystem::absolute(file, ignored).parent_path().string();
  auto configuration = server::parse_configuration(text, directory, defaults);
  if (!configuration) {
    print_problems(file, configuration.error());
    return std::nullopt;
  }
  if (const auto problems = server::check_files(*configuration); !problems.empty()) {
    print_problems(file, problems);
    return std::nullopt;
  }
  return std::move(*configuration);
}

// The file appears with its whole content or not at all.
bool write_port_file(const std::string& path, int port) {
  const std::string unfinished = path + ".tmp";
  {
    std::ofstream out(unfinished);
    out << port << "\n";
    if (!out.flush()) return false;
  }
  return std::rename(unfinished.c_str(), path.c_str()) == 0;
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

bool signal_within(const sigset_t& signals) {
  const timespec poll{0, kPollNanoseconds};
  return sigtimedwait(&signals, nullptr, &poll) > 0;
}

// Waits for the end; true when it was asked for, false when the store failed.
bool wait_for_end(const server::Server& server, const sigset_t& signals) {
  while (server.healthy()) {
    if (signal_within(signals)) return true;
  }
  return false;
}

void drain(server::Server& server, server::Log& log, const sigset_t& signals, int status) {
  std::atomic<bool> drained = false;
  std::thread stopper([&] {
    server.stop();
    drained = true;
  });
  while (!drained) {
    if (!signal_within(signals)) continue;
    log.write(server::LogLevel::kWarn, "stopping_at_once");
    server.close_store();
    ::_exit(status);
  }
  stopper.join();
}

int serve(const server::Configuration& configuration, const std::string& port_file) {
  using server::LogKey;
  using server::LogLevel;
  server::Log log(server::log_level_from(configuration.log_level));
  server::take_over_library_logs();
  // Every thread inherits this mask, so only this thread learns of the signals.
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  const base::SystemClock clock;
  auto server = server::Server::start(configuration, clock, log);
  if (!server) {
    const std::string message = server.error().field + ": " + server.error().message;
    log.write(LogLevel::kError, "start_failed",
              {{LogKey::kCode, base::name_of(server.error().code)}, {LogKey::kMessage, message}});
    return kFailed;
  }
  if (!port_file.empty() && !write_port_file(port_file, (*server)->port())) {
    log.write(LogLevel::kError, "start_failed", {{LogKey::kMessage, "cannot write the port file"}});
    return kFailed;
  }
  log.write(LogLevel::kInfo, "serving",
            {{LogKey::kAddress, configuration.listen_address},
             {LogKey::kPort, std::int64_t{(*server)->port()}},
             {LogKey::kAdminPort, std::int64_t{(*server)->admin_port()}},
             {LogKey::kVersion, verification::Engine::version()}});
  const bool asked = wait_for_end(**server, signals);
  if (asked) {
    log.write(LogLevel::kInfo, "draining");
  } else {
    log.write(LogLevel::kError, "store_failed",
              {{LogKey::kMessage,
                "a write to disk failed or stored data are damaged; the process ends to be "
                "restarted"}});
  }
  drain(**server, log, signals, asked ? kOk : kFailed);
  log.write(LogLevel::kInfo, "stopped");
  return asked ? kOk : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  // Whatever the process writes is the operator's alone, also what libraries make.
  ::umask(077);
  CLI::App app{"Verifies airline passengers' identities over gRPC and keeps a provable record."};
  Options options;
  app.add_option("--config", options.configuration_file,
                 "Configuration file, TOML [paxid-server.toml in the configuration directory]");
  app.add_flag("--check-config", options.check_only,
               "Say what is wrong with the configuration and the files it names, and end");
  app.add_flag("--print-config", options.print, "Print every key with its default, and end");
  app.add_option("--port-file", options.port_file,
                 "Write the bound port to this file once calls are answered");
  app.set_version_flag("--version", verification::Engine::version());
  app.footer(kFooter);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  if (options.print) {
    std::cout << server::documented_configuration(server::default_directories());
    return kOk;
  }
  const auto configuration = load(options);
  if (!configuration) return kUsage;
  if (options.check_only) {
    std::cout << "the configuration is right\n";
    return kOk;
  }
  return serve(*configuration, options.port_file);
}
