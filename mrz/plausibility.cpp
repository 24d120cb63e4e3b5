#include "mrz/plausibility.h"

#include <algorithm>
#include <array>

#include "mrz/check_digit.h"
#include "mrz/glyph.h"
#include "mrz/state_code.h"
#include "mrz/zone_date.h"

namespace paxid::mrz {
namespace {

bool has_only_digits_and_fillers(std::string_view cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](char cell) { return is_digit(cell) || cell == '<'; });
}

void report_invalid_date(Field field, const Span& place, std::string_view cells, int bad_part,
                         Report& report) {
  // A letter or a foreign character in the date is an error of its own.
  if (!has_only_digits_and_fillers(cells)) return;
  constexpr std::array<std::string_view, 3> kExpected{"00-99", "01-12", "01-31"};
  const auto part = static_cast<std::size_t>(bad_part);
  report.at(FindingCode::kInvalidDate, field, place.line, place.column + 2 * part, kExpected[part]);
}

void report_impossible(Field field, const Span& place, const Cells& cells, Report& report) {
  int bad_part = 0;
  date_state(place.in(cells), &bad_part);
  report_invalid_date(field, place, place.in(cells), bad_part, report);
}

void judge_birth(const Span& place, const Cells& cells, DateState state, Report& report) {
  if (state == DateState::kImpossible) {
    report_impossible(Field::kBirthDate, place, cells, report);
  } else if (state == DateState::kBlank || state == DateState::kPartial) {
    report.at(FindingCode::kUnknownDate, Field::kBirthDate, place);
  }
}

void judge_expiry(const Span& place, const Cells& cells, DateState state, Report& report) {
  if (state == DateState::kImpossible) {
    report_impossible(Field::kExpiryDate, place, cells, report);
  } else if (state == DateState::kPartial) {
    // 9303-3 4.8 allows unknown parts in dates of birth alone.
    const auto filler = static_cast<int>(place.in(cells).find('<') / 2);
    report_invalid_date(Field::kExpiryDate, place, place.in(cells), filler, report);
  } else if (state == DateState::kBlank) {
    report.at(FindingCode::kNoExpiry, Field::kExpiryDate, place);
  }
}

// `code` is what stands in the cells at `place`, without the fillers around it.
void judge_state(std::string_view code, Field field, const Span& place, const Cells& cells,
                 Report& report) {
  if (!place.present()) return;
  const StateCode state = state_code(code);
  const std::string_view printed = place.in(cells);
  if (state == StateCode::kKnown && printed.front() != '<') return;
  // A digit or a foreign character in the code is an error of its own.
  const auto is_expected = [](char cell) { return is_letter(cell) || cell == '<'; };
  if (!std::all_of(printed.begin(), printed.end(), is_expected)) return;
  // A code begins at the first cell of its field: `<<D` is not D.
  if (!code.empty() && printed.front() == '<') {
    return report.at(FindingCode::kUnknownState, field, place, {}, printed);
  }
  switch (state) {
    case StateCode::kKnown:
      return;
    case StateCode::kUnknown:
      return report.at(FindingCode::kUnknownState, field, place, {}, code);
    case StateCode::kDeprecated:
      return report.at(FindingCode::kDeprecatedCode, field, place, {}, code);
    case StateCode::kSpecimen:
      return report.at(FindingCode::kSpecimenState, field, place, {}, code);
    case StateCode::kNonstandard:
      return report.at(FindingCode::kNonstandardCode, field, place, "D", code);
  }
}

// 9303-4 4.4: the letters after P. U is for single sheets of TD2 size (9303-8).
constexpr std::string_view kPassportLetters = "PEDORTSLM";

bool is_harmonised(std::string_view code) {
  return code.size() == 2 && code[0] == 'P' &&
         kPassportLetters.find(code[1]) != std::string_view::npos;
}

// 9303-4 4.4 (Amendment 2 of the 8th edition): a second letter issued since 2026 is one of the
// table, from 2028 on every passport has one, and what has none expires before 2038. The zone
// does not say when it was issued: each year is noted once it has begun.
constexpr int kTableRules = 2026;
constexpr int kTableIsMust = 2028;
constexpr int kTableAlone = 2038;

