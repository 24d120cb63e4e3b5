#pragma once

#include <string_view>

#include "mrz/document.h"
#include "mrz/report.h"

namespace paxid::mrz {

// The parts of a name field, ICAO Doc 9303-3 4.6: the primary identifier, `<<`, the secondary
// identifier, one `<` between the parts of either.
struct NameField {
  FixedText<39> primary;
  FixedText<39> secondary;
  // The last cell is a letter; of two fields, the last cell of either.
  bool maybe_truncated = false;
};

// Splits `cells`, the field that stands at `place`, and reports what does not conform: no
// primary identifier, separators beyond the one, runs of letters that scanners read in place
// of fillers. Digits stay in the text; their report is the cells' business.
NameField split_name(std::string_view cells, const Span& place, Report& report);

// The same for identifiers with a field each, as on the French card: nothing but the identifier
// stands in its field, and two fillers between given names are usual there.
NameField names_of_two_fields(std::string_view primary, const Span& primary_place,
                              std::string_view secondary, const Span& secondary_place,
                              Report& report);

}  // namespace paxid::mrz
