#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "matcher/compare.h"

namespace paxid::cli {

// The prior of a request that names none: at a gate, the share of presented documents that
// belong to the booking they are presented for is unknown; even odds claim nothing.
inline constexpr double kDefaultPrior = 0.5;

// Answers {"a": {...}, "b": {...}, "prior"?} of the line protocol, row "compare". Each name is
// {"full"} or {"surname", "given"} with optional "source", "language", "issuer",
// "maybe_truncated". A request without two names is refused with MISSING_NAME, a source that
// is none of the six with UNKNOWN_SOURCE, a prior outside 0..1 with BAD_PRIOR. Never throws.
nlohmann::json answer_compare(const nlohmann::json& request);

// A comparison for people: the aligned parts one above the other with the differing letters
// marked, the bits of each reason, their sum and the confidence at `prior`. Ends with '\n'.
std::string comparison_card(const matcher::Comparison& comparison, double prior);

}  // namespace paxid::cli
