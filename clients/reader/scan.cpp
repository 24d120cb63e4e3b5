#include "clients/reader/scan.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "base/utf8.h"
#include "bcbp/boarding_pass.h"
#include "mrz/aamva.h"
#include "mrz/zone.h"

namespace paxid::reader {
namespace {

// No zone has more lines (ICAO Doc 9303-5), and none a shorter line than the first of a Swiss
// licence.
constexpr std::size_t kMaxZoneLines = 3;
constexpr std::array<std::size_t, 5> kZoneLineLengths{44, 36, 34, 30, 9};
// Zones with longer lines have two of them.
constexpr std::size_t kLineLengthOfThree = 30;
constexpr std::size_t kLicenceMinBytes = 20;

// Caps lock exchanges the cases; a zone and a pass have upper case alone.
std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::string without_line_ends(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n'; });
  return text;
}

bool reads_as_pass(std::string_view text, base::Date today) {
  const auto reading = bcbp::read(text, {.reference_date = today});
  return reading.ok && !reading.has(bcbp::FindingCode::kFieldFormat) &&
         !reading.has(bcbp::FindingCode::kFieldLowercase) &&
         !reading.has(bcbp::FindingCode::kNameWithoutSlash);
}

bool begins_as_pass(std::string_view text) {
  return text.size() >= bcbp::kMinPassBytes && (text[0] == 'M' || text[0] == 'm') &&
         text[1] >= '1' && text[1] <= '4';
}

// Whether the room of zones had to make something of keys.
bool has_foreign_keys(const mrz::Reading& reading) {
  return std::any_of(reading.findings.begin(), reading.findings.end(), [](const auto& finding) {
    return finding.code == mrz::FindingCode::kFillerKey ||
           finding.code == mrz::FindingCode::kKeyboardLayout ||
           finding.code == mrz::FindingCode::kKeyboardUncertain;
  });
}

struct ZoneText {
  std::string text;  // the lines in the order in which they make a zone
  bool ok = false;
  bool clean = false;  // and nothing was made of keys
};

// Nothing when the lines make a zone in no order.
std::optional<ZoneText> zone_of(const std::vector<std::string>& lines, base::Date today) {
  if (lines.empty() || lines.size() > kMaxZoneLines) return std::nullopt;
  std::vector<std::size_t> order(lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::optional<ZoneText> readable;
  do {
    std::vector<std::string> ordered;
    for (const std::size_t place : order) ordered.push_back(lines[place]);
    ZoneText zone{joined(ordered), false, false};
    const mrz::Reading reading = mrz::read(zone.text, {.reference_date = today});
    zone.ok = reading.ok;
    zone.clean = reading.ok && !has_foreign_keys(reading);
    if (zone.ok) return zone;
    if (!readable && reading.format != mrz::Format::kNone) readable = std::move(zone);
  } while (std::next_permutation(order.begin(), order.end()));
  return readable;
}

struct Found {
  ScanKind kind;
  std::string text;
};

// A pass or a zone that reads without an error, caps lock undone; nothing for anything else.
std::optional<Found> clean_reading(const std::vector<std::string>& lines, base::Date today) {
  const std::string text = without_line_ends(joined(lines));
  for (const std::string& one : {text, upper(text)}) {
    if (reads_as_pass(one, today)) return Found{ScanKind::kPass, one};
  }
  const auto zone = zone_of(lines, today);
  if (zone && zone->clean) return Found{ScanKind::kDocument, zone->text};
  return std::nullopt;
}

// What the layouts make of it, when they agree.
std::optional<Scan> mended(const std::vector<std::string>& lines, base::Date today,
                           LayoutSet possible) {
  std::optional<Scan> scan;
  for (std::size_t place = 0; place < kKeyboardLayouts; ++place) {
    if (!possible.test(place)) continue;
    std::vector<std::string> sent;
    for (const std::string& line : lines) sent.push_back(as_sent(line, keyboard_layouts()[place]));
    auto found = sent == lines ? std::nullopt : clean_reading(sent, today);
    if (!found) continue;
    if (scan && scan->text.reveal() != found->text) return std::nullopt;
    if (!scan) scan = Scan{found->kind, base::PersonalText(std::move(found->text)), true, {}};
    scan->layouts.set(place);
  }
  return scan;
}

}  // namespace

Scan read_scan(const std::vector<std::string>& lines, base::Date today, LayoutSet possible) {
  const std::string arrived = joined(lines);
  const auto as_it_arrived = [](ScanKind kind, std::string text, bool whole) {
    return Scan{kind, base::PersonalText(std::move(text)), whole, {}};
  };
  if (arrived.size() >= kLicenceMinBytes && mrz::is_licence_text(arrived)) {
    return as_it_arrived(ScanKind::kDocument, arrived, true);
  }
  if (auto found = clean_reading(lines, today)) {
    return as_it_arrived(found->kind, std::move(found->text), true);
  }
  if (auto scan = mended(lines, today, possible)) return *std::move(scan);
  // Damaged, or mended by the room of zones: what it claims to be.
  if (begins_as_pass(arrived)) {
    return as_it_arrived(ScanKind::kPass, without_line_ends(arrived), false);
  }
  if (auto zone = zone_of(lines, today)) {
    return as_it_arrived(ScanKind::kDocument, std::move(zone->text), zone->ok);
  }
  return as_it_arrived(ScanKind::kOther, arrived, false);
}

bool may_continue(const std::vector<std::string>& lines) {
  // The text of a licence has a line for each element; only the pause ends it.
  if (!lines.empty() && lines.front().starts_with('@')) return true;
  std::size_t longest = 0;
  for (const std::string& line : lines) {
    const std::size_t length = base::count_code_points(line).value_or(0);
    if (std::find(kZoneLineLengths.begin(), kZoneLineLengths.end(), length) ==
        kZoneLineLengths.end()) {
      return false;
    }
    longest = std::max(longest, length);
  }
  return lines.size() < (longest > kLineLengthOfThree ? kMaxZoneLines - 1 : kMaxZoneLines);
}

PassFace face_of_pass(const Scan& pass, base::Date today) {
  const auto reading = bcbp::read(pass.text.reveal(), {.reference_date = today});
  PassFace face;
  const auto given = reading.given_raw();
  std::string name(reading.surname());
  if (given) name += "/" + std::string(*given);
  face.name = base::PersonalText(std::move(name));
  if (reading.pass.legs.size() > 0) {
    std::string seat(reading.pass.legs[0].text(bcbp::Item::kSeat));
    seat.erase(0, std::min(seat.find_first_not_of('0'), seat.size()));
    face.seat = std::move(seat);
  }
  return face;
}

DocumentFace face_of_document(const Scan& document, base::Date today) {
  const std::string& text = document.text.reveal();
  if (mrz::is_licence_text(text)) {
    const mrz::Licence licence = mrz::read_licence(text, today);
    return {base::PersonalText(licence.surname + "/" + licence.given_names),
            licence.expiry_date.has_value()};
  }
  const mrz::Reading reading = mrz::read(text, {.reference_date = today});
  return {base::PersonalText(std::string(reading.document.surname.view()) + "/" +
                             std::string(reading.document.given_names.view())),
          reading.expiry.date.has_value()};
}

}  // namespace paxid::reader
