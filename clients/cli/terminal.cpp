#include "clients/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "base/utf8.h"

namespace paxid::cli {
namespace {

bool steers_terminal(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200E && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

struct Range {
  char32_t first;
  char32_t last;
};

// Combining marks of the scripts that names are written in (Unicode 15, general category Mn).
constexpr std::array<Range, 24> kNoColumn = {{
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05C7}, {0x0610, 0x061A},
    {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8},
    {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0981, 0x0981},
    {0x09BC, 0x09BC}, {0x09C1, 0x09C4}, {0x09CD, 0x09CD}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A},
    {0x0E47, 0x0E4E}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x3099, 0x309A},
}};

// East Asian Width W and F (UAX #11) where letters stand.
constexpr std::array<Range, 9> kTwoColumns = {{
    {0x1100, 0x115F},
    {0x2E80, 0x303E},
    {0x3041, 0x3098},
    {0x309B, 0xA4CF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60},
    {0x20000, 0x3FFFD},
}};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t width_of_output() {
  std::size_t width = 0;
  if (winsize size{}; ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (const char* columns = std::getenv("COLUMNS"); width == 0 && columns != nullptr) {
    const std::string_view text(columns);
    std::from_chars(text.data(), text.data() + text.size(), width);
  }
  return width == 0 ? TextStyle().width : std::clamp(width, kLeastWidth, kGreatestWidth);
}

}  // namespace

TextStyle style_of_standard_output() {
  const char* no_color = std::getenv("NO_COLOR");
  const bool wanted = no_color == nullptr || *no_color == '\0';
  return {wanted && ::isatty(STDOUT_FILENO) != 0, width_of_output()};
}

std::vector<std::string> printable_characters(std::string_view text) {
  std::vector<std::string> characters;
  while (!text.empty()) {
    const base::Utf8Step step = base::decode_utf8(text);
    const bool fit = step.valid && !steers_terminal(step.code_point);
    characters.emplace_back(fit ? text.substr(0, step.length) : std::string_view("\uFFFD"));
    text.remove_prefix(step.length);
  }
  return characters;
}

std::string printable(std::string_view text) {
  std::string fit;
  for (const std::string& character : printable_characters(text)) fit += character;
  return fit;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const base::Utf8Step step = base::decode_utf8(text);
    columns += is_in(kNoColumn, step.code_point) ? 0 : is_in(kTwoColumns, step.code_point) ? 2 : 1;
    text.remove_prefix(step.length);
  }
  return columns;
}

}  // namespace paxid::cli
