#pragma once

#include "mrz/layout.h"
#include "mrz/report.h"
#include "mrz/zone.h"

namespace paxid::mrz {

// Where a document number ends when it is longer than its field (9303-5 4.2.4): the field,
// then the filler in place of the check digit, then tail, check digit and a filler.
struct NumberParts {
  std::string_view head;  // the field's own cells
  std::string_view tail;  // "" for a number of at most nine characters
  char digit = '<';       // the printed check digit
  Span digit_cell;
  std::string_view rest;  // what optional data is left
  bool is_long = false;
  bool terminated = true;
};

// The views look into `cells`.
NumberParts number_parts(const Layout& layout, const Cells& cells);

// The third stage of reading: every check digit of the format, against the cells as printed.
// Fills reading.checks and reading.long_number.
void check_digits(const Layout& layout, const Cells& cells, const NumberParts& number,
                  Reading& reading, Report& report);

}  // namespace paxid::mrz
