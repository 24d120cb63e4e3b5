#include "mrz/writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "mrz/check_digit.h"
#include "mrz/glyph.h"
#include "mrz/layout.h"
#include "mrz/zone_date.h"
#include "transliteration/icao.h"

namespace paxid::mrz {
namespace {

using Outcome = std::optional<base::Error>;

Outcome refuse(std::string_view field, std::string message) {
  return base::Error{base::ErrorCode::kInvalidArgument, std::move(message), std::string(field)};
}

void put(const Span& span, std::string_view text, Cells& cells) {
  std::copy(text.begin(), text.end(), &cells[span.line - 1u][span.column - 1u]);
}

// Letters, digits, and fillers for blanks and hyphens; nothing when there is anything else.
std::optional<std::string> cells_of(std::string_view text) {
  std::string cells;
  for (char c : text) {
    const char cell = c == ' ' || c == '-' ? '<' : upper(c);
    if (!is_zone_cell(cell)) return std::nullopt;
    cells.push_back(cell);
  }
  return cells;
}

Outcome put_text(std::string_view field, const Span& span, std::string_view text, bool required,
                 bool letters_only, Cells& cells) {
  if (!span.present()) {
    return text.empty() ? Outcome{} : refuse(field, "the format has no such field");
  }
  if (required && text.empty()) return refuse(field, "is missing");
  const auto converted = cells_of(text);
  if (!converted) return refuse(field, "holds a character that no zone can print");
  if (letters_only && std::any_of(converted->begin(), converted->end(), is_digit)) {
    return refuse(field, "holds a digit");
  }
  if (converted->size() > span.length) return refuse(field, "is too long for the format");
  put(span, *converted, cells);
  return {};
}

Outcome put_date(std::string_view field, const Span& span, std::string_view date,
                 bool may_be_unknown, Cells& cells) {
  if (!span.present()) {
    return date.empty() ? Outcome{} : refuse(field, "the format has no such field");
  }
  if (date.size() != span.length) return refuse(field, "must be YYMMDD");
  const DateState state = date_state(date);
  const bool unknown = state == DateState::kPartial || state == DateState::kBlank;
  if (state == DateState::kImpossible || (unknown && !may_be_unknown)) {
    return refuse(field, "is no day of the calendar");
  }
  put(span, date, cells);
  return {};
}

// The parts of an identifier with one filler between them; nothing for what must be
// transliterated first, or for digits.
std::optional<std::string> identifier_of(std::string_view name) {
  std::string cells;
  bool gap = false;
  for (char c : name) {
    const char letter = upper(c);
    if (is_letter(letter)) {
      if (gap && !cells.empty()) cells.push_back('<');
      gap = false;
      cells.push_back(letter);
    } else if (c == ' ' || c == '-' || c == ',' || c == '<') {
      gap = true;
    } else if (c < ' ' || c > '~' || is_digit(c)) {
      return std::nullopt;
    }
  }
  return cells;
}

// The first `width` cells. When the last of them would be the filler before the next part,
// the longest part before it gives up a letter, so that the last cell is a letter.
std::string cut(const std::string& identifier, std::size_t width) {
  if (identifier.size() <= width) return identifier;
  std::string head = identifier.substr(0, width);
  if (head.back() != '<') return head;
  std::size_t longest_end = 0;
  std::size_t longest = 1;
  std::size_t length = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    length = head[i] == '<' ? 0 : length + 1;
    const bool ends = i + 1 == head.size() || head[i + 1] == '<';
    if (ends && length > longest) {
      longest = length;
      longest_end = i;
    }
  }
  if (longest == 1) return head.substr(0, width - 1);
  head.erase(longest_end, 1);
  head.push_back(identifier[width]);
  return head;
}

// Both identifiers in one field of `width` cells.
std::string name_cells(const std::string& primary, const std::string& secondary,
                       std::size_t width) {
  if (secondary.empty()) return cut(primary, width);
  if (primary.size() + 2 + secondary.size() <= width) return primary + "<<" + secondary;
  // Room for the separator and one letter comes first.
  const std::size_t room = width - 3;
  return cut(cut(primary, room) + "<<" + secondary, width);
}

// The French card prints given names with two fillers between them.
std::string given_name_cells(const std::string& secondary, std::size_t width) {
  std::string cells;
  for (char cell : secondary) cells += cell == '<' ? "<<" : std::string(1, cell);
  cells.resize(std::min(cells.size(), width));
  return cells;
}

Outcome put_names(const Layout& layout, const ZoneContent& content, Cells& cells) {
  const auto primary = identifier_of(content.primary);
  if (!primary) return refuse("primary", "holds what must be transliterated first");
  const auto secondary = identifier_of(content.secondary);
  if (!secondary) return refuse("secondary", "holds what must be transliterated first");
  if (primary->empty() && secondary->empty()) return refuse("primary", "is missing");
  if (layout.given_name.present()) {
    put(layout.name, cut(*primary, layout.name.length), cells);
    put(layout.given_name, given_name_cells(*secondary, layout.given_name.length), cells);
    return {};
  }
  if (layout.format == Format::kFraDl && !secondary->empty()) {
    return refuse("secondary", "the format has no such field");
  }
  put(layout.name, name_cells(*primary, *secondary, layout.name.length), cells);
  return {};
}

// A number that is longer than its field goes on in the optional data: a filler in place of
// the digit, the tail, the digit, a filler (9303-5 4.2.4).
Outcome put_long_number(const Layout& layout, const std::string& number, std::string_view optional,
                        Cells& cells) {
  const Span& run = layout.long_number_tail;
  const std::size_t head = layout.document_number.length;
  const std::size_t taken = number.size() - head + 2;
  if (!run.present() || taken > run.length) {
    return refuse("document_number", "is too long for the format");
  }
  if (number.find('<') != std::string::npos) {
    return refuse("document_number", "is too long to hold a blank");
  }
  const auto rest = cells_of(optional);
  if (!rest) return refuse("optional1", "holds a character that no zone can print");
  if (taken + rest->size() > run.length) {
    return refuse("optional1", "is too long beside this document number");
  }
  put(layout.document_number, std::string_view(number).substr(0, head), cells);
  std::string tail = number.substr(head);
  tail.push_back(static_cast<char>('0' + check_digit(number)));
  tail.push_back('<');
  put(run, tail + *rest, cells);
  return {};
}

Outcome put_number(const Layout& layout, const ZoneContent& content, Cells& cells, bool& is_long) {
  if (content.document_number.empty()) return refuse("document_number", "is missing");
  const auto number = cells_of(content.document_number);
  if (!number) return refuse("document_number", "holds a character that no zone can print");
  is_long = number->size() > layout.document_number.length;
  if (is_long) return put_long_number(layout, *number, content.optional1, cells);
  put(layout.document_number, *number, cells);
  return put_text("optional1", layout.optional1, content.optional1, false, false, cells);
}

void put_digit(const Digit& digit, bool filler_when_blank, Cells& cells) {
  if (!digit.present()) return;
  bool blank = true;
  for (const Span& span : digit.over) {
    blank = blank && span.in(cells).find_first_not_of('<') == std::string_view::npos;
  }
  const char cell = static_cast<char>('0' + digit.sum(cells).digit());
  put(digit.cell, std::string_view(&cell, 1), cells);
  if (blank && filler_when_blank) put(digit.cell, "<", cells);
}

Outcome put_fields(const Layout& layout, const ZoneContent& content, Cells& cells, bool& is_long) {
  const std::string_view sex = content.sex == "X" || content.sex == "<" ? "" : content.sex;
  if (!sex.empty() && sex != "M" && sex != "F") return refuse("sex", "must be M, F or nothing");
  if (auto bad = put_text("document_code", layout.document_code, content.document_code, true, false,
                          cells)) {
    return bad;
  }
  if (!is_letter(layout.document_code.in(cells)[0])) {
    return refuse("document_code", "must begin with a letter");
  }
  if (auto bad = put_text("issuer", layout.issuer, content.issuer, true, true, cells)) return bad;
  if (auto bad = put_names(layout, content, cells)) return bad;
  if (auto bad = put_number(layout, content, cells, is_long)) return bad;
  if (auto bad =
          put_text("nationality", layout.nationality, content.nationality, true, true, cells)) {
    return bad;
  }
  if (auto bad = put_date("birth_date", layout.birth_date, content.birth_date, true, cells)) {
    return bad;
  }
  if (auto bad = put_text("sex", layout.sex, sex, false, true, cells)) return bad;
  if (auto bad = put_date("expiry_date", layout.expiry_date, content.expiry_date, false, cells)) {
    return bad;
  }
  return put_text("optional2", layout.optional2, content.optional2, false, false, cells);
}

}  // namespace

