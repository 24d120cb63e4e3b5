#include "mrz/checks.h"

#include <algorithm>
#include <array>
#include <optional>

#include "mrz/check_digit.h"

namespace paxid::mrz {
namespace {

FixedText<1> digit_text(int digit) {
  const char cell = static_cast<char>('0' + digit);
  return FixedText<1>(std::string_view(&cell, 1));
}

bool is_blank(const Digit& digit, const Cells& cells) {
  return std::all_of(digit.over.begin(), digit.over.end(), [&cells](const Span& span) {
    return span.in(cells).find_first_not_of('<') == std::string_view::npos;
  });
}

// A filler where a digit belongs. A blank field has nothing to protect, and 9303-4 4.2.2 lets
// the digit of blank optional data be `<`; some issuers print it with optional data whose
// digit is 0, and with a blank number or date. The composite digit is never a filler.
Check check_filler(const Digit& digit, Field field, const Cells& cells, Report& report) {
  const int computed = digit.sum(cells).digit();
  const bool blank = is_blank(digit, cells);
  const bool optional = field == Field::kOptional1;
  const bool composite = field == Field::kComposite;
  if (computed == 0 && !composite && (blank || optional)) {
    if (!(blank && optional)) {
      report.at(FindingCode::kCheckDigitFiller, field, digit.cell, "0", "<");
    }
    return Check::kConsistent;
  }
  const bool missing = !optional && !composite;
  report.at(missing ? FindingCode::kCheckDigitMissing : FindingCode::kCheckDigit, field, digit.cell,
            digit_text(computed), "<");
  return Check::kContradicted;
}

Check check(const Digit& digit, Field field, const Cells& cells, Report& report) {
  if (!digit.present()) return Check::kUncovered;
  const CheckSum sum = digit.sum(cells);
  const char printed = digit.in(cells);
  // A cell that cannot be read, or a letter, is an error already.
  if (!sum.readable() || !(is_digit(printed) || printed == '<')) return Check::kContradicted;
  if (printed == '<') return check_filler(digit, field, cells, report);
  if (printed - '0' == sum.digit()) return Check::kConsistent;
  report.at(FindingCode::kCheckDigit, field, digit.cell, digit_text(sum.digit()),
            std::string_view(&printed, 1));
  return Check::kContradicted;
}

LongNumber long_number_variant(const NumberParts& number, int& expected) {
  CheckSum excluded;
  excluded.add(number.head);
  CheckSum included = excluded;
  included.add('<');
  excluded.add(number.tail);
  included.add(number.tail);
  expected = excluded.digit();
  if (!excluded.readable()) return LongNumber::kContradicted;
  const int printed = number.digit - '0';
  const bool agrees_excluded = excluded.digit() == printed;
  const bool agrees_included = included.digit() == printed;
  if (agrees_excluded && agrees_included) return LongNumber::kBoth;
  if (agrees_excluded) return LongNumber::kFillerExcluded;
  return agrees_included ? LongNumber::kFillerIncluded : LongNumber::kContradicted;
}

Check check_long_number(const NumberParts& number, Reading& reading, Report& report) {
  int expected = 0;
  reading.long_number = long_number_variant(number, expected);
  if (!number.terminated) {
    report.at(FindingCode::kLongNumberUnterminated, Field::kDocumentNumber, number.digit_cell);
  }
  if (reading.long_number == LongNumber::kFillerIncluded) {
    report.at(FindingCode::kLongNumberLegacy, Field::kDocumentNumber, number.digit_cell,
              digit_text(expected), std::string_view(&number.digit, 1));
  }
  if (reading.long_number != LongNumber::kContradicted) return Check::kConsistent;
  report.at(FindingCode::kCheckDigit, Field::kDocumentNumber, number.digit_cell,
            digit_text(expected), std::string_view(&number.digit, 1));
  return Check::kContradicted;
}

constexpr std::array<int, 3> kWeights{7, 3, 1};

// Where the cells of `field` stand in what `digit` is computed over: cells before them.
std::optional<std::size_t> offset_of(const Span& field, const Digit& digit) {
  std::size_t before = 0;
  for (const Span& span : digit.over) {
    if (span.line == field.line && span.column <= field.column &&
        field.column + field.length <= span.column + span.length) {
      return before + field.column - span.column;
    }
    before += span.length;
  }
  return std::nullopt;
}

// What must be added to a digit's sum, modulo 10, to make it the printed one.
std::optional<int> missing(const Digit& digit, const Cells& cells) {
  const CheckSum sum = digit.sum(cells);
  if (!sum.readable() || !is_digit(digit.in(cells))) return std::nullopt;
  return (digit.in(cells) - '0' - sum.digit() + 10) % 10;
}

// The look-alikes of the cells of a document number, and what they would do to the digits.
class NumberSearch {
 public:
  struct Change {
    std::size_t index;
    char to;
    int own;        // what it adds to the number's digit
    int composite;  // and to the composite digit
  };

