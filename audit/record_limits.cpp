#include "audit/record_limits.h"

#include <string>

namespace paxid::audit {
namespace {

using base::ErrorCode;

base::Result<void> effect_in_limits(const Record& record) {
  const auto refuse = [](std::string message, std::string field) {
    return base::fail(ErrorCode::kInvalidArgument, std::move(message), std::move(field));
  };
  if ((record.type == RecordType::kErasure) != (record.effect == RecordEffect::kErase) ||
      (record.type == RecordType::kRetentionPrune) != (record.effect == RecordEffect::kPrune)) {
    return refuse("type and effect contradict each other", "effect");
  }
  switch (record.effect) {
    case RecordEffect::kNone:
    case RecordEffect::kOpenDeadline:
    case RecordEffect::kCloseDeadline:
      return {};
    case RecordEffect::kPrune:
      if (record.decision < 1 || record.decision > kAllRetentionClasses.size()) {
        return refuse("an unassigned retention class", "decision");
      }
      return {};
    case RecordEffect::kErase:
    case RecordEffect::kHold:
    case RecordEffect::kProposeRelease:
    case RecordEffect::kRelease:
    case RecordEffect::kRestrict:
    case RecordEffect::kLiftRestriction:
      if (!record.subject_ref) return refuse("the effect needs a subject", "subject_ref");
      return {};
  }
  return {};
}

}  // namespace

base::Result<void> in_limits(const Record& record) {
  const auto refuse = [](std::string message, std::string field) {
    return base::fail(ErrorCode::kInvalidArgument, std::move(message), std::move(field));
  };
  const auto type = static_cast<std::uint8_t>(record.type);
  if (type < 1 || type > static_cast<std::uint8_t>(RecordType::kRefusedRequest)) {
    return refuse("an unassigned record type", "type");
  }
  if (record.request_id == Id16{}) return refuse("the request id is zero", "request_id");
  if (record.canonical_request.size() > kMaxCanonicalRequestBytes) {
    return refuse("the request is larger than 1 MiB", "canonical_request");
  }
  if (record.body.size() > kMaxBodyBytes) {
    return refuse("the body is larger than 256 KiB", "body");
  }
  if (record.response.size() > kMaxResponseBytes) {
    return refuse("the response is larger than 256 KiB", "response");
  }
  if (record.subject &&
      (record.subject->value.empty() || record.subject->value.size() > kMaxSubjectLookupBytes)) {
    return refuse("a subject is looked up by 1 to 1024 bytes", "subject");
  }
  if (record.subject.has_value() + record.subject_of_request.has_value() +
          record.subject_ref.has_value() >
      1) {
    return refuse("the subject is given in one way, not two", "subject_of_request");
  }
  return effect_in_limits(record);
}

}  // namespace paxid::audit
