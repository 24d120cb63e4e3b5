#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/note.h"
#include "base/error.h"
#include "verification/policy.h"

// A policy takes effect only when two operators have signed it: NAME.toml and, beside it,
// NAME.toml.sig, a C2SP signed note that names the policy's digest. docs/policy.md.
namespace paxid::server {

// How many operators must approve. Not configurable: one person must not change what boards.
inline constexpr std::size_t kApprovals = 2;
inline constexpr std::size_t kMaxApproversBytes = 64 * 1024;
inline constexpr std::size_t kMaxApprovers = 100;

// The keys of those who may approve: one C2SP verifier key a line, '#' begins a comment.
// INVALID_ARGUMENT names the line; also for fewer than kApprovals, a name that occurs twice and a
// key that stands under two names, which would let one person sign as two.
base::Result<std::vector<audit::VerifierKey>> parse_approvers(std::string_view text);

// What operators sign: "paxid/policy/v1", reference and digest of the policy, one a line.
std::string note_text(const verification::Policy& policy);

// The signature file with one more signature: `note` is what others have signed so far, or
// empty. FAILED_PRECONDITION when that is of another policy or `name` has signed already.
base::Result<std::string> sign_policy(const verification::Policy& policy, std::string_view note,
                                      std::string_view name, const audit::SigningKey& key);

// Who has approved `policy` by `note`, by name, in ascending order; at least kApprovals.
// PERMISSION_DENIED when there are fewer, INVALID_ARGUMENT for a note of another policy.
base::Result<std::vector<std::string>> approvals_of(const verification::Policy& policy,
                                                    std::string_view note,
                                                    std::span<const audit::VerifierKey> approvers);

}  // namespace paxid::server
