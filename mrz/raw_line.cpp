#include "mrz/raw_line.h"

#include <algorithm>

#include "mrz/check_digit.h"
#include "mrz/glyph.h"

namespace paxid::mrz {
namespace {

// The bytes of the line end at the start of `text`, 0 when there is none. `odd` is set for
// separators that no printer of zones means.
std::size_t line_end_at(std::string_view text, bool& odd) {
  const auto byte = [&text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  switch (byte(0)) {
    case '\n':
    case '\r':
    case '\v':
    case '\f':
      return 1;
    case '\t':
      odd = true;
      return 1;
    case 0xC2:  // U+0085
      if (byte(1) != 0x85) return 0;
      odd = true;
      return 2;
    case 0xE2:  // U+2028, U+2029
      if (byte(1) != 0x80 || (byte(2) != 0xA8 && byte(2) != 0xA9)) return 0;
      odd = true;
      return 3;
    default:
      return 0;
  }
}

bool is_zone_like(Glyph::Kind kind) {
  return kind == Glyph::Kind::kCell || kind == Glyph::Kind::kLower || kind == Glyph::Kind::kWide ||
         kind == Glyph::Kind::kFillerKey;
}

void measure_glyphs(RawLine& line) {
  bool filler = false;
  line.zone_like = true;
  for (std::string_view rest = line.text; !rest.empty();) {
    const Glyph glyph = glyph_at(rest);
    rest.remove_prefix(glyph.bytes);
    line.width += glyph.cells;
    filler = filler || glyph.cell == '<';
    line.zone_like = line.zone_like && is_zone_like(glyph.kind);
  }
  line.zone_like = line.zone_like && filler;
}

}  // namespace

RawLine measure(std::string_view text) {
  RawLine line;
  const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t last = text.find_last_not_of(' ');
  line.leading = first;
  if (first == text.size()) return line;
  line.trailing = text.size() - last - 1;
  line.text = text.substr(first, last + 1 - first);
  line.clean = std::all_of(line.text.begin(), line.text.end(), is_zone_cell);
  if (line.clean) {
    line.width = line.text.size();
    line.zone_like = line.text.find('<') != std::string_view::npos;
  } else {
    measure_glyphs(line);
  }
  return line;
}

std::optional<RawLine> LineWalk::next() {
  while (!rest_.empty()) {
    std::size_t size = 0;
    std::size_t end = 0;
    bool odd = false;
    while (size < rest_.size() && (end = line_end_at(rest_.substr(size), odd)) == 0) ++size;
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size + end);
    if (text.find_first_not_of(' ') != std::string_view::npos) {
      odd_between_ = odd_between_ || (any_ && odd_pending_);
      odd_pending_ = odd;
      any_ = true;
      return measure(text);
    }
    odd_pending_ = odd_pending_ || odd;
  }
  return std::nullopt;
}

std::size_t Shape::cells() const {
  std::size_t sum = 0;
  for (std::size_t width : widths) sum += width;
  return sum;
}

bool Shape::fits(std::span<const RawLine> candidate) const {
  if (candidate.size() != lines) return false;
  bool sure = false;
  for (std::size_t i = 0; i < lines; ++i) {
    if (!candidate[i].can_be(widths[i])) return false;
    sure = sure || candidate[i].is_exactly(widths[i]);
  }
  return sure;
}

bool Shape::fits_exactly(std::span<const RawLine> candidate) const {
  if (candidate.size() != lines) return false;
  for (std::size_t i = 0; i < lines; ++i) {
    if (candidate[i].width != widths[i]) return false;
  }
  return true;
}

}  // namespace paxid::mrz
