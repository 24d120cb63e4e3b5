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
};

// The one mend that is made without asking: there is exactly one cell outside its alphabet in
// the dates and check digits, and
//   in a field or its check digit, the digit that the field's check digit demands makes the
//   composite digit agree too (the weights differ, so these are two witnesses), and a date
//   becomes one of the calendar;
//   in the composite digit's own cell, all other digits agree and the digit demanded looks
//   like what is printed.
// Nothing for formats without a composite digit.
std::optional<Repair> find_repair(const Layout& layout, const Cells& cells);

}  // namespace paxid::mrz
