#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "clients/reader/scanner_settings.h"
#include "clients/sdk/client.h"

// What the command lines of programs with a scanner and a server have in common.
namespace paxid::device {

struct Settings {
  std::vector<std::string> servers;
  std::string ca;
  std::string certificate;
  std::string key;
  reader::ScannerSettings reader;
};

// --server, --ca, --cert and --key, all required. `settings` must outlive the parse, here and
// below.
void add_server_options(CLI::App& app, Settings& settings);
// --scanner, --keyboard and --key-gap.
void add_scanner_options(CLI::App& app, Settings& settings);

// Requires a server.
sdk::ClientOptions client_options(const Settings& settings);

// Adds --config, --version and what a manual page and a completion are made with, and parses. The
// status with which the program ends at once, 2 for a wrong command line; nothing: it goes on.
std::optional<int> parse(CLI::App& app, int argc, char** argv);

// Says it on standard error; the status to end with.
int fail(const base::Error& error);

}  // namespace paxid::device
