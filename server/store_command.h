#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "audit/store_check.h"
#include "server/configuration.h"

// `paxid-server store ...` and `paxid-server keys ...`: what operators do with the files of the
// store. `verify`, `tiles` and the backups run beside the server, the others without it.
namespace paxid::server {

class StoreCommands {
 public:
  // `app` must not outlive this object.
  void add_to(CLI::App& app);
  bool parsed() const;
  // The exit status: 0; 1 with a message on standard error; of `verify` and `backup` the number of
  // the first defect (audit::StoreDefectKind).
  int run(const Configuration& configuration) const;

 private:
  int verify(const Configuration& configuration) const;
  int back_up(const Configuration& configuration) const;
  // Both end with it: what was found, and the status.
  int check(audit::StoreCheckOptions options, const char* what) const;
  int restore(const Configuration& configuration) const;
  int write_tiles(const Configuration& configuration) const;
  int rotate(const Configuration& configuration) const;
  int back_up_keys(const Configuration& configuration) const;
  int migrate(const Configuration& configuration) const;
  Configuration adjusted(Configuration configuration) const;

  CLI::App* verify_ = nullptr;
  CLI::App* backup_ = nullptr;
  CLI::App* restore_ = nullptr;
  CLI::App* tiles_ = nullptr;
  CLI::App* rotate_ = nullptr;
  CLI::App* keys_backup_ = nullptr;
  CLI::App* migrate_ = nullptr;
  std::string directory_;
  std::string kek_;
  std::string vkey_;
  std::string target_;
  std::string source_;
  std::string tenant_;
  std::string keys_;
  std::string remains_;
  std::string postgresql_;
  std::vector<std::string> checkpoints_;
  std::vector<std::string> erasures_;
  bool without_keys_ = false;
  bool accept_loss_ = false;
  bool json_ = false;
};

}  // namespace paxid::server
