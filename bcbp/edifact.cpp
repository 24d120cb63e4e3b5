#include "bcbp/edifact.h"

#include <algorithm>
#include <array>
#include <utility>

#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

struct Role {
  std::string_view qualifier;
  std::string_view role;
};
// Data element 3035 as PAXLST uses it.
constexpr std::array kRoles{
    Role{"FL", "passenger"},          Role{"FM", "crew"},
    Role{"DDU", "transit_passenger"}, Role{"DDT", "transit_crew"},
    Role{"MS", "reporting_party"},
};

std::string_view role_of(std::string_view qualifier) {
  for (const Role& row : kRoles) {
    if (row.qualifier == qualifier) return row.role;
  }
  return {};
}

// Traveller types of TIF, as passenger types of a reservation.
std::string passenger_type_of(std::string_view code) {
  if (code == "A") return "ADT";
  if (code == "C") return "CHD";
  if (code == "IN") return "INF";
  return std::string(code);
}

void read_nad(const Segment& segment, NameSegmentReading& out) {
  out.role = role_of(upper(segment.at(0)));
  if (out.role.empty()) out.findings.push_back(NameSegmentFinding::kUnknownRole);
  out.surname = segment.at(3, 0);
  out.given = segment.at(3, 1);
  out.given2 = segment.at(3, 2);
  out.street = segment.at(4);
  out.city = segment.at(5);
  out.state = segment.at(6);
  out.zip = segment.at(7);
  out.country = segment.at(8);
  std::string name = out.surname + "/" + out.given;
  if (!out.given2.empty()) name += " " + out.given2;
  if (!has_letter(name)) return;
  out.candidates = booking_name_candidates(name);
  // Title and suffix come from the reservation, behind the last given name or glued to it.
  std::string& last = out.given2.empty() ? out.given : out.given2;
  const NameCandidate best = booking_name_candidates(out.surname + "/" + last).front();
  if (best.given.empty() || (best.title.empty() && best.suffix.empty())) return;
  last = best.given;
  out.title = best.title;
  out.suffix = best.suffix;
}

SegmentTraveller traveller_at(const Segment& segment, std::size_t element) {
  SegmentTraveller traveller;
  traveller.ptc = passenger_type_of(segment.at(element, 1));
  traveller.traveller_ref = segment.at(element, 2);
  const std::string_view surname = segment.at(0, 0);
  if (!has_letter(surname)) return traveller;
  traveller.candidates =
      booking_name_candidates(std::string(surname) + "/" + std::string(segment.at(element, 0)));
  const NameCandidate& best = traveller.candidates.front();
  traveller.surname = best.surname;
  traveller.given = best.given;
  traveller.title = best.title;
  traveller.suffix = best.suffix;
  if (traveller.ptc.empty()) traveller.ptc = best.ptc;
  return traveller;
}

// TIF+surname:status+given:type:reference+given:type:reference...
void read_tif(const Segment& segment, NameSegmentReading& out) {
  if (segment.at(0, 1) == "G") {
    out.group = segment.at(0, 0);
    return;
  }
  SegmentTraveller first = traveller_at(segment, 1);
  out.surname = std::move(first.surname);
  out.given = std::move(first.given);
  out.title = std::move(first.title);
  out.suffix = std::move(first.suffix);
  out.ptc = std::move(first.ptc);
  out.traveller_ref = std::move(first.traveller_ref);
  out.candidates = std::move(first.candidates);
  for (std::size_t element = 2; element < segment.elements.size(); ++element) {
    if (!has_letter(segment.at(element))) continue;
    out.further_travellers.push_back(traveller_at(segment, element));
  }
}

}  // namespace

std::string_view Segment::at(std::size_t element, std::size_t component) const {
  if (element >= elements.size() || component >= elements[element].size()) return {};
  return elements[element][component];
}

Segment split_segment(std::string_view raw) {
  std::vector<std::vector<std::string>> elements{{std::string()}};
  for (std::size_t i = 0; i < raw.size() && raw[i] != '\''; ++i) {
    std::string& text = elements.back().back();
    if (raw[i] == '?' && i + 1 < raw.size()) {
      text += raw[++i];
    } else if (raw[i] == '+') {
      elements.push_back({std::string()});
    } else if (raw[i] == ':') {
      elements.back().emplace_back();
    } else {
      text += raw[i];
    }
  }
  for (auto& element : elements) {
    for (std::string& component : element) component = trim(component);
  }
  Segment segment;
  segment.tag = elements.front().front();
  segment.elements.assign(std::make_move_iterator(elements.begin() + 1),
                          std::make_move_iterator(elements.end()));
  return segment;
}

NameSegmentReading read_name_segment(std::string_view raw) {
  NameSegmentReading out;
  if (raw.size() > kMaxSegmentBytes) {
    out.findings.push_back(NameSegmentFinding::kTooLong);
    return out;
  }
  if (!std::all_of(raw.begin(), raw.end(), is_printable)) {
    out.findings.push_back(NameSegmentFinding::kIllegalByte);
    return out;
  }
  const Segment segment = split_segment(trim(raw));
  out.tag = upper(segment.tag);
  if (out.tag == "NAD") {
    read_nad(segment, out);
  } else if (out.tag == "TIF") {
    read_tif(segment, out);
  } else {
    out.findings.push_back(NameSegmentFinding::kNotANameSegment);
    return out;
  }
  if (out.candidates.empty() && out.group.empty()) {
    out.findings.push_back(NameSegmentFinding::kNameMissing);
  }
  out.ok = out.findings.empty();
  return out;
}

std::string_view name_of(NameSegmentFinding finding) {
  switch (finding) {
    case NameSegmentFinding::kTooLong:
      return "TOO_LONG";
    case NameSegmentFinding::kIllegalByte:
      return "ILLEGAL_BYTE";
    case NameSegmentFinding::kNotANameSegment:
      return "NOT_A_NAME_SEGMENT";
    case NameSegmentFinding::kUnknownRole:
      return "UNKNOWN_ROLE";
    case NameSegmentFinding::kNameMissing:
      return "NAME_MISSING";
  }
  return "";
}

}  // namespace paxid::bcbp
