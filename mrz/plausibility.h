#pragma once

#include "mrz/checks.h"
#include "mrz/layout.h"
#include "mrz/report.h"
#include "mrz/zone.h"

namespace paxid::mrz {

// The fourth stage of reading: dates with their centuries. Fills reading.birth and .expiry ...
void resolve_dates(const Layout& layout, const Cells& cells, base::Date reference_date,
                   Reading& reading);
// ... and judges them.
void judge_dates(const Layout& layout, const Cells& cells, base::Date reference_date,
                 Reading& reading, Report& report);

// The last stage: codes of states and documents against the lists of Doc 9303, and what no
// check digit can see.
void judge_codes(const Layout& layout, const Document& document, const ZoneDate& expiry,
                 Report& report);
// Reports the cell at `index` of the field at `place` when a look-alike of the other class,
// digit or letter, would leave every digit agreeing. For cells that stand alone among the other
// class.
void judge_odd_cell(const Span& place, std::size_t index, char cell, Report& report);
// Reports a run of K at the end of optional data, where fillers belong.
void judge_end_of_optional_data(const Layout& layout, const Cells& cells, Report& report);
void judge_blind_spots(const Layout& layout, const Cells& cells, const NumberParts& number,
                       Report& report);

}  // namespace paxid::mrz
