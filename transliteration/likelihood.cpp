#include "transliteration/likelihood.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>

#include "transliteration/tables.h"

namespace paxid::transliteration {
namespace {

constexpr std::size_t kWidth = kMaxLatinLetters + 1;
constexpr auto kFar = std::numeric_limits<float>::infinity();
static_assert(kWidth < 64);

std::size_t number_of(char letter) { return static_cast<std::size_t>(letter - 'A'); }

// A Latin word with what every step needs: the places of each letter, a bit for each place, and
// the chance bits of all letters before a place.
struct Target {
  std::size_t length = 0;
  std::array<std::uint64_t, 26> places{};
  std::array<float, kWidth> chance;

  Target(std::string_view latin, std::uint8_t background) {
    latin = latin.substr(0, kMaxLatinLetters);
    length = latin.size();
    chance[0] = 0;
    std::size_t before = 0;
    for (std::size_t j = 0; j < length; ++j) {
      const std::size_t letter = number_of(latin[j]);
      chance[j + 1] = chance[j] + chance_of(background, before, letter + 1);
      before = letter + 1;
      places[letter] |= std::uint64_t{1} << j;
    }
  }

  // The places where `letters` begin.
  std::uint64_t places_of(std::string_view letters) const {
    if (letters.size() > length) return 0;
    std::uint64_t found = (std::uint64_t{2} << (length - letters.size())) - 1;
    for (std::size_t k = 0; k < letters.size(); ++k) found &= places[number_of(letters[k])] >> k;
    return found;
  }
};

using Row = std::array<float, kWidth>;

// Cells hold cost minus chance: the less, the likelier.
void take_edge(const Spelling& edge, const Target& latin, const Row& here, Row& there) {
  const std::size_t size = edge.letters.size();
  for (std::uint64_t left = latin.places_of(edge.letters); left != 0; left &= left - 1) {
    const auto j = static_cast<std::size_t>(std::countr_zero(left));
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
    next[0] = std::min(next[0], here[0] + lattice.unwritten_bits);
    for (std::size_t j = 1; j <= m; ++j) {
      next[j] = std::min(next[j], std::min(here[j], here[j - 1]) + lattice.unwritten_bits);
    }
    for (; edge != lattice.edges.end() && edge->from == i; ++edge) {
      take_edge(*edge, target, here, cell[edge->to]);
    }
  }
  return -cell[lattice.length][m];
}

}  // namespace paxid::transliteration
