#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/checkpoint.h"
#include "audit/leaf.h"
#include "base/error.h"

// C2SP tlog-proof (c2sp.org/tlog-proof@v1): one file that proves one leaf offline.
namespace paxid::audit {

inline constexpr std::size_t kMaxTlogProofBytes = 2 << 20;
inline constexpr std::size_t kMaxExtraBytes = 64 << 10;

struct TlogProof {
  std::optional<Bytes> extra;  // not authenticated
  std::uint64_t index = 0;
  std::vector<Hash> hashes;
  std::string checkpoint;  // the signed note, verbatim

  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

std::string to_text(const TlogProof& proof);
// INVALID_ARGUMENT with the reason. Verifies nothing.
base::Result<TlogProof> parse_tlog_proof(std::string_view text);

// What a checked proof says.
struct CheckedRecord {
  std::uint64_t index = 0;
  Hash leaf_hash{};
  Checkpoint checkpoint;
  Leaf leaf;
};

// Whether `leaf_data` stands in the log `origin`, judged from the arguments alone. The error
// says exactly what fails:
//   INVALID_ARGUMENT   proof, checkpoint or leaf cannot be read (`field` says which), or the
//                      checkpoint is of another log
//   PERMISSION_DENIED  no trusted key of that log signed the checkpoint
//   DATA_LOSS          the leaf is not at that index of the signed tree
base::Result<CheckedRecord> check_record(std::string_view proof_text, ByteView leaf_data,
                                         std::span<const VerifierKey> trusted,
                                         std::string_view origin);

}  // namespace paxid::audit
