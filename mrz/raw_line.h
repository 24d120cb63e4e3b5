#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "mrz/layout.h"

namespace paxid::mrz {

// One line of raw text, measured in cells.
struct RawLine {
  std::string_view text;     // without ASCII blanks around it
  std::size_t leading = 0;   // blanks before it
  std::size_t trailing = 0;  // and after it
  std::size_t width = 0;     // cells of `text`
  bool clean = false;        // `text` holds nothing but the 37 characters: one byte a cell
  bool zone_like = false;    // could be a line of a zone amid other text: no blank inside,
                             // nothing outside the 37 characters but lower case, wide forms
                             // and a filler's other keys, and at least one filler
  std::size_t all() const { return leading + width + trailing; }
  // A blank at either end may be a filler or just white space.
  bool can_be(std::size_t cells) const { return width <= cells && cells <= all(); }
  bool is_exactly(std::size_t cells) const { return width == cells || all() == cells; }
};

// Takes time linear in the text.
RawLine measure(std::string_view text);

// Walks the lines of a raw text. CR, LF, vertical tab, form feed and tab end a line, and so
// do U+0085, U+2028 and U+2029; what is blank is passed over.
class LineWalk {
 public:
  explicit LineWalk(std::string_view raw) : rest_(raw) {}
  std::optional<RawLine> next();
  // A tab or a Unicode separator stood between two lines that were returned.
  bool saw_odd_separator() const { return odd_between_; }

 private:
  std::string_view rest_;
  bool any_ = false;
  bool odd_pending_ = false;
  bool odd_between_ = false;
};

// The sizes of zones, by number of lines and their widths.
struct Shape {
  std::size_t lines;
  std::array<std::size_t, kMaxLines> widths;

  std::size_t cells() const;
  // Whether these lines are a zone of this shape. At least one line must have a width of the
  // shape without its surrounding blanks being taken for fillers in part.
  bool fits(std::span<const RawLine> candidate) const;
  bool fits_exactly(std::span<const RawLine> candidate) const;
  // One line that holds all the others.
  bool fits_joined(const RawLine& line) const { return lines > 1 && line.is_exactly(cells()); }
};

inline constexpr std::array<Shape, 6> kShapes{{
    {2, {44, 44}},
    {2, {36, 36}},
    {3, {30, 30, 30}},
    {2, {34, 34}},
    {3, {9, 30, 30}},
    {1, {30}},
}};

}  // namespace paxid::mrz
