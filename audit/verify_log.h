#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/store.h"
#include "base/error.h"

namespace paxid::audit {

inline constexpr std::size_t kMaxLogProblems = 100;

// One thing in a stored log that does not prove itself.
struct LogProblem {
  enum class Kind {
    kLeafUnreadable,    // not a leaf of version 1
    kTimeBackwards,     // earlier than the leaf before
    kBodyMissing,       // no body, and no later erasure or prune explains it
    kBodyChanged,       // not what the leaf commits to
    kBodyUnopenable,    // the commitment holds, the seal does not
    kProofWrong,        // stored nodes do not lead from the leaf to the root
    kCheckpointWrong,   // the signed checkpoint is not of this log
    kRequestUnindexed,  // a retry of its request would not find it
  };
  Kind kind;
  std::uint64_t index = 0;  // of the leaf; the tree's size for kCheckpointWrong
  std::string message;
};

// Static lifetime, e.g. "BODY_CHANGED".
std::string_view name_of(LogProblem::Kind kind);

struct LogReport {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  std::uint64_t bodies_opened = 0;
  std::uint64_t bodies_erased = 0;
  std::vector<LogProblem> problems;  // the first kMaxLogProblems, by leaf
};

// Reads every leaf and body of one log and checks all of it against itself and the newest
// checkpoint. Runs beside appends: it judges the tree as it was at the start. An error means
// that the log could not be read, a problem that what was read is not right.
base::Result<LogReport> verify_log(Store& store, std::string_view tenant);

}  // namespace paxid::audit
