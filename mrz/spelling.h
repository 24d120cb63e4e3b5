#pragma once

#include <optional>
#include <string_view>

#include "transliteration/lattice.h"

namespace paxid::mrz {

// The spellings that can lie behind one part of a name in a zone, as graphs over its cells. The
// edges hold UTF-8 in upper case; transliteration::cheapest_forms() lists the paths, those with
// the fewest changes first. `part` holds A-Z alone, at most 39 of them.

// Latin: what ICAO Doc 9303-3 section 6 A prints with two cells or more (AE: AE, Ä or Æ; NXX: Ñ).
// Letters that lose no more than a mark (É: E) are left as they are printed.
transliteration::Lattice latin_spellings(std::string_view part);

// Arabic: section 6 C gives each letter a code of its own, with X as the escape, so that the
// word can be read back. A code that is printed twice is a letter with a shadda (or that letter
// twice). Nothing when the cells are no such codes, or hold no X: then they may as well be a
// Latin spelling.
std::optional<transliteration::Lattice> arabic_spellings(std::string_view part);

}  // namespace paxid::mrz