void judge_harmonised_code(std::string_view code, const Span& place, const ZoneDate& expiry,
                           base::Date reference_date, Report& report) {
  const auto since = [](base::Date date, int year) {
    return date.year() >= std::chrono::year(year);
  };
  if (is_harmonised(code)) return;
  if (code.size() == 2) {
    report.at(FindingCode::kUnregisteredDocumentCode, Field::kDocumentCode, place,
              since(reference_date, kTableRules) ? "2026" : "", code);
  }
  const bool alone = expiry.date && since(*expiry.date, kTableAlone);
  if (alone || (code.size() == 1 && since(reference_date, kTableIsMust))) {
    report.at(FindingCode::kUnharmonisedDocumentCode, Field::kDocumentCode, place,
              alone ? "2038" : "2028", code);
  }
}

void judge_passport_code(std::string_view code, const Span& place, const ZoneDate& expiry,
                         base::Date reference_date, Report& report) {
  if (code[0] != 'P' || code == "PU") {
    report.at(FindingCode::kDocumentCodeForSize, Field::kDocumentCode, place, "P", code);
  } else {
    judge_harmonised_code(code, place, expiry, reference_date, report);
  }
}

// 9303-5 and 9303-6 4.2.2, note on the document code; single-sheet passports are TD2 (9303-8).
void judge_card_code(std::string_view code, Format format, const Span& place, Report& report) {
  const std::string_view first = format == Format::kTd1 ? "ACI" : "ACIP";
  if (first.find(code[0]) == std::string_view::npos) {
    report.at(FindingCode::kDocumentCodeForSize, Field::kDocumentCode, place,
              format == Format::kTd1 ? "A C I" : "A C I P", code);
  } else if (code.size() == 2 && (code[1] == 'V' || (format == Format::kTd1 && code == "AI"))) {
    report.at(FindingCode::kForbiddenDocumentCode, Field::kDocumentCode, place, {}, code);
  }
}

void judge_document_code(const Layout& layout, std::string_view code, const ZoneDate& expiry,
                         base::Date reference_date, Report& report) {
  if (code.empty() || !is_letter(code[0])) return;
  if (layout.format == Format::kTd3) {
    judge_passport_code(code, layout.document_code, expiry, reference_date, report);
  } else if (layout.format == Format::kTd1 || layout.format == Format::kTd2) {
    judge_card_code(code, layout.format, layout.document_code, report);
  }
}

// A national passport is issued to nationals; passports for aliens, refugees and stateless
// persons (PT, PR, PS) are not.
void judge_nationality(const Layout& layout, const Document& document, Report& report) {
  if (layout.format != Format::kTd3 || document.document_code.empty()) return;
  if (document.issuer == document.nationality) return;
  const std::string_view code = document.document_code;
  if (code == "PT" || code == "PR" || code == "PS") return;
  const std::string_view nationality = document.nationality;
  if (nationality.substr(0, 2) == "XX" || same_state(document.issuer, nationality)) return;
  if (state_code(document.issuer) == StateCode::kUnknown ||
      state_code(nationality) == StateCode::kUnknown) {
    return;
  }
  report.at(FindingCode::kNationalityDiffers, Field::kNationality, layout.nationality);
}

constexpr char find_blind_look_alike(char cell) {
  for (char candidate : look_alikes(cell)) {
    if (is_digit(candidate) != is_digit(cell) && candidate != '<' &&
        is_blind_pair(cell, candidate)) {
      return candidate;
    }
  }
  return 0;
}

// By character; 0 where there is none.
constexpr auto kBlindLookAlikes = [] {
  std::array<char, 128> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = find_blind_look_alike(static_cast<char>(i));
  }
  return table;
}();

// A letter among digits, or the reverse, whose look-alike would fit in and would leave every
// digit agreeing: only the issuer's own rule for its numbers can tell.
void report_blind_pairs(const Span& place, std::string_view number, Report& report) {
  for (std::size_t i = 1; i < number.size(); ++i) {
    const auto is_other_class = [&number, i](std::size_t k) {
      return number[k] != '<' && is_zone_cell(number[k]) &&
             is_digit(number[k]) != is_digit(number[i]);
    };
    if (!is_other_class(i - 1)) continue;
    const bool last = i + 1 == number.size() || number[i + 1] == '<';
    if (!last && !is_other_class(i + 1)) continue;
    judge_odd_cell(place, i, number[i], report);
  }
}

// Fillers stand behind a number and nowhere before it, so a filler in front may be a K that was
// misread.
void report_filler_in_front(const Span& place, std::string_view number, Report& report) {
  if (number.front() != '<' || number.find_first_not_of('<') == std::string_view::npos) return;
  report.at(FindingCode::kBlindPair, Field::kDocumentNumber, place, "K", "<");
}

constexpr std::size_t kSuspectRun = 3;

