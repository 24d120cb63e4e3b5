#pragma once

#include <span>

#include "mrz/raw_line.h"
#include "mrz/report.h"

namespace paxid::mrz {

// Of so many zones that lines of a wrong length could have been, each is tried.
inline constexpr std::size_t kMaxTrials = 200;

// Lines that are each at most one cell shorter or longer than `shape` wants: reading loses or
// doubles a filler within a run of them more easily than anything else. Suggests the change
// (REPAIR_CANDIDATE, one for each line) when it is the only one with which the zone is in
// order, says REPAIR_AMBIGUOUS when there are several or too many to try. In a line that no
// digit covers only the fillers at its end are considered. Changes nothing.
void suggest_fillers(const Shape& shape, std::span<const RawLine> lines, Report& report);

}  // namespace paxid::mrz
