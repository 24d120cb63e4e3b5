#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "bcbp/name_candidate.h"
#include "verification/verdict.h"

namespace paxid::verification {

// How the letters of two spellings are counted. "Three letters" is no rule without it:
// SANTHOSS and SANTOS differ in 4 positions, and by 2 insertions.
enum class LetterMetric : std::uint8_t { kPositional, kLevenshtein, kDamerau };
enum class LetterScope : std::uint8_t { kPerField, kTotal };

// What identifies a passenger on a route.
enum class DocumentMode : std::uint8_t {
  kNone,      // no document is looked at
  kNameOnly,  // any official document with the name
  kDocument,  // a travel document, read by a machine
};

// What differences lead to, for one occasion. Each member is a key of a policy file; the keys
// are those of docs/policy.md.
struct Rules {
  // names.*
  Verdict letter_change;   // one to `max_letter_changes` letters differ
  int max_letter_changes;  // Damerau edits in one field; more are another name
  Verdict nickname;
  Verdict initial_for_first;     // J for JOHN as the only given name
  Verdict fields_swapped;        // with equal birth dates; without them at least REVIEW
  Verdict further_name_missing;  // a second given name on one side only
  Verdict surname_part_missing;  // half of a double surname
  Verdict refused_form;          // booked in a form that the airline refuses
  std::uint32_t refused_forms;   // bits of bcbp::NameConvention

  // correction.*: what the airline corrects by itself. Beyond it the desk must help.
  LetterMetric correction_metric;
  LetterScope correction_scope;
  int correction_surname_letters;
  int correction_given_letters;
  bool correction_must_sound_alike;
  int correction_days_after_booking;        // kNoLimit: at any time
  int correction_minutes_before_departure;  // closes so long before; 0: never
  bool correction_after_check_in;
  bool correction_on_partner_flights;
  Verdict correction_not_covered;

  // document.*
  DocumentMode document_mode;
  Verdict expired;            // in mode DOCUMENT
  Verdict expired_name_only;  // in mode NAME_ONLY
  Verdict specimen;           // issued by UTO, which no State is
  Verdict unknown_state;      // issuer or nationality is no code of Doc 9303-3
  Verdict typed_only;         // in mode DOCUMENT, nothing was read by a machine
  Verdict short_validity;     // shorter than the destination asks for

  // passenger.*: ages in full years on the day of the flight
  int infant_below;
  int child_below;
  int unaccompanied_below;
  Verdict age_not_of_type;

  // clock.*
  int max_skew_seconds;
};

inline constexpr int kNoLimit = 9999;

// What a member of Rules may be. `loosest` is the safety floor.
struct VerdictField {
  Verdict Rules::*member;
  Verdict loosest;
};
struct IntegerField {
  int Rules::*member;
  int lowest;
  int highest;
};
struct FlagField {
  bool Rules::*member;
};
struct MetricField {
  LetterMetric Rules::*member;
};
struct ScopeField {
  LetterScope Rules::*member;
};
struct ModeField {
  DocumentMode Rules::*member;
};
struct FormsField {
  std::uint32_t Rules::*member;
};

// A key of a policy file.
struct RuleKey {
  std::string_view name;  // "names.letter_change"
  std::variant<VerdictField, IntegerField, FlagField, MetricField, ScopeField, ModeField,
               FormsField>
      field;
};

// Every key, in the order of docs/policy.md. Static lifetime.
std::span<const RuleKey> rule_keys();
const RuleKey* rule_key(std::string_view name);  // null when there is none

// A value as a policy file writes it: "REVIEW", "3", "true", "positional", "FNU LNU".
using RuleValue = std::string;
RuleValue value_of(const Rules& rules, const RuleKey& key);
// Nothing when done, else what the value must be. `rules` is then unchanged.
std::optional<std::string> set_value(Rules& rules, const RuleKey& key, std::string_view value);

}  // namespace paxid::verification
