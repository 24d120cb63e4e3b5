#pragma once

#include <string>
#include <string_view>

#include "transliteration/lattice.h"
#include "transliteration/script.h"

namespace paxid::transliteration {

// Upper case (Unicode default mapping, so no language's i), canonical composition after
// compatibility decomposition (NFKC). Bytes that are no UTF-8 are left out; reads at most
// kMaxTextBytes bytes.
std::u32string upper_case_composed(std::string_view utf8);

// The A-Z letter under a letter's diacritics (Ế: "E"), or "" when there is none.
std::string without_marks(char32_t letter);

// Which language's spellings to use for a word whose language is not known: from letters
// that only one language has, else the script's most common one. "" for a script without
// tables.
std::string_view language_of(std::u32string_view word, Script script);

// The word as the unit tables know it: marks that are no letters removed, Hangul syllables
// taken apart, look-alike code points of one letter made one.
std::u32string native_letters(std::u32string_view word, Script script);

// All spellings of a word of a script with tables. `letters` is from native_letters().
Lattice spellings_of(std::u32string_view letters, Script script, std::string_view language);

bool has_tables(Script script);

}  // namespace paxid::transliteration
