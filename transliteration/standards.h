#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paxid::transliteration {

// A published way to write names of a language in A-Z, or the settled practice of an issuer.
// All texts have static lifetime.
struct Standard {
  std::string_view id;        // "RUS-2010"
  std::string_view language;  // BCP 47 tag, "*" for any
  std::string_view issuer;    // Doc 9303-3 section 5 code, "" when no state's
  std::string_view from;      // year of the first documents, "" when unknown
  std::string_view to;        // year of the last ones, "" when still in use
  // What writes the letters this one has no row for: another standard's id, or "=TAG" for the
  // most usual spelling of that language's table (readings of Han characters).
  std::string_view base;
  std::string_view title;      // "Russian passports of 2010 to 2013"
  std::string_view reference;  // the text that rules it
};

// Sorted by language, then id.
std::span<const Standard> standards();

struct StandardSpelling {
  const Standard* standard = nullptr;
  std::string letters;  // A-Z
};

// One word as each standard of the language writes it; those that lack a letter of the word
// are left out. Without a language all standards of the script that can write it. A word in
// Latin letters has none.
std::vector<StandardSpelling> standard_spellings(std::string_view word, std::string_view language);

}  // namespace paxid::transliteration
