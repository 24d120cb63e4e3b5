#pragma once

#include <string_view>
#include <vector>

#include "bcbp/name_candidate.h"

namespace paxid::bcbp {

// What booking_name_candidates() and name_field_candidates() share. `full`: the text fills a
// field of limited size, so that it, and a title at its end, may be cut.
std::vector<NameCandidate> read_name(std::string_view text, bool full);

}  // namespace paxid::bcbp
