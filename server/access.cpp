#include "server/access.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "audit/log_name.h"
#include "base/hex.h"
#include "server/conversion.h"
#include "server/toml_text.h"

namespace paxid::server {
namespace {

constexpr std::array kAuditorOrOperator{Role::kAuditor, Role::kOperator};
constexpr std::array kExporters{Role::kAuditor, Role::kPrivacyOfficer};
constexpr std::array kPrivacyOfficer{Role::kPrivacyOfficer};
constexpr std::array kLoader{Role::kLoader};
// Who serves passengers, and who of them decides.
constexpr std::array kTouchPoints{Role::kKiosk, Role::kAgent, Role::kSupervisor};
constexpr std::array kDeciders{Role::kAgent, Role::kSupervisor};
// A proof holds hashes, no personal data: whoever gets a record may have its proof.
constexpr std::array kProven{Role::kKiosk,   Role::kAgent,  Role::kSupervisor,
                             Role::kAuditor, Role::kLoader, Role::kPrivacyOfficer};
constexpr std::array kWithoutNames{Role::kAgent, Role::kSupervisor, Role::kLoader, Role::kOperator};

constexpr std::array kAccess{
    MethodAccess{"/paxid.v1.VerificationService/Verify", kTouchPoints, Pool::kVerify},
    MethodAccess{"/paxid.v1.VerificationService/VerifyStream", kTouchPoints, Pool::kVerify,
                 Span::kStream},
    MethodAccess{"/paxid.v1.DecisionService/RecordDecision", kDeciders, Pool::kVerify},
    MethodAccess{"/paxid.v1.DecisionService/GetSuggestion", kDeciders, Pool::kVerify},
    MethodAccess{"/paxid.v1.ManifestService/LoadFlight", kLoader, Pool::kManifest},
    MethodAccess{"/paxid.v1.ManifestService/DropFlight", kLoader, Pool::kManifest},
    MethodAccess{"/paxid.v1.ManifestService/GetFlight", kDeciders, Pool::kManifest},
    MethodAccess{"/paxid.v1.ManifestService/WatchFlight", kDeciders, Pool::kManifest, Span::kWatch},
    MethodAccess{"/paxid.v1.ManifestService/ListFlights", kWithoutNames, Pool::kManifest},
    MethodAccess{"/paxid.v1.AuditService/GetCheckpoint", kProven, Pool::kAudit},
    MethodAccess{"/paxid.v1.AuditService/GetInclusionProof", kProven, Pool::kAudit},
    MethodAccess{"/paxid.v1.AuditService/GetConsistencyProof", kExporters, Pool::kAudit},
    MethodAccess{"/paxid.v1.AuditService/ExportRecords", kExporters, Pool::kAudit},
    MethodAccess{"/paxid.v1.AuditService/ReleaseExport", kPrivacyOfficer, Pool::kAudit},
    MethodAccess{"/paxid.v1.AuditService/SealExport", kExporters, Pool::kAudit},
    MethodAccess{"/paxid.v1.AuditService/AddCosignatures", kAuditorOrOperator, Pool::kAudit},
    MethodAccess{"/paxid.v1.AuditService/ListApiEntries", kExporters, Pool::kAudit},
    MethodAccess{"/paxid.v1.PrivacyService/FindSubjects", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/paxid.v1.PrivacyService/GetAccess", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/paxid.v1.PrivacyService/EraseSubject", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/paxid.v1.PrivacyService/AddRectification", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/paxid.v1.PrivacyService/SetRestriction", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/paxid.v1.PrivacyService/ChangeHold", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/paxid.v1.PrivacyService/OpenDeadline", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/paxid.v1.PrivacyService/ListDeadlines", kPrivacyOfficer, Pool::kAdmin},
    MethodAccess{"/grpc.health.v1.Health/Check", kAllRoles},
    MethodAccess{"/grpc.health.v1.Health/Watch", kAllRoles, Pool::kAdmin, Span::kWatch},
};

base::Result<std::string> text_of(const toml::table& row, std::string_view key,
                                  const std::string& place) {
  const auto value = row[key].value_exact<std::string>();
  if (!value || value->empty()) {
    return base::fail(base::ErrorCode::kInvalidArgument, "must be a text that is not empty",
                      place + "." + std::string(key));
  }
  return *value;
}

std::string role_names() {
  std::string names;
  for (const Role role : kAllRoles) {
    names += (names.empty() ? "" : ", ") + std::string(name_of(role));
  }
  return names;
}

base::Result<Principal> read_principal(const toml::table& row, const std::string& place) {
  const auto wrong = [&](std::string_view key, std::string message) {
    return base::fail(base::ErrorCode::kInvalidArgument, std::move(message),
                      place + "." + std::string(key));
  };
  static constexpr std::array kKeys{"uri", "tenant", "role", "actor", "station"};
  for (const auto& [key, value] : row) {
    if (std::find(kKeys.begin(), kKeys.end(), key.str()) == kKeys.end()) {
      return wrong(key.str(),
                   "is no key of a principal; the keys are uri, tenant, role, actor, station");
    }
  }
  Principal principal;
  auto uri = text_of(row, "uri", place);
  if (!uri) return tl::unexpected(uri.error());
  if (uri->find(':') == std::string::npos) return wrong("uri", "must be a URI");
  auto tenant = text_of(row, "tenant", place);
  if (!tenant) return tl::unexpected(tenant.error());
  if (!audit::is_tenant(*tenant)) {
    return wrong("tenant", "must be 1 to 63 of a-z, 0-9 and '-', without '-' at the ends");
  }
  const auto role_text = text_of(row, "role", place);
  if (!role_text) return tl::unexpected(role_text.error());
  const auto role = role_from(*role_text);
  if (!role) return wrong("role", "must be " + role_names());
  const auto actor_text = text_of(row, "actor", place);
  if (!actor_text) return tl::unexpected(actor_text.error());
  const auto actor = base::from_hex(*actor_text);
  if (!actor || actor->size() != principal.actor.size() ||
      std::all_of(actor->begin(), actor->end(), [](std::uint8_t b) { return b == 0; })) {
    return wrong("actor", "must be 32 hexadecimal digits, not all zero");
  }
  if (row.contains("station")) {
    auto station = text_of(row, "station", place);
    if (!station) return tl::unexpected(station.error());
    if (!is_airport(*station)) return wrong("station", "must be 3 letters A-Z");
    principal.station = std::move(*station);
  }
  principal.uri = std::move(*uri);
  principal.tenant = std::move(*tenant);
  principal.role = *role;
  std::copy(actor->begin(), actor->end(), principal.actor.begin());
  return principal;
}

}  // namespace

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kKiosk:
      return "kiosk";
    case Role::kAgent:
      return "agent";
    case Role::kSupervisor:
      return "supervisor";
    case Role::kAuditor:
      return "auditor";
    case Role::kPrivacyOfficer:
      return "privacy_officer";
    case Role::kLoader:
      return "loader";
    case Role::kOperator:
      return "operator";
  }
  return "";
}

