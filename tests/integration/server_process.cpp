#include "tests/integration/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "base/check.h"

namespace paxid::integration {
namespace {

// Generous: with sanitizers on a busy machine a start takes seconds.
constexpr std::chrono::seconds kStartTimeout{60};
constexpr std::chrono::milliseconds kPoll{10};

constexpr const char* kConfiguration = R"([listen]
address = "127.0.0.1:0"
[tls]
certificate = "tls/server.pem"
private_key = "tls/server.key"
client_ca = "tls/ca.pem"
[access]
registry = "registry.toml"
[store]
directory = "store"
origin_prefix = "test.example/log"
signing_key = "keys/signing.key"
kek = "keys/kek.bin"
[log]
level = "debug"
)";

int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

// Starts a program with standard output and error going to `output_file`, appended.
pid_t start(const std::vector<std::string>& command, const std::string& output_file,
            const Environment& added) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<std::string> texts;
  for (const auto& [name, value] : added) texts.push_back(name + "=" + value);
  std::vector<char*> environment;
  for (std::string& text : texts) environment.push_back(text.data());
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.push_back(*variable);
  }
  environment.push_back(nullptr);
  const pid_t pid = ::fork();
  PAXID_CHECK(pid >= 0);
  if (pid != 0) return pid;
  const int out = ::open(output_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::execve(arguments[0], arguments.data(), environment.data());
  ::_exit(127);
}

}  // namespace

Site::Site() {
  char name[] = "/tmp/paxid-integration-XXXXXX";
  PAXID_CHECK(::mkdtemp(name) != nullptr);
  directory_ = name;
  const std::string make = PAXID_MAKE_CERTIFICATES;
  std::vector<std::string> command{make, path("tls")};
  std::istringstream principals(
      "demo kiosk k1  demo auditor a1  other kiosk k2  demo agent g1  demo agent d1  "
      "demo supervisor s1  demo loader l1  demo operator o1  demo privacy_officer p1  "
      "demo privacy_officer p2  other agent x1  demo agent m1");
  for (std::string word; principals >> word;) command.push_back(word);
  const Finished made = run(command);
  PAXID_CHECK(made.status == 0);
  // The last one works at another station.
  std::ofstream(path("tls/principals.toml"), std::ios::app) << "station = \"MUC\"\n";
  // What is made from here on gets a certificate, but the registry does not know it.
  std::filesystem::copy(path("tls/principals.toml"), path("registry.toml"));
  PAXID_CHECK(run({make, path("tls"), "demo", "kiosk", "stranger"}).status == 0);
  std::ofstream(configuration()) << kConfiguration;
}

Site::~Site() { std::filesystem::remove_all(directory_); }

ServerProcess::ServerProcess(const Site& site, const Environment& environment, bool may_fail) {
  const std::string port_file = site.path("port");
  std::filesystem::remove(port_file);
  pid_ = start({PAXID_SERVER, "--config", site.configuration(), "--port-file", port_file},
               site.path("server.log"), environment);
  const auto give_up = std::chrono::steady_clock::now() + kStartTimeout;
  while (!std::filesystem::exists(port_file)) {
    // Left for wait().
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (may_fail && ended.si_pid == pid_) return;
    if (ended.si_pid == pid_ || std::chrono::steady_clock::now() > give_up) {
      std::fprintf(stderr, "%s", read_text(site.path("server.log")).c_str());
      PAXID_CHECK(!"the server did not start");
    }
    std::this_thread::sleep_for(kPoll);
  }
  port_ = std::stoi(read_text(port_file));
}

ServerProcess::~ServerProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void ServerProcess::send(int signal) const { PAXID_CHECK(::kill(pid_, signal) == 0); }

int ServerProcess::wait() {
  int status = 0;
  PAXID_CHECK(::waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  return status_of(status);
}

Finished run(const std::vector<std::string>& command, const Environment& environment) {
  char name[] = "/tmp/paxid-output-XXXXXX";
  const int file = ::mkstemp(name);
  PAXID_CHECK(file >= 0);
  ::close(file);
  const pid_t pid = start(command, name, environment);
  int status = 0;
  PAXID_CHECK(::waitpid(pid, &status, 0) == pid);
  Finished finished{status_of(status), read_text(name)};
  std::filesystem::remove(name);
  return finished;
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace paxid::integration
