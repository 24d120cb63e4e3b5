#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

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

// -log2 of the chance of each letter of `latin` after the one before it, summed.
float chance_bits(std::uint8_t background, std::string_view latin);

}  // namespace paxid::transliteration
