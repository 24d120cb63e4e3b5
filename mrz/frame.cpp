#include "mrz/frame.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

#include "mrz/glyph.h"
#include "mrz/lost_filler.h"
#include "mrz/raw_line.h"
#include "mrz/zone.h"

namespace paxid::mrz {
namespace {

// Up to three lines, and the shape that they have.
struct Match {
  const Shape* shape = nullptr;
  std::array<RawLine, kMaxLines> lines;
  std::size_t count = 0;  // 1 although the shape has more: joined

  std::span<const RawLine> span() const { return {lines.data(), count}; }
};

// Fills cells one after the other, from line to line.
class CellWriter {
 public:
  CellWriter(Cells& cells, const Shape& shape) : cells_(cells), shape_(shape) {}

  void put(char cell) {
    if (line_ == shape_.lines) return;
    cells_[line_][column_] = cell;
    if (++column_ == shape_.widths[line_]) {
      ++line_;
      column_ = 0;
    }
  }
  // Where the next cell goes. What takes no cell may follow the last one: it is at that one.
  std::size_t line() const { return std::min(line_ + 1, shape_.lines); }
  std::size_t column() const {
    return line_ < shape_.lines ? column_ + 1 : shape_.widths[line_ - 1];
  }

 private:
  Cells& cells_;
  const Shape& shape_;
  std::size_t line_ = 0;
  std::size_t column_ = 0;
};

// Reports what is not one of the 37 characters: each foreign character, and the first place
// of each tolerance.
class GlyphReport {
 public:
  explicit GlyphReport(Report* report) : report_(report) {}

  void note(const Glyph& glyph, std::size_t line, std::size_t column) {
    if (report_ == nullptr) return;
    switch (glyph.kind) {
      case Glyph::Kind::kCell:
        return;
      case Glyph::Kind::kLower:
        return tolerate(FindingCode::kCaseFolded, glyph, line, column);
      case Glyph::Kind::kBlank:
        return tolerate(FindingCode::kBlankForFiller, glyph, line, column);
      case Glyph::Kind::kFillerKey:
        return tolerate(FindingCode::kFillerKey, glyph, line, column);
      case Glyph::Kind::kWide:
        return tolerate(FindingCode::kWidthFolded, glyph, line, column);
      case Glyph::Kind::kGuillemet:
        return report_->cell(FindingCode::kRepairedFiller, Field::kNone, line, column, "<",
                             spelled(glyph));
      case Glyph::Kind::kInvisible:
      case Glyph::Kind::kOther:
      case Glyph::Kind::kBadByte:
        return refuse(glyph, line, column);
      case Glyph::Kind::kHomoglyph:
        refuse(glyph, line, column);
        return report_->cell(FindingCode::kHomoglyph, Field::kNone, line, column,
                             std::string_view(&glyph.look_alike, 1), spelled(glyph));
    }
  }

 private:
  void refuse(const Glyph& glyph, std::size_t line, std::size_t column) {
    report_->cell(FindingCode::kBadCharacter, Field::kNone, line, column, "A-Z 0-9 <",
                  spelled(glyph));
  }
  void tolerate(FindingCode code, const Glyph& glyph, std::size_t line, std::size_t column) {
    if (report_->strict()) return refuse(glyph, line, column);
    bool& seen = seen_[static_cast<std::size_t>(glyph.kind)];
    if (seen) return;
    seen = true;
    report_->at(code, Field::kNone, line, column, std::string_view(&glyph.cell, 1), spelled(glyph));
  }

