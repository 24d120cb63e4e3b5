#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "mrz/check_digit.h"
#include "mrz/document.h"

namespace paxid::mrz {

inline constexpr std::size_t kMaxLines = 3;
inline constexpr std::size_t kMaxWidth = 44;

// The cells of a zone, line by line. Cells beyond a line's width mean nothing.
using Cells = std::array<std::array<char, kMaxWidth>, kMaxLines>;

// A run of cells within one line. Line and column count from 1, as Doc 9303 does.
struct Span {
  std::uint8_t line = 0;
  std::uint8_t column = 0;
  std::uint8_t length = 0;  // 0: the format has no such field

  constexpr bool present() const { return length != 0; }
  constexpr std::string_view in(const Cells& cells) const {
    if (!present()) return {};
    return {&cells[line - 1u][column - 1u], length};
  }
};

// A check digit: its cell, and the runs it is computed over, in order.
struct Digit {
  Span cell;
  std::array<Span, 4> over{};

  constexpr bool present() const { return cell.present(); }
  constexpr char in(const Cells& cells) const { return cells[cell.line - 1u][cell.column - 1u]; }
  constexpr CheckSum sum(const Cells& cells) const {
    CheckSum sum;
    for (const Span& span : over) sum.add(span.in(cells));
    return sum;
  }
  // Whether a digit is printed and is the one that is computed. Requires present().
  constexpr bool agrees(const Cells& cells) const {
    const CheckSum computed = sum(cells);
    return is_digit(in(cells)) && computed.readable() && in(cells) - '0' == computed.digit();
  }
};

// Where a format keeps what. One table drives reading and writing.
struct Layout {
  Format format = Format::kNone;
  std::uint8_t lines = 0;
  std::array<std::uint8_t, kMaxLines> widths{};

  Span document_code{};
  Span issuer{};
  Span name{};        // primary and secondary identifier with `<<` between them ...
  Span given_name{};  // ... unless the secondary identifier has a field of its own
  Span document_number{};
  Span nationality{};
  Span birth_date{};
  Span sex{};
  Span expiry_date{};
  Span optional1{};
  Span optional2{};
  std::array<Span, 2> reserved{};  // cells that hold fillers only

  Digit document_number_digit{};
  Digit birth_date_digit{};
  Digit expiry_date_digit{};
  Digit optional_digit{};
  Digit composite_digit{};

