#pragma once

#include <optional>
#include <string_view>

#include "audit/bytes.h"

namespace paxid::server {

// The metadata key under which a caller names the trace that its call is a part of.
inline constexpr std::string_view kTraceparent = "traceparent";

// The trace id of a W3C Trace Context header (Recommendation of 2021-11-23, section 3.2), as the
// leaf and the log carry it. Nothing when the text is not one, or the id is all zero: the call
// then goes on without a trace, as section 4.3 wants. A version above 00 may have more behind.
std::optional<audit::Id16> parse_traceparent(std::string_view text);

}  // namespace paxid::server
