#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace paxid::integration {

// A directory of its own with certificates, registry and configuration; removed at the end.
// Principals: demo/kiosk/k1, demo/auditor/a1, other/kiosk/k2; for flights demo/agent/g1 and d1,
// demo/supervisor/s1, demo/loader/l1, demo/operator/o1, demo/privacy_officer/p1 and p2, other/agent/x1, and demo/agent/m1 of
// station MUC. `stranger` is a certificate of
// the same authority whose URI is in no registry.
class Site {
 public:
  Site();
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  std::string tls(const std::string& name) const { return path("tls/" + name); }
  std::string configuration() const { return path("paxid-server.toml"); }

 private:
  std::string directory_;
};

// Variables that a program is started with beside those of the tests.
using Environment = std::vector<std::pair<std::string, std::string>>;

// One run of the real program. Killed at the end when it still runs.
class ServerProcess {
 public:
  // Waits until the port is known.
  explicit ServerProcess(const Site& site) : ServerProcess(site, {}, false) {}
  // `may_fail`: it may also end before it serves.
  ServerProcess(const Site& site, const Environment& environment, bool may_fail);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // False when it has ended instead; wait() then gives its status.
  bool serving() const { return port_ != 0; }
  pid_t pid() const { return pid_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  void send(int signal) const;
  // The exit status, or 128 + the signal that ended it.
  int wait();
  int stop() {
    send(15);
    return wait();
  }

 private:
  pid_t pid_ = -1;
  int port_ = 0;
};

// Runs a program to its end and collects what it prints.
struct Finished {
  int status = -1;
  std::string output;  // standard output and error
};
Finished run(const std::vector<std::string>& command, const Environment& environment = {});

std::string read_text(const std::string& path);

}  // namespace paxid::integration
