#include "clients/cli/audit_command.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <sstream>
#include <utility>

#include "base/date.h"
#include "base/file.h"
#include "base/hex.h"
#include "verification/verdict.h"

namespace paxid::cli {
namespace {

using base::ErrorCode;
using nlohmann::json;

constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;
constexpr double kScoreSteps = 65535;

std::string decision_text(const audit::Leaf& leaf) {
  if (leaf.type != audit::RecordType::kDecision) return "none";
  const auto verdict = static_cast<verification::Verdict>(leaf.decision);
  switch (verdict) {
    case verification::Verdict::kMatch:
    case verification::Verdict::kReview:
    case verification::Verdict::kMismatch:
      return std::string(verification::name_of(verdict));
  }
  return "unknown (" + std::to_string(leaf.decision) + ")";
}

std::vector<std::string> lines_with_keys(std::istream& in) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  return lines;
}

}  // namespace

base::Result<std::string> proof_file(const sdk::InclusionProof& proof) {
  auto parsed = audit::parse_tlog_proof(proof.tlog_proof);
  if (!parsed) return tl::unexpected(parsed.error());
  parsed->extra = proof.leaf_data;
  return audit::to_text(*parsed);
}

base::Result<std::vector<audit::VerifierKey>> trusted_keys(const std::string& given) {
  std::vector<std::string> lines{given};
  const auto text = base::read_file(given, kMaxKeyFileBytes);
  if (text) {
    std::istringstream in(*text);
    lines = lines_with_keys(in);
  } else if (text.error().code != ErrorCode::kNotFound) {
    return base::fail(text.error().code, text.error().message, "--vkey");
  }
  std::vector<audit::VerifierKey> keys;
  for (const std::string& line : lines) {
    auto key = audit::parse_vkey(line);
    if (!key) {
      return base::fail(ErrorCode::kInvalidArgument,
                        "is neither a file nor a verifier key: " + key.error().message, "--vkey");
    }
    keys.push_back(std::move(*key));
  }
  if (keys.empty()) return base::fail(ErrorCode::kInvalidArgument, "holds no key", "--vkey");
  return keys;
}

base::Result<audit::CheckedRecord> check_proof(const std::string& proof_text,
                                               const std::vector<audit::VerifierKey>& trusted) {
  const std::string& origin = trusted.front().name;
  for (const audit::VerifierKey& key : trusted) {
    if (key.name != origin) {
      return base::fail(ErrorCode::kInvalidArgument, "the keys must all be of one log", "--vkey");
    }
  }
  const auto proof = audit::parse_tlog_proof(proof_text);
  if (!proof) return tl::unexpected(proof.error());
  if (!proof->extra) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "the file holds no leaf; `paxid audit prove` writes one into it");
  }
  return audit::check_record(proof_text, *proof->extra, trusted, origin);
}

json checked_json(const audit::CheckedRecord& record) {
  return {{"ok", true},
          {"log_origin", record.checkpoint.origin},
          {"leaf_index", record.index},
          {"leaf_hash", base::to_hex(record.leaf_hash)},
          {"tree_size", record.checkpoint.size},
          {"root_hash", base::to_hex(record.checkpoint.root)},
          {"time", base::utc_text(static_cast<std::int64_t>(record.leaf.time_unix_us /
                                                            kMicrosecondsPerSecond))},
          {"decision", decision_text(record.leaf)},
          {"score", record.leaf.score / kScoreSteps},
          {"request_id", base::to_hex(record.leaf.request_id)},
          {"ruleset", base::to_hex(record.leaf.ruleset)},
          {"software", base::to_hex(record.leaf.software)}};
}

std::string checked_card(const audit::CheckedRecord& record) {
  return "PROVEN  the record stands in the log\n"
         "  log       " +
         record.checkpoint.origin +
         "\n"
         "  record    " +
         std::to_string(record.index) + " of " + std::to_string(record.checkpoint.size) +
         "\n"
         "  decision  " +
         decision_text(record.leaf) +
         "\n"
         "  time      " +
         base::utc_text(
             static_cast<std::int64_t>(record.leaf.time_unix_us / kMicrosecondsPerSecond)) +
         "\n"
         "  leaf      " +
         base::to_hex(record.leaf_hash) +
         "\n"
         "  root      " +
         base::to_hex(record.checkpoint.root) + "\n";
}

}  // namespace paxid::cli