ZoneContent content_of(Format format, const Document& document) {
  ZoneContent content;
  content.format = format;
  content.document_code = document.document_code;
  content.issuer = document.issuer;
  content.primary = document.surname;
  content.secondary = document.given_names;
  content.document_number = document.document_number;
  content.nationality = document.nationality;
  content.birth_date = document.birth_date;
  content.sex = document.sex;
  content.expiry_date = document.expiry_date;
  content.optional1 = document.optional1;
  content.optional2 = document.optional2;
  return content;
}

base::Result<WrittenZone> write(const ZoneContent& content) {
  if (content.format == Format::kNone) {
    return base::fail(base::ErrorCode::kInvalidArgument, "names no format", "format");
  }
  const Layout& layout = layout_of(content.format);
  Cells cells;
  for (auto& line : cells) line.fill('<');
  bool is_long = false;
  if (auto bad = put_fields(layout, content, cells, is_long)) {
    return tl::unexpected<base::Error>(std::move(*bad));
  }
  if (!is_long) put_digit(layout.document_number_digit, false, cells);
  put_digit(layout.birth_date_digit, false, cells);
  put_digit(layout.expiry_date_digit, false, cells);
  put_digit(layout.optional_digit, true, cells);
  put_digit(layout.composite_digit, false, cells);
  WrittenZone zone;
  zone.line_count = layout.lines;
  for (std::size_t i = 0; i < layout.lines; ++i) {
    zone.lines[i] = FixedText<44>(std::string_view(cells[i].data(), layout.widths[i]));
  }
  return zone;
}

base::Result<WrittenZone> write_transliterated(ZoneContent content, std::string_view language) {
  const auto primary = transliteration::to_zone_text(content.primary, language);
  const auto secondary = transliteration::to_zone_text(content.secondary, language);
  if (!primary.complete || !secondary.complete) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      "holds a letter that ICAO Doc 9303-3 section 6 does not transliterate",
                      primary.complete ? "secondary" : "primary");
  }
  content.primary = primary.text;
  content.secondary = secondary.text;
  return write(content);
}

std::string WrittenZone::text() const {
  std::string text;
  for (std::size_t i = 0; i < line_count; ++i) {
    text += lines[i].view();
    text += '\n';
  }
  return text;
}

}  // namespace paxid::mrz
