#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "transliteration/lattice.h"
#include "transliteration/script.h"

namespace paxid::transliteration {

// One word of a name as it was written, ready to be compared.
struct Word {
  std::string written;  // upper case, canonical composition (NFC), UTF-8, marks kept
  Script script = Script::kLatin;
  std::string letters;  // A-Z only: the Doc 9303-3 section 6 form, or the cheapest spelling
  // Other Latin spellings that section 6 or usual practice allows (MUELLER: MULLER,
  // MUXXLLER), without `letters`. Only for Latin words; at most kMaxForms - 1.
  std::vector<WrittenForm> other_forms;
  Lattice lattice;             // only for words of another script
  bool hyphen_before = false;  // joined to the word before it by a hyphen
  bool folded = false;         // `letters` differs from `written` in more than case
  // A digit stands where the letter that looks like it belongs (R0SSI): read as that letter.
  bool digits_for_letters = false;
  // Latin, Cyrillic and Greek letters in one word. Letters that look like one of the script
  // most letters are from (the Cyrillic А in "АNNA") are read as that one.
  bool mixed_scripts = false;
};

struct Words {
  std::vector<Word> words;
  // A script for which no table exists, or kNone. Its words are left out of `words`: no
  // native letter ever leaks into a comparison.
  Script unsupported = Script::kNone;
};

inline constexpr std::size_t kMaxForms = 8;
inline constexpr std::size_t kMaxWords = 32;
inline constexpr std::size_t kMaxTextBytes = 1024;  // of one name; the rest is not read

// Splits a name into words and folds each to A-Z.
//   text      UTF-8; bytes that are no UTF-8 are skipped. Case, normal form (NFC, NFD) and
//             compatibility forms do not matter.
//   language  BCP 47 primary subtag in lower case ("uk", "zh"), or "" when unknown. It picks
//             the table's language exceptions; unknown takes the alternatives of all.
// White space, hyphens, '<' and '/' separate words; an apostrophe joins (O'CONNOR =
// OCONNOR); other punctuation is dropped (Doc 9303-3 section 4.6), and so are control
// characters and marks of direction. Pure; thread-safe.
Words read_words(std::string_view text, std::string_view language);

}  // namespace paxid::transliteration
