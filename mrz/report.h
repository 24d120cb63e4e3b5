#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mrz/finding.h"
#include "mrz/layout.h"

namespace paxid::mrz {

// Where the stages of reading leave their findings: knows how grave each one is.
class Report {
 public:
  Report(Findings& findings, bool strict) : findings_(findings), strict_(strict) {}

  bool strict() const { return strict_; }

  void add(FindingCode code, std::string_view expected = {}, std::string_view found = {}) {
    at(code, Field::kNone, 0, 0, expected, found);
  }
  // At the first cell of `place`.
  void at(FindingCode code, Field field, const Span& place, std::string_view expected = {},
          std::string_view found = {}) {
    at(code, field, place.line, place.column, expected, found);
  }
  void at(FindingCode code, Field field, std::size_t line, std::size_t column,
          std::string_view expected = {}, std::string_view found = {}) {
    Finding finding;
    finding.code = code;
    finding.severity = severity_of(code, strict_);
    finding.field = field;
    finding.line = static_cast<std::uint8_t>(line);
    finding.column = static_cast<std::uint8_t>(column);
    finding.expected = FixedText<11>(expected);
    finding.found = FixedText<11>(found);
    findings_.add(finding);
  }
  // A cell that is not what it should be, which is an error for every code used here (or
  // follows one). Lists at most Findings::kMaxCells of them.
  void cell(FindingCode code, Field field, std::size_t line, std::size_t column,
            std::string_view expected, std::string_view found) {
    if (cells_ == Findings::kMaxCells) return;
    ++cells_;
    at(code, field, line, column, expected, found);
  }

 private:
  Findings& findings_;
  bool strict_;
  std::size_t cells_ = 0;
};

}  // namespace paxid::mrz
