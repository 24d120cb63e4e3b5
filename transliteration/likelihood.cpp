#include "transliteration/likelihood.h"

#include <algorithm>
#include <array>
#include <limits>

#include "transliteration/tables.h"

namespace paxid::transliteration {
namespace {

constexpr std::size_t kWidth = kMaxLatinLetters + 1;
constexpr auto kFar = std::numeric_limits<float>::infinity();
constexpr unsigned kLetterBits = 5;
static_assert(kMaxSpellingLetters * kLetterBits < 64);

std::uint64_t number_of(char letter) { return static_cast<std::uint64_t>(letter - 'A' + 1); }

// Five bits a letter, the first one lowest, so that one comparison finds a spelling.
std::uint64_t packed(std::string_view letters) {
  std::uint64_t code = 0;
  for (std::size_t i = letters.size(); i-- > 0;) code = code << kLetterBits | number_of(letters[i]);
  return code;
}

// A Latin word with what every step needs: the letters from each place on, and the chance
// bits of all letters before it.
struct Target {
  std::size_t length = 0;
  std::array<std::uint64_t, kWidth> from;
  std::array<float, kWidth> chance;

  Target(std::string_view latin, std::uint8_t background) {
    latin = latin.substr(0, kMaxLatinLetters);
    length = latin.size();
    chance[0] = 0;
    std::size_t before = 0;
    for (std::size_t j = 0; j < length; ++j) {
      const auto letter = static_cast<std::size_t>(number_of(latin[j]));
      chance[j + 1] = chance[j] + chance_of(background, before, letter);
      before = letter;
    }
    constexpr std::uint64_t kWindow = (1ULL << (kMaxSpellingLetters * kLetterBits)) - 1;
    std::uint64_t window = 0;
    from[length] = 0;
    for (std::size_t j = length; j-- > 0;) {
      window = (window << kLetterBits | number_of(latin[j])) & kWindow;
      from[j] = window;
    }
  }
};

using Row = std::array<float, kWidth>;

// Cells hold cost minus chance: the less, the likelier.
void take_edge(const Spelling& edge, const Target& latin, const Row& here, Row& there) {
  const std::size_t size = edge.letters.size();
  if (size > latin.length) return;
  const std::uint64_t code = packed(edge.letters);
  const std::uint64_t mask = (1ULL << (size * kLetterBits)) - 1;
  for (std::size_t j = 0; j + size <= latin.length; ++j) {
    if ((latin.from[j] & mask) != code) continue;
    const float cost = here[j] + edge.bits - (latin.chance[j + size] - latin.chance[j]);
    there[j + size] = std::min(there[j + size], cost);
  }
}

}  // namespace

float chance_bits(std::uint8_t background, std::string_view latin) {
  const Target target(latin, background);
  return target.chance[target.length];
}

float likelihood_ratio(const Lattice& lattice, std::string_view latin) {
  const Target target(latin, lattice.background);
  const std::size_t m = target.length;
  std::array<Row, kMaxLatticeLetters + 1> cell;
  for (std::size_t i = 0; i <= lattice.length; ++i) {
    std::fill_n(cell[i].begin(), m + 1, kFar);
  }
  cell[0][0] = 0;
  auto edge = lattice.edges.begin();
  for (std::size_t i = 0; i <= lattice.length; ++i) {
    Row& here = cell[i];
    for (std::size_t j = 1; j <= m; ++j) here[j] = std::min(here[j], here[j - 1] + kStrayBits);
    if (i == lattice.length) break;
    // The native letter is not written, or written as something no table has.
    Row& next = cell[i + 1];
    for (std::size_t j = 0; j <= m; ++j) {
      next[j] = std::min(next[j], here[j] + lattice.unwritten_bits);
      if (j > 0) next[j] = std::min(next[j], here[j - 1] + lattice.unwritten_bits);
    }
    for (; edge != lattice.edges.end() && edge->from == i; ++edge) {
      take_edge(*edge, target, here, cell[edge->to]);
    }
  }
  return -cell[lattice.length][m];
}

}  // namespace paxid::transliteration
