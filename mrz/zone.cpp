#include "mrz/zone.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "mrz/cells.h"
#include "mrz/checks.h"
#include "mrz/frame.h"
#include "mrz/keyboard.h"
#include "mrz/name_field.h"
#include "mrz/plain.h"
#include "mrz/plausibility.h"
#include "mrz/report.h"
#include "mrz/zone_date.h"

namespace paxid::mrz {
namespace {

// Without the fillers around it, those inside as blanks.
template <std::size_t kCapacity>
FixedText<kCapacity> plain_text(std::string_view cells) {
  FixedText<kCapacity> text;
  const std::size_t first = cells.find_first_not_of('<');
  if (first == std::string_view::npos) return text;
  const std::size_t last = cells.find_last_not_of('<');
  for (char cell : cells.substr(first, last + 1 - first)) text.push_back(cell == '<' ? ' ' : cell);
  return text;
}

FixedText<24> number_text(const NumberParts& number) {
  auto text = plain_text<24>(number.head);
  for (char cell : number.tail) text.push_back(cell);
  return text;
}

void read_names(const Layout& layout, const Cells& cells, Reading& reading, Report& report) {
  const std::string_view field = layout.name.in(cells);
  const NameField name = layout.given_name.present()
                             ? names_of_two_fields(field, layout.name, layout.given_name.in(cells),
                                                   layout.given_name, report)
                             : split_name(field, layout.name, report);
  reading.document.surname = name.primary;
  reading.document.given_names = name.secondary;
  reading.maybe_truncated = name.maybe_truncated;
}

void read_fields(const Layout& layout, const Cells& cells, const NumberParts& number,
                 Document& document) {
  document.document_code = plain_text<2>(layout.document_code.in(cells));
  document.issuer = plain_text<3>(layout.issuer.in(cells));
  document.document_number = number_text(number);
  document.nationality = plain_text<3>(layout.nationality.in(cells));
  document.birth_date = FixedText<6>(layout.birth_date.in(cells));
  document.sex = FixedText<1>(layout.sex.in(cells));
  document.expiry_date = FixedText<6>(layout.expiry_date.in(cells));
  document.optional1 = plain_text<16>(number.rest);
  document.optional2 = plain_text<16>(layout.optional2.in(cells));
}

// Applies a proven mend to the cells; suggests another.
std::optional<Repair> mend(const Layout& layout, Cells& cells, Report& report) {
  const auto repair = find_repair(layout, cells);
  if (!repair) return std::nullopt;
  report.at(repair->proven ? FindingCode::kRepairedCell : FindingCode::kRepairCandidate,
            repair->field, repair->cell, std::string_view(&repair->to, 1),
            std::string_view(&repair->from, 1));
  if (!repair->proven) return std::nullopt;
  cells[repair->cell.line - 1u][repair->cell.column - 1u] = repair->to;
  return repair;
}

// Whether every error is about the mended cell itself.
bool only_the_mended_cell(const Findings& findings, const Span& cell) {
  return std::all_of(findings.begin(), findings.end(), [&cell](const Finding& finding) {
    return finding.severity != Severity::kError ||
           (finding.line == cell.line && finding.column == cell.column);
  });
}

}  // namespace

Reading read(std::string_view raw, const ReadOptions& options) {
  Reading reading;
  if (!read_plain(raw, options, reading)) reading = read_by_stages(raw, options);
  return reading;
}

Reading read_by_stages(std::string_view raw, const ReadOptions& options) {
  Reading reading;
  Report report(reading.findings, options.strict);
  Frame zone = frame(raw, report);
  if (zone.layout == nullptr) return reading;
  const Layout& layout = *zone.layout;
  reading.format = layout.format;
  const bool filler_key = reading.findings.has(FindingCode::kFillerKey);
  exchange_keys(layout, filler_key, zone.cells, report);
  check_alphabets(layout, zone.cells, report);
  const auto repair = mend(layout, zone.cells, report);
  const NumberParts number = number_parts(layout, zone.cells);
  read_fields(layout, zone.cells, number, reading.document);
  read_names(layout, zone.cells, reading, report);
  check_digits(layout, zone.cells, number, reading, report);
  resolve_dates(layout.birth_date.in(zone.cells), layout.expiry_date.in(zone.cells),
                options.reference_date, reading.birth, reading.expiry);
  judge_dates(layout, zone.cells, options.reference_date, reading, report);
  judge_codes(layout, zone.cells, reading.document, reading.expiry, options.reference_date, report);
  judge_blind_spots(layout, zone.cells, number, report);
  reading.ok = !reading.findings.has_error();
  reading.ok_repaired =
      repair && !options.strict && only_the_mended_cell(reading.findings, repair->cell);
  return reading;
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::kNone:
      return "";
    case Format::kTd1:
      return "TD1";
    case Format::kTd2:
      return "TD2";
    case Format::kTd3:
      return "TD3";
    case Format::kMrvA:
      return "MRVA";
    case Format::kMrvB:
      return "MRVB";
    case Format::kFraId:
      return "FRA_ID";
    case Format::kCheDl:
      return "CHE_DL";
    case Format::kFraDl:
      return "FRA_DL";
    case Format::kSvk:
      return "SVK_2x34";
  }
  PAXID_CHECK(false);
}

std::string_view name_of(Check check) {
  switch (check) {
    case Check::kUncovered:
      return "uncovered";
    case Check::kConsistent:
      return "consistent";
    case Check::kContradicted:
      return "contradicted";
  }
  PAXID_CHECK(false);
}

std::string_view name_of(LongNumber variant) {
  switch (variant) {
    case LongNumber::kNone:
      return "none";
    case LongNumber::kFillerExcluded:
      return "excluded";
    case LongNumber::kFillerIncluded:
      return "included";
    case LongNumber::kBoth:
      return "both";
    case LongNumber::kContradicted:
      return "contradicted";
  }
  PAXID_CHECK(false);
}

}  // namespace paxid::mrz
