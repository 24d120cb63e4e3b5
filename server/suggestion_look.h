#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "audit/store.h"
#include "server/access.h"
#include "server/refusal.h"

namespace paxid::v1 {
class GetSuggestionRequest;
class GetSuggestionResponse;
}  // namespace paxid::v1

// A person looks at what another device was answered, because it sent its passenger to him.
namespace paxid::server {

// The record of a look, type kAuditRead, filed under the passenger's subject, with the answer in
// it. Reads the store: not for a callback's thread. Refuses what DecisionFlow would not let the
// caller decide on: no suggestion, one that is too old, of another station or another purpose; and
// one of a person whose data may not be used.
tl::expected<audit::Record, Refusal> draft_look(audit::Store& store, const Principal& caller,
                                                const v1::GetSuggestionRequest& request,
                                                std::uint64_t now_unix_us);

tl::expected<v1::GetSuggestionResponse, Refusal> answer_look(
    const base::Result<audit::Receipt>& receipt);

}  // namespace paxid::server
