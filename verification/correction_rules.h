#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "matcher/compare.h"
#include "verification/rule.h"
#include "verification/rules.h"

namespace paxid::verification {

// Letters that differ between two spellings.
int count_letters(LetterMetric metric, std::string_view a, std::string_view b);

// When and where a correction would be made.
struct CorrectionOccasion {
  std::optional<int> days_since_booking = std::nullopt;
  std::optional<int> minutes_to_departure = std::nullopt;
  bool checked_in = false;
  bool partner_flight = false;
};

// Where `outcomes` hold a difference that a correction of the booking would mend, and the
// airline does not correct it by itself: the rule that says so.
std::optional<RuleOutcome> correction_rule(const std::vector<RuleOutcome>& outcomes,
                                           const matcher::Comparison& comparison,
                                           const CorrectionOccasion& occasion, const Rules& rules);

}  // namespace paxid::verification
