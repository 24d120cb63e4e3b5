#include "mrz/plain.h"

#include <bit>
#include <cstring>

#include "mrz/checks.h"
#include "mrz/line_scan.h"
#include "mrz/plausibility.h"
#include "mrz/report.h"
#include "mrz/zone_date.h"

namespace paxid::mrz {
namespace {

using Set = std::uint64_t;  // of cells of one line, as in LineScan

// Of both, only what the layout has is filled in.
struct Scan {
  Cells cells;
  std::array<LineScan, kMaxLines> lines;
};

// As std::has_single_bit, which without an instruction for it is a call.
constexpr bool is_single(Set set) { return set != 0 && (set & (set - 1)) == 0; }

constexpr Set set_of(const Span& span) {
  return span.present() ? ((Set{1} << span.length) - 1) << (span.column - 1) : 0;
}

constexpr Set set_in(const Span& span, std::size_t line) {
  return span.line == line + 1 ? set_of(span) : 0;
}

constexpr bool has_letters_in_code(const Layout& layout) {
  return layout.format == Format::kTd3 || layout.format == Format::kMrvA ||
         layout.format == Format::kMrvB;
}

// The cells of a line that must be letters or fillers.
constexpr Set letter_cells(const Layout& layout, std::size_t line) {
  const Set code = has_letters_in_code(layout) ? set_in(layout.document_code, line) : 0;
  return code | set_in(layout.issuer, line) | set_in(layout.name, line) |
         set_in(layout.nationality, line);
}

// The cells of a line that must be digits. The digit of optional data may also be a filler.
constexpr Set digit_cells(const Layout& layout, std::size_t line) {
  return set_in(layout.birth_date, line) | set_in(layout.expiry_date, line) |
         set_in(layout.document_number_digit.cell, line) |
         set_in(layout.birth_date_digit.cell, line) | set_in(layout.expiry_date_digit.cell, line) |
         set_in(layout.composite_digit.cell, line);
}

using Lines = std::array<const char*, kMaxLines>;

// Where the lines begin; false when `raw` is anything but such lines.
template <std::size_t kLines, std::size_t kWidth>
bool find_lines(std::string_view raw, Lines& lines) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < kLines; ++i) {
    if (raw.size() - at < kWidth) return false;
    lines[i] = raw.data() + at;
    at += kWidth;
    if (at < raw.size() && raw[at] == '\r') ++at;
    const bool ended = at < raw.size() && raw[at] == '\n';
    if (!ended && i + 1 < kLines) return false;
    at += ended ? 1 : 0;
  }
  return at == raw.size();
}

template <const Layout& kLayout, std::size_t kLine>
bool has_its_alphabets(const LineScan& scan) {
  constexpr Set kAll = (Set{1} << kLayout.widths[kLine]) - 1;
  constexpr Set kLetters = letter_cells(kLayout, kLine);
  constexpr Set kDigits = digit_cells(kLayout, kLine);
  return ((scan.fillers | scan.digits | scan.letters) & kAll) == kAll &&
         (scan.digits & kLetters) == 0 && (scan.digits & kDigits) == kDigits;
}

template <const Layout& kLayout>
bool has_its_alphabets(const Scan& scan) {
  const char sex = kLayout.sex.in(scan.cells)[0];
  return has_its_alphabets<kLayout, 0>(scan.lines[0]) &&
         has_its_alphabets<kLayout, 1>(scan.lines[1]) &&
         (kLayout.lines == 2 || has_its_alphabets<kLayout, 2>(scan.lines[2])) &&
         (sex == 'M' || sex == 'F' || sex == '<');
}

constexpr std::size_t kLanes = 8;  // what one instruction of every 64-bit processor multiplies

template <Digit kDigit>
struct Weights {
  struct Line {
    std::size_t from = LineScan::kBytes;  // multiples of kLanes; from >= to: no cell is weighed
    std::size_t to = 0;
    std::array<std::int16_t, LineScan::kBytes> of_cell{};
  };
  static constexpr std::array<Line, kMaxLines> kLines = [] {
    std::array<Line, kMaxLines> lines{};
    std::size_t phase = 0;
    for (const Span& span : kDigit.over) {
      for (std::size_t i = 0; i < span.length; ++i, ++phase) {
        Line& line = lines[span.line - 1u];
        const std::size_t index = span.column - 1u + i;
        line.of_cell[index] = std::array<std::int16_t, 3>{7, 3, 1}[phase % 3];
        line.from = std::min(line.from, index / kLanes * kLanes);
        line.to = std::max(line.to, index / kLanes * kLanes + kLanes);
      }
    }
    return lines;
  }();
};

template <Digit kDigit, std::size_t kLine>
[[gnu::always_inline]] inline int weighed(const Scan& scan) {
  constexpr const auto& kWeights = Weights<kDigit>::kLines[kLine];
  int sum = 0;
  for (std::size_t i = kWeights.from; i < kWeights.to; ++i) {
    sum += scan.lines[kLine].values[i] * kWeights.of_cell[i];
  }
  return sum;
}

