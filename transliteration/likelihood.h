#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "transliteration/lattice.h"

namespace paxid::transliteration {

// A Latin letter that no spelling explains costs this many bits more than a letter drawn by
// chance. Wide, since it also stands for spellings too rare for the tables.
inline constexpr float kStrayBits = 9;

// Latin words longer than this are compared by their head.
inline constexpr std::size_t kMaxLatinLetters = 40;

// By how many bits `latin` is likelier as a spelling of the lattice's word than as a word met
// by chance: log2 P(latin | native) - log2 P(latin), by the best path. The chance is that of a
// letter after the letter before it in names of the lattice's language. Unrelated words have
// -20 and less, spellings mostly +5 to +40, the more the longer they are.
//   latin  A-Z only
// Pure; takes no lock, allocates nothing.
float likelihood_ratio(const Lattice& lattice, std::string_view latin);

// A lattice taken to pieces for a quick look.
struct LatticeOutline {
  struct Letter {
    // The least bits that each of A-Z takes from the spellings of this native letter, a
    // spelling shared out evenly among its letters; infinite for a letter that none has.
    std::array<float, 26> shares;
    float skip;  // the least that it costs to write nothing for it
  };
  std::vector<Letter> letters;
  std::array<float, 26> shares;      // the least of all letters
  std::vector<std::uint32_t> edges;  // which letters each spelling needs, bit 0 for A
  float unwritten_bits = 0;
  std::uint8_t background = 0;
};
LatticeOutline outline_of(const Lattice& lattice);

// The same ratio, sooner: the outline is the lattice's own.
float likelihood_ratio(const Lattice& lattice, const LatticeOutline& outline,
                       std::string_view latin);

// One of several words in a row, with its outline.
struct RunWord {
  const Lattice* lattice = nullptr;
  const LatticeOutline* outline = nullptr;
};
// The ratio for `latin` as a spelling of all words as one, which is measured against chance in all
// languages. The words have at most kMaxLatticeLetters letters together.
float likelihood_ratio(std::span<const RunWord> run, std::string_view latin);

// No less than likelihood_ratio() of the lattice, rounding of floats aside, in a small part of
// its time: the letters of a spelling may stand in any order and be as many as they like. Once it
// is below `enough` no more care is taken.
float most_likelihood(const LatticeOutline& outline, std::string_view latin, float enough);
float most_likelihood(std::span<const RunWord> run, std::string_view latin, float enough);

// -log2 of the chance of each letter of `latin` after the one before it, summed.
float chance_bits(std::uint8_t background, std::string_view latin);

}  // namespace paxid::transliteration
