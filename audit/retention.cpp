#include "audit/retention.h"

#include <algorithm>

namespace paxid::audit {
namespace {

// The leaf's `decision`, docs/record_format.md section 2.
constexpr std::uint16_t kVerdictMatch = 1;
constexpr std::uint16_t kVerdictReview = 2;
constexpr std::uint16_t kActionRefuse = 3;

}  // namespace

std::string_view name_of(RetentionClass retention_class) {
  switch (retention_class) {
    case RetentionClass::kMatch:
      return "match";
    case RetentionClass::kReview:
      return "review";
    case RetentionClass::kMismatch:
      return "mismatch";
    case RetentionClass::kAccess:
      return "access";
    case RetentionClass::kOperation:
      return "operation";
  }
  return "";
}

std::optional<RetentionClass> retention_class_of(const Leaf& leaf) {
  switch (leaf.type) {
    case RecordType::kDecision:
      if (leaf.decision == kVerdictMatch) return RetentionClass::kMatch;
      return leaf.decision == kVerdictReview ? RetentionClass::kReview : RetentionClass::kMismatch;
    case RecordType::kManualReview:
      return leaf.decision == kActionRefuse ? RetentionClass::kMismatch : RetentionClass::kReview;
    case RecordType::kAuditRead:
    case RecordType::kRefusedRequest:
      return RetentionClass::kAccess;
    case RecordType::kServiceEvent:
      // What concerns a person stays as long as who looked does.
      return leaf.subject_ref == Id16{} ? RetentionClass::kOperation : RetentionClass::kAccess;
    case RecordType::kConfigurationChange:
      return RetentionClass::kOperation;
    case RecordType::kErasure:
    case RecordType::kRetentionPrune:
    case RecordType::kKeyEvent:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<PruneMark> prune_mark_of(const Leaf& leaf) {
  if (leaf.type != RecordType::kRetentionPrune) return std::nullopt;
  const auto known = std::find_if(
      kAllRetentionClasses.begin(), kAllRetentionClasses.end(),
      [&](RetentionClass one) { return static_cast<std::uint16_t>(one) == leaf.decision; });
  if (known == kAllRetentionClasses.end()) return std::nullopt;
  return PruneMark{*known, leaf.reason_bits};
}

}  // namespace paxid::audit
