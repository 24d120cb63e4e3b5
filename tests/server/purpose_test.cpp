// Why personal data are used: a closed list, and no way to use them for anything else.

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <paxid/v1/audit_service.pb.h>
#include <paxid/v1/decision_service.pb.h>
#include <paxid/v1/manifest_service.pb.h>
#include <paxid/v1/privacy_service.pb.h>
#include <paxid/v1/verification_service.pb.h>

#include <set>
#include <string>

#include "server/access.h"
#include "server/privacy_words.h"

namespace paxid::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;

std::set<std::string> values_of(const EnumDescriptor* purposes) {
  std::set<std::string> names;
  for (int i = 0; i < purposes->value_count(); ++i) names.insert(purposes->value(i)->name());
  return names;
}

TEST(Purpose, TheListsAreClosed) {
  EXPECT_EQ(values_of(v1::Purpose_descriptor()),
            (std::set<std::string>{"PURPOSE_UNSPECIFIED", "PURPOSE_BOARDING_CHECK",
                                   "PURPOSE_API_ACCURACY"}));
  EXPECT_EQ(values_of(v1::LookPurpose_descriptor()),
            (std::set<std::string>{"LOOK_PURPOSE_UNSPECIFIED", "LOOK_PURPOSE_SUBJECT_REQUEST",
                                   "LOOK_PURPOSE_SUPERVISION", "LOOK_PURPOSE_FINE_DEFENCE",
                                   "LOOK_PURPOSE_CLAIM_DEFENCE", "LOOK_PURPOSE_AUDIT"}));
  // Every value but the unspecified one has a word in the records, and no other value has.
  for (int value = -1; value < 100; ++value) {
    EXPECT_EQ(word_of(static_cast<v1::LookPurpose>(value)).empty(), value < 1 || value > 5);
  }
}

// How a request says why: with a purpose, with the context of a case, or through the request it
// belongs to.
bool says_why(const Descriptor* request) {
  for (const char* field : {"purpose", "context"}) {
    const auto* found = request->FindFieldByName(field);
    if (found == nullptr) continue;
    if (found->enum_type() == v1::Purpose_descriptor()) return true;
    if (found->message_type() == v1::PrivacyContext::descriptor()) return true;
  }
  const auto* inner = request->FindFieldByName("request");
  return inner != nullptr && inner->message_type() != nullptr && says_why(inner->message_type());
}

// Each method either says why, or is on this list of those that give nobody's stored data, or only
// those of the flight that boards to the people who board it.
TEST(Purpose, NoMethodReadsPersonsWithoutOne) {
  const std::set<std::string> without{
      "RecordDecision",                                      // writes, on a suggestion with one
      "LoadFlight",     "DropFlight",        "ListFlights",  // write; names no passenger
      "GetFlight",      "WatchFlight",                       // the flight that boards
      "GetCheckpoint",  "GetInclusionProof", "GetConsistencyProof", "AddCosignatures",  // hashes
      "ListApiEntries",  // holds no passenger data
      "ListDeadlines"};  // dates
  v1::VerifyRequest::descriptor();
  v1::RecordDecisionRequest::descriptor();
  v1::GetFlightRequest::descriptor();
  v1::GetCheckpointRequest::descriptor();
  v1::GetAccessRequest::descriptor();
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  int methods = 0;
  for (const char* name : {"VerificationService", "DecisionService", "ManifestService",
                           "AuditService", "PrivacyService"}) {
    const auto* service = pool->FindServiceByName(std::string("paxid.v1.") + name);
    ASSERT_NE(service, nullptr);
    for (int i = 0; i < service->method_count(); ++i, ++methods) {
      const auto* method = service->method(i);
      EXPECT_NE(says_why(method->input_type()), without.contains(method->name()))
          << method->full_name();
    }
  }
  EXPECT_GT(methods, 20);
}

// No role, method, purpose or field speaks of selling anything.
TEST(Purpose, ThereIsNoMarketingPath) {
  const auto innocent = [](std::string name) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const char* word : {"marketing", "newsletter", "loyalty", "advert", "campaign",
                             "customer_profile", "frequent_flyer"}) {
      if (name.find(word) != std::string::npos) return false;
    }
    return true;
  };
  for (const Role role : kAllRoles) EXPECT_TRUE(innocent(std::string(name_of(role))));
  for (const MethodAccess& row : access_table()) EXPECT_TRUE(innocent(std::string(row.method)));
  const auto* file = v1::GetAccessRequest::descriptor()->file();
  const auto check = [&](const google::protobuf::FileDescriptor* from) {
    for (int i = 0; i < from->message_type_count(); ++i) {
      const Descriptor* message = from->message_type(i);
      for (int f = 0; f < message->field_count(); ++f) {
        EXPECT_TRUE(innocent(message->field(f)->name())) << message->field(f)->full_name();
      }
    }
    for (int i = 0; i < from->enum_type_count(); ++i) {
      for (const std::string& value : values_of(from->enum_type(i))) {
        EXPECT_TRUE(innocent(value)) << value;
      }
    }
  };
  for (const auto* from : {file, v1::VerifyRequest::descriptor()->file(),
                           v1::GetCheckpointRequest::descriptor()->file(),
                           v1::RecordDecisionRequest::descriptor()->file(),
                           v1::GetFlightRequest::descriptor()->file()}) {
    check(from);
  }
}

}  // namespace
}  // namespace paxid::server
