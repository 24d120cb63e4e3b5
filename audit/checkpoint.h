#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "audit/note.h"
#include "base/error.h"

// C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint), byte for byte.
namespace paxid::audit {

inline constexpr std::size_t kMaxOriginBytes = 255;
inline constexpr std::size_t kMaxExtensionLines = 16;

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  std::vector<std::string> extensions;  // read and kept; this project writes none

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The note's text: origin, size, root, each on its line.
std::string to_text(const Checkpoint& checkpoint);
// INVALID_ARGUMENT with the reason; the text must be exactly what to_text writes.
base::Result<Checkpoint> parse_checkpoint(std::string_view text);

// A signed note under the key name `checkpoint.origin`.
base::Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& key);
// Opens the note with the trusted keys and requires the log's own signature: a line whose
// key name is `origin`. PERMISSION_DENIED when it is not signed so, INVALID_ARGUMENT when it
// cannot be read or names another origin.
base::Result<Checkpoint> open_checkpoint(std::string_view note,
                                         std::span<const VerifierKey> trusted,
                                         std::string_view origin);

// ASCII decimal as the C2SP formats want it: no sign, no leading zero, at most kMaxTreeSize.
base::Result<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace paxid::audit
