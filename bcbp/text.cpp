#include "bcbp/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace paxid::bcbp {

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string_view trim(std::string_view text) {
  text = trim_end(text);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), to_upper);
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator, start)) {
    parts.push_back(text.substr(start, at - start));
    start = at + 1;
  }
  parts.push_back(text.substr(start));
  return parts;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view part : split(text, ' ')) {
    if (!part.empty()) words.emplace_back(part);
  }
  return words;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

std::string without_separators(std::string_view name) {
  std::string out(name);
  std::erase_if(out, [](char c) { return c == ' ' || c == '-' || c == '\''; });
  return out;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<int> to_number(std::string_view text) {
  if (!all_digits(text) || text.size() > 9) return std::nullopt;
  int number = 0;
  for (const char digit : text) number = number * 10 + (digit - '0');
  return number;
}

bool has_letter(std::string_view text) { return std::any_of(text.begin(), text.end(), is_letter); }

std::optional<TeletypeDate> parse_teletype_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths{
      "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  if (text.size() != 7 && text.size() != 9) return std::nullopt;
  const auto day = to_number(text.substr(0, 2));
  const auto year = to_number(text.substr(5));
  const std::string month = upper(text.substr(2, 3));
  const auto found = std::find(kMonths.begin(), kMonths.end(), month);
  if (!day || !year || found == kMonths.end()) return std::nullopt;
  return TeletypeDate{*day, static_cast<unsigned>(found - kMonths.begin() + 1), *year,
                      text.size() == 9};
}

namespace {

std::optional<base::Date> in_year(const TeletypeDate& date, int year) {
  const base::Date found{std::chrono::year(year), std::chrono::month(date.month),
                         std::chrono::day(static_cast<unsigned>(date.day))};
  if (!found.ok()) return std::nullopt;
  return found;
}

}  // namespace

std::optional<base::Date> not_after(const TeletypeDate& date, base::Date reference) {
  if (date.whole_year) return in_year(date, date.year);
  const int century = int(reference.year()) / 100 * 100;
  for (const int year : {century + date.year, century - 100 + date.year}) {
    const auto found = in_year(date, year);
    if (found && *found <= reference) return found;
  }
  return std::nullopt;
}

std::optional<base::Date> nearest_to(const TeletypeDate& date, base::Date reference) {
  if (date.whole_year) return in_year(date, date.year);
  const int century = int(reference.year()) / 100 * 100;
  std::optional<base::Date> nearest;
  for (const int start : {century - 100, century, century + 100}) {
    const auto found = in_year(date, start + date.year);
    if (found && (!nearest || std::abs(base::days_between(*found, reference)) <
                                  std::abs(base::days_between(*nearest, reference)))) {
      nearest = found;
    }
  }
  return nearest;
}

}  // namespace paxid::bcbp
