#include "server/configuration.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <variant>

#include "audit/kek.h"
#include "audit/log_name.h"
#include "base/file.h"
#include "bcbp/key_table.h"
#include "server/access.h"
#include "server/certificates.h"
#include "server/policy_book.h"
#include "server/revocations.h"
#include "server/toml_text.h"
#include "server/witnesses.h"
#include "verification/policy.h"

namespace paxid::server {
namespace {

using base::ErrorCode;

enum class TextKind {
  kPath,
  kKek,
  kAddress,
  kLoopbackAddress,
  kLogLevel,
  kOriginPrefix,
  kConnection
};

struct TextSetting {
  std::string Configuration::*member;
  TextKind kind;
  // "@config" and "@state" stand for the default directories.
  std::string_view fallback;
};

struct NumberSetting {
  std::int64_t Configuration::*member;
  std::int64_t fallback;
  std::int64_t min;
  std::int64_t max;
};

// One key of the file.
struct Setting {
  std::string_view section;
  std::string_view key;
  std::string_view description;  // lines separated by line feeds
  std::variant<TextSetting, NumberSetting> value;

  std::string path() const { return std::string(section) + "." + std::string(key); }
};

// As audit/sqlite_store.h describes its two keys.
constexpr std::size_t kMaxSigningKeyBytes = 16 * 1024;
constexpr std::size_t kKekBytes = 32;

constexpr std::int64_t kMaxRate = 1'000'000;

constexpr std::array kLogLevels{"debug", "info", "warn", "error"};

constexpr std::array kSettings{
    Setting{"listen", "address",
            "Where clients connect, HOST:PORT; an IPv6 host in brackets. Port 0 takes a free one.\n"
            "TLS with client certificates is always on.",
            TextSetting{&Configuration::listen_address, TextKind::kAddress, "127.0.0.1:7443"}},
    Setting{"listen", "admin_address",
            "Health and reflection without TLS, for operators on this machine: a loopback\n"
            "address, or empty for none. No service of paxid answers there.",
            TextSetting{&Configuration::admin_address, TextKind::kLoopbackAddress, ""}},
    Setting{"listen", "metrics_address",
            "Figures for Prometheus and for paxid top, http://HOST:PORT/metrics: a loopback\n"
            "address, or empty for none.",
            TextSetting{&Configuration::metrics_address, TextKind::kLoopbackAddress, ""}},
    Setting{
        "tls", "certificate",
        "The server's certificate chain, PEM. Replaced files are noticed within a minute.",
        TextSetting{&Configuration::tls_certificate, TextKind::kPath, "@config/tls/server.pem"}},
    Setting{
        "tls", "private_key", "Its private key, PEM, without a pass phrase.",
        TextSetting{&Configuration::tls_private_key, TextKind::kPath, "@config/tls/server.key"}},
    Setting{"tls", "client_ca",
            "Certificates of the authorities that client certificates come from, PEM.",
            TextSetting{&Configuration::tls_client_ca, TextKind::kPath, "@config/tls/ca.pem"}},
    Setting{
        "access", "registry",
        "Which certificate (by its URI SAN) is whose and may do what. Read at the start.",
        TextSetting{&Configuration::access_registry, TextKind::kPath, "@config/principals.toml"}},
    Setting{"access", "deny_list",
            "Certificates that are revoked (paxid-server certs revoke). Read again on SIGHUP, and\n"
            "looked at in every call. Empty: none is.",
            TextSetting{&Configuration::access_deny_list, TextKind::kPath, ""}},
    Setting{"store", "directory",
            "The records, and TENANT.vkey: the public key of each log, to be handed to whoever\n"
            "verifies. Only one server may use a directory.",
            TextSetting{&Configuration::store_directory, TextKind::kPath, "@state/store"}},
    Setting{
        "store", "postgresql",
        "Where the records are instead when several servers share them: a connection string of\n"
        "libpq, such as \"host=db.example dbname=paxid user=paxid sslmode=verify-full\". Each\n"
        "server has a directory of its own, and all have the same signing key and kek. A\n"
        "password belongs into a file of its own (passfile=). Empty: the directory has them.",
        TextSetting{&Configuration::store_postgresql, TextKind::kConnection, ""}},
    Setting{
        "store", "origin_prefix",
        "First part of every log's origin; the tenant follows: example.org/paxid/demo. Part of\n"
        "every signature, so it cannot be changed later.",
        TextSetting{&Configuration::store_origin_prefix, TextKind::kOriginPrefix,
                    "paxid.example/log"}},
    Setting{"store", "signing_key",
            "Signs the checkpoints: Ed25519, PKCS #8 PEM, mode 0600. Made at the first start.",
            TextSetting{&Configuration::store_signing_key, TextKind::kPath, "@state/signing.key"}},
    Setting{
        "store", "kek",
        "Wraps the passengers' keys: a file of 32 bytes, mode 0600, made at the first start; or\n"
        "env:NAME, an environment variable, base64; or credential:NAME, from the service manager.\n"
        "Never keep it in the backup of the directory: an erased passenger would come back with\n"
        "it. Replace it with: paxid-server keys rotate",
        TextSetting{&Configuration::store_kek, TextKind::kKek, "@state/kek.bin"}},
    Setting{"store", "previous_kek",
            "The one of before, when store.kek is a new variable or credential: at the next start\n"
            "the keys are wrapped anew. Then destroy it. Empty: none.",
            TextSetting{&Configuration::store_previous_kek, TextKind::kKek, ""}},
    Setting{"policy", "directory",
            "Signed policies: NAME.toml, and NAME.toml.sig with the signatures of two approvers\n"
            "(paxid-server policy sign). Each takes effect on its date. Read again on SIGHUP.\n"
            "Empty: only the policy that is compiled in.",
            TextSetting{&Configuration::policy_directory, TextKind::kPath, ""}},
    Setting{
        "policy", "approvers", "Who may approve a policy: one verifier key a line, two or more.",
        TextSetting{&Configuration::policy_approvers, TextKind::kPath, "@config/approvers.vkeys"}},
    Setting{
        "witness", "keys",
        "Witnesses whose cosignatures of checkpoints are taken (C2SP tlog-cosignature): a file\n"
        "with one verifier key a line. Empty: none.",
        TextSetting{&Configuration::witness_keys, TextKind::kPath, ""}},
    Setting{"anchor", "directory",
            "A directory outside the store, best on another machine or write-once: each newest\n"
            "checkpoint becomes a file TENANT.SIZE.checkpoint there. Empty: none.",
            TextSetting{&Configuration::anchor_directory, TextKind::kPath, ""}},
    Setting{
        "anchor", "command",
        "A program that gets each newest checkpoint on standard input, with PAXID_TENANT and\n"
        "PAXID_TREE_SIZE in its environment; another status than 0, or more than 30 seconds,\n"
        "is a failure, which the log and the health of `paxid.anchor` show. Answers never wait\n"
        "for it. Empty: none.",
        TextSetting{&Configuration::anchor_command, TextKind::kPath, ""}},
    Setting{"anchor", "interval_seconds", "How often a checkpoint goes out.",
            NumberSetting{&Configuration::anchor_interval_seconds, 60, 1, 86'400}},
    Setting{"passes", "keys",
            "Who signs whose boarding passes: a TOML file with a [[key]] of issuer, type and\n"
            "public_key for each. Empty: no signature is checked.",
            TextSetting{&Configuration::passes_keys, TextKind::kPath, ""}},
    Setting{"log", "level",
            "debug (a line for every call), info, warn or error. JSON lines on standard error,\n"
            "never with personal data.",
            TextSetting{&Configuration::log_level, TextKind::kLogLevel, "info"}},
    Setting{"flights", "per_tenant", "Flights of one tenant that may be loaded at once.",
            NumberSetting{&Configuration::flights_per_tenant, 200, 1, 10'000}},
    Setting{"flights", "keep_after_departure_minutes",
            "A flight, and what was resolved on it, is forgotten this long after departure.",
            NumberSetting{&Configuration::keep_after_departure_minutes, 120, 0, 2'880}},
    Setting{"retention", "match_hours",
            "How long the names and data of a MATCH are kept. What stays is the leaf, which holds\n"
            "none. A legal hold keeps them longer.",
            NumberSetting{&Configuration::retention_match_hours, 72, 1, 876'000}},
    Setting{"retention", "review_days", "The same for a REVIEW and for what a person accepted.",
            NumberSetting{&Configuration::retention_review_days, 365, 1, 36'500}},
    Setting{"retention", "mismatch_days", "For a MISMATCH and for what a person refused.",
            NumberSetting{&Configuration::retention_mismatch_days, 1'095, 1, 36'500}},
    Setting{"retention", "access_days", "For who looked, what was exported, and rights of persons.",
            NumberSetting{&Configuration::retention_access_days, 730, 1, 36'500}},
    Setting{"retention", "operation_days", "For loaded flights and policies; without names.",
            NumberSetting{&Configuration::retention_operation_days, 1'095, 1, 36'500}},
    Setting{
        "limits", "connections",
        "Connections at once; fewer when the limit of open files is low: each takes two. What is\n"
        "more is closed at once.",
        NumberSetting{&Configuration::connections, 4'096, 1, 500'000}},
    Setting{"limits", "connections_per_peer",
            "Of one IPv4 address, or of one /64 of IPv6. Many devices may share an address.",
            NumberSetting{&Configuration::connections_per_peer, 1'024, 1, 500'000}},
    Setting{"limits", "concurrent_streams", "Calls at once on one connection.",
            NumberSetting{&Configuration::concurrent_streams, 128, 1, 10'000}},
    Setting{"limits", "connection_idle_seconds", "A connection without calls is closed after this.",
            NumberSetting{&Configuration::connection_idle_seconds, 600, 1, 86'400}},
    Setting{"limits", "connection_age_seconds",
            "A connection is renewed after this, so that replaced certificates take effect.",
            NumberSetting{&Configuration::connection_age_seconds, 3'600, 1, 86'400}},
    Setting{
        "limits", "drain_delay_seconds",
        "After SIGTERM health says NOT_SERVING for this long before connections are closed, so\n"
        "that what balances load can notice.",
        NumberSetting{&Configuration::drain_delay_seconds, 0, 0, 600}},
    Setting{"limits", "drain_seconds", "How long calls may take to end after SIGTERM.",
            NumberSetting{&Configuration::drain_seconds, 10, 0, 600}},
    Setting{"limits", "memory_mib", "Memory that connections and messages may take together.",
            NumberSetting{&Configuration::memory_mib, 256, 16, 65'536}},
    Setting{"limits", "free_disk_mib",
            "Health says NOT_SERVING while less is free on the disk of the store.",
            NumberSetting{&Configuration::free_disk_mib, 64, 0, 1'048'576}},
    Setting{"rates", "verify_per_principal",
            "Calls a second of one certificate for verdicts and decisions; 0: no limit. More is\n"
            "refused with the time to wait. The calls of each pair of keys have a pool of their\n"
            "own, so that an export cannot starve a gate.",
            NumberSetting{&Configuration::verify_per_principal, 50'000, 0, kMaxRate}},
    Setting{"rates", "verify_per_tenant", "The same for all certificates of a tenant together.",
            NumberSetting{&Configuration::verify_per_tenant, 100'000, 0, kMaxRate}},
    Setting{"rates", "audit_per_principal", "The same for proofs and exports.",
            NumberSetting{&Configuration::audit_per_principal, 1'000, 0, kMaxRate}},
    Setting{"rates", "audit_per_tenant", "The same for all certificates of a tenant together.",
            NumberSetting{&Configuration::audit_per_tenant, 2'000, 0, kMaxRate}},
    Setting{"rates", "admin_per_principal", "The same for the rights of persons.",
            NumberSetting{&Configuration::admin_per_principal, 100, 0, kMaxRate}},
    Setting{"rates", "admin_per_tenant", "The same for all certificates of a tenant together.",
            NumberSetting{&Configuration::admin_per_tenant, 200, 0, kMaxRate}},
    Setting{"rates", "manifest_per_principal", "The same for loading flights and looking at them.",
            NumberSetting{&Configuration::manifest_per_principal, 200, 0, kMaxRate}},
    Setting{"rates", "manifest_per_tenant", "The same for all certificates of a tenant together.",
            NumberSetting{&Configuration::manifest_per_tenant, 1'000, 0, kMaxRate}},
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string directory_from(const char* systemd, const char* xdg, const char* below_home) {
  if (std::string set = environment(systemd); !set.empty()) return set.substr(0, set.find(':'));
  if (std::string set = environment(xdg); !set.empty()) return set + "/paxid";
  return environment("HOME") + below_home;
}

std::string expanded(std::string_view fallback, const DefaultDirectories& defaults) {
  for (const auto& [mark, directory] :
       {std::pair{std::string_view("@config"), &defaults.configuration},
        std::pair{std::string_view("@state"), &defaults.state}}) {
    if (fallback.starts_with(mark)) return *directory + std::string(fallback.substr(mark.size()));
  }
  return std::string(fallback);
}

struct HostAndPort {
  std::string host;
  int port;
};

std::optional<HostAndPort> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string host(text.substr(0, colon));
  const std::string_view digits = text.substr(colon + 1);
  if (digits.empty() || digits.size() > 5) return std::nullopt;
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const int port = std::stoi(std::string(digits));
  if (port > 65'535) return std::nullopt;
  if (host.front() == '[') {
    if (host.back() != ']') return std::nullopt;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  return HostAndPort{std::move(host), port};
}

// 127.0.0.0/8 or ::1 (RFC 6890), or the one name for them. Another name that begins alike, such
// as 127.example.org, could lead anywhere.
bool is_loopback(const std::string& host) {
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  in6_addr six{};
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six) != 0;
  return host == "localhost";
}

// Nothing when `text` is right; else what it must be.
std::optional<std::string> wrong_text(TextKind kind, const std::string& text) {
  switch (kind) {
    case TextKind::kPath:
    case TextKind::kKek:
      return std::nullopt;
    case TextKind::kConnection:
      if (!text.empty() && !text.starts_with("postgresql://") && !text.starts_with("postgres://") &&
          text.find('=') == std::string::npos) {
        return "must be empty, KEY=VALUE ..., or postgresql://...";
      }
      return std::nullopt;
    case TextKind::kAddress:
      if (!parse_address(text)) return "must be HOST:PORT with a port of 0 to 65535";
      return std::nullopt;
    case TextKind::kLoopbackAddress: {
      if (text.empty()) return std::nullopt;
      const auto address = parse_address(text);
      if (!address || !is_loopback(address->host)) {
        return "must be empty, or HOST:PORT with localhost, 127.x.x.x or [::1]";
      }
      return std::nullopt;
    }
    case TextKind::kLogLevel:
      if (std::find(kLogLevels.begin(), kLogLevels.end(), text) == kLogLevels.end()) {
        return "must be debug, info, warn or error";
      }
      return std::nullopt;
    case TextKind::kOriginPrefix:
      if (!audit::is_origin_prefix(text)) {
        return "must be 1 to 180 bytes without white space and '+'";
      }
      return std::nullopt;
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(const toml::table& table, std::string base_directory, const DefaultDirectories& defaults)
      : table_(table), base_directory_(std::move(base_directory)), defaults_(defaults) {}

  Configuration read() {
    refuse_unknown_keys();
    for (const Setting& setting : kSettings) {
      const toml::node* node = nullptr;
      if (const toml::table* section = table_[setting.section].as_table()) {
        node = section->get(setting.key);
      }
      std::visit([&](const auto& value) { take(setting, value, node); }, setting.value);
    }
    return configuration_;
  }

  Problems problems;

 private:
  void complain(std::string key, std::string message) {
    problems.push_back({ErrorCode::kInvalidArgument, std::move(message), std::move(key)});
  }

  void refuse_unknown_keys() {
    for (const auto& [section, node] : table_) {
      const toml::table* keys = node.as_table();
      const bool known = std::any_of(kSettings.begin(), kSettings.end(),
                                     [&](const Setting& s) { return s.section == section.str(); });
      if (!known || keys == nullptr) {
        complain(std::string(section.str()), known ? "must be a section" : "is no known section");
        continue;
      }
      for (const auto& [key, value] : *keys) {
        const bool known_key = std::any_of(
            kSettings.begin(), kSettings.end(),
            [&](const Setting& s) { return s.section == section.str() && s.key == key.str(); });
        if (!known_key) {
          complain(std::string(section.str()) + "." + std::string(key.str()), "is no known key");
        }
      }
    }
  }

  void take(const Setting& setting, const TextSetting& to, const toml::node* node) {
    std::string text = expanded(to.fallback, defaults_);
    if (node != nullptr) {
      const auto given = node->value_exact<std::string>();
      if (!given) return complain(setting.path(), "must be a text");
      text = *given;
      const std::filesystem::path path(text);
      const bool is_path =
          to.kind == TextKind::kPath || (to.kind == TextKind::kKek && audit::is_kek_file(text));
      if (is_path && !text.empty() && path.is_relative()) {
        text = (std::filesystem::path(base_directory_) / path).lexically_normal().string();
      }
      if (is_path && text.empty() && !to.fallback.empty()) {
        return complain(setting.path(), "must not be empty");
      }
    }
    if (auto wrong = wrong_text(to.kind, text)) return complain(setting.path(), std::move(*wrong));
    configuration_.*to.member = std::move(text);
  }

  void take(const Setting& setting, const NumberSetting& to, const toml::node* node) {
    configuration_.*to.member = to.fallback;
    if (node == nullptr) return;
    const auto given = node->value_exact<std::int64_t>();
    if (!given || *given < to.min || *given > to.max) {
      return complain(setting.path(), "must be a whole number from " + std::to_string(to.min) +
                                          " to " + std::to_string(to.max));
    }
    configuration_.*to.member = *given;
  }

  const toml::table& table_;
  std::string base_directory_;
  const DefaultDirectories& defaults_;
  Configuration configuration_;
};

// A key that group or others may read is no secret. A file that is missing is not looked at
// here: the store makes its keys at the first start.
void check_secret(const std::string& path, std::string key, std::size_t min_bytes,
                  std::size_t max_bytes, Problems& problems) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  const auto complain = [&](const std::string& what) {
    problems.push_back({ErrorCode::kFailedPrecondition, path + " " + what, key});
  };
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    complain("may be used by others; set its mode to 0600");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size < min_bytes || size > max_bytes) {
    complain(min_bytes == max_bytes ? "must have " + std::to_string(max_bytes) + " bytes"
                                    : "must have 1 to " + std::to_string(max_bytes) + " bytes");
  }
}

// A file may be missing as above; a credential is there inside the service only, and an empty one
// stands for none.
void check_kek(const std::string& source, const std::string& key, Problems& problems) {
  if (source.empty()) return;
  if (audit::is_kek_file(source)) return check_secret(source, key, kKekBytes, kKekBytes, problems);
  const auto loaded = audit::load_kek(source);
  const bool is_variable = audit::kek_path(source).empty() && source.starts_with("env:");
  if (loaded || (loaded.error().code == ErrorCode::kNotFound && !is_variable)) return;
  problems.push_back({loaded.error().code, loaded.error().message, key});
}

void check_secrets(const Configuration& configuration, Problems& problems) {
  check_secret(configuration.tls_private_key, "tls.private_key", 1, kMaxPemBytes, problems);
  check_secret(configuration.store_signing_key, "store.signing_key", 1, kMaxSigningKeyBytes,
               problems);
  check_kek(configuration.store_kek, "store.kek", problems);
  check_kek(configuration.store_previous_kek, "store.previous_kek", problems);
}

void check_tls(const Configuration& configuration, Problems& problems) {
  const auto read = [&](const std::string& path, std::string key) -> std::optional<std::string> {
    auto text = base::read_file(path, kMaxPemBytes);
    if (text) return std::move(*text);
    problems.push_back({text.error().code, text.error().message, "tls." + std::move(key)});
    return std::nullopt;
  };
  const auto certificate = read(configuration.tls_certificate, "certificate");
  const auto key = read(configuration.tls_private_key, "private_key");
  const auto client_ca = read(configuration.tls_client_ca, "client_ca");
  if (!certificate || !key || !client_ca) return;
  if (auto fit = check_certificates(*certificate, *key, *client_ca); !fit) {
    problems.push_back({fit.error().code, fit.error().message, "tls." + fit.error().field});
  }
}

template <class Parse>
void check_text_file(const std::string& path, std::string key, std::size_t max_bytes,
                     Problems& problems, Parse parse) {
  auto text = base::read_file(path, max_bytes);
  if (!text) {
    problems.push_back({text.error().code, text.error().message, std::move(key)});
    return;
  }
  if (auto parsed = parse(*text); !parsed) {
    const base::Error& error = parsed.error();
    problems.push_back({error.code, error.field + (error.field.empty() ? "" : " ") + error.message,
                        std::move(key)});
  }
}

}  // namespace

DefaultDirectories default_directories() {
  return {directory_from("CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", "/.config/paxid"),
          directory_from("STATE_DIRECTORY", "XDG_STATE_HOME", "/.local/state/paxid")};
}

tl::expected<Configuration, Problems> parse_configuration(std::string_view text,
                                                          const std::string& base_directory,
                                                          const DefaultDirectories& defaults) {
  if (text.size() > kMaxConfigurationBytes) {
    return tl::unexpected(Problems{{ErrorCode::kInvalidArgument, "is larger than 1 MiB", ""}});
  }
  const auto table = parse_toml(text);
  if (!table) return tl::unexpected(Problems{table.error()});
  Reader reader(*table, base_directory, defaults);
  Configuration configuration = reader.read();
  if (!reader.problems.empty()) return tl::unexpected(std::move(reader.problems));
  return configuration;
}

std::string documented_configuration(const DefaultDirectories& defaults) {
  std::string text =
      "# Configuration of paxid-server. Every key is here with its default. Relative paths are\n"
      "# taken from the directory of this file. Try a change with: paxid-server --check-config\n";
  std::string_view section;
  for (const Setting& setting : kSettings) {
    if (setting.section != section) {
      section = setting.section;
      text += "\n[" + std::string(section) + "]\n";
    }
    std::string comment = "# " + std::string(setting.description);
    for (std::size_t at = 0; (at = comment.find('\n', at)) != std::string::npos; at += 3) {
      comment.replace(at, 1, "\n# ");
    }
    text += comment + "\n" + std::string(setting.key) + " = ";
    if (const auto* value = std::get_if<TextSetting>(&setting.value)) {
      text += "\"" + expanded(value->fallback, defaults) + "\"\n";
    } else {
      text += std::to_string(std::get<NumberSetting>(setting.value).fallback) + "\n";
    }
  }
  return text;
}

Problems check_files(const Configuration& configuration) {
  Problems problems;
  check_tls(configuration, problems);
  check_secrets(configuration, problems);
  check_text_file(configuration.access_registry, "access.registry", kMaxRegistryBytes, problems,
                  [](const std::string& text) { return PrincipalRegistry::parse(text); });
  if (!configuration.access_deny_list.empty()) {
    check_text_file(configuration.access_deny_list, "access.deny_list", kMaxDenyListBytes, problems,
                    [](const std::string& text) { return DenyList::parse(text); });
  }
  if (!configuration.passes_keys.empty()) {
    check_text_file(configuration.passes_keys, "passes.keys", bcbp::kMaxKeyTableBytes, problems,
                    [](const std::string& text) { return bcbp::KeyTable::parse(text); });
  }
  if (!configuration.witness_keys.empty()) {
    check_text_file(configuration.witness_keys, "witness.keys", kMaxWitnessFileBytes, problems,
                    [](const std::string& text) { return audit::parse_witness_vkeys(text); });
  }
  const auto book =
      PolicyBook::load(configuration.policy_directory, configuration.policy_approvers);
  if (!book) {
    problems.push_back(
        {book.error().code, book.error().field + " " + book.error().message, "policy.directory"});
  }
  return problems;
}

}  // namespace paxid::server
