#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/error.h"
#include "verification/verdict.h"

namespace paxid::verification {

inline constexpr std::size_t kMaxPolicyBytes = 64 * 1024;

// What a difference leads to. The rule names are those of docs/policy.md.
struct NameRules {
  Verdict letter_change;   // one to `max_letter_changes` letters differ
  int max_letter_changes;  // 0..5, Damerau edits in one field
  Verdict nickname;
  Verdict initial_for_first;     // J for JOHN as the only given name
  Verdict fields_swapped;        // with equal birth dates; without them at least REVIEW
  Verdict further_name_missing;  // a second given name on one side only
  Verdict surname_part_missing;  // half of a double surname
};

// Dated data: how an airline wants differences to be treated. Valid by construction: parse()
// is the only source, and refuses whatever is looser than the safety floor of docs/policy.md.
struct Policy {
  std::string id;  // e.g. "default"
  base::Date effective_from;
  std::string source;  // where the rules stand
  double prior;        // P(one person) before the evidence, 0 < prior < 1
  NameRules names;
  Verdict expired_document;             // a document past its last day of validity
  Verdict specimen_document;            // issued by UTO, which no State is
  std::array<std::uint8_t, 32> sha256;  // of the TOML text

  // "default 2026-11-22".
  std::string reference() const;

  // Reads a policy file. INVALID_ARGUMENT names the key and what it must be.
  static base::Result<Policy> parse(std::string_view toml);
};

// The text of ops/policies/default.toml as compiled in. Static lifetime.
std::string_view default_policy_toml();

}  // namespace paxid::verification