// Whether the digit over the optional data agrees only with fillers in place of `run`.
bool fillers_reconcile(const Layout& layout, Cells cells, const Span& run) {
  const Digit& digit =
      layout.optional_digit.present() ? layout.optional_digit : layout.composite_digit;
  if (!digit.present() || digit.agrees(cells)) return false;
  char* const first = &cells[run.line - 1u][run.column - 1u];
  std::fill(first, first + run.length, '<');
  return digit.agrees(cells);
}

// A run of one letter up to the end of the field. No digit tells K from a filler; any other
// letter is suspect when with fillers in its place the digit would agree.
void report_filler_misreads(const Layout& layout, const Span& place, Field field,
                            const Cells& cells, Report& report) {
  const std::string_view text = place.in(cells);
  if (text.empty()) return;
  const bool filler_like = kFillerLikeLetters.find(text.back()) != std::string_view::npos ||
                           kFillerLikeBrackets.find(text.back()) != std::string_view::npos;
  if (!filler_like) return;
  const std::size_t last = text.find_last_not_of(text.back());
  const std::size_t start = last == std::string_view::npos ? 0 : last + 1;
  if (text.size() - start < kSuspectRun) return;
  const Span run{place.line, static_cast<std::uint8_t>(place.column + start),
                 static_cast<std::uint8_t>(text.size() - start)};
  if (text.back() != 'K' && !fillers_reconcile(layout, cells, run)) return;
  for (const auto code : {FindingCode::kSuspectFiller, FindingCode::kRepairCandidate}) {
    report.at(code, field, run, "<", text.substr(start, 1));
  }
}

}  // namespace

void judge_dates(const Layout& layout, const Cells& cells, base::Date reference_date,
                 Reading& reading, Report& report) {
  judge_birth(layout.birth_date, cells, reading.birth.state, report);
  judge_expiry(layout.expiry_date, cells, reading.expiry.state, report);
  if (reading.birth.date && reading.expiry.date && *reading.expiry.date <= *reading.birth.date) {
    report.at(FindingCode::kDateOrder, Field::kExpiryDate, layout.expiry_date);
    reading.birth.century_ambiguous = reading.birth.other.has_value();
    reading.expiry.century_ambiguous = reading.expiry.other.has_value();
  }
  if (reading.birth.century_ambiguous) {
    report.at(FindingCode::kCenturyAmbiguous, Field::kBirthDate, layout.birth_date);
  }
  if (reading.expiry.date && *reading.expiry.date < reference_date) {
    report.at(FindingCode::kExpired, Field::kExpiryDate, layout.expiry_date);
  }
}

void judge_codes(const Layout& layout, const Cells& cells, const Document& document,
                 const ZoneDate& expiry, base::Date reference_date, Report& report) {
  judge_document_code(layout, document.document_code, expiry, reference_date, report);
  judge_state(document.issuer, Field::kIssuer, layout.issuer, cells, report);
  judge_state(document.nationality, Field::kNationality, layout.nationality, cells, report);
  judge_nationality(layout, document, report);
}

void judge_odd_cell(const Span& place, std::size_t index, char cell, Report& report) {
  const char twin = kBlindLookAlikes[static_cast<unsigned char>(cell) % kBlindLookAlikes.size()];
  if (twin == 0) return;
  report.at(FindingCode::kBlindPair, Field::kDocumentNumber, place.line, place.column + index,
            std::string_view(&twin, 1), std::string_view(&cell, 1));
}

void judge_end_of_number(const Span& place, std::string_view number, Report& report) {
  const std::string_view used = number.substr(0, number.find_last_not_of('<') + 1);
  if (used.empty() || used.back() != 'K') return;
  const std::size_t index = used.find_last_not_of('K') + 1;
  report.at(FindingCode::kBlindPair, Field::kDocumentNumber, place.line, place.column + index, "<",
            "K");
}

void judge_optional_data(const Layout& layout, const Cells& cells, Report& report) {
  report_filler_misreads(layout, layout.optional1, Field::kOptional1, cells, report);
  report_filler_misreads(layout, layout.optional2, Field::kOptional2, cells, report);
}

void judge_blind_spots(const Layout& layout, const Cells& cells, const NumberParts& number,
                       Report& report) {
  report_filler_in_front(layout.document_number, number.head, report);
  report_blind_pairs(layout.document_number, number.head, report);
  if (!number.is_long) {
    judge_end_of_number(layout.document_number, number.head, report);
    report_filler_misreads(layout, layout.optional1, Field::kOptional1, cells, report);
  }
  report_filler_misreads(layout, layout.optional2, Field::kOptional2, cells, report);
}

}  // namespace paxid::mrz
