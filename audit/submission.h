#pragma once

#include <optional>

#include "audit/bytes.h"
#include "audit/store.h"

namespace paxid::audit {

// A record, and what its caller has computed for it: everybody waits for the committer, so it does
// only what must be done in order.
struct Submission {
  Record record;
  Hash digest{};                                     // KeyCipher::request_digest
  std::optional<Id16> subject_index = std::nullopt;  // KeyCipher::blind_index of the subject
};

}  // namespace paxid::audit
