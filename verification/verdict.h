#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "base/personal.h"

namespace paxid::verification {

// The automatic suggestion. Values are the record's `decision` field.
enum class Verdict : std::uint16_t { kMatch = 1, kReview = 2, kMismatch = 3 };

std::string_view name_of(Verdict verdict);  // "MATCH", "REVIEW", "MISMATCH"
std::optional<Verdict> verdict_from(std::string_view name);

// One addend of the evidence. `code` is from the closed list of docs/policy.md.
struct Reason {
  std::string_view code;             // static lifetime, UPPER_SNAKE_CASE
  base::PersonalText booking_part;   // may be empty
  base::PersonalText document_part;  // may be empty
  double bits = 0;                   // > 0 for one person, < 0 against, 0 explains
  base::Message text;                // a sentence
};

enum class Severity { kInfo, kWarning, kError };

// Something noticed in a claim. Holds codes and places, no text of the claim.
struct Finding {
  std::string code;  // UPPER_SNAKE_CASE
  Severity severity = Severity::kInfo;
  int claim_index = 0;  // into Evidence::claims
  std::string place;    // "line 2, column 10", "item 46, offset 44"; empty: the whole claim
};

// What would have to be different for another verdict.
struct Counterfactual {
  std::string_view code;              // static lifetime
  Verdict verdict;                    // what would follow
  std::vector<base::Message> wishes;  // what would all have to be true
  base::Message text;                 // a sentence, where somebody else has put it together
};

// One line of the two names side by side. Differences are 0-based code point positions.
struct AlignedPart {
  base::PersonalText booking_part;
  base::PersonalText document_part;
  std::vector<int> booking_differences;
  std::vector<int> document_differences;
};

// The answer for one passenger.
struct VerdictReport {
  Verdict verdict = Verdict::kReview;
  double confidence = 0;        // P(one person), calibrated, 0..1
  double log_odds = 0;          // bits; the sum of the reasons' bits
  base::Message sentence;       // the one sentence a gate agent reads
  std::vector<Reason> reasons;  // most important first
  std::vector<Finding> findings;
  std::vector<Counterfactual> counterfactuals;
  std::vector<AlignedPart> alignment;
  std::uint64_t reason_bits = 0;  // one bit per reason code that occurs; the record's field
};

}  // namespace paxid::verification
