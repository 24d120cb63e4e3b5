#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "clients/reader/wedge.h"

namespace paxid::reader {

// How the scanners of a device are described to its program.
struct ScannerSettings {
  std::vector<std::string> scanners;  // scanner_from()
  std::string keyboard;               // layout of the host; empty: what scans prove
  int key_gap_ms = static_cast<int>(WedgeOptions().key_gap.count());
};

// Errors as scanner_from(), and INVALID_ARGUMENT for a keyboard that is none of the list.
base::Result<WedgeOptions> wedge_options(const ScannerSettings& settings);

// The names of the layouts, "de" first.
std::vector<std::string> keyboard_names();

}  // namespace paxid::reader
