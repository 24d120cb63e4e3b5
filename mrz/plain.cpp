#include "mrz/plain.h"

#include <bit>
#include <cstring>

#include "mrz/checks.h"
#include "mrz/line_scan.h"
#include "mrz/plausibility.h"
#include "mrz/report.h"

namespace paxid::mrz {
namespace {

using Set = std::uint64_t;  // of cells of one line, as in LineScan

struct Scan {
  // Line by line: a compiler clears the whole array by an instruction that is slow to start.
  Scan() {
    for (auto& line : cells) line.fill(0);
    behind.fill(0);
  }

  Cells cells;
  // A scan of the last line looks beyond it.
  std::array<char, LineScan::kBytes + 1 - kMaxWidth> behind;
  std::array<LineScan, kMaxLines> lines;
};

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

// Copies the cells of the lines; false when `raw` is anything but such lines.
template <std::size_t kLines, std::size_t kWidth>
bool take_lines(std::string_view raw, Cells& cells) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < kLines; ++i) {
    if (raw.size() - at < kWidth) return false;
    std::memcpy(cells[i].data(), raw.data() + at, kWidth);
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
int weighed(const Scan& scan) {
  constexpr const auto& kWeights = Weights<kDigit>::kLines[kLine];
  int sum = 0;
  for (std::size_t i = kWeights.from; i < kWeights.to; ++i) {
    sum += scan.lines[kLine].values[i] * kWeights.of_cell[i];
  }
  return sum;
}

template <Digit kDigit>
bool agrees(const Scan& scan) {
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
  text.template assign<kSpan.length>(kSpan.in(scan.cells).data(), kSpan.length);
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
  if ((letters & 1) == 0 || !std::has_single_bit(pairs) || (equal & equal >> 1) != 0) return false;
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

template <const Layout& kLayout>
void judge_what_no_digit_sees(const Scan& scan, Report& report) {
  const std::string_view number = kLayout.document_number.in(scan.cells);
  for (Set odd = odd_cells_of_number<kLayout>(scan); odd != 0; odd &= odd - 1) {
    const auto index = static_cast<std::size_t>(std::countr_zero(odd));
    judge_odd_cell(kLayout.document_number, index, number[index], report);
  }
  judge_end_of_optional_data(kLayout, scan.cells, report);
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

template <const Layout& kLayout>
bool read_as(Scan& scan, const ReadOptions& options, Reading& reading) {
  scan_line<is_weighed(kLayout, 1)>(scan.cells[0].data(), scan.lines[0]);
  scan_line<is_weighed(kLayout, 2)>(scan.cells[1].data(), scan.lines[1]);
  if (kLayout.lines == 3) {
    scan_line<is_weighed(kLayout, 3)>(scan.cells[2].data(), scan.lines[2]);
  }
  if (!is_letter(kLayout.document_code.in(scan.cells)[0]) || !has_its_alphabets<kLayout>(scan) ||
      !all_digits_agree<kLayout>(scan) || !take_fields<kLayout>(scan, reading)) {
    return false;
  }
  resolve_dates(kLayout, scan.cells, options.reference_date, reading);
  if (reading.birth.state != DateState::kComplete || reading.expiry.state != DateState::kComplete) {
    return false;
  }
  reading.format = kLayout.format;
  reading.checks = {outcome(kLayout.document_number_digit), outcome(kLayout.birth_date_digit),
                    outcome(kLayout.expiry_date_digit), outcome(kLayout.optional_digit),
                    outcome(kLayout.composite_digit)};
  Report report(reading.findings, options.strict);
  judge_dates(kLayout, scan.cells, options.reference_date, reading, report);
  judge_codes(kLayout, reading.document, reading.expiry, report);
  judge_what_no_digit_sees<kLayout>(scan, report);
  reading.ok = !reading.findings.has_error();
  return true;
}

bool ends_at(std::string_view raw, std::size_t width) {
  return raw.size() > width && (raw[width] == '\n' || raw[width] == '\r');
}

}  // namespace

bool read_plain(std::string_view raw, const ReadOptions& options, Reading& reading) {
  Scan scan;
  if (ends_at(raw, 44)) {
    if (!take_lines<2, 44>(raw, scan.cells)) return false;
    return raw[0] == 'V' ? read_as<kMrvA>(scan, options, reading)
                         : read_as<kTd3>(scan, options, reading);
  }
  if (ends_at(raw, 36)) {
    // The French card has the size of TD2 and a layout of its own.
    if (!take_lines<2, 36>(raw, scan.cells) || raw.substr(0, 5) == "IDFRA") return false;
    return raw[0] == 'V' ? read_as<kMrvB>(scan, options, reading)
                         : read_as<kTd2>(scan, options, reading);
  }
  if (!ends_at(raw, 30) || !take_lines<3, 30>(raw, scan.cells)) return false;
  return read_as<kTd1>(scan, options, reading);
}

}  // namespace paxid::mrz
