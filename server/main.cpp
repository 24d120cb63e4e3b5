// paxid-server: reads its configuration, runs the service until SIGTERM.

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

#include "base/file.h"
#include "manual/manual.h"
#include "server/configuration.h"
#include "server/log.h"
#include "server/policy_command.h"
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
    "A second SIGTERM does not wait for calls. SIGHUP: the policies are read again. Status 1: it\n"
    "failed; 2: wrong usage or configuration.";

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

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

// 0 when there was none.
int signal_within(const sigset_t& signals) {
  const timespec poll{0, kPollNanoseconds};
  return std::max(sigtimedwait(&signals, nullptr, &poll), 0);
}

void reload(server::Server& server, server::Log& log) {
  using server::LogKey;
  const auto policies = server.reload_policies();
  if (policies) {
    log.write(server::LogLevel::kInfo, "policies_loaded",
              {{LogKey::kCount, static_cast<std::int64_t>(*policies)}});
    return;
  }
  const std::string message = policies.error().field + " " + policies.error().message;
  log.write(server::LogLevel::kError, "policies_refused",
            {{LogKey::kCode, base::name_of(policies.error().code)}, {LogKey::kMessage, message}});
}

// Tends the server until its end; true when that was asked for, false when the store failed.
bool wait_for_end(server::Server& server, server::Log& log, const sigset_t& signals) {
  while (server.healthy()) {
    server.tend();
    const int signal = signal_within(signals);
    if (signal == SIGHUP) {
      reload(server, log);
    } else if (signal != 0) {
      return true;
    }
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
    const int signal = signal_within(signals);
    if (signal == 0 || signal == SIGHUP) continue;
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
  const sigset_t signals = handled_signals();
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
  const bool asked = wait_for_end(**server, log, signals);
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

// `paxid-server policy ...`: needs no configuration and no server.
struct PolicyCommands {
  CLI::App* key = nullptr;
  CLI::App* sign = nullptr;
  CLI::App* verify = nullptr;
  std::string file;
  std::string name;
  std::string key_file;
  std::string approvers;

  void add_to(CLI::App& app) {
    CLI::App* policy = app.add_subcommand(
        "policy", "Make an approver's key; approve a policy; say whether one is approved");
    policy->require_subcommand(1);
    policy->footer(
        "A policy takes effect on its date when two approvers have signed it:\n"
        "  paxid-server policy key --name ops-alice --key alice.key >> approvers.vkeys\n"
        "  paxid-server policy sign winter.toml --name ops-alice --key alice.key\n"
        "  paxid-server policy sign winter.toml --name ops-bob --key bob.key\n"
        "  paxid-server policy verify winter.toml --approvers approvers.vkeys\n"
        "Put winter.toml and winter.toml.sig into policy.directory and send SIGHUP. To roll back,\n"
        "take them out again and send SIGHUP. Each approver keeps the own key; no server needs "
        "it.");
    key = policy->add_subcommand("key", "Make a key; print what goes into the approvers' file");
    sign = policy->add_subcommand("sign", "Add a signature to FILE.sig");
    verify = policy->add_subcommand("verify", "Say who has approved a policy");
    for (CLI::App* command : {sign, verify}) {
      command->add_option("FILE", file, "The policy, TOML")->required();
    }
    for (CLI::App* command : {key, sign}) {
      command->add_option("--name", name, "Of the approver")->required();
      command->add_option("--key", key_file, "The approver's key, PEM")->required();
    }
    verify->add_option("--approvers", approvers, "Who may approve")->required();
  }

  bool parsed() const { return key->parsed() || sign->parsed() || verify->parsed(); }

  int run() const {
    const auto said = key->parsed()    ? server::make_policy_key(name, key_file)
                      : sign->parsed() ? signed_by()
                                       : server::verify_policy_file(file, approvers);
    if (!said) {
      std::cerr << "error: " << said.error().field << (said.error().field.empty() ? "" : ": ")
                << said.error().message << "\n";
      return kFailed;
    }
    std::cout << *said << (said->ends_with('\n') ? "" : "\n");
    return kOk;
  }

  base::Result<std::string> signed_by() const {
    return server::sign_policy_file(file, name, key_file).map([](std::size_t signatures) {
      return std::to_string(signatures) + (signatures == 1 ? " signature" : " signatures");
    });
  }
};

}  // namespace

int main(int argc, char** argv) {
  // Whatever the process writes is the operator's alone, also what libraries make.
  ::umask(077);
  CLI::App app{"Verifies airline passengers' identities over gRPC and keeps a provable record.",
               "paxid-server"};
  Options options;
  app.add_option("--config", options.configuration_file,
                 "Configuration file, TOML [paxid-server.toml in the configuration directory]");
  app.add_flag("--check-config", options.check_only,
               "Say what is wrong with the configuration and the files it names, and end");
  app.add_flag("--print-config", options.print, "Print every key with its default, and end");
  app.add_option("--port-file", options.port_file,
                 "Write the bound port to this file once calls are answered");
  app.set_version_flag("--version", verification::Engine::version());
  manual::add_to(app, verification::Engine::version(), manual::Section::kAdministration);
  app.footer(kFooter);
  PolicyCommands policy;
  policy.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  if (policy.parsed()) return policy.run();
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
