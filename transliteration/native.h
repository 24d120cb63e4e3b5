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

// The word as the unit tables know it: marks that are no letters removed, Hangul syllables
// taken apart, vowel signs written before their consonant moved behind it (Thai, Lao), letters
// of Indic scripts as their Devanagari counterparts, look-alike code points of one letter made
// one. `word` is from upper_case_composed().
std::u32string native_letters(std::u32string_view word, Script script);

// All spellings of a word of a script with tables, in the language, or, where it is "" or has
// nothing to do with the script, in all languages that the letters allow, weighed.
Lattice spellings_of(std::u32string_view word, Script script, std::string_view language);

bool has_tables(Script script);

}  // namespace paxid::transliteration
