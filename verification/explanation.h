#pragma once

#include <string_view>
#include <vector>

#include "matcher/compare.h"
#include "verification/rule.h"
#include "verification/verdict.h"

namespace paxid::verification {

// Every rule that applies and every addend of the evidence, the most important first: rules
// that limit the verdict, what asks for something to be done, then the evidence by weight.
std::vector<Reason> reasons_of(const std::vector<RuleOutcome>& outcomes,
                               const matcher::Comparison& comparison);

// The two names part by part, with the letters that differ.
std::vector<AlignedPart> alignment_of(const matcher::Comparison& comparison);

// The sentence of the rule that decides the verdict.
base::Message sentence_for(const std::vector<RuleOutcome>& outcomes, Verdict verdict);

// The key of the sentence on a piece of the names' comparison, "NAME_EQUAL". Static lifetime.
std::string_view sentence_key(matcher::ReasonCode code);

}  // namespace paxid::verification
