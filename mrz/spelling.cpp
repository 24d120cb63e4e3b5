#include "mrz/spelling.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "transliteration/icao.h"

namespace paxid::mrz {
namespace {

using transliteration::IcaoRow;
using transliteration::Lattice;
using transliteration::Spelling;

// What a zone prints for a letter, and the letter.
struct Code {
  std::string_view cells;
  std::string letter;
  std::string with_shadda;  // Arabic only
};

constexpr float kChangedBits = 1;

bool is_latin(char32_t letter) { return (letter >= 0xC0 && letter < 0x180) || letter == 0x1E9E; }
bool is_small(char32_t letter) { return letter >= 0xDF && letter <= 0xFF; }
bool is_arabic(char32_t letter) { return letter >= 0x600 && letter < 0x700; }

// The alternatives of a row, with a language's or without, as they are printed.
std::vector<std::string_view> renderings_of(const IcaoRow& row) {
  std::vector<std::string_view> all;
  if (!row.preferred.empty()) all.push_back(row.preferred);
  for (std::string_view rest = row.alternatives; !rest.empty();) {
    const std::size_t size = std::min(rest.find('|'), rest.size());
    const std::string_view one = rest.substr(0, size);
    rest.remove_prefix(std::min(size + 1, rest.size()));
    const std::size_t colon = one.find(':');
    all.push_back(colon == std::string_view::npos ? one : one.substr(colon + 1));
  }
  return all;
}

std::vector<Code> make_codes(bool arabic) {
  std::vector<Code> codes;
  for (const IcaoRow& row : transliteration::icao_rows()) {
    const bool wanted =
        arabic ? is_arabic(row.letter) : is_latin(row.letter) && !is_small(row.letter);
    if (!wanted) continue;
    std::string letter;
    base::append_utf8(letter, row.letter);
    for (std::string_view cells : renderings_of(row)) {
      const bool is_code =
          std::all_of(cells.begin(), cells.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
      if (!is_code || cells.empty() || (!arabic && cells.size() < 2)) continue;
      codes.push_back({cells, letter, letter + "\u0651"});
    }
  }
  return codes;
}

const std::vector<Code>& latin_codes() {
  static const std::vector<Code> codes = make_codes(false);
  return codes;
}

const std::vector<Code>& arabic_codes() {
  static const std::vector<Code> codes = make_codes(true);
  return codes;
}

void add(Lattice& lattice, std::size_t from, std::size_t size, std::string_view letters,
         float bits) {
  lattice.edges.push_back(
      {static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(from + size), letters, bits});
}

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

// Keeps the edges from which the end can be reached; false when the beginning has none.
bool keep_whole_paths(Lattice& lattice) {
  std::vector<bool> reaches(lattice.length + 1u, false);
  reaches[lattice.length] = true;
  for (std::size_t at = lattice.length; at-- > 0;) {
    reaches[at] = std::any_of(lattice.edges.begin(), lattice.edges.end(),
                              [&](const Spelling& e) { return e.from == at && reaches[e.to]; });
  }
  std::erase_if(lattice.edges,
                [&](const Spelling& e) { return !reaches[e.from] || !reaches[e.to]; });
  return reaches[0];
}

}  // namespace

Lattice latin_spellings(std::string_view part) {
  Lattice lattice;
  lattice.length = static_cast<std::uint8_t>(part.size());
  for (std::size_t at = 0; at < part.size(); ++at) {
    add(lattice, at, 1, kLetters.substr(static_cast<std::size_t>(part[at] - 'A'), 1), 0);
    for (const Code& code : latin_codes()) {
      if (!part.substr(at).starts_with(code.cells)) continue;
      add(lattice, at, code.cells.size(), code.letter, kChangedBits);
    }
  }
  return lattice;
}

std::optional<Lattice> arabic_spellings(std::string_view part) {
  if (part.find('X') == std::string_view::npos) return std::nullopt;
  Lattice lattice;
  lattice.length = static_cast<std::uint8_t>(part.size());
  for (std::size_t at = 0; at < part.size(); ++at) {
    for (const Code& code : arabic_codes()) {
      const std::size_t size = code.cells.size();
      if (!part.substr(at).starts_with(code.cells)) continue;
      add(lattice, at, size, code.letter, 0);
      if (part.substr(at + size).starts_with(code.cells)) {
        add(lattice, at, 2 * size, code.with_shadda, 0);
      }
    }
  }
  if (!keep_whole_paths(lattice)) return std::nullopt;
  return lattice;
}

}  // namespace paxid::mrz
