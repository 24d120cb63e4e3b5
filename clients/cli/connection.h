#pragma once

#include <string>

#include "base/error.h"
#include "clients/sdk/client.h"

namespace paxid::cli {

inline constexpr std::size_t kMaxClientFileBytes = 64 * 1024;

// What the command line says about the server; empty: not said.
struct ConnectionOptions {
  std::string server;
  std::string ca;
  std::string certificate;
  std::string key;
  int deadline_ms = 800;
};

// Fills what is not said from PAXID_SERVER, PAXID_CA, PAXID_CERT and PAXID_KEY, then from
// client.toml in $XDG_CONFIG_HOME/paxid or ~/.config/paxid (keys server, ca, cert, key;
// relative paths are taken from that directory). INVALID_ARGUMENT says what is still missing.
base::Result<sdk::ClientOptions> resolve(ConnectionOptions options);

}  // namespace paxid::cli
