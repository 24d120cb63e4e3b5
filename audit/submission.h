#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

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

// One that waits for its answer.
struct Waiting {
  Submission submission;
  Completion done;
};

// Tells callers what has become of their records, and counts it. Thread-safe.
class Answers {
 public:
  // One result for each who waits.
  void give(std::vector<Waiting>& waiting, std::vector<base::Result<Receipt>> results);
  void refuse(std::vector<Waiting>& waiting, const base::Error& error);
  void refuse(Completion done, base::Error error);
  void count(StoreStatistics& numbers) const;

 private:
  std::atomic<std::uint64_t> replayed_{0}, conflicts_{0}, refused_{0};
};

}  // namespace paxid::audit
