#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace paxid::server {

inline constexpr std::size_t kMaxRegistryBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxPrincipals = 100'000;

// What a principal may do; access_table() says which calls.
enum class Role : std::uint8_t {
  kKiosk,           // verify
  kAgent,           // verify and decide, see the flight that boards
  kSupervisor,      // the same, and be the second person
  kAuditor,         // read the log
  kPrivacyOfficer,  // what the law gives to a passenger
  kLoader,          // load flights
  kOperator,        // health and numbers; sees no names
};
inline constexpr std::array kAllRoles{Role::kKiosk,   Role::kAgent,          Role::kSupervisor,
                                      Role::kAuditor, Role::kPrivacyOfficer, Role::kLoader,
                                      Role::kOperator};

std::string_view name_of(Role role);  // "kiosk", "agent", "supervisor", "auditor", ...
std::optional<Role> role_from(std::string_view name);

// Calls that are limited together, apart from the others: an export must not starve a gate.
enum class Pool : std::uint8_t {
  kVerify,    // what a passenger waits for
  kAudit,     // proofs and exports
  kAdmin,     // rights of persons
  kManifest,  // loading flights and looking at them
};
inline constexpr std::array kAllPools{Pool::kVerify, Pool::kAudit, Pool::kAdmin, Pool::kManifest};
std::string_view name_of(Pool pool);  // "verify", "audit", "admin", "manifest"

// How long a call may last.
enum class Span : std::uint8_t {
  kOne,     // one answer: within its deadline
  kStream,  // many questions: each within the time of one
  kWatch,   // until the client leaves: the end of the server does not wait for it
};

// Who calls. Everything comes from the registry file, nothing from a message.
struct Principal {
  std::string uri;     // the certificate's URI SAN
  std::string tenant;  // audit::is_tenant
  Role role = Role::kKiosk;
  std::array<std::uint8_t, 16> actor;  // random id that stands in the records; never zero
  std::string station;                 // airport whose flights it sees and decides; empty: all
  // Its place among all principals, and its tenant's among all tenants.
  std::size_t number = 0;
  std::size_t tenant_number = 0;
};

// All principals by the URI of their certificates. Immutable after parse(); thread-safe.
//
//   [[principal]]
//   uri = "spiffe://paxid.dev/tenant/demo/kiosk/k1"
//   tenant = "demo"
//   role = "kiosk"
//   actor = "9f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b"   # 32 hexadecimal digits, random, kept for ever
//   station = "FRA"                              # may be left out
class PrincipalRegistry {
 public:
  // INVALID_ARGUMENT names the place ("principal[2].role") and what it must be. Unknown keys,
  // a URI or an actor that occurs twice and an empty registry are refused.
  static base::Result<PrincipalRegistry> parse(std::string_view toml);

  // Nothing for an unregistered URI. The pointer lives as long as the registry.
  const Principal* find(std::string_view uri) const;
  // Every tenant that some principal belongs to.
  std::set<std::string> tenants() const;
  std::size_t size() const { return by_uri_.size(); }

 private:
  std::map<std::string, Principal, std::less<>> by_uri_;
};

// One row of the table that says who may call what.
struct MethodAccess {
  std::string_view method;  // the HTTP/2 :path, "/package.Service/Method"
  std::span<const Role> roles;
  Pool pool = Pool::kAdmin;
  Span span = Span::kOne;
};

// The only place where rights are written down. A method that is not here may be called by
// nobody.
std::span<const MethodAccess> access_table();

// The row of a method, or nothing.
const MethodAccess* find_method(std::string_view method);

// Whether the table has a row for `method` that names `role`.
bool may_call(Role role, std::string_view method);

}  // namespace paxid::server
