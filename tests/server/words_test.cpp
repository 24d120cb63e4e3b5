// What a record says with a word, the person it is about reads in his language.

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>

#include "messages/catalogue.h"
#include "server/access.h"
#include "server/decision_words.h"
#include "server/privacy_words.h"

namespace paxid::server {
namespace {

void expect_known(std::string_view prefix, std::string_view word) {
  std::string key(prefix);
  for (const char c : word) key += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  for (const messages::Language language : messages::languages()) {
    EXPECT_FALSE(messages::pattern_of(key, language).empty()) << key;
  }
}

// Every value of the contract but the one that is none.
template <class Value>
void expect_all_known(std::string_view prefix) {
  const auto* values = google::protobuf::GetEnumDescriptor<Value>();
  ASSERT_GT(values->value_count(), 1);
  for (int i = 0; i < values->value_count(); ++i) {
    if (values->value(i)->number() == 0) continue;
    const std::string_view word = word_of(static_cast<Value>(values->value(i)->number()));
    EXPECT_FALSE(word.empty()) << values->value(i)->name();
    expect_known(prefix, word);
  }
}

TEST(Words, OfRecordsAreInEveryCatalogue) {
  expect_all_known<v1::Channel>("CHANNEL_");
  expect_all_known<v1::DecisionAction>("ACTION_");
  expect_all_known<v1::AcceptReason>("ACCEPTED_FOR_");
  expect_all_known<v1::EvidenceType>("EVIDENCE_");
  expect_all_known<v1::Purpose>("PURPOSE_");
  expect_all_known<v1::LookPurpose>("PURPOSE_");
  expect_all_known<v1::ErasureGround>("GROUND_");
  expect_all_known<v1::RightsRequestKind>("RIGHT_");
  for (const Role role :
       {Role::kKiosk, Role::kAgent, Role::kSupervisor, Role::kAuditor, Role::kPrivacyOfficer}) {
    expect_known("ROLE_", name_of(role));
  }
}

}  // namespace
}  // namespace paxid::server
