#include "mrz/cells.h"

#include <array>
#include <string_view>

#include "mrz/check_digit.h"
#include "mrz/zone_date.h"

namespace paxid::mrz {
namespace {

constexpr bool is_letter_or_filler(char cell) { return is_letter(cell) || cell == '<'; }
constexpr bool is_digit_or_filler(char cell) { return is_digit(cell) || cell == '<'; }
constexpr bool is_filler(char cell) { return cell == '<'; }

template <class Allowed>
void check_span(const Span& span, Field field, Allowed allowed, std::string_view expected,
                const Cells& cells, Report& report) {
  const std::string_view text = span.in(cells);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (allowed(text[i]) || !is_zone_cell(text[i])) continue;
    report.cell(FindingCode::kWrongClass, field, span.line, span.column + i, expected,
                text.substr(i, 1));
  }
}

// The letter that a digit in a name most likely is, by its shape alone.
std::string_view letter_like(char digit) {
  for (const char& candidate : look_alikes(digit)) {
    if (is_letter(candidate)) return {&candidate, 1};
  }
  return "A-Z <";
}

// Names of Russian internal passports code with these digits the Cyrillic letters that have no
// Latin letter of their own.
constexpr std::string_view kCodedLetters = "2346789";

bool has_coded_names(const Layout& layout, const Cells& cells) {
  return layout.format == Format::kTd3 && layout.document_code.in(cells) == "PN" &&
         layout.issuer.in(cells) == "RUS";
}

void check_name(const Span& span, bool coded, const Cells& cells, Report& report) {
  const std::string_view text = span.in(cells);
  bool noted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) continue;
    if (coded && kCodedLetters.find(text[i]) != std::string_view::npos) {
      if (!noted) report.at(FindingCode::kCodedName, Field::kName, span.line, span.column + i);
      noted = true;
      continue;
    }
    report.cell(FindingCode::kDigitInName, Field::kName, span.line, span.column + i,
                letter_like(text[i]), text.substr(i, 1));
  }
}

void check_document_code(const Layout& layout, const Cells& cells, Report& report) {
  const Span& code = layout.document_code;
  check_span({code.line, code.column, 1}, Field::kDocumentCode, is_letter, "A-Z", cells, report);
  const bool letters_only = layout.format == Format::kTd3 || layout.format == Format::kMrvA ||
                            layout.format == Format::kMrvB;
  if (!letters_only) return;
  const auto second = static_cast<std::uint8_t>(code.column + 1);
  check_span({code.line, second, 1}, Field::kDocumentCode, is_letter_or_filler, "A-Z <", cells,
             report);
}

void check_sex(const Span& sex, const Cells& cells, Report& report) {
  if (!sex.present()) return;
  const std::string_view cell = sex.in(cells);
  if (cell == "X") {
    report.at(FindingCode::kSexX, Field::kSex, sex, "<", "X");
  } else if (is_zone_cell(cell[0]) && cell != "M" && cell != "F" && cell != "<") {
    report.at(FindingCode::kInvalidSex, Field::kSex, sex, "M F <", cell);
  }
}

struct CoveredField {
  Field field;
  Span date;  // absent where the field takes all 37 characters
  const Digit* digit;
};

std::array<CoveredField, 4> covered_fields(const Layout& layout) {
  return {{{Field::kDocumentNumber, {}, &layout.document_number_digit},
           {Field::kBirthDate, layout.birth_date, &layout.birth_date_digit},
           {Field::kExpiryDate, layout.expiry_date, &layout.expiry_date_digit},
           {Field::kOptional1, {}, &layout.optional_digit}}};
}

bool is_absent_or_agrees(const Digit& digit, const Cells& cells) {
  return !digit.present() || digit.agrees(cells);
}

struct Suspect {
  Span cell;
  CoveredField owner;
};

// The only cell outside its alphabet in the dates and check digits.
std::optional<Suspect> only_suspect(const Layout& layout, const Cells& cells) {
  std::optional<Suspect> suspect;
  std::size_t count = 0;
  const auto look = [&](const Span& span, const CoveredField& owner) {
    const std::string_view text = span.in(cells);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (is_digit_or_filler(text[i])) continue;
      ++count;
      suspect = Suspect{{span.line, static_cast<std::uint8_t>(span.column + i), 1}, owner};
    }
  };
  for (const CoveredField& field : covered_fields(layout)) {
    look(field.date, field);
    look(field.digit->cell, field);
  }
  look(layout.composite_digit.cell, {Field::kComposite, {}, &layout.composite_digit});
  if (count != 1) return std::nullopt;
  return suspect;
}

