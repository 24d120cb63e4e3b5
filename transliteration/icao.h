#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace paxid::transliteration {

// A row of the tables of Doc 9303-3 section 6 (A Latin, B Cyrillic, C Arabic), with the
// letters this library adds because section 6 forgot them (origin != ICAO in the TSV).
struct IcaoRow {
  char32_t letter = 0;  // upper case
  std::string_view preferred;
  std::string_view alternatives;  // as in the table: "UXX|U", "be:IO", "uk^:YE" (^ = word start)
};

// All rows of the three tables, sorted by letter. Static lifetime.
const std::vector<IcaoRow>& icao_rows();

// Writes a name as a machine readable zone prints it (Doc 9303-3 sections 4.6 and 6): A-Z
// with single '<' between words, preferred transliteration for the language, no titles
// removed, no cut. `complete` is false when a letter has no row; it is left out then.
struct ZoneText {
  std::string text;
  bool complete = true;
};
ZoneText to_zone_text(std::string_view name, std::string_view language);

// A digest (SHA-256, lower-case hex) of all tables this library was built with. Part of the
// engine version. Static lifetime.
std::string_view tables_digest();

// How much memory the tables of this library take.
std::size_t tables_bytes();

}  // namespace paxid::transliteration
