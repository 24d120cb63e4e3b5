#pragma once

#include "mrz/checks.h"
#include "mrz/layout.h"
#include "mrz/report.h"
#include "mrz/zone.h"

namespace paxid::mrz {

// The fourth stage of reading: dates with their centuries. Fills reading.birth and .expiry.
void judge_dates(const Layout& layout, const Cells& cells, base::Date reference_date,
                 Reading& reading, Report& report);

// The last stage: codes of states and documents against the lists of Doc 9303, and what no
// check digit can see.
void judge_codes(const Layout& layout, const Document& document, Report& report);
void judge_blind_spots(const Layout& layout, const Cells& cells, const NumberParts& number,
                       Report& report);

}  // namespace paxid::mrz
