#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"

// ASCII text as barcodes, reservations and teletype messages carry it. Never locale-aware.
namespace paxid::bcbp {

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_letter(char c) { return is_upper(c) || is_lower(c); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_printable(char c) { return c >= 0x20 && c <= 0x7E; }
constexpr char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// Without blanks at either end.
std::string_view trim(std::string_view text);
std::string_view trim_end(std::string_view text);

std::string upper(std::string_view text);

// The parts between `separator`s; one more than there are separators.
std::vector<std::string_view> split(std::string_view text, char separator);
// The words between blanks; none is empty.
std::vector<std::string> words_of(std::string_view text);
std::string join(const std::vector<std::string>& words);

// Without blanks, hyphens and apostrophes: what names may be joined by.
std::string without_separators(std::string_view name);

bool all_digits(std::string_view text);  // false for an empty text
// A number of one to nine digits; nothing for any other text.
std::optional<int> to_number(std::string_view text);
bool has_letter(std::string_view text);

// A date as teletype messages write it: DDMMM, then two or four digits of the year. Two
// digits are any year with that ending; the caller says which.
struct TeletypeDate {
  int day = 0;
  unsigned month = 0;
  int year = 0;  // 0..99, or the whole year
  bool whole_year = false;
};
std::optional<TeletypeDate> parse_teletype_date(std::string_view text);

// The latest such date that is not after `reference` (births, dates of issue).
std::optional<base::Date> not_after(const TeletypeDate& date, base::Date reference);
// The one nearest to `reference` (expiry dates).
std::optional<base::Date> nearest_to(const TeletypeDate& date, base::Date reference);

}  // namespace paxid::bcbp
