#pragma once

#include <cstddef>
#include <string_view>

#include "mrz/fixed_text.h"

namespace paxid::mrz {

// The upper case of a letter of the zone; anything else unchanged.
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// What reading makes of a filler, by its shape.
inline constexpr std::string_view kFillerLikeLetters = "KCLESXVGR";
inline constexpr std::string_view kFillerLikeBrackets = "([{";

// What one character of raw text means for a zone.
struct Glyph {
  enum class Kind {
    kCell,       // one of the 37 characters
    kLower,      // a-z
    kBlank,      // a blank of any kind
    kFillerKey,  // ; or >: what the filler's key types under another keyboard layout
    kWide,       // a full-width form of one of the 37 characters
    kGuillemet,  // « or ‹: what reading makes of fillers
    kInvisible,  // takes no room: zero-width space, byte order mark ...
    kHomoglyph,  // a non-Latin letter that looks like a Latin one
    kOther,      // any other character
    kBadByte,    // no UTF-8
  };
  static constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::kBadByte) + 1;

  Kind kind = Kind::kOther;
  char cell = '?';        // the cell it is read as (Frame::cells)
  char look_alike = '?';  // the Latin letter that a homoglyph looks like
  std::size_t cells = 1;  // 2 for «, 0 for what is invisible
  std::size_t bytes = 1;
  char32_t code = 0;  // the code point, or the byte that is no UTF-8
};

// The character at the start of a text. Requires !text.empty().
Glyph glyph_at(std::string_view text);

// The character if it is printable ASCII, else "U+00AB" or "0xFF".
FixedText<11> spelled(const Glyph& glyph);

}  // namespace paxid::mrz