// Whether the composite digit weighs the cells of `digit` otherwise than `digit` itself does.
// Where both start at the same weight they agree or disagree together and are one witness.
bool is_second_witness(const Layout& layout, const Digit& digit) {
  std::size_t before = 0;
  const Span& start = digit.over[0];
  for (const Span& span : layout.composite_digit.over) {
    if (span.line == start.line && span.column <= start.column &&
        start.column < span.column + span.length) {
      return (before + start.column - span.column) % 3 != 0;
    }
    before += span.length;
  }
  return false;
}

// The digit that a letter looks like, when it looks like one alone. An S may be a 5 or an 8 and
// a T a 1 or a 7: where a second misread hides, the check digits could agree with the wrong one.
bool looks_like(char printed, char wanted) {
  std::size_t digits = 0;
  for (char candidate : look_alikes(printed)) digits += is_digit(candidate) ? 1 : 0;
  return digits == 1 && look_alikes(printed).find(wanted) != std::string_view::npos;
}

std::optional<char> composite_mend(const Layout& layout, const Cells& cells) {
  for (const CoveredField& field : covered_fields(layout)) {
    // An empty field's filler for a digit is no contradiction; a field that really
    // contradicts leaves the composite unproven.
    const bool filler = field.digit->present() && field.digit->in(cells) == '<' &&
                        field.digit->sum(cells).readable() && field.digit->sum(cells).digit() == 0;
    if (!filler && !is_absent_or_agrees(*field.digit, cells)) return std::nullopt;
  }
  const CheckSum sum = layout.composite_digit.sum(cells);
  if (!sum.readable()) return std::nullopt;
  const char wanted = static_cast<char>('0' + sum.digit());
  if (!looks_like(layout.composite_digit.in(cells), wanted)) return std::nullopt;
  return wanted;
}

std::optional<char> field_mend(const Layout& layout, Cells cells, const Suspect& suspect) {
  if (!suspect.owner.digit->present()) return std::nullopt;
  char& cell = cells[suspect.cell.line - 1u][suspect.cell.column - 1u];
  const char printed = cell;
  const bool two_witnesses = is_second_witness(layout, *suspect.owner.digit);
  const std::string_view date = suspect.owner.date.in(cells);
  for (char candidate = '0'; candidate <= '9'; ++candidate) {
    cell = candidate;
    if (!suspect.owner.digit->agrees(cells) || !layout.composite_digit.agrees(cells)) continue;
    if (date_state(date) == DateState::kImpossible) return std::nullopt;
    if (!two_witnesses && !looks_like(printed, candidate)) return std::nullopt;
    // The weights are units modulo 10: no other digit can agree.
    return candidate;
  }
  return std::nullopt;
}

}  // namespace

void check_alphabets(const Layout& layout, const Cells& cells, Report& report) {
  check_document_code(layout, cells, report);
  check_span(layout.issuer, Field::kIssuer, is_letter_or_filler, "A-Z <", cells, report);
  const bool coded = has_coded_names(layout, cells);
  check_name(layout.name, coded, cells, report);
  check_name(layout.given_name, coded, cells, report);
  check_span(layout.nationality, Field::kNationality, is_letter_or_filler, "A-Z <", cells, report);
  for (const CoveredField& field : covered_fields(layout)) {
    check_span(field.date, field.field, is_digit_or_filler, "0-9 <", cells, report);
    check_span(field.digit->cell, field.field, is_digit_or_filler, "0-9", cells, report);
  }
  check_span(layout.composite_digit.cell, Field::kComposite, is_digit_or_filler, "0-9", cells,
             report);
  check_sex(layout.sex, cells, report);
  for (const Span& reserved : layout.reserved) {
    check_span(reserved, Field::kReserved, is_filler, "<", cells, report);
  }
}

std::optional<Repair> find_repair(const Layout& layout, const Cells& cells) {
  if (!layout.composite_digit.present()) return std::nullopt;
  const auto suspect = only_suspect(layout, cells);
  if (!suspect) return std::nullopt;
  const auto to = suspect->owner.field == Field::kComposite ? composite_mend(layout, cells)
                                                            : field_mend(layout, cells, *suspect);
  if (!to) return std::nullopt;
  const char from = suspect->cell.in(cells)[0];
  return Repair{suspect->cell, suspect->owner.field, from, *to, looks_like(from, *to)};
}

}  // namespace paxid::mrz
