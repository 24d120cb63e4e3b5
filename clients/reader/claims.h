#pragma once

#include <optional>
#include <vector>

#include "base/date.h"
#include "clients/reader/scan.h"
#include "verification/claim.h"

namespace paxid::reader {

// What was scanned as claims. A zone and a pass go as they are; the text of a licence, which the
// contract does not carry, as what it says.
std::vector<verification::Claim> claims_of(const std::optional<Scan>& pass,
                                           const std::optional<Scan>& document, base::Date today);

}  // namespace paxid::reader