// Inlined, so that the values of a line are fetched once for all its digits.
template <Digit kDigit>
[[gnu::always_inline]] inline bool agrees(const Scan& scan) {
  if constexpr (kDigit.present()) {
    const int sum = weighed<kDigit, 0>(scan) + weighed<kDigit, 1>(scan) + weighed<kDigit, 2>(scan);
    return static_cast<unsigned>(kDigit.in(scan.cells)) - '0' == static_cast<unsigned>(sum) % 10;
  }
  return true;
}

template <const Layout& kLayout>
bool all_digits_agree(const Scan& scan) {
  if constexpr (kLayout.optional_digit.present()) {
    constexpr Set kOptional = set_of(kLayout.optional1);
    const bool blank = (scan.lines[kLayout.optional1.line - 1u].fillers & kOptional) == kOptional;
    const bool filler = kLayout.optional_digit.in(scan.cells) == '<';
    if (!(blank && filler) && !agrees<kLayout.optional_digit>(scan)) return false;
  }
  // All at once: in a zone that is read well there is nothing to gain by stopping early.
  return (static_cast<int>(agrees<kLayout.document_number_digit>(scan)) &
          static_cast<int>(agrees<kLayout.birth_date_digit>(scan)) &
          static_cast<int>(agrees<kLayout.expiry_date_digit>(scan)) &
          static_cast<int>(agrees<kLayout.composite_digit>(scan))) != 0;
}

// A field without the fillers behind it, those inside as blanks. False when it begins with
// fillers and is not blank.
template <Span kSpan, std::size_t kCapacity>
bool take_text(const Scan& scan, FixedText<kCapacity>& text) {
  if constexpr (kSpan.present()) {
    const LineScan& line = scan.lines[kSpan.line - 1u];
    constexpr std::size_t kFirst = kSpan.column - 1u;
    const Set filled = (~line.fillers & set_of(kSpan)) >> kFirst;
    text.template assign<kSpan.length>(&line.text[kFirst],
                                       static_cast<std::size_t>(std::bit_width(filled)));
    return filled == 0 || (filled & 1) != 0;
  }
  return true;
}

template <Span kSpan, std::size_t kCapacity>
void take_cells(const Scan& scan, FixedText<kCapacity>& text) {
  text.template assign<kSpan.length>(&kSpan.in(scan.cells).front(), kSpan.length);
}

// False unless the field is `PART<PART<<PART<PART<<<` without a run of three equal letters,
// which might be misread fillers.
template <Span kSpan>
bool take_names(const Scan& scan, Reading& reading) {
  const LineScan& line = scan.lines[kSpan.line - 1u];
  constexpr std::size_t kFirst = kSpan.column - 1u;
  constexpr Set kAll = (Set{1} << kSpan.length) - 1;
  const Set fillers = line.fillers >> kFirst & kAll;
  const Set letters = ~fillers & kAll;
  const Set equal = line.twins >> kFirst & letters;
  const auto used = static_cast<std::size_t>(std::bit_width(letters));
  const Set inner = fillers & ((Set{1} << used) - 1);
  const Set pairs = inner & inner >> 1;
  if ((letters & 1) == 0 || !is_single(pairs) || (equal & equal >> 1) != 0) return false;
  const auto separator = static_cast<std::size_t>(std::countr_zero(pairs));
  const std::size_t second = separator + 2;
  reading.document.surname.assign<kSpan.length>(&line.text[kFirst], separator);
  reading.document.given_names.assign<kSpan.length>(&line.text[kFirst + second], used - second);
  reading.maybe_truncated = used == kSpan.length;
  return true;
}

template <const Layout& kLayout>
bool take_fields(const Scan& scan, Reading& reading) {
  Document& document = reading.document;
  if (!take_names<kLayout.name>(scan, reading)) return false;
  take_cells<kLayout.birth_date>(scan, document.birth_date);
  take_cells<kLayout.sex>(scan, document.sex);
  take_cells<kLayout.expiry_date>(scan, document.expiry_date);
  return take_text<kLayout.document_code>(scan, document.document_code) &&
         take_text<kLayout.issuer>(scan, document.issuer) &&
         take_text<kLayout.document_number>(scan, document.document_number) &&
         take_text<kLayout.nationality>(scan, document.nationality) &&
         take_text<kLayout.optional1>(scan, document.optional1) &&
         take_text<kLayout.optional2>(scan, document.optional2);
}

// A letter alone among the digits of the number, or the reverse; not its first character.
template <const Layout& kLayout>
Set odd_cells_of_number(const Scan& scan) {
  constexpr Span kNumber = kLayout.document_number;
  const LineScan& line = scan.lines[kNumber.line - 1u];
  const Set digits = (line.digits & set_of(kNumber)) >> (kNumber.column - 1u);
  const Set letters = (line.letters & set_of(kNumber)) >> (kNumber.column - 1u);
  return (digits & letters << 1 & ~(digits >> 1)) | (letters & digits << 1 & ~(letters >> 1));
}

