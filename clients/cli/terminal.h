#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace paxid::cli {

// How a text for eyes may look.
struct TextStyle {
  bool colour = false;
  std::size_t width = 80;  // columns of a line
};

// What standard output bears: colour on a terminal unless NO_COLOR is set (no-color.org), the
// terminal's width or $COLUMNS within [kLeastWidth, kGreatestWidth], else 80.
inline constexpr std::size_t kLeastWidth = 40;
inline constexpr std::size_t kGreatestWidth = 160;
TextStyle style_of_standard_output();

// `text` with control and direction-changing characters replaced by U+FFFD, so that no input
// can steer a terminal.
std::string printable(std::string_view text);

// The same; every element is one character of the text.
std::vector<std::string> printable_characters(std::string_view text);

// Columns that a text takes on a terminal: 2 for wide East Asian characters, 0 for marks that
// stand on the letter before them.
std::size_t columns_of(std::string_view text);

}  // namespace paxid::cli