  Report* report_;
  std::array<bool, Glyph::kKinds> seen_{};
};

// Puts the `width` cells that `line` can be. Blanks in front count only when the cells would
// not suffice without them.
void put_line(const RawLine& line, std::size_t width, CellWriter& writer, GlyphReport& report) {
  if (line.clean && line.width == width) {
    for (char cell : line.text) writer.put(cell);
    return;
  }
  static constexpr std::string_view kBlank = " ";
  const auto put = [&writer, &report](const Glyph& glyph) {
    report.note(glyph, writer.line(), writer.column());
    for (std::size_t i = 0; i < glyph.cells; ++i) writer.put(glyph.cell);
  };
  const std::size_t skipped = std::min(line.leading, line.all() - width);
  for (std::size_t i = skipped; i < line.leading; ++i) put(glyph_at(kBlank));
  for (std::string_view rest = line.text; !rest.empty();) {
    const Glyph glyph = glyph_at(rest);
    rest.remove_prefix(glyph.bytes);
    put(glyph);
  }
  const std::size_t missing = width - std::min(width, line.leading - skipped + line.width);
  for (std::size_t i = 0; i < missing; ++i) put(glyph_at(kBlank));
}

// Fills the cells; reports on them unless `report` is null.
void put_cells(const Match& match, Cells& cells, Report* report) {
  CellWriter writer(cells, *match.shape);
  GlyphReport glyph_report(report);
  if (match.count < match.shape->lines) {
    put_line(match.lines[0], match.shape->cells(), writer, glyph_report);
    return;
  }
  for (std::size_t i = 0; i < match.count; ++i) {
    put_line(match.lines[i], match.shape->widths[i], writer, glyph_report);
  }
}

std::string_view cells_at(const Cells& cells, const Span& span) { return span.in(cells); }

// Size first, letter second. Layouts outside Doc 9303 must also name their issuer: they carry
// few check digits or none, and a damaged zone of another format might have their size.
const Layout* layout_of(const Shape& shape, const Cells& cells) {
  const bool visa = cells[0][0] == 'V';
  switch (shape.widths[0]) {
    case 44:
      return visa ? &kMrvA : &kTd3;
    case 36:
      if (visa) return &kMrvB;
      return cells_at(cells, {1, 1, 5}) == "IDFRA" ? &kFraId : &kTd2;
    case 34:
      return cells_at(cells, kSvk.issuer) == "SVK" ? &kSvk : nullptr;
    case 9:
      return cells_at(cells, kCheDl.issuer) == "CHE" ? &kCheDl : nullptr;
    default:
      break;
  }
  if (shape.lines == 3) return &kTd1;
  return cells[0][0] == 'D' && cells_at(cells, kFraDl.issuer) == "FRA" ? &kFraDl : nullptr;
}

const Layout* layout_of(const Match& match) {
  Cells cells{};
  put_cells(match, cells, nullptr);
  return layout_of(*match.shape, cells);
}

// The shape of these lines as they stand, joined lines included.
std::optional<Match> match_shape(std::span<const RawLine> lines) {
  if (lines.size() > kMaxLines) return std::nullopt;
  Match match;
  std::copy(lines.begin(), lines.end(), match.lines.begin());
  match.count = lines.size();
  for (const Shape& shape : kShapes) {
    match.shape = &shape;
    const bool fits = shape.fits(lines) || (lines.size() == 1 && shape.fits_joined(lines[0]));
    if (fits && layout_of(match) != nullptr) return match;
  }
  return std::nullopt;
}

// The lines of a zone that came as one line with blanks between them.
std::optional<Match> match_words(const RawLine& line) {
  std::array<RawLine, kMaxLines> words;
  std::size_t count = 0;
  for (std::string_view rest = line.text; !rest.empty();) {
    if (count == kMaxLines) return std::nullopt;
    const std::size_t size = std::min(rest.find(' '), rest.size());
    words[count++] = measure(rest.substr(0, size));
    rest.remove_prefix(size);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  }
  if (count < 2) return std::nullopt;
  return match_shape({words.data(), count});
}

// The only zone amid other text: neighbouring lines that are zone-like and have exactly a
// zone's widths. Two places that qualify are none. Each line is looked at a fixed number of
// times.
std::optional<Match> find_in_text(std::string_view raw) {
  std::array<RawLine, kMaxLines> window;  // the last lines, oldest first
  std::size_t filled = 0;
  std::optional<Match> found;
  LineWalk walk(raw);
  while (const auto line = walk.next()) {
    if (!line->zone_like) {
      filled = 0;
      continue;
    }
    if (filled == kMaxLines) std::rotate(window.begin(), window.begin() + 1, window.end());
    if (filled < kMaxLines) ++filled;
    window[filled - 1] = *line;
    for (const Shape& shape : kShapes) {
      const bool joined = shape.lines > 1 && line->width == shape.cells();
      const std::size_t count = joined ? 1 : shape.lines;
      if (filled < count) continue;
      const std::span<const RawLine> last{window.data() + (filled - count), count};
      if (!joined && !shape.fits_exactly(last)) continue;
      Match match;
      match.shape = &shape;
      match.count = count;
      std::copy(last.begin(), last.end(), match.lines.begin());
      if (layout_of(match) == nullptr) continue;
      if (found) return std::nullopt;
      found = match;
    }
  }
  return found;
}

FixedText<11> number(std::size_t value) {
  std::array<char, 8> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return FixedText<11>(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

// Says why these lines are no zone.
void explain(std::span<const RawLine> lines, std::size_t count, Report& report) {
  const auto distance = [&lines](const Shape& shape) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < shape.lines; ++i) {
      const std::size_t width = lines[i].width;
      sum += width > shape.widths[i] ? width - shape.widths[i] : shape.widths[i] - width;
    }
    return sum;
  };
  // A line of a zone's width that lacks its neighbours is the plainest explanation.
  const bool equal = std::all_of(lines.begin(), lines.end(), [&lines](const RawLine& line) {
    return line.width == lines[0].width;
  });
  for (const Shape& shape : std::span(kShapes).first(3)) {
    if (equal && lines[0].width == shape.widths[0] && count != shape.lines) {
      return report.add(FindingCode::kLineCount, number(shape.lines), number(count));
    }
  }
  const Shape* nearest = nullptr;
  for (const Shape& shape : std::span(kShapes).first(3)) {
    if (shape.lines != count) continue;
    if (nearest == nullptr || distance(shape) < distance(*nearest)) nearest = &shape;
  }
  if (nearest == nullptr) return report.add(FindingCode::kLineCount, "2 or 3", number(count));
  for (std::size_t i = 0; i < count; ++i) {
    if (lines[i].width == nearest->widths[i]) continue;
    report.at(FindingCode::kLineLength, Field::kNone, i + 1, 0, number(nearest->widths[i]),
              number(lines[i].width));
  }
  suggest_fillers(*nearest, lines, report);
}

// A lower line of a two-line zone or the middle line of TD1, told by its dates.
bool looks_like_dates(std::string_view dates) {
  std::size_t digits = 0;
  for (char cell : dates) {
    if (is_letter(cell)) return false;
    digits += is_digit(cell) ? 1 : 0;
  }
  return digits >= 6;
}

bool has_dates(const Cells& cells, std::uint8_t line, const Layout& layout) {
  const Span birth{line, layout.birth_date.column, 7};
  const Span expiry{line, layout.expiry_date.column, 7};
  return looks_like_dates(birth.in(cells)) && looks_like_dates(expiry.in(cells));
}

bool has_no_digit(std::string_view cells) {
  return std::none_of(cells.begin(), cells.end(), is_digit);
}

// The order in which the lines of a zone were given, when it is another than that of the
// layout and can be told for sure.
std::optional<std::array<std::size_t, kMaxLines>> other_order(const Cells& cells,
                                                              const Layout& layout) {
  const auto upper = [&cells, &layout](std::uint8_t line) {
    return is_letter(cells[line - 1u][0]) && has_no_digit(Span{line, 3, 3}.in(cells)) &&
           has_no_digit(Span{line, layout.name.column, layout.name.length}.in(cells));
  };
  if (layout.lines == 2 && layout.expiry_date.present()) {
    if (!has_dates(cells, 1, layout) || has_dates(cells, 2, layout)) return std::nullopt;
    if (!upper(2) || upper(1)) return std::nullopt;
    return std::array<std::size_t, kMaxLines>{1, 0, 2};
  }
  if (layout.format != Format::kTd1) return std::nullopt;
  std::array<std::size_t, kMaxLines> order{kMaxLines, kMaxLines, kMaxLines};
  for (std::uint8_t line = 1; line <= kMaxLines; ++line) {
    const std::size_t place = has_dates(cells, line, layout)              ? 1
                              : has_no_digit(Span{line, 1, 30}.in(cells)) ? 2
                                                                          : 0;
    if (order[place] != kMaxLines) return std::nullopt;
    order[place] = line - 1u;
  }
  if (order[0] == 0 && order[1] == 1) return std::nullopt;
  return order;
}

void put_in_order(Frame& frame, Report& report) {
  const auto order = other_order(frame.cells, *frame.layout);
  if (!order) return;
  const Cells printed = frame.cells;
  for (std::size_t i = 0; i < frame.layout->lines; ++i) frame.cells[i] = printed[(*order)[i]];
  report.add(FindingCode::kLineOrder);
}

}  // namespace

Frame frame(std::string_view raw, Report& report) {
  Frame result;
  if (raw.size() > kMaxRawBytes) {
    report.add(FindingCode::kTooLong);
    return result;
  }
  // A signature of the encoding, not a character of the zone.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (raw.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    raw.remove_prefix(kByteOrderMark.size());
  }
  std::array<RawLine, kMaxLines> lines;
  std::size_t count = 0;
  LineWalk walk(raw);
  while (const auto line = walk.next()) {
    if (count < kMaxLines) lines[count] = *line;
    ++count;
  }
  if (count == 0) {
    report.add(FindingCode::kEmptyInput);
    return result;
  }
  const std::span<const RawLine> first{lines.data(), std::min(count, kMaxLines)};
  std::optional<Match> match;
  // Words first: the blank after the last of them could be taken for a filler.
  if (count == 1) match = match_words(lines[0]);
  if (!match && count <= kMaxLines) match = match_shape(first);
  if (match && count < match->shape->lines) report.add(FindingCode::kJoinedLines);
  if (!match && !report.strict()) {
    match = find_in_text(raw);
    if (match) report.add(FindingCode::kExtraText);
  }
  if (!match) {
    explain(first, count, report);
    return result;
  }
  if (walk.saw_odd_separator()) report.add(FindingCode::kSeparator);
  put_cells(*match, result.cells, &report);
  result.layout = layout_of(*match->shape, result.cells);
  put_in_order(result, report);
  // The letter that decides the format may stand in another line than it seemed.
  result.layout = layout_of(*match->shape, result.cells);
  return result;
}

}  // namespace paxid::mrz
