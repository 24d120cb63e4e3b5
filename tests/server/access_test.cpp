#include "server/access.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <paxid/v1/audit_service.pb.h>
#include <paxid/v1/decision_service.pb.h>
#include <paxid/v1/manifest_service.pb.h>
#include <paxid/v1/privacy_service.pb.h>
#include <paxid/v1/verification_service.pb.h>

#include <map>
#include <ostream>
#include <set>
#include <string>

namespace paxid::server {
namespace {

constexpr const char* kRegistry = R"(
[[principal]]
uri = "spiffe://paxid.dev/tenant/demo/kiosk/k1"
tenant = "demo"
role = "kiosk"
actor = "9f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b"

[[principal]]
uri = "spiffe://paxid.dev/tenant/other-1/auditor/a1"
tenant = "other-1"
role = "auditor"
actor = "0f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b"
station = "FRA"
)";

using Roles = std::set<Role>;
using enum Role;
const Roles kEverybody(kAllRoles.begin(), kAllRoles.end());

// What each role may do, written down a second time.
const std::map<std::string, Roles> kExpected{
    {"/paxid.v1.VerificationService/Verify", {kKiosk, kAgent, kSupervisor}},
    {"/paxid.v1.VerificationService/VerifyStream", {kKiosk, kAgent, kSupervisor}},
    {"/paxid.v1.DecisionService/RecordDecision", {kAgent, kSupervisor}},
    {"/paxid.v1.DecisionService/GetSuggestion", {kAgent, kSupervisor}},
    {"/paxid.v1.ManifestService/LoadFlight", {kLoader}},
    {"/paxid.v1.ManifestService/DropFlight", {kLoader}},
    {"/paxid.v1.ManifestService/GetFlight", {kAgent, kSupervisor}},
    {"/paxid.v1.ManifestService/WatchFlight", {kAgent, kSupervisor}},
    {"/paxid.v1.ManifestService/ListFlights", {kAgent, kSupervisor, kLoader, kOperator}},
    {"/paxid.v1.AuditService/GetCheckpoint",
     {kKiosk, kAgent, kSupervisor, kAuditor, kLoader, kPrivacyOfficer}},
    {"/paxid.v1.AuditService/GetInclusionProof",
     {kKiosk, kAgent, kSupervisor, kAuditor, kLoader, kPrivacyOfficer}},
    {"/paxid.v1.AuditService/GetConsistencyProof", {kAuditor, kPrivacyOfficer}},
    {"/paxid.v1.AuditService/ExportRecords", {kAuditor, kPrivacyOfficer}},
    {"/paxid.v1.AuditService/ReleaseExport", {kPrivacyOfficer}},
    {"/paxid.v1.AuditService/SealExport", {kAuditor, kPrivacyOfficer}},
    {"/paxid.v1.AuditService/AddCosignatures", {kAuditor, kOperator}},
    {"/paxid.v1.AuditService/ListApiEntries", {kAuditor, kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/FindSubjects", {kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/GetAccess", {kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/EraseSubject", {kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/AddRectification", {kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/SetRestriction", {kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/ChangeHold", {kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/OpenDeadline", {kPrivacyOfficer}},
    {"/paxid.v1.PrivacyService/ListDeadlines", {kPrivacyOfficer}},
    {"/grpc.health.v1.Health/Check", kEverybody},
    {"/grpc.health.v1.Health/Watch", kEverybody},
};

TEST(Access, EveryMethodTimesEveryRole) {
  for (const auto& [method, roles] : kExpected) {
    for (const Role role : kAllRoles) {
      EXPECT_EQ(may_call(role, method), roles.contains(role)) << method << " " << name_of(role);
    }
  }
  EXPECT_EQ(access_table().size(), kExpected.size());
}

TEST(Access, TheTableHasEveryMethodOfTheContract) {
  // Touching a message links the file descriptors in.
  v1::VerifyRequest::descriptor();
  v1::GetCheckpointRequest::descriptor();
  v1::RecordDecisionRequest::descriptor();
  v1::GetFlightRequest::descriptor();
  v1::GetAccessRequest::descriptor();
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* name : {"paxid.v1.VerificationService", "paxid.v1.DecisionService",
                           "paxid.v1.ManifestService", "paxid.v1.AuditService",
                           "paxid.v1.PrivacyService"}) {
    const auto* service = pool->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string path = std::string("/") + name + "/" + service->method(i)->name();
      EXPECT_TRUE(kExpected.contains(path)) << path << " is in no row of the access table";
    }
  }
}

TEST(Access, EveryRoleHasAName) {
  std::set<std::string_view> names;
  for (const Role role : kAllRoles) {
    names.insert(name_of(role));
    EXPECT_EQ(role_from(name_of(role)), role);
  }
  EXPECT_EQ(names.size(), kAllRoles.size());
  EXPECT_EQ(role_from("root"), std::nullopt);
}

TEST(Access, WhatIsNotInTheTableIsDenied) {
  for (const char* path :
       {"", "/", "/paxid.v1.VerificationService/", "/paxid.v1.VerificationService/verify",
        "paxid.v1.VerificationService/Verify", "/paxid.v1.VerificationService/Verify ",
        "/paxid.v1.VerificationService/VerifyX",
        "/grpc.reflection.v1alpha.ServerReflection/"
        "ServerReflectionInfo"}) {
    for (Role role : kAllRoles) EXPECT_FALSE(may_call(role, path)) << path;
  }
}

TEST(Registry, FindsPrincipalsByTheWholeUri) {
  const auto registry = PrincipalRegistry::parse(kRegistry);
  ASSERT_TRUE(registry.has_value()) << registry.error().message;
  const Principal* kiosk = registry->find("spiffe://paxid.dev/tenant/demo/kiosk/k1");
  ASSERT_NE(kiosk, nullptr);
  EXPECT_EQ(kiosk->tenant, "demo");
  EXPECT_EQ(kiosk->role, Role::kKiosk);
  EXPECT_EQ(kiosk->actor[0], 0x9f);
  EXPECT_EQ(kiosk->station, "");
  EXPECT_EQ(registry->find("spiffe://paxid.dev/tenant/other-1/auditor/a1")->station, "FRA");
  EXPECT_EQ(registry->find("spiffe://paxid.dev/tenant/demo/kiosk/k"), nullptr);
  EXPECT_EQ(registry->find("spiffe://paxid.dev/tenant/demo/kiosk/k12"), nullptr);
  EXPECT_EQ(registry->find(""), nullptr);
  EXPECT_EQ(registry->tenants(), (std::set<std::string>{"demo", "other-1"}));
}

struct BrokenRegistry {
  const char* name;
  const char* from;  // replaced in kRegistry
  const char* to;
  const char* field;
};
void PrintTo(const BrokenRegistry& test, std::ostream* out) { *out << test.name; }

class RegistryRefuses : public testing::TestWithParam<BrokenRegistry> {};

TEST_P(RegistryRefuses, AndNamesThePlace) {
  std::string text = kRegistry;
  const auto at = text.find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, std::string(GetParam().from).size(), GetParam().to);
  const auto registry = PrincipalRegistry::parse(text);
  ASSERT_FALSE(registry.has_value());
  EXPECT_EQ(registry.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(registry.error().field, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, RegistryRefuses,
    testing::Values(
        BrokenRegistry{"UnknownRole", "\"kiosk\"", "\"root\"", "principal[0].role"},
        BrokenRegistry{"RoleOfWrongType", "\"kiosk\"", "1", "principal[0].role"},
        BrokenRegistry{"UnknownKey", "tenant = \"demo\"", "tenant = \"demo\"\nadmin = true",
                       "principal[0].admin"},
        BrokenRegistry{"MissingTenant", "tenant = \"demo\"", "", "principal[0].tenant"},
        BrokenRegistry{"TenantWithSlash", "\"demo\"", "\"de/mo\"", "principal[0].tenant"},
        BrokenRegistry{"TenantInCapitals", "\"demo\"", "\"Demo\"", "principal[0].tenant"},
        BrokenRegistry{"TenantEndsWithDash", "\"demo\"", "\"demo-\"", "principal[0].tenant"},
        BrokenRegistry{"ActorTooShort", "9f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b", "9f0c",
                       "principal[0].actor"},
        BrokenRegistry{"ActorZero", "9f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b",
                       "00000000000000000000000000000000", "principal[0].actor"},
        BrokenRegistry{"ActorTwice", "0f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b",
                       "9f0c5a4e7d1b4e2f8a6b3c1d2e4f5a6b", "principal[1].actor"},
        BrokenRegistry{"StationMalformed", "\"FRA\"", "\"Fra\"", "principal[1].station"},
        BrokenRegistry{"UriTwice", "spiffe://paxid.dev/tenant/other-1/auditor/a1",
                       "spiffe://paxid.dev/tenant/demo/kiosk/k1", "principal[1].uri"},
        BrokenRegistry{"UriWithoutScheme", "spiffe://paxid.dev/tenant/demo/kiosk/k1", "k1",
                       "principal[0].uri"},
        BrokenRegistry{"UnknownTable", "[[principal]]\nuri = \"spiffe://paxid.dev/tenant/other-1",
                       "[[admin]]\nuri = \"spiffe://paxid.dev/tenant/other-1", "admin"}),
    [](const auto& test) { return test.param.name; });

TEST(Registry, RefusesNothingAndNoToml) {
  EXPECT_EQ(PrincipalRegistry::parse("").error().field, "principal");
  EXPECT_EQ(PrincipalRegistry::parse("principal = 3").error().field, "principal");
  EXPECT_EQ(PrincipalRegistry::parse("[[principal\n").error().field, "line 1");
}

}  // namespace
}  // namespace paxid::server
