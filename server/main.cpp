// paxid-server: reads its configuration, runs the service until SIGTERM.

#include <absl/synchronization/mutex.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
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
#include "server/certs_command.h"
#include "server/configuration.h"
#include "server/log.h"
#include "server/policy_command.h"
#include "server/readiness.h"
#include "server/server.h"
#include "server/store_command.h"
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
    "A second SIGTERM does not wait for calls. SIGHUP: the policies and the deny list are\n"
    "read again, and a clock that jumped is accepted. Status 1: it failed; 2: wrong usage or\n"
    "configuration.";

void print_problems(const std::string& file, const server::Problems& problems) {
  for (const base::Error& problem : problems) {
    std::cerr << file << ": " << (problem.field.empty() ? "the file" : problem.field) << ": "
              << problem.message << "\n";
  }
}

// Prints what is wrong and gives nothing when the configuration cannot be used. `with_files`: the
// files that it names are looked at as well.
std::optional<server::Configuration> load(std::string file, bool with_files) {
  const auto defaults = server::default_directories();
  const bool is_named = !file.empty();
  if (!is_named) file = defaults.configuration + "/paxid-server.toml";
  std::string text;
  // Without a file every key has its default, unless the operator named one.
  if (is_named || std::filesystem::exists(file)) {
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
  if (!with_files) return std::move(*configuration);
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

// Passengers' data and keys are in the memory: no dump of it, and nobody without the right to may
// look into it. Neither can fail for a process that is not restricted in this itself.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

// A check for programs in the making that Debian's build of the library has switched on: each of
// its locks takes one more that all threads share, and what looks like a cycle ends the process.
void skip_deadlock_detection() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
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

void say_reloaded(server::Log& log, const base::Result<std::size_t>& reloaded, const char* loaded,
                  const char* refused) {
  using server::LogKey;
  if (reloaded) {
    log.write(server::LogLevel::kInfo, loaded,
              {{LogKey::kCount, static_cast<std::int64_t>(*reloaded)}});
    return;
  }
  const std::string message = reloaded.error().field + " " + reloaded.error().message;
  log.write(server::LogLevel::kError, refused,
            {{LogKey::kCode, base::name_of(reloaded.error().code)}, {LogKey::kMessage, message}});
}

void reload(server::Server& server, server::Log& log) {
  say_reloaded(log, server.reload_policies(), "policies_loaded", "policies_refused");
  say_reloaded(log, server.reload_deny_list(), "deny_list_loaded", "deny_list_refused");
  server.accept_clock();
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
  server::FileDescriptors::raise_limit();

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
             {LogKey::kMetricsPort, std::int64_t{(*server)->metrics_port()}},
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

// `paxid-server certs ...`: needs no configuration and no server.
struct CertsCommands {
  CLI::App* authority = nullptr;
  CLI::App* issue = nullptr;
  CLI::App* renew = nullptr;
  CLI::App* revoke = nullptr;
  std::string directory = ".";
  std::string authority_name = "paxid CA";
  std::string file;
  std::string deny_list;
  int authority_days = 3'650;
  int days = 90;
  bool every_certificate = false;
  server::CertificateHolder holder;

  void add_to(CLI::App& app) {
    CLI::App* certs = app.add_subcommand(
        "certs", "An airport's own certificates: make an authority; issue, renew, revoke");
    certs->require_subcommand(1);
    certs->footer(
        "  paxid-server certs authority --directory ca\n"
        "  paxid-server certs issue server --directory ca --host paxid.airport.example\n"
        "  paxid-server certs issue gate-b12 --directory ca --tenant demo --role agent \\\n"
        "      --station FRA >> principals.toml\n"
        "  paxid-server certs renew gate-b12 --directory ca\n"
        "  paxid-server certs revoke ca/gate-b12.pem --deny-list deny_list.toml\n"
        "After revoke send SIGHUP to the server: calls on open connections end too. With an\n"
        "authority that you have already, only revoke is needed: it takes any certificate whose\n"
        "principal is a URI.");
    authority = certs->add_subcommand("authority", "Make ca.pem and ca.key");
    issue =
        certs->add_subcommand("issue", "Make NAME.pem and NAME.key; print the registry's entry");
    renew = certs->add_subcommand("renew", "Replace NAME.pem and NAME.key for the same names");
    revoke = certs->add_subcommand("revoke", "Add a certificate to the deny list");
    for (CLI::App* command : {authority, issue, renew}) {
      command->add_option("--directory", directory, "Where the files are")->capture_default_str();
    }
    authority->add_option("--name", authority_name, "Of the authority")->capture_default_str();
    authority->add_option("--days", authority_days, "How long it is good")->capture_default_str();
    for (CLI::App* command : {issue, renew}) {
      command->add_option("NAME", holder.name, "Of the files")->required();
      command->add_option("--days", days, "How long it is good")->capture_default_str();
    }
    issue->add_option("--host", holder.hosts, "A server's DNS name or IP address, several times")
        ->allow_extra_args(false);
    issue->add_option("--tenant", holder.tenant, "Whose device or person it is");
    issue->add_option("--role", holder.role, "What it may do");
    issue->add_option("--station", holder.station,
                      "Where, IATA airport code; left out: everywhere");
    holder.trust_domain = "paxid.dev";
    issue->add_option("--trust-domain", holder.trust_domain, "First part of its URI")
        ->capture_default_str();
    revoke->add_option("FILE", file, "The certificate, PEM")->required();
    revoke->add_option("--deny-list", deny_list, "access.deny_list of the server")->required();
    revoke->add_flag("--all", every_certificate, "Every certificate of its URI, later ones too");
  }

  bool parsed() const {
    return authority->parsed() || issue->parsed() || renew->parsed() || revoke->parsed();
  }

  int run() const {
    const auto said = done();
    if (!said) {
      std::cerr << "error: " << said.error().field << (said.error().field.empty() ? "" : ": ")
                << said.error().message << "\n";
      return said.error().code == base::ErrorCode::kInvalidArgument ? kUsage : kFailed;
    }
    std::cout << *said;
    return kOk;
  }

  base::Result<std::string> done() const {
    const auto line = [](const char* what) {
      return [what](const std::string& serial) { return what + serial + "\n"; };
    };
    if (issue->parsed()) return server::issue_certificate(directory, holder, days);
    if (renew->parsed()) {
      return server::renew_certificate(directory, holder.name, days).map(line("replaced "));
    }
    if (revoke->parsed()) {
      return server::revoke_certificate(file, deny_list, every_certificate).map(line("revoked "));
    }
    return server::make_authority(directory, authority_name, authority_days).map([] {
      return std::string();
    });
  }
};

}  // namespace

int main(int argc, char** argv) {
  // Whatever the process writes is the operator's alone, also what libraries make.
  ::umask(077);
  forbid_core_dumps();
  skip_deadlock_detection();
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
  CertsCommands certs;
  certs.add_to(app);
  server::StoreCommands store;
  store.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  if (policy.parsed()) return policy.run();
  if (certs.parsed()) return certs.run();
  if (store.parsed()) {
    const auto configuration = load(options.configuration_file, false);
    return configuration ? store.run(*configuration) : kUsage;
  }
  if (options.print) {
    std::cout << server::documented_configuration(server::default_directories());
    return kOk;
  }
  const auto configuration = load(options.configuration_file, true);
  if (!configuration) return kUsage;
  if (options.check_only) {
    std::cout << "the configuration is right\n";
    return kOk;
  }
  return serve(*configuration, options.port_file);
}
