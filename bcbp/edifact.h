#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bcbp/name_candidate.h"

namespace paxid::bcbp {

inline constexpr std::size_t kMaxSegmentBytes = 4096;

// A UN/EDIFACT segment (ISO 9735, syntax level A, standard service characters): elements of
// components, with the release character '?' already undone.
struct Segment {
  std::string tag;
  std::vector<std::vector<std::string>> elements;

  // Component `component` of element `element`, both from 0; empty when there is none.
  std::string_view at(std::size_t element, std::size_t component = 0) const;
};
// A trailing segment terminator (') is taken off.
Segment split_segment(std::string_view raw);

enum class NameSegmentFinding : std::uint8_t {
  kTooLong,
  kIllegalByte,
  kNotANameSegment,
  kUnknownRole,  // NAD with a qualifier of no known meaning
  kNameMissing,
};
std::string_view name_of(NameSegmentFinding finding);
// Whether the segment counts as unreadable because of it: every one does.
constexpr bool refuses(NameSegmentFinding) { return true; }

// One of the travellers of a TIF segment. Personal data.
struct SegmentTraveller {
  std::string surname;
  std::string given;
  std::string title;
  std::string suffix;
  std::string ptc;  // INF, CHD, ADT; empty when not said
  std::string traveller_ref;
  std::vector<NameCandidate> candidates;  // most likely first
};

// Names of a NAD segment (UN/EDIFACT PAXLST: passenger lists) or a TIF segment (PNRGOV:
// traveller information). Personal data.
struct NameSegmentReading {
  bool ok = false;
  std::string tag;    // NAD or TIF
  std::string role;   // NAD: passenger, crew, transit_passenger, transit_crew, reporting_party, ...
  std::string group;  // TIF: the name of a group; then there is no person
  std::string surname;
  std::string given;
  std::string given2;
  std::string title;
  std::string suffix;
  std::string ptc;  // TIF: INF, CHD, ADT; empty when not said
  std::string traveller_ref;
  std::string street;
  std::string city;
  std::string state;
  std::string zip;
  std::string country;
  std::vector<NameCandidate> candidates;  // most likely first; empty for a group
  // TIF: those behind the first one above, who share its surname.
  std::vector<SegmentTraveller> further_travellers;
  std::vector<NameSegmentFinding> findings;
};
NameSegmentReading read_name_segment(std::string_view raw);

}  // namespace paxid::bcbp
