#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paxid::transliteration {

// The most Latin letters that one run of native letters is written with.
inline constexpr std::size_t kMaxSpellingLetters = 12;

// One way to write a run of native letters in A-Z. `letters` has static lifetime (it points
// into the compiled tables), at most kMaxSpellingLetters, and may be empty (a silent letter).
// `bits` is how unusual the spelling is, >= 0; the cheapest spelling of a run costs little.
struct Spelling {
  std::uint8_t from = 0;  // the native letters [from, to) of the word, to > from
  std::uint8_t to = 0;
  std::string_view letters;
  float bits = 0;
};

// All spellings of one word that the tables allow: a directed graph over the positions
// between its native letters. Every path from 0 to `length` is one spelling of the word.
// Edges are sorted by `from`; each position below `length` has at least one edge.
struct Lattice {
  std::uint8_t length = 0;
  std::vector<Spelling> edges;
  // Which language's chance words the spellings are measured against (likelihood.h).
  std::uint8_t background = 0;
  // What a native letter costs that is not written, or written as no table has it, in bits
  // over chance. More for a character that stands for a whole syllable.
  float unwritten_bits = 9;
  // False for a Japanese name in characters that the dictionary of readings lacks: a text that
  // fits may be its spelling, one that does not says nothing.
  bool certain = true;
};

// The longest word a lattice holds; longer words keep their first kMaxLatticeLetters.
inline constexpr std::size_t kMaxLatticeLetters = 64;

// The cheapest spelling; among equals the one whose edges come first.
std::string cheapest(const Lattice& lattice);

// Up to `limit` different spellings, cheapest first. Requires limit >= 1.
struct WrittenForm {
  std::string letters;
  float bits = 0;
};
std::vector<WrittenForm> cheapest_forms(const Lattice& lattice, std::size_t limit);

}  // namespace paxid::transliteration