  // The run that takes the tail of a long document number, its check digit and a filler
  // (9303-5 4.2.4, 9303-6 4.2.4); absent where numbers have nine characters at most.
  Span long_number_tail{};
};

// ICAO Doc 9303-5 4.2.
inline constexpr Layout kTd1{
    .format = Format::kTd1,
    .lines = 3,
    .widths = {30, 30, 30},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {3, 1, 30},
    .document_number = {1, 6, 9},
    .nationality = {2, 16, 3},
    .birth_date = {2, 1, 6},
    .sex = {2, 8, 1},
    .expiry_date = {2, 9, 6},
    .optional1 = {1, 16, 15},
    .optional2 = {2, 19, 11},
    .document_number_digit = {{1, 15, 1}, {{{1, 6, 9}}}},
    .birth_date_digit = {{2, 7, 1}, {{{2, 1, 6}}}},
    .expiry_date_digit = {{2, 15, 1}, {{{2, 9, 6}}}},
    .composite_digit = {{2, 30, 1}, {{{1, 6, 25}, {2, 1, 7}, {2, 9, 7}, {2, 19, 11}}}},
    .long_number_tail = {1, 16, 15},
};

// ICAO Doc 9303-6 4.2.
inline constexpr Layout kTd2{
    .format = Format::kTd2,
    .lines = 2,
    .widths = {36, 36},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {1, 6, 31},
    .document_number = {2, 1, 9},
    .nationality = {2, 11, 3},
    .birth_date = {2, 14, 6},
    .sex = {2, 21, 1},
    .expiry_date = {2, 22, 6},
    .optional1 = {2, 29, 7},
    .document_number_digit = {{2, 10, 1}, {{{2, 1, 9}}}},
    .birth_date_digit = {{2, 20, 1}, {{{2, 14, 6}}}},
    .expiry_date_digit = {{2, 28, 1}, {{{2, 22, 6}}}},
    .composite_digit = {{2, 36, 1}, {{{2, 1, 10}, {2, 14, 7}, {2, 22, 14}}}},
    .long_number_tail = {2, 29, 7},
};

// ICAO Doc 9303-4 4.2.
inline constexpr Layout kTd3{
    .format = Format::kTd3,
    .lines = 2,
    .widths = {44, 44},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {1, 6, 39},
    .document_number = {2, 1, 9},
    .nationality = {2, 11, 3},
    .birth_date = {2, 14, 6},
    .sex = {2, 21, 1},
    .expiry_date = {2, 22, 6},
    .optional1 = {2, 29, 14},
    .document_number_digit = {{2, 10, 1}, {{{2, 1, 9}}}},
    .birth_date_digit = {{2, 20, 1}, {{{2, 14, 6}}}},
    .expiry_date_digit = {{2, 28, 1}, {{{2, 22, 6}}}},
    .optional_digit = {{2, 43, 1}, {{{2, 29, 14}}}},
    .composite_digit = {{2, 44, 1}, {{{2, 1, 10}, {2, 14, 7}, {2, 22, 22}}}},
};

// ICAO Doc 9303-7 4.2. Visas have no composite digit; the last cells are data.
inline constexpr Layout kMrvA{
    .format = Format::kMrvA,
    .lines = 2,
    .widths = {44, 44},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {1, 6, 39},
    .document_number = {2, 1, 9},
    .nationality = {2, 11, 3},
    .birth_date = {2, 14, 6},
    .sex = {2, 21, 1},
    .expiry_date = {2, 22, 6},
    .optional1 = {2, 29, 16},
    .document_number_digit = {{2, 10, 1}, {{{2, 1, 9}}}},
    .birth_date_digit = {{2, 20, 1}, {{{2, 14, 6}}}},
    .expiry_date_digit = {{2, 28, 1}, {{{2, 22, 6}}}},
};

// ICAO Doc 9303-7 7.2.
inline constexpr Layout kMrvB{
    .format = Format::kMrvB,
    .lines = 2,
    .widths = {36, 36},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {1, 6, 31},
    .document_number = {2, 1, 9},
    .nationality = {2, 11, 3},
    .birth_date = {2, 14, 6},
    .sex = {2, 21, 1},
    .expiry_date = {2, 22, 6},
    .optional1 = {2, 29, 8},
    .document_number_digit = {{2, 10, 1}, {{{2, 1, 9}}}},
    .birth_date_digit = {{2, 20, 1}, {{{2, 14, 6}}}},
    .expiry_date_digit = {{2, 28, 1}, {{{2, 22, 6}}}},
};

// The French identity card until 2021: department and office after the surname, number of
// issue month, department and serial. No nationality and no expiry.
inline constexpr Layout kFraId{
    .format = Format::kFraId,
    .lines = 2,
    .widths = {36, 36},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {1, 6, 25},
    .given_name = {2, 14, 14},
    .document_number = {2, 1, 12},
    .birth_date = {2, 28, 6},
    .sex = {2, 35, 1},
    .optional1 = {1, 31, 6},
    .document_number_digit = {{2, 13, 1}, {{{2, 1, 12}}}},
    .birth_date_digit = {{2, 34, 1}, {{{2, 28, 6}}}},
    .composite_digit = {{2, 36, 1}, {{{1, 1, 36}, {2, 1, 35}}}},
};

// The Swiss driving licence; the first line is the number of the blank card. No check digit.
inline constexpr Layout kCheDl{
    .format = Format::kCheDl,
    .lines = 3,
    .widths = {9, 30, 30},
    .document_code = {2, 1, 2},
    .issuer = {2, 3, 3},
    .name = {3, 1, 30},
    .document_number = {2, 6, 12},
    .birth_date = {2, 20, 6},
    .optional1 = {1, 1, 9},
    .reserved = {{{2, 18, 2}, {2, 26, 5}}},
};

// The French driving licence. The name field has room for eight letters of the surname.
inline constexpr Layout kFraDl{
    .format = Format::kFraDl,
    .lines = 1,
    .widths = {30},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {1, 22, 8},
    .document_number = {1, 6, 9},
    .expiry_date = {1, 16, 6},
    .document_number_digit = {{1, 15, 1}, {{{1, 1, 14}}}},
    .composite_digit = {{1, 30, 1}, {{{1, 1, 29}}}},
};

// The Slovak identity card of two lines of 34. No composite digit.
inline constexpr Layout kSvk{
    .format = Format::kSvk,
    .lines = 2,
    .widths = {34, 34},
    .document_code = {1, 1, 2},
    .issuer = {1, 3, 3},
    .name = {1, 6, 29},
    .document_number = {2, 1, 9},
    .nationality = {2, 11, 3},
    .birth_date = {2, 14, 6},
    .sex = {2, 21, 1},
    .expiry_date = {2, 22, 6},
    .optional1 = {2, 29, 6},
    .document_number_digit = {{2, 10, 1}, {{{2, 1, 9}}}},
    .birth_date_digit = {{2, 20, 1}, {{{2, 14, 6}}}},
    .expiry_date_digit = {{2, 28, 1}, {{{2, 22, 6}}}},
};

inline constexpr std::array<const Layout*, 9> kLayouts{&kTd1,   &kTd2,   &kTd3,   &kMrvA, &kMrvB,
                                                       &kFraId, &kCheDl, &kFraDl, &kSvk};

// Requires format != Format::kNone.
const Layout& layout_of(Format format);

}  // namespace paxid::mrz
