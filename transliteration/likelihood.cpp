#include "transliteration/likelihood.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>

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
  std::uint32_t letters = 0;  // bit 0 for A
  std::array<float, kWidth> chance;

  Target(std::string_view latin, std::uint8_t background) {
    latin = latin.substr(0, kMaxLatinLetters);
    length = latin.size();
    const Chances chances = chances_of(background);
    chance[0] = 0;
    std::size_t before = 0;
    for (std::size_t j = 0; j < length; ++j) {
      const std::size_t letter = number_of(latin[j]);
      chance[j + 1] = chance[j] + chances.of(before, letter + 1);
      before = letter + 1;
      places[letter] |= std::uint64_t{1} << j;
      letters |= 1U << letter;
    }
  }

  // The places where `text` begins.
  std::uint64_t places_of(std::string_view text) const {
    if (text.size() > length) return 0;
    std::uint64_t found = (std::uint64_t{2} << (length - text.size())) - 1;
    for (std::size_t k = 0; k < text.size() && found != 0; ++k) {
      found &= places[number_of(text[k])] >> k;
    }
    return found;
  }
};

using Row = std::array<float, kWidth>;

// Cells hold cost minus chance: the less, the likelier.
inline void take_edge(const Spelling& edge, const Target& latin, const float* here, float* there) {
  const std::size_t size = edge.letters.size();
  const float* chance = latin.chance.data();
  for (std::uint64_t left = latin.places_of(edge.letters); left != 0; left &= left - 1) {
    const auto j = static_cast<std::size_t>(std::countr_zero(left));
    const float cost = here[j] + edge.bits - (chance[j + size] - chance[j]);
    there[j + size] = std::min(there[j + size], cost);
  }
}

// How words are measured: against chance in a language, and what a letter left out costs.
struct Measure {
  std::uint8_t background = 0;
  float unwritten_bits = 0;
};
Measure measure_of(std::span<const RunWord> run) {
  const Lattice several;
  const Lattice& lattice = run.size() == 1 ? *run[0].lattice : several;
  return {lattice.background, lattice.unwritten_bits};
}

// Words need no outline; with one, edges whose letters `latin` does not hold are passed over.
float best_path(std::span<const RunWord> run, std::string_view latin) {
  const Measure measure = measure_of(run);
  const Target target(latin, measure.background);
  const std::size_t m = target.length;
  std::size_t rows = 1;
  for (const RunWord& word : run) rows += word.lattice->length;
  std::array<Row, kMaxLatticeLetters + 1> cell;
  for (std::size_t i = 0; i < rows; ++i) std::fill_n(cell[i].begin(), m + 1, kFar);
  cell[0][0] = 0;
  const auto add_strays = [m](float* here) {
    for (std::size_t j = 1; j <= m; ++j) here[j] = std::min(here[j], here[j - 1] + kStrayBits);
  };
  Row* first = cell.data();  // of the word
  for (const RunWord& word : run) {
    const std::uint32_t* needed = word.outline == nullptr ? nullptr : word.outline->edges.data();
    const Spelling* spellings = word.lattice->edges.data();
    const std::size_t edges = word.lattice->edges.size();
    std::size_t edge = 0;
    for (std::size_t i = 0; i < word.lattice->length; ++i) {
      float* here = first[i].data();
      add_strays(here);
      // The native letter is not written, or written as something no table has.
      float* next = first[i + 1].data();
      next[0] = std::min(next[0], here[0] + measure.unwritten_bits);
      for (std::size_t j = 1; j <= m; ++j) {
        next[j] = std::min(next[j], std::min(here[j], here[j - 1]) + measure.unwritten_bits);
      }
      for (; edge < edges && spellings[edge].from == i; ++edge) {
        if (needed != nullptr && (needed[edge] & ~target.letters) != 0) continue;
        take_edge(spellings[edge], target, here, first[spellings[edge].to].data());
      }
    }
    first += word.lattice->length;
  }
  add_strays(first->data());
  return -(*first)[m];
}

}  // namespace

float chance_bits(std::uint8_t background, std::string_view latin) {
  const Target target(latin, background);
  return target.chance[target.length];
}

