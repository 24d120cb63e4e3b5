#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace paxid::mrz {

// The 37 characters of a zone and their values, ICAO Doc 9303-3 4.3 and 4.9: 0-9, A = 10 ..
// Z = 35, `<` = 0. -1 for anything else.
constexpr int cell_value(char cell) {
  if (cell >= '0' && cell <= '9') return cell - '0';
  if (cell >= 'A' && cell <= 'Z') return cell - 'A' + 10;
  return cell == '<' ? 0 : -1;
}

constexpr bool is_zone_cell(char cell) { return cell_value(cell) >= 0; }
constexpr bool is_digit(char cell) { return cell >= '0' && cell <= '9'; }
constexpr bool is_letter(char cell) { return cell >= 'A' && cell <= 'Z'; }

// Sums cells with the weights 7, 3, 1 repeating. The weights run on over everything that is
// added: cells between two ranges consume none (9303-3 4.9).
class CheckSum {
 public:
  constexpr void add(char cell) {
    constexpr std::array<int, 3> kWeights{7, 3, 1};
    const int value = cell_value(cell);
    if (value < 0) {
      readable_ = false;
      return;
    }
    sum_ += value * kWeights[phase_];
    phase_ = phase_ == 2 ? 0 : phase_ + 1;
  }
  constexpr void add(std::string_view cells) {
    for (char cell : cells) add(cell);
  }

  // False once a cell outside the 37 characters was added: then there is no digit.
  constexpr bool readable() const { return readable_; }
  // 0..9.
  constexpr int digit() const { return sum_ % 10; }

 private:
  int sum_ = 0;
  unsigned phase_ = 0;
  bool readable_ = true;
};

// The check digit of `cells`, or -1 when one of them is outside the 37 characters.
constexpr int check_digit(std::string_view cells) {
  CheckSum sum;
  sum.add(cells);
  return sum.readable() ? sum.digit() : -1;
}

// All weights are units modulo 10, so a single substitution goes unnoticed by every check
// digit that covers the cell exactly when the two values are equal modulo 10.
constexpr bool is_blind_pair(char a, char b) {
  return a != b && is_zone_cell(a) && is_zone_cell(b) && cell_value(a) % 10 == cell_value(b) % 10;
}

// The characters that printing and reading commonly take for `cell`; "" when there are none.
constexpr std::string_view look_alikes(char cell) {
  switch (cell) {
    case '0':
      return "ODQU";
    case '1':
      return "ILT";
    case '2':
      return "Z";
    case '4':
      return "A";
    case '5':
      return "S";
    case '6':
      return "G";
    case '7':
      return "T";
    case '8':
      return "BS";
    case 'A':
      return "4";
    case 'B':
      return "8";
    case 'C':
      return "G";
    case 'D':
      return "0O";
    case 'F':
      return "P";
    case 'G':
      return "6CQ";
    case 'H':
      return "R";
    case 'I':
      return "1L";
    case 'K':
      return "<";
    case 'L':
      return "1I";
    case 'M':
      return "W";
    case 'O':
      return "0DQ";
    case 'P':
      return "F";
    case 'Q':
      return "0OG";
    case 'R':
      return "H";
    case 'S':
      return "58";
    case 'T':
      return "17";
    case 'U':
      return "0";
    case 'W':
      return "M";
    case 'Z':
      return "2";
    default:
      return "";
  }
}

// The worked examples of Doc 9303-3 4.9 and of the specimen of 9303-4.
static_assert(check_digit("520727") == 3);
static_assert(check_digit("AB2134<<<") == 5);
static_assert(check_digit("HA672242<658022549601086<<<<<<<<<<<<<<0") == 8);
static_assert(check_digit("L898902C3") == 6);
static_assert(check_digit("740812") == 2);
static_assert(is_blind_pair('<', 'K') && is_blind_pair('6', 'G') && !is_blind_pair('0', 'O'));

}  // namespace paxid::mrz
