#pragma once

#include <vector>

#include "verification/rule.h"
#include "verification/verdict.h"

namespace paxid::verification {

// What would have to be different for a better verdict: each rule that alone stands in the
// way, or, when several do, all of them together. Empty for a MATCH.
std::vector<Counterfactual> counterfactuals_of(const std::vector<RuleOutcome>& outcomes);

}  // namespace paxid::verification
