#include "mrz/checks.h"

#include <algorithm>

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
// digit is 0, and with a blank number or date.
Check check_filler(const Digit& digit, Field field, const Cells& cells, Report& report) {
  const int computed = digit.sum(cells).digit();
  const bool blank = is_blank(digit, cells);
  const bool optional = field == Field::kOptional1;
  if (computed == 0 && (blank || optional)) {
    if (!(blank && optional)) {
      report.at(FindingCode::kCheckDigitFiller, field, digit.cell, "0", "<");
    }
    return Check::kConsistent;
  }
  const bool missing = !optional && field != Field::kComposite;
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

bool has_agreeing_digit(const Digit& digit, const Cells& cells) {
  const CheckSum sum = digit.sum(cells);
  return sum.readable() && digit.in(cells) - '0' == sum.digit();
}

// A document number takes all 37 characters, so a misread in it shows only in its digits.
// Names the one look-alike that would reconcile them, or says that there are several.
void suggest_number(const Layout& layout, Cells cells, Report& report) {
  const Span& place = layout.document_number;
  std::size_t found = 0;
  std::size_t column = 0;
  char from = '?';
  char to = '?';
  for (std::size_t i = 0; i < place.length; ++i) {
    char& cell = cells[place.line - 1u][place.column - 1u + i];
    const char printed = cell;
    for (char candidate : look_alikes(printed)) {
      cell = candidate;
      if (!has_agreeing_digit(layout.document_number_digit, cells) ||
          !has_agreeing_digit(layout.composite_digit, cells)) {
        continue;
      }
      ++found;
      column = place.column + i;
      from = printed;
      to = candidate;
    }
    cell = printed;
  }
  if (found == 1) {
    report.at(FindingCode::kRepairCandidate, Field::kDocumentNumber, place.line, column,
              std::string_view(&to, 1), std::string_view(&from, 1));
  } else if (found > 1) {
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
