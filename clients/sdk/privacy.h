#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audit/bytes.h"
#include "clients/sdk/record.h"

// What a privacy officer does with a server.
namespace paxid::sdk {

enum class LookPurpose { kSubjectRequest = 1, kSupervision, kFineDefence, kClaimDefence, kAudit };
enum class ErasureGround {
  kSubjectRequest = 1,
  kObjection,
  kUnlawful,
  kLegalObligation,
  kController
};
enum class HoldAction { kPlace = 1, kProposeRelease, kRelease };
enum class RightsRequestKind { kAccess = 1, kErasure, kRectification, kRestriction, kObjection };

// "subject_request", "legal_obligation", "place", "access"; nothing for another word.
std::string_view name_of(LookPurpose purpose);
std::optional<LookPurpose> look_purpose_from(std::string_view word);
std::optional<ErasureGround> erasure_ground_from(std::string_view word);
std::optional<HoldAction> hold_action_from(std::string_view word);
std::optional<RightsRequestKind> rights_request_kind_from(std::string_view word);

// Why, and in which case, of every call. `request_id` as for a verification.
struct PrivacyContext {
  std::string request_id;
  LookPurpose purpose = LookPurpose::kSubjectRequest;
  std::string reference;           // of the case in the controller's files
  std::string answers_request_id;  // the entry in the register of deadlines, or empty
};

struct DocumentSelector {
  std::string issuer;
  std::string number;
};
struct RecordSelector {
  std::string request_id;
};
// Whom: by document, by one of the records, or by the reference in the leaves.
using SubjectSelector = std::variant<DocumentSelector, RecordSelector, audit::Id16>;

struct AccessReport {
  RecordReference record;
  audit::Id16 subject_ref{};
  std::string json;  // docs/privacy.md
};

struct ErasureReceipt {
  RecordReference record;
  audit::Id16 subject_ref{};
  std::uint64_t erased_records = 0;
  std::string proof;  // C2SP tlog-proof with the leaf in its extra line
};

struct SubjectChange {
  RecordReference record;
  audit::Id16 subject_ref{};
};

struct RightsRequest {
  RightsRequestKind kind = RightsRequestKind::kAccess;
  std::string received_on;  // YYYY-MM-DD
  bool extended = false;
};

struct OpenedDeadline {
  RecordReference record;
  std::int64_t due_unix_seconds = 0;
};

struct RightsDeadline {
  std::string request_id;
  std::int64_t received_unix_seconds = 0;
  std::int64_t due_unix_seconds = 0;
  std::optional<std::uint64_t> closed_by_leaf;
  bool warning = false;
};

// Who may be meant, when no document number is known; at least a name or a locator. Empty fields
// match everything.
struct SubjectSearch {
  std::string name;
  std::string locator;
  std::string carrier;
  std::string flight_number;
  std::string departure_date;
  std::optional<std::int64_t> from_unix_seconds;
  std::optional<std::int64_t> until_unix_seconds;  // exclusive
};

// Personal data.
struct SubjectCandidate {
  audit::Id16 subject_ref{};
  std::string record_request_id;
  std::int64_t unix_seconds = 0;
  std::string flight;  // "LH400/2026-11-22/FRA", as far as known
  std::string booked_name;
  std::string document_name;
  std::string locator;
  std::string birth_date;
};

struct SubjectPage {
  std::vector<SubjectCandidate> candidates;
  std::uint64_t next_leaf = 0;
  std::uint64_t end_leaf = 0;  // next_leaf: this was the last page
};

}  // namespace paxid::sdk
