#pragma once

#include <string>
#include <utility>
#include <vector>

#include "evaluation/report.h"

namespace paxid::evaluation {

// What a page says beside the figures. Plain text; it is escaped.
struct PageContext {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;  // label, text: file, version, prior
  std::vector<std::string> warnings;                       // lines left out, slices not shown
};

// The report as one HTML page: a table of all figures, then the ROC and reliability curves of
// every slice as inline SVG. Self-contained (its content policy forbids every request), light
// or dark as the reader's system is, readable by a screen reader and on paper. Holds figures
// and slice names only. Ends with a line feed.
std::string page(const Report& report, const PageContext& context);

}  // namespace paxid::evaluation
