#include "verification/correction_rules.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "matcher/letters.h"
#include "verification/name_rules.h"
#include "verification/sides.h"

namespace paxid::verification {
namespace {

int levenshtein(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i) + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const int replaced = diagonal + (a[i] != b[j] ? 1 : 0);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

int positional(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  int different = static_cast<int>(std::max(a.size(), b.size()) - shorter);
  for (std::size_t i = 0; i < shorter; ++i) different += a[i] != b[i];
  return different;
}

// Differences that a correction of the booked name would mend.
bool is_correctable(RuleCode code) {
  switch (code) {
    case RuleCode::kLettersDiffer:
    case RuleCode::kOtherKnownName:
    case RuleCode::kSpellingVariant:
    case RuleCode::kNickname:
    case RuleCode::kInitialOnly:
    case RuleCode::kFirstNameMissing:
    case RuleCode::kSurnamePartMissing:
    case RuleCode::kFieldsSwapped:
      return true;
    default:
      return false;
  }
}

struct Letters {
  int surname = 0;
  int given = 0;
  int unknown = 0;
  bool sound_alike = true;  // as far as the rules ask

  int total() const { return surname + given + unknown; }
};

Letters letters_of(const matcher::Comparison& comparison, const Rules& rules) {
  Letters letters;
  for (const matcher::Reason& reason : comparison.reasons) {
    const bool differ = reason.code == matcher::ReasonCode::kSlip ||
                        reason.code == matcher::ReasonCode::kSpellingVariant ||
                        reason.code == matcher::ReasonCode::kTransliteration ||
                        reason.code == matcher::ReasonCode::kOtherName;
    if (!differ) continue;
    // Letters of another script are no letters of a booking.
    const std::string a = latin_letters(reason.a);
    const std::string b = latin_letters(reason.b);
    if (a.empty() || b.empty()) continue;
    int& field = reason.role == matcher::Role::kSurname   ? letters.surname
                 : reason.role == matcher::Role::kUnknown ? letters.unknown
                                                          : letters.given;
    field += count_letters(rules.correction_metric, a, b);
    // Measured where an airline asks for it: it takes longer than all else here.
    if (rules.correction_must_sound_alike)
      letters.sound_alike = letters.sound_alike && sound_alike(a, b);
  }
  return letters;
}

RuleOutcome not_covered(const Rules& rules, std::string_view key, int limit) {
  RuleOutcome outcome{RuleCode::kCorrectionNotCovered, rules.correction_not_covered};
  outcome.sentence_key = key;
  outcome.arguments.push_back({"limit", std::int64_t{limit}});
  return outcome;
}

}  // namespace

int count_letters(LetterMetric metric, std::string_view a, std::string_view b) {
  switch (metric) {
    case LetterMetric::kPositional:
      return positional(a, b);
    case LetterMetric::kLevenshtein:
      return levenshtein(a, b);
    case LetterMetric::kDamerau:
      return matcher::letter_edits(a, b);
  }
  return 0;
}

std::optional<RuleOutcome> correction_rule(const std::vector<RuleOutcome>& outcomes,
                                           const matcher::Comparison& comparison,
                                           const CorrectionOccasion& occasion, const Rules& rules) {
  if (std::none_of(outcomes.begin(), outcomes.end(), [](const RuleOutcome& outcome) {
        return outcome.at_best == Verdict::kReview && is_correctable(outcome.code);
      })) {
    return std::nullopt;
  }
  const Letters letters = letters_of(comparison, rules);
  const int most = std::max(rules.correction_surname_letters, rules.correction_given_letters);
  const bool too_many = rules.correction_scope == LetterScope::kTotal
                            ? letters.total() > most
                            : letters.surname > rules.correction_surname_letters ||
                                  letters.given > rules.correction_given_letters ||
                                  letters.unknown > most;
  if (too_many) return not_covered(rules, "CORRECTION_NOT_COVERED_LETTERS", most);
  if (rules.correction_must_sound_alike && !letters.sound_alike)
    return not_covered(rules, "CORRECTION_NOT_COVERED_SOUND", 0);
  if (occasion.days_since_booking && rules.correction_days_after_booking != kNoLimit &&
      *occasion.days_since_booking > rules.correction_days_after_booking)
    return not_covered(rules, "CORRECTION_NOT_COVERED_TIME", rules.correction_days_after_booking);
  if (occasion.minutes_to_departure && rules.correction_minutes_before_departure > 0 &&
      *occasion.minutes_to_departure < rules.correction_minutes_before_departure)
    return not_covered(rules, "CORRECTION_NOT_COVERED_TIME",
                       rules.correction_minutes_before_departure);
  if (occasion.checked_in && !rules.correction_after_check_in)
    return not_covered(rules, "CORRECTION_NOT_COVERED_CHECKED_IN", 0);
  if (occasion.partner_flight && !rules.correction_on_partner_flights)
    return not_covered(rules, "CORRECTION_NOT_COVERED_PARTNER", 0);
  return std::nullopt;
}

}  // namespace paxid::verification
