#pragma once

#include <string_view>

#include "mrz/layout.h"
#include "mrz/report.h"

namespace paxid::mrz {

// A zone found in raw text and laid out in cells.
struct Frame {
  const Layout* layout = nullptr;  // null: the size names no format
  // What is printed, upper-cased, `<` for blanks; a printable ASCII character that belongs in
  // no zone stands as it is, anything else as `?`.
  Cells cells{};
};

// The first stage of reading: finds the lines, decides the format by size, then by letter,
// and reports whatever had to be tolerated. Linear in raw.size().
Frame frame(std::string_view raw, Report& report);

}  // namespace paxid::mrz
