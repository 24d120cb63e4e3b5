#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "clients/sdk/privacy.h"
#include "clients/sdk/record.h"

// Parts of a log for recipients outside.
namespace paxid::sdk {

enum class ExportProfile { kBorder = 1, kDataProtection, kCivilAviation, kInternal, kDataSubject };
// "border", "data_protection", "civil_aviation", "internal", "data_subject".
std::string_view name_of(ExportProfile profile);
std::optional<ExportProfile> export_profile_from(std::string_view word);

// What an auditor asks the log, in place of an export.
enum class AuditQuestion {
  kNone,
  kOverrides,
  kAccepted,
  kLooks,
  kPolicy,
  kErrors,
  kFlight,
  kWhole
};

// What is wanted; empty fields match everything.
struct ExportSelection {
  ExportProfile profile = ExportProfile::kInternal;
  std::optional<std::int64_t> from_unix_seconds;
  std::optional<std::int64_t> until_unix_seconds;  // exclusive
  std::string carrier;
  std::string flight_number;
  std::string departure_date;
  std::string from_airport;
  std::string verdict;
  std::string station;
  std::optional<audit::Id16> subject_ref;
  AuditQuestion question = AuditQuestion::kNone;
  std::string operator_id;  // decisions of this person only
};

struct ExportedRecord {
  std::uint64_t leaf_index = 0;
  audit::Bytes leaf_data;
  // "none", "open", "pseudonymous", "withheld", "gone", "restricted", "redacted"
  std::string body_state;
  std::string body_json;
  audit::Bytes sealed_body;
  audit::Bytes body_key;
};

struct ExportPage {
  std::vector<ExportedRecord> records;
  std::uint64_t first_leaf = 0;
  std::uint64_t end_leaf = 0;
  std::uint64_t next_leaf = 0;  // end_leaf: the last page
  std::vector<audit::Hash> left_subtrees;
  std::string operator_pseudonym;  // of operator_id
};

struct ReleasedExport {
  RecordReference record;
  std::string json;  // profile, filter, purpose and reference
};

struct CosignedTree {
  std::uint64_t tree_size = 0;
  int witnesses = 0;
};

// An entry of the API-processing log.
struct ApiEntry {
  std::int64_t unix_microseconds = 0;
  std::string station;
  std::string channel;
  audit::Id16 actor{};
  std::string operation;
};
struct ApiPage {
  std::vector<ApiEntry> entries;
  std::int64_t next = 0;  // 0: this was the last page
};

struct SealedExport {
  std::string tlog_proof;
  std::vector<audit::Hash> consistency;
};

}  // namespace paxid::sdk
