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

// The one reason the answer depends on most: below even odds the difference without which the
// names would be believed most, above them what the names share without which they would be
// believed least. The names are compared again as they would be then.
struct Lever {
  std::size_t reason = 0;  // index into comparison.reasons
  // Below even odds, if the parts of the reason were the same in both names, at least this; above
  // them, if neither name had them.
  double confidence_without = 0;
  bool decides = false;  // the confidence would lie on the other side of even odds
};
// `comparison` is that of the names. Nothing without an opinion, or where no reason with parts of
// its own speaks that way.
std::optional<Lever> lever_of(const matcher::PreparedName& a, const matcher::PreparedName& b,
                              const matcher::Comparison& comparison, double prior);

// A word that mixes scripts may be made to look like another (an А of another alphabet).
bool has_mixed_scripts(const matcher::NameText& name);

}  // namespace paxid::cli
