#pragma once

#include <optional>

#include "mrz/layout.h"
#include "mrz/report.h"

namespace paxid::mrz {

// The second stage of reading: whether each cell is in its field's alphabet. Characters that
// belong in no zone at all are the first stage's finding and are passed over.
void check_alphabets(const Layout& layout, const Cells& cells, Report& report);

struct Repair {
  Span cell;
  Field field = Field::kNone;
  char from = '?';
  char to = '?';
  bool proven = false;  // else it is only to be suggested
};

// The mend of the one cell outside its alphabet in the dates and check digits, when there is
// exactly one such cell and one digit makes both its field's check digit and the composite
// digit agree, and a date one of the calendar. It is proven when the digit also looks like what
// is printed. Without that it is suggested where the composite digit is a second witness:
// where it weighs the field otherwise than the field's own digit does, as it does for dates in
// the formats of Doc 9303. A second misread three cells away in the same date deceives both
// witnesses, which is why the likeness is asked for.
// For the composite digit's own cell: all other digits agree, and the likeness.
// Nothing for formats without a composite digit.
std::optional<Repair> find_repair(const Layout& layout, const Cells& cells);

}  // namespace paxid::mrz
