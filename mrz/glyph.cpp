#include "mrz/glyph.h"

#include <array>

#include "base/utf8.h"
#include "mrz/check_digit.h"

namespace paxid::mrz {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

FixedText<11> hex(std::string_view prefix, char32_t value, int digits) {
  FixedText<11> text(prefix);
  while (digits < 8 && (value >> (4 * digits)) != 0) ++digits;
  for (int i = digits - 1; i >= 0; --i) text.push_back(kHexDigits[(value >> (4 * i)) & 0xF]);
  return text;
}

bool is_blank(char32_t c) {
  return c == U' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_invisible(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF;
}

struct LookAlike {
  char32_t letter;
  char latin;
};

// Cyrillic and Greek letters whose capitals (or, for few, whose small letters) print like a
// Latin letter.
constexpr auto kHomoglyphs = std::to_array<LookAlike>({
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'},
    {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'},
    {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03BF, 'O'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'},
    {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'},
    {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'},
    {0x0430, 'A'}, {0x0435, 'E'}, {0x043E, 'O'}, {0x0440, 'P'}, {0x0441, 'C'}, {0x0443, 'Y'},
    {0x0445, 'X'}, {0x0455, 'S'}, {0x0456, 'I'}, {0x0458, 'J'}, {0x04AE, 'Y'}, {0x04C0, 'I'},
    {0x051A, 'Q'}, {0x051C, 'W'},
});

char latin_look_alike(char32_t c) {
  for (const LookAlike& entry : kHomoglyphs) {
    if (entry.letter == c) return entry.latin;
  }
  return 0;
}

bool is_printable(char32_t c) { return c > U' ' && c <= U'~'; }

Glyph ascii_glyph(char c) {
  Glyph glyph;
  glyph.code = static_cast<unsigned char>(c);
  glyph.cell = is_printable(glyph.code) ? upper(c) : '?';
  if (is_zone_cell(c)) {
    glyph.kind = Glyph::Kind::kCell;
  } else if (c >= 'a' && c <= 'z') {
    glyph.kind = Glyph::Kind::kLower;
  } else if (c == ' ') {
    glyph.kind = Glyph::Kind::kBlank;
    glyph.cell = '<';
  } else if (c == ';' || c == '>') {
    glyph.kind = Glyph::Kind::kFillerKey;
    glyph.cell = '<';
  }
  return glyph;
}

}  // namespace

Glyph glyph_at(std::string_view text) {
  const base::Utf8Step step = base::decode_utf8(text);
  if (step.valid && step.code_point < 0x80) return ascii_glyph(text[0]);
  Glyph glyph;
  glyph.bytes = step.length;
  if (!step.valid) {
    glyph.kind = Glyph::Kind::kBadByte;
    glyph.code = static_cast<unsigned char>(text[0]);
    return glyph;
  }
  const char32_t c = step.code_point;
  glyph.code = c;
  if (is_blank(c)) {
    glyph.kind = Glyph::Kind::kBlank;
    glyph.cell = '<';
  } else if (is_invisible(c)) {
    glyph.kind = Glyph::Kind::kInvisible;
    glyph.cells = 0;
  } else if (c == 0xAB || c == 0x2039) {
    glyph.kind = Glyph::Kind::kGuillemet;
    glyph.cell = '<';
    glyph.cells = c == 0xAB ? 2 : 1;
  } else if (c > 0xFF00 && c <= 0xFF5E && is_zone_cell(upper(static_cast<char>(c - 0xFEE0)))) {
    glyph.kind = Glyph::Kind::kWide;
    glyph.cell = upper(static_cast<char>(c - 0xFEE0));
  } else if (const char latin = latin_look_alike(c); latin != 0) {
    glyph.kind = Glyph::Kind::kHomoglyph;
    glyph.look_alike = latin;
  }
  return glyph;
}

FixedText<11> spelled(const Glyph& glyph) {
  if (glyph.kind == Glyph::Kind::kBadByte) return hex("0x", glyph.code, 2);
  if (!is_printable(glyph.code)) return hex("U+", glyph.code, 4);
  const char c = static_cast<char>(glyph.code);
  return FixedText<11>(std::string_view(&c, 1));
}

}  // namespace paxid::mrz