float likelihood_ratio(const Lattice& lattice, std::string_view latin) {
  const RunWord word = {&lattice, nullptr};
  return best_path({&word, 1}, latin);
}

float likelihood_ratio(const Lattice& lattice, const LatticeOutline& outline,
                       std::string_view latin) {
  const RunWord word = {&lattice, &outline};
  return best_path({&word, 1}, latin);
}

float likelihood_ratio(std::span<const RunWord> run, std::string_view latin) {
  return best_path(run, latin);
}

LatticeOutline outline_of(const Lattice& lattice) {
  LatticeOutline outline;
  outline.unwritten_bits = lattice.unwritten_bits;
  outline.background = lattice.background;
  outline.letters.resize(lattice.length);
  outline.edges.reserve(lattice.edges.size());
  outline.shares.fill(kFar);
  for (LatticeOutline::Letter& letter : outline.letters) {
    letter.shares.fill(kFar);
    letter.skip = lattice.unwritten_bits;
  }
  for (const Spelling& edge : lattice.edges) {
    LatticeOutline::Letter& from = outline.letters[edge.from];
    if (edge.letters.empty()) from.skip = std::min(from.skip, edge.bits);
    // What a spelling of several native letters does not leave to the first one is free.
    for (std::size_t i = edge.from + 1U; i < edge.to; ++i) outline.letters[i].skip = 0;
    const float share = edge.bits / static_cast<float>(edge.letters.size());
    outline.edges.push_back(0);
    for (const char letter : edge.letters) {
      outline.edges.back() |= 1U << number_of(letter);
      for (float* least : {&from.shares[number_of(letter)], &outline.shares[number_of(letter)]}) {
        *least = std::min(*least, share);
      }
    }
  }
  return outline;
}

float most_likelihood(const LatticeOutline& outline, std::string_view latin, float enough) {
  const RunWord word = {nullptr, &outline};
  return most_likelihood({&word, 1}, latin, enough);
}

float most_likelihood(std::span<const RunWord> run, std::string_view latin, float enough) {
  const Lattice several;
  const bool one = run.size() == 1;
  const std::uint8_t background = one ? run[0].outline->background : several.background;
  const float unwritten = one ? run[0].outline->unwritten_bits : several.unwritten_bits;
  latin = latin.substr(0, kMaxLatinLetters);
  const std::size_t m = latin.size();
  std::array<float, kWidth> gain;  // by the place behind the letter
  std::array<std::uint8_t, kWidth> number;
  // As if each letter could come from every native one, or be a stray one.
  const float stray = -std::min(kStrayBits, unwritten);
  float everywhere = 0;
  const Chances chances = chances_of(background);
  Row cell;
  cell[0] = 0;
  for (std::size_t j = 0; j < m; ++j) {
    number[j + 1] = static_cast<std::uint8_t>(number_of(latin[j]));
    gain[j + 1] = chances.of(j == 0 ? 0 : number[j] + 1U, number[j + 1] + 1U);
    cell[j + 1] = cell[j] + kStrayBits;
    float share = kFar;
    for (const RunWord& word : run) share = std::min(share, word.outline->shares[number[j + 1]]);
    everywhere += std::max(stray, gain[j + 1] - share);
  }
  if (everywhere < enough) return everywhere;
  float* cells = cell.data();
  const float* gains = gain.data();
  const std::uint8_t* numbers = number.data();
  for (const RunWord& word : run) {
    for (const LatticeOutline::Letter& letter : word.outline->letters) {
      const float* shares = letter.shares.data();
      const float skip = std::min(letter.skip, unwritten);
      float before = cells[0];  // at j - 1, in the row above
      float spelt = kFar;       // likewise here, with a letter of Latin taken from this native one
      cells[0] = before + skip;
      for (std::size_t j = 1; j <= m; ++j) {
        spelt = std::min(before, spelt) + (shares[numbers[j]] - gains[j]);
        const float unspelt = std::min(cells[j] + skip, before + unwritten);
        before = cells[j];
        cells[j] = std::min(std::min(spelt, unspelt), cells[j - 1] + kStrayBits);
      }
    }
  }
  return -cell[m];
}

}  // namespace paxid::transliteration
