#include "clients/cli/connection.h"

#include <toml++/toml.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

namespace paxid::cli {
namespace {

using base::ErrorCode;

// One option by its names on the command line, in the environment and in the file.
struct Source {
  std::string ConnectionOptions::*member;
  const char* option;
  const char* variable;
  const char* key;
  bool is_path;
};

constexpr std::array kSources{
    Source{&ConnectionOptions::server, "--server", "PAXID_SERVER", "server", false},
    Source{&ConnectionOptions::ca, "--ca", "PAXID_CA", "ca", true},
    Source{&ConnectionOptions::certificate, "--cert", "PAXID_CERT", "cert", true},
    Source{&ConnectionOptions::key, "--key", "PAXID_KEY", "key", true},
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::filesystem::path client_file() {
  const std::string xdg = environment("XDG_CONFIG_HOME");
  const std::filesystem::path root = xdg.empty()
                                         ? std::filesystem::path(environment("HOME")) / ".config"
                                         : std::filesystem::path(xdg);
  return root / "paxid" / "client.toml";
}

base::Result<toml::table> read_client_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return toml::table();  // there is none
  if (size > kMaxClientFileBytes) {
    return base::fail(ErrorCode::kInvalidArgument, path.string() + " is larger than 64 KiB");
  }
  try {
    return toml::parse_file(path.string());
  } catch (const toml::parse_error& failure) {
    return base::fail(ErrorCode::kInvalidArgument, path.string() + ": line " +
                                                       std::to_string(failure.source().begin.line) +
                                                       ": " + std::string(failure.description()));
  }
}

}  // namespace

base::Result<sdk::ClientOptions> resolve(ConnectionOptions options) {
  for (const Source& source : kSources) {
    std::string& value = options.*source.member;
    if (value.empty()) value = environment(source.variable);
  }
  const std::filesystem::path path = client_file();
  const auto file = read_client_file(path);
  if (!file) return tl::unexpected(file.error());
  for (const Source& source : kSources) {
    std::string& value = options.*source.member;
    if (!value.empty()) continue;
    if (const auto stated = (*file)[source.key].value<std::string>(); stated && !stated->empty()) {
      value = source.is_path ? (path.parent_path() / *stated).string() : *stated;
    }
    if (!value.empty()) continue;
    return base::fail(ErrorCode::kInvalidArgument,
                      std::string("which server, and as whom? Give ") + source.option + ", set " +
                          source.variable + ", or write " + source.key + " into " + path.string(),
                      source.option);
  }
  return sdk::ClientOptions{options.server, options.ca, options.certificate, options.key,
                            std::chrono::milliseconds(options.deadline_ms)};
}

}  // namespace paxid::cli
