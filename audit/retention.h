#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "audit/leaf.h"

// How long bodies are kept. A class follows from the leaf alone, so whoever has the leaves can
// check that what was pruned was due (docs/record_format.md section 3.6).
namespace paxid::audit {

enum class RetentionClass : std::uint8_t {
  kMatch = 1,      // the engine said MATCH
  kReview = 2,     // REVIEW, and a person's decision that did not refuse
  kMismatch = 3,   // MISMATCH, and a person's refusal
  kAccess = 4,     // who looked, what was exported
  kOperation = 5,  // policies, flights, services: no passenger
};
inline constexpr std::array kAllRetentionClasses{RetentionClass::kMatch, RetentionClass::kReview,
                                                 RetentionClass::kMismatch, RetentionClass::kAccess,
                                                 RetentionClass::kOperation};

// "match", "review", "mismatch", "access", "operation".
std::string_view name_of(RetentionClass retention_class);

// Nothing for a leaf whose body is never pruned: an erasure, a prune, a key event.
std::optional<RetentionClass> retention_class_of(const Leaf& leaf);

// A leaf of type 4 says: the bodies of this class below this index are gone, or held.
struct PruneMark {
  RetentionClass retention_class;
  std::uint64_t bound;
};
// Nothing for another type or an unassigned class.
std::optional<PruneMark> prune_mark_of(const Leaf& leaf);

}  // namespace paxid::audit