bool ends_in_k(const Span& span, const Scan& scan) {
  return span.present() && span.in(scan.cells).back() == 'K';
}

template <const Layout& kLayout>
void judge_what_no_digit_sees(const Scan& scan, const Document& document, Report& report) {
  const std::string_view number = kLayout.document_number.in(scan.cells);
  for (Set odd = odd_cells_of_number<kLayout>(scan); odd != 0; odd &= odd - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(odd));
    judge_odd_cell(kLayout.document_number, index, number[index], report);
  }
  const std::string_view used = document.document_number;
  if (!used.empty() && used.back() == 'K') {
    judge_end_of_number(kLayout.document_number, number, report);
  }
  if (ends_in_k(kLayout.optional1, scan) || ends_in_k(kLayout.optional2, scan)) {
    judge_optional_data(kLayout, scan.cells, report);
  }
}

constexpr Check outcome(const Digit& digit) {
  return digit.present() ? Check::kConsistent : Check::kUncovered;
}

// Whether a check digit covers cells of the line, counted from 1.
constexpr bool is_weighed(const Layout& layout, std::size_t line) {
  for (const Digit* digit :
       {&layout.document_number_digit, &layout.birth_date_digit, &layout.expiry_date_digit,
        &layout.optional_digit, &layout.composite_digit}) {
    for (const Span& span : digit->over) {
      if (span.present() && span.line == line) return true;
    }
  }
  return false;
}

template <const Layout& kLayout, std::size_t kLine>
void take_line(const Lines& lines, Scan& scan) {
  if constexpr (kLine < kLayout.lines) {
    constexpr std::size_t kWidth = kLayout.widths[kLine];
    std::memcpy(scan.cells[kLine].data(), lines[kLine], kWidth);
    // Not from the copy: loads that lie across two stores wait for both.
    scan_line<is_weighed(kLayout, kLine + 1), kWidth>(lines[kLine], scan.lines[kLine]);
  }
}

template <const Layout& kLayout>
bool read_as(std::string_view raw, const ReadOptions& options, Reading& reading) {
  Lines lines;
  if (!find_lines<kLayout.lines, kLayout.widths[0]>(raw, lines)) return false;
  Scan scan;
  take_line<kLayout, 0>(lines, scan);
  take_line<kLayout, 1>(lines, scan);
  take_line<kLayout, 2>(lines, scan);
  if (!is_letter(kLayout.document_code.in(scan.cells)[0]) || !has_its_alphabets<kLayout>(scan) ||
      !all_digits_agree<kLayout>(scan) || !take_fields<kLayout>(scan, reading)) {
    return false;
  }
  resolve_dates(kLayout.birth_date.in(scan.cells), kLayout.expiry_date.in(scan.cells),
                options.reference_date, reading.birth, reading.expiry);
  if (reading.birth.state != DateState::kComplete || reading.expiry.state != DateState::kComplete) {
    return false;
  }
  reading.format = kLayout.format;
  reading.checks = {outcome(kLayout.document_number_digit), outcome(kLayout.birth_date_digit),
                    outcome(kLayout.expiry_date_digit), outcome(kLayout.optional_digit),
                    outcome(kLayout.composite_digit)};
  Report report(reading.findings, options.strict);
  judge_dates(kLayout, scan.cells, options.reference_date, reading, report);
  judge_codes(kLayout, scan.cells, reading.document, reading.expiry, options.reference_date,
              report);
  // Y and Z may have changed places (mrz/keyboard.h).
  if (!reading.findings.empty() && reading.findings.has(FindingCode::kUnknownState)) return false;
  judge_what_no_digit_sees<kLayout>(scan, reading.document, report);
  reading.ok = reading.findings.empty() || !reading.findings.has_error();
  return true;
}

bool ends_at(std::string_view raw, std::size_t width) {
  return raw.size() > width && (raw[width] == '\n' || raw[width] == '\r');
}

}  // namespace

bool read_plain(std::string_view raw, const ReadOptions& options, Reading& reading) {
  if (ends_at(raw, 44)) {
    return raw[0] == 'V' ? read_as<kMrvA>(raw, options, reading)
                         : read_as<kTd3>(raw, options, reading);
  }
  if (ends_at(raw, 36)) {
    // The French card has the size of TD2 and a layout of its own.
    if (raw.substr(0, 5) == "IDFRA") return false;
    return raw[0] == 'V' ? read_as<kMrvB>(raw, options, reading)
                         : read_as<kTd2>(raw, options, reading);
  }
  return ends_at(raw, 30) && read_as<kTd1>(raw, options, reading);
}

}  // namespace paxid::mrz
