#pragma once

#include <CLI/CLI.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "clients/cli/connection.h"
#include "clients/sdk/client.h"
#include "verification/engine.h"

// What the subcommands' arguments share.
namespace paxid::cli {

// Exit status; a subcommand may have more of its own.
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

// Standard input and files that are named as arguments.
inline constexpr std::size_t kMaxInputBytes = 1024 * 1024;

// Runs a subcommand when it was asked for, and gives its exit status; otherwise nothing.
using Run = std::function<std::optional<int>()>;

// `Subcommand` adds itself to its parent, says whether it was asked for, and runs.
template <class Subcommand>
Run run_of(CLI::App& parent) {
  const auto subcommand = std::make_shared<Subcommand>();  // options point into it
  subcommand->add_to(parent);
  return [subcommand]() -> std::optional<int> {
    if (!subcommand->parsed()) return std::nullopt;
    return subcommand->run();
  };
}

// How the answer is wanted.
struct Output {
  bool json = false;
  bool jsonl = false;

  void add_to(CLI::App* command);
};

void print_json(const nlohmann::json& answer);
// To people the card, to programs JSON.
void print_answer(bool as_json, const nlohmann::json& answer, const std::string& card);
// UNAVAILABLE when it cannot be written.
base::Result<void> write_text(const std::string& path, const std::string& text);

// Say what is wrong on standard error; the exit status. The error's field says which argument.
int fail(const base::Error& error);
int fail_usage(const CLI::App& command, const std::string& message);
int fail_usage(const CLI::App& command, const base::Error& error);
// Of a call that may leave a record. Without an answer nobody knows whether it has; only the same
// id makes no second one.
int fail_unanswered(base::Error error, const std::string& request_id);

base::Date today();
// The local date there; UTC where the station is not known.
base::Date today_at(const std::string& station);

std::string in_lines(const std::vector<std::string>& arguments);

// The engine with the policy of a file, or the compiled-in one.
base::Result<verification::Engine> engine_with(const std::string& policy_file);

// A file of cases; "-" is standard input.
template <class Read>
base::Result<nlohmann::json> read_cases(const std::string& file, Read read) {
  if (file == "-") return read(std::cin);
  std::ifstream in(file, std::ios::binary);
  if (!in) return base::fail(base::ErrorCode::kNotFound, "cannot be read", file);
  return read(in);
}

// Why records are looked at.
void add_reference(CLI::App* command, std::string& reference);
void add_audit_purpose(CLI::App* command, std::string& purpose);

// The options that name a server.
struct ServerOptions {
  ConnectionOptions connection;

  void add_to(CLI::App* command);
  base::Result<sdk::Client> connect() const;
};

}  // namespace paxid::cli
