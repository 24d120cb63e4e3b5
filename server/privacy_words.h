#pragma once

#include <paxid/v1/privacy_service.pb.h>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "audit/store.h"
#include "server/access.h"
#include "server/conversion.h"
#include "server/refusal.h"

// What the calls that look at persons share.
namespace paxid::server {

inline constexpr std::size_t kMaxReferenceLength = 64;

// "subject_request"; empty for a value outside the contract.
std::string_view word_of(v1::LookPurpose purpose);
std::string_view word_of(v1::ErasureGround ground);
std::string_view word_of(v1::RightsRequestKind kind);
void check_context(const v1::PrivacyContext& context, Violations& violations);
// A record of the caller with a checked context in its body, which `body` adds to.
audit::Record record_of(const Principal& caller, const v1::PrivacyContext& context,
                        audit::RecordType type, std::string canonical, nlohmann::json body);
// Appends and waits for the disk.
base::Result<audit::Receipt> append_and_wait(audit::Store& store, audit::Record record);
// A C2SP tlog-proof with the leaf in its extra line.
base::Result<std::string> proof_with_leaf(audit::Store& store, const std::string& tenant,
                                          std::uint64_t index);

}  // namespace paxid::server
