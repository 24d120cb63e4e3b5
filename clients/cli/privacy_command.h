#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "clients/sdk/client.h"
#include "messages/catalogue.h"

// `paxid privacy ...`: the rights of persons, from arguments.
namespace paxid::cli {

// What stands on the command line about the case and the person.
struct PrivacyArguments {
  std::string request_id;  // empty: a new one
  std::string purpose = "subject_request";
  std::string reference;
  std::string answers;
  std::string issuer;  // with number
  std::string number;
  std::string record;
  std::string subject;  // 32 hexadecimal digits
};

// INVALID_ARGUMENT; `field` is the option.
base::Result<sdk::PrivacyContext> privacy_context_from(const PrivacyArguments& arguments);
base::Result<sdk::SubjectSelector> subject_from(const PrivacyArguments& arguments);

nlohmann::json receipt_json(const sdk::ErasureReceipt& receipt);
nlohmann::json change_json(const sdk::SubjectChange& change);
nlohmann::json deadlines_json(const std::vector<sdk::RightsDeadline>& deadlines);
std::string deadlines_card(const std::vector<sdk::RightsDeadline>& deadlines);

nlohmann::json candidate_json(const sdk::SubjectCandidate& candidate);

// The report of GetAccess as one page that a person can read, in the person's language, without
// scripts and without anything from elsewhere. INVALID_ARGUMENT when the report is none.
base::Result<std::string> access_page(const std::string& report_json, messages::Language language);

}  // namespace paxid::cli
