#pragma once

#include <array>
#include <cstdint>

#include "audit/bytes.h"
#include "base/error.h"

// The leaf of the log, version 1 (docs/record_format.md section 2). It holds no personal
// data, nothing derived from a person, and no index: its place is known only when it is
// sequenced, so neither hash nor keys depend on it.
namespace paxid::audit {

inline constexpr std::size_t kLeafBytes = 186;
inline constexpr std::size_t kBodyCommitOffset = 154;

enum class RecordType : std::uint8_t {
  kDecision = 1,
  kManualReview = 2,
  kErasure = 3,
  kRetentionPrune = 4,
  kKeyEvent = 5,
  kConfigurationChange = 6,
  kAuditRead = 7,
  kServiceEvent = 8,
  kRefusedRequest = 9,
};

// Bit 0 of the flags: a sealed body belongs to the leaf. The other bits are reserved, 0.
inline constexpr std::uint8_t kFlagHasBody = 0x01;

struct Leaf {
  RecordType type = RecordType::kDecision;
  std::uint8_t flags = 0;
  std::uint64_t time_unix_us = 0;  // never less than the leaf before
  Id16 request_id{};
  Id16 subject_ref{};  // random per subject and log; zero when there is none
  Id16 actor{};        // random identifier of a registered principal
  std::uint16_t decision = 0;
  std::uint64_t reason_bits = 0;
  std::uint16_t score = 0;
  Hash ruleset{};      // SHA-256 of the policy's text
  Hash software{};     // release and tables; docs/record_format.md section 2
  Id16 trace_id{};     // OpenTelemetry trace id
  Hash body_commit{};  // SHA-256(0x02 || sealed body); zero when there is no body

  friend bool operator==(const Leaf&, const Leaf&) = default;
};

using LeafData = std::array<std::uint8_t, kLeafBytes>;

LeafData encode(const Leaf& leaf);

// INVALID_ARGUMENT for a wrong size, magic or version, an unassigned type, a reserved flag,
// or a flag and a commitment that contradict each other. encode(decode(x)) == x.
base::Result<Leaf> decode_leaf(ByteView data);

// What a sealed body authenticates beside itself: the leaf with body_commit set to zero.
LeafData body_context(const LeafData& data);

}  // namespace paxid::audit
