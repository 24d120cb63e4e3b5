#pragma once

#include "mrz/checks.h"
#include "mrz/layout.h"
#include "mrz/report.h"
#include "mrz/zone.h"

namespace paxid::mrz {

// The fourth stage of reading: judges the dates once they have their centuries
// (mrz/zone_date.h).
void judge_dates(const Layout& layout, const Cells& cells, base::Date reference_date,
                 Reading& reading, Report& report);

// The last stage: codes of states and documents against the lists of Doc 9303, and what no
// check digit can see.
void judge_codes(const Layout& layout, const Cells& cells, const Document& document,
                 const ZoneDate& expiry, base::Date reference_date, Report& report);
// Reports the cell at `index` of the field at `place` when a look-alike of the other class,
// digit or letter, would leave every digit agreeing. For cells that stand alone among the other
// class.
void judge_odd_cell(const Span& place, std::size_t index, char cell, Report& report);
// Reports the first K of a run at the end of a document number, which may be fillers.
void judge_end_of_number(const Span& place, std::string_view number, Report& report);
// Reports a run at the end of optional data that may be misread fillers.
void judge_optional_data(const Layout& layout, const Cells& cells, Report& report);
void judge_blind_spots(const Layout& layout, const Cells& cells, const NumberParts& number,
                       Report& report);

}  // namespace paxid::mrz