  // Only changes that leave the cell one of the 37 characters.
  void collect(std::string_view number, std::size_t own_offset, std::size_t composite_offset) {
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (!is_zone_cell(number[i])) continue;
      for (char to : look_alikes(number[i])) {
        if (count_ == kMaxChanges) return;
        const int delta = cell_value(to) - cell_value(number[i]) + 40;  // positive, 0 modulo 10
        changes_[count_++] = {i, to, delta * kWeights[(own_offset + i) % 3],
                              delta * kWeights[(composite_offset + i) % 3]};
      }
    }
  }

  // Single changes that agree; the last of them.
  std::size_t singles(int own, int composite, Change& found) const {
    std::size_t agreeing = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (changes_[i].own % 10 != own || changes_[i].composite % 10 != composite) continue;
      ++agreeing;
      found = changes_[i];
    }
    return agreeing;
  }

  // Whether changes of two cells agree, or are too many to try.
  bool any_pair(int own, int composite) const {
    std::size_t tried = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      for (std::size_t k = i + 1; k < count_; ++k) {
        if (changes_[i].index == changes_[k].index) continue;
        if (++tried > kMaxPairs) return true;
        if ((changes_[i].own + changes_[k].own) % 10 == own &&
            (changes_[i].composite + changes_[k].composite) % 10 == composite) {
          return true;
        }
      }
    }
    return false;
  }

 private:
  static constexpr std::size_t kMaxChanges = 40;  // 9 cells with at most 4 look-alikes
  static constexpr std::size_t kMaxPairs = 160;   // 200 with the single ones

  std::array<Change, kMaxChanges> changes_{};
  std::size_t count_ = 0;
};

// A document number takes all 37 characters, so a misread in it shows only in its digits.
// Names the one look-alike that would reconcile them, or says that there are several ways.
void suggest_number(const Layout& layout, const Cells& cells, Report& report) {
  const Span& place = layout.document_number;
  const auto own = missing(layout.document_number_digit, cells);
  const auto composite = missing(layout.composite_digit, cells);
  const auto own_offset = offset_of(place, layout.document_number_digit);
  const auto composite_offset = offset_of(place, layout.composite_digit);
  if (!own || !composite || !own_offset || !composite_offset) return;
  const std::string_view number = place.in(cells);
  NumberSearch search;
  search.collect(number, *own_offset, *composite_offset);
  NumberSearch::Change change{};
  const std::size_t agreeing = search.singles(*own, *composite, change);
  if (agreeing == 1) {
    report.at(FindingCode::kRepairCandidate, Field::kDocumentNumber, place.line,
              place.column + change.index, std::string_view(&change.to, 1),
              number.substr(change.index, 1));
  } else if (agreeing > 1 || search.any_pair(*own, *composite)) {
    report.at(FindingCode::kRepairAmbiguous, Field::kDocumentNumber, place);
  }
}

}  // namespace

NumberParts number_parts(const Layout& layout, const Cells& cells) {
  NumberParts parts;
  parts.head = layout.document_number.in(cells);
  parts.rest = layout.optional1.in(cells);
  parts.digit_cell = layout.document_number_digit.cell;
  if (!parts.digit_cell.present()) return parts;
  parts.digit = layout.document_number_digit.in(cells);
  const Span& run = layout.long_number_tail;
  if (!run.present() || parts.digit != '<' || parts.head.back() == '<') return parts;
  const std::string_view text = run.in(cells);
  const std::size_t size = std::min(text.find('<'), text.size());
  // At least one character and its digit: otherwise the digit is missing, not elsewhere.
  if (size < 2 || !is_digit(text[size - 1])) return parts;
  parts.is_long = true;
  parts.terminated = size < text.size();
  parts.tail = text.substr(0, size - 1);
  parts.digit = text[size - 1];
  parts.digit_cell = {run.line, static_cast<std::uint8_t>(run.column + size - 1), 1};
  parts.rest = text.substr(size);
  return parts;
}

void check_digits(const Layout& layout, const Cells& cells, const NumberParts& number,
                  Reading& reading, Report& report) {
  Checks& checks = reading.checks;
  checks.document_number =
      number.is_long ? check_long_number(number, reading, report)
                     : check(layout.document_number_digit, Field::kDocumentNumber, cells, report);
  checks.birth_date = check(layout.birth_date_digit, Field::kBirthDate, cells, report);
  checks.expiry_date = check(layout.expiry_date_digit, Field::kExpiryDate, cells, report);
  checks.optional = check(layout.optional_digit, Field::kOptional1, cells, report);
  checks.composite = check(layout.composite_digit, Field::kComposite, cells, report);
  if (checks.document_number == Check::kContradicted && layout.composite_digit.present() &&
      !number.is_long && is_digit(number.digit)) {
    suggest_number(layout, cells, report);
  }
}

}  // namespace paxid::mrz