std::string_view name_of(Pool pool) {
  switch (pool) {
    case Pool::kVerify:
      return "verify";
    case Pool::kAudit:
      return "audit";
    case Pool::kAdmin:
      return "admin";
    case Pool::kManifest:
      return "manifest";
  }
  return "";
}

std::optional<Role> role_from(std::string_view name) {
  for (Role role : kAllRoles) {
    if (name_of(role) == name) return role;
  }
  return std::nullopt;
}

base::Result<PrincipalRegistry> PrincipalRegistry::parse(std::string_view text) {
  using base::ErrorCode;
  if (text.size() > kMaxRegistryBytes) {
    return base::fail(ErrorCode::kInvalidArgument, "is larger than 16 MiB");
  }
  auto table = parse_toml(text);
  if (!table) return tl::unexpected(table.error());
  for (const auto& [key, value] : *table) {
    if (key.str() != "principal") {
      return base::fail(ErrorCode::kInvalidArgument,
                        "is no key of a registry; it is a list of [[principal]]",
                        std::string(key.str()));
    }
  }
  const toml::array* rows = (*table)["principal"].as_array();
  if (rows == nullptr || rows->empty()) {
    return base::fail(ErrorCode::kInvalidArgument, "holds no [[principal]]", "principal");
  }
  if (rows->size() > kMaxPrincipals) {
    return base::fail(ErrorCode::kInvalidArgument, "holds more than 100,000 principals",
                      "principal");
  }
  PrincipalRegistry registry;
  std::set<std::array<std::uint8_t, 16>> actors;
  std::map<std::string, std::size_t> tenant_numbers;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const std::string place = "principal[" + std::to_string(i) + "]";
    const toml::table* row = (*rows)[i].as_table();
    if (row == nullptr) return base::fail(ErrorCode::kInvalidArgument, "must be a table", place);
    auto principal = read_principal(*row, place);
    if (!principal) return tl::unexpected(principal.error());
    if (!actors.insert(principal->actor).second) {
      return base::fail(ErrorCode::kInvalidArgument, "occurs twice", place + ".actor");
    }
    principal->number = i;
    principal->tenant_number =
        tenant_numbers.emplace(principal->tenant, tenant_numbers.size()).first->second;
    std::string uri = principal->uri;
    if (!registry.by_uri_.emplace(std::move(uri), std::move(*principal)).second) {
      return base::fail(ErrorCode::kInvalidArgument, "occurs twice", place + ".uri");
    }
  }
  return registry;
}

const Principal* PrincipalRegistry::find(std::string_view uri) const {
  const auto found = by_uri_.find(uri);
  return found == by_uri_.end() ? nullptr : &found->second;
}

std::set<std::string> PrincipalRegistry::tenants() const {
  std::set<std::string> names;
  for (const auto& [uri, principal] : by_uri_) names.insert(principal.tenant);
  return names;
}

std::span<const MethodAccess> access_table() { return kAccess; }

const MethodAccess* find_method(std::string_view method) {
  const auto row = std::find_if(kAccess.begin(), kAccess.end(),
                                [&](const MethodAccess& m) { return m.method == method; });
  return row == kAccess.end() ? nullptr : &*row;
}

bool may_call(Role role, std::string_view method) {
  const MethodAccess* row = find_method(method);
  return row != nullptr &&
         std::find(row->roles.begin(), row->roles.end(), role) != row->roles.end();
}

}  // namespace paxid::server
