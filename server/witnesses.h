#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "audit/cosignature.h"
#include "audit/store.h"
#include "base/error.h"

namespace paxid::server {

inline constexpr std::size_t kMaxWitnessFileBytes = 64 * 1024;

// The keys of the file; none when it has no name.
base::Result<std::vector<audit::WitnessKey>> load_witness_keys(const std::string& file);

// What witnesses outside have signed of each log: the newest checkpoint with cosignatures, in a
// file beside the log's own. Others fetch checkpoints, show them to witnesses and hand the result
// in; the server calls nobody. Thread-safe.
class Witnesses {
 public:
  Witnesses(audit::Store& store, std::vector<audit::WitnessKey> keys, std::string directory)
      : store_(store), keys_(std::move(keys)), directory_(std::move(directory)) {}

  struct Added {
    std::uint64_t tree_size = 0;
    std::size_t witnesses = 0;  // that have signed this tree by now
  };
  // Keeps the cosignatures of a checkpoint that this log has signed: beside those it has of the
  // same checkpoint, or instead of those of a smaller tree. INVALID_ARGUMENT when it cannot be read
  // or is of another log, PERMISSION_DENIED when a signature is wrong or none is of a witness,
  // FAILED_PRECONDITION when a larger tree has been cosigned.
  base::Result<Added> add(const std::string& tenant, const std::string& note);

  // The newest checkpoint with cosignatures. FAILED_PRECONDITION when there is none.
  base::Result<std::string> newest(const std::string& tenant);

 private:
  std::string file_of(const std::string& tenant) const;
  base::Result<audit::Note> read(const std::string& tenant);

  audit::Store& store_;
  const std::vector<audit::WitnessKey> keys_;
  const std::string directory_;
  std::mutex mutex_;
};

}  // namespace paxid::server
