#include "mrz/layout.h"

#include "base/check.h"

namespace paxid::mrz {
namespace {

constexpr std::size_t kFieldCount = 20;

constexpr std::array<Span, kFieldCount> fields_of(const Layout& l) {
  return {l.document_code,
          l.issuer,
          l.name,
          l.given_name,
          l.document_number,
          l.nationality,
          l.birth_date,
          l.sex,
          l.expiry_date,
          l.optional1,
          l.optional2,
          l.reserved[0],
          l.reserved[1],
          l.document_number_digit.cell,
          l.birth_date_digit.cell,
          l.expiry_date_digit.cell,
          l.optional_digit.cell,
          l.composite_digit.cell};
}

// Every cell belongs to exactly one field.
constexpr bool tiles(const Layout& layout) {
  std::array<std::array<int, kMaxWidth>, kMaxLines> owners{};
  for (const Span& span : fields_of(layout)) {
    for (unsigned i = 0; i < span.length; ++i) ++owners[span.line - 1u][span.column - 1u + i];
  }
  for (std::size_t line = 0; line < kMaxLines; ++line) {
    for (std::size_t column = 0; column < kMaxWidth; ++column) {
      const bool inside = line < layout.lines && column < layout.widths[line];
      if (owners[line][column] != (inside ? 1 : 0)) return false;
    }
  }
  return true;
}

constexpr bool all_tile() {
  for (const Layout* layout : kLayouts) {
    if (!tiles(*layout)) return false;
  }
  return true;
}
static_assert(all_tile());

constexpr bool agrees(const Cells& cells, const Digit& digit) {
  if (!digit.present()) return true;
  const char printed = digit.in(cells);
  return (is_digit(printed) || printed == '<') && cell_value(printed) == digit.sum(cells).digit();
}

constexpr bool all_digits_agree(const Layout& layout, std::string_view line1,
                                std::string_view line2, std::string_view line3 = {}) {
  Cells cells{};
  const std::array<std::string_view, kMaxLines> lines{line1, line2, line3};
  for (std::size_t i = 0; i < kMaxLines; ++i) {
    if (lines[i].size() != layout.widths[i]) return false;
    for (std::size_t k = 0; k < lines[i].size(); ++k) cells[i][k] = lines[i][k];
  }
  return agrees(cells, layout.document_number_digit) && agrees(cells, layout.birth_date_digit) &&
         agrees(cells, layout.expiry_date_digit) && agrees(cells, layout.optional_digit) &&
         agrees(cells, layout.composite_digit);
}

// The specimens of the standard hold the tables to account: 9303-4 Fig. A-1, 9303-5 App. A,
// 9303-6 Fig. A-1, 9303-7 App. A and B, 9303-8 Fig. B-1.
static_assert(all_digits_agree(kTd3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                               "L898902C36UTO7408122F1204159ZE184226B<<<<<10"));
static_assert(all_digits_agree(kTd1, "I<UTOD231458907<<<<<<<<<<<<<<<",
                               "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"));
static_assert(all_digits_agree(kTd2, "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
                               "D231458907UTO7408122F1204159<<<<<<<6"));
static_assert(all_digits_agree(kTd2, "PUUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
                               "D231458907UTO7408122F2606277<<<<<<<8"));
static_assert(all_digits_agree(kMrvA, "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                               "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"));
static_assert(all_digits_agree(kMrvB, "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
                               "L8988901C4XXX7408122F9612109<<<<<<<<"));
// Published specimens of the national layouts.
static_assert(all_digits_agree(kFraId, "IDFRABERTHIER<<<<<<<<<<<<<<<<<923255",
                               "8806923102858CORINNE<<<<<<<6512068F2"));
static_assert(all_digits_agree(kFraDl, "D1FRA13AA000026181231MARTIN<<9", ""));
static_assert(all_digits_agree(kSvk, "I<SVKNOVAK<<JAN<<<<<<<<<<<<<<<<<<<",
                               "123456<AA5SVK8110251M1801020749313"));
// And the tables must be able to say no.
static_assert(!all_digits_agree(kTd3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                "L898902C37UTO7408122F1204159ZE184226B<<<<<10"));

}  // namespace

const Layout& layout_of(Format format) {
  PAXID_CHECK(format != Format::kNone);
  for (const Layout* layout : kLayouts) {
    if (layout->format == format) return *layout;
  }
  PAXID_CHECK(false);
}

}  // namespace paxid::mrz
