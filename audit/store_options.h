#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "audit/bytes.h"
#include "audit/signer.h"
#include "base/error.h"

namespace paxid::audit {

// The most records that wait for the committer; further ones are refused.
inline constexpr std::size_t kDefaultMaxQueued = 4096;
// The most records of one transaction.
inline constexpr std::size_t kMaxBatchRecords = 512;

// What every store is opened with.
struct StoreOptions {
  // Made with mode 0700 when it does not exist. Every file in it is made with mode 0600.
  std::string directory;
  // The log of a tenant has the origin "<origin_prefix>/<tenant>".
  std::string origin_prefix;
  // Ed25519 key of all logs of this store, PKCS #8 PEM, mode 0600.
  std::string signing_key_file;
  // Where the 32 bytes are that wrap every data key: audit/kek.h. Keep them away from the backup of
  // the store.
  std::string kek;
  // The ones of before, when `kek` is new: the data keys are wrapped anew, and every log says so in
  // a record. Empty, or nothing there: none.
  std::string previous_kek;
  // What records that the store writes itself name as their software.
  Hash software{};
  // Make the files of the signing key and of the kek when they do not exist. Only for the first
  // start: a store that has data refuses new keys.
  bool create_keys = false;

  std::size_t max_queued = kDefaultMaxQueued;
  // A checkpoint is signed this long after the tree grew, or after this many leaves.
  std::chrono::milliseconds checkpoint_interval{1000};
  std::uint64_t checkpoint_leaves = 4096;
};

// INVALID_ARGUMENT with the name of the option.
base::Result<void> check_options(const StoreOptions& options);

// FAILED_PRECONDITION when there is none, or others may read it. `create`: one that is not there is
// made.
base::Result<SigningKey> open_signing_key(const std::string& path, bool create);

}  // namespace paxid::audit
