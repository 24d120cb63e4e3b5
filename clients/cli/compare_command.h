#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

#include "matcher/compare.h"

namespace paxid::cli {

// The prior of a request that names none: at a gate, the share of presented documents that
// belong to the booking they are presented for is unknown; even odds claim nothing.
inline constexpr double kDefaultPrior = 0.5;

// A name of the line protocol: {"full"} or {"surname", "given"} with optional "source",
// "language", "issuer", "maybe_truncated". Else the code that says why there is none:
// MISSING_NAME, BAD_NAME for a key with a value of the wrong kind, UNKNOWN_SOURCE for a source
// that is none of the six.
tl::expected<matcher::NameText, std::string_view> name_from(const nlohmann::json& object);

// Answers {"a": {...}, "b": {...}, "prior"?} of the line protocol, row "compare". Refused with
// the codes of name_from, and BAD_PRIOR for a prior outside 0..1. Never throws.
nlohmann::json answer_compare(const nlohmann::json& request);

// The one reason the answer depends on most: below even odds the one that speaks most against
// one person, above them the one that speaks most for it.
struct Lever {
  std::size_t reason = 0;  // index into comparison.reasons
  // Without the reason. Where it speaks against, the confidence would be this or more if the
  // parts agreed, since parts that agree never speak against.
  double confidence_without = 0;
  bool decides = false;  // the confidence would lie on the other side of even odds
};
// Nothing without an opinion, or where no reason speaks that way.
std::optional<Lever> lever_of(const matcher::Comparison& comparison, double prior);

}  // namespace paxid::cli
