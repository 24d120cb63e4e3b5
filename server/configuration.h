#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.h"

namespace paxid::server {

inline constexpr std::size_t kMaxConfigurationBytes = 1024 * 1024;

// How the server runs. Every member is one key of the configuration file; the table in
// configuration.cpp is the only place that knows key, default and description.
struct Configuration {
  std::string listen_address;
  std::string admin_address;    // empty: no admin listener
  std::string metrics_address;  // empty: no metrics
  std::string tls_certificate;
  std::string tls_private_key;
  std::string tls_client_ca;
  std::string access_registry;
  std::string access_deny_list;  // empty: no certificate is revoked
  std::string store_directory;
  std::string store_postgresql;  // a libpq connection string; empty: SQLite in the directory
  std::string store_origin_prefix;
  std::string store_signing_key;
  std::string store_kek;           // a source: audit/kek.h
  std::string store_previous_kek;  // empty: none
  std::string policy_directory;    // empty: only the policy that is compiled in
  std::string policy_approvers;
  std::string witness_keys;      // empty: no cosignature is taken
  std::string anchor_directory;  // empty: no files
  std::string anchor_command;    // empty: no program
  std::string passes_keys;       // empty: no signature of a pass is checked
  std::string log_level;
  std::int64_t connections = 0;
  std::int64_t connections_per_peer = 0;
  std::int64_t concurrent_streams = 0;
  std::int64_t connection_idle_seconds = 0;
  std::int64_t connection_age_seconds = 0;
  std::int64_t drain_delay_seconds = 0;
  std::int64_t drain_seconds = 0;
  std::int64_t memory_mib = 0;
  std::int64_t free_disk_mib = 0;
  // Calls a second; 0: no limit.
  std::int64_t verify_per_principal = 0;
  std::int64_t verify_per_tenant = 0;
  std::int64_t audit_per_principal = 0;
  std::int64_t audit_per_tenant = 0;
  std::int64_t admin_per_principal = 0;
  std::int64_t admin_per_tenant = 0;
  std::int64_t manifest_per_principal = 0;
  std::int64_t manifest_per_tenant = 0;
  std::int64_t flights_per_tenant = 0;
  std::int64_t keep_after_departure_minutes = 0;
  std::int64_t anchor_interval_seconds = 0;
  std::int64_t retention_match_hours = 0;
  std::int64_t retention_review_days = 0;
  std::int64_t retention_mismatch_days = 0;
  std::int64_t retention_access_days = 0;
  std::int64_t retention_operation_days = 0;
};

// Where files are by default: systemd's directories when the service manager sets them, the
// user's XDG directories else.
struct DefaultDirectories {
  std::string configuration;  // $CONFIGURATION_DIRECTORY, $XDG_CONFIG_HOME/paxid, ~/.config/paxid
  std::string state;          // $STATE_DIRECTORY, $XDG_STATE_HOME/paxid, ~/.local/state/paxid
};
DefaultDirectories default_directories();

using Problems = std::vector<base::Error>;

// Reads a configuration. A relative path is taken from `base_directory`, the directory of the
// file. Every problem is reported, not only the first: `field` is the key, `message` what it
// must be. Unknown keys are refused.
tl::expected<Configuration, Problems> parse_configuration(std::string_view toml,
                                                          const std::string& base_directory,
                                                          const DefaultDirectories& defaults);

// A configuration file with every key, its description and its default.
std::string documented_configuration(const DefaultDirectories& defaults);

// What can be found out without starting: files that are missing or unreadable, a key that is
// not the certificate's, a secret that others may use or that has the wrong size, a registry or
// a policy that is refused.
Problems check_files(const Configuration& configuration);

}  // namespace paxid::server
