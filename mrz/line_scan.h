#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "mrz/check_digit.h"
#include "mrz/layout.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace paxid::mrz {

// The cells of one line, sorted all at once by scan_line(). In the sets, bit i is the cell at
// column i + 1. Behind the last cell there are none, and zeros in `text` and `values`.
struct LineScan {
  static constexpr std::size_t kBytes = 48;

  std::uint64_t fillers;
  std::uint64_t digits;
  std::uint64_t letters;
  std::uint64_t twins;  // cells that equal the next one
  // The cells with blanks for fillers. There is room behind them for copies of a whole field's
  // length that begin within it.
  std::array<char, kBytes + kMaxWidth> text;
  std::array<std::int16_t, kBytes> values;  // cell_value(), 0 for what is no cell
};
static_assert(LineScan::kBytes >= kMaxWidth);

// Fills `scan` from the `kWidth` bytes at `cells`; its values only when asked to.
template <bool kWithValues, std::size_t kWidth>
void scan_line(const char* cells, LineScan& scan);

#if defined(__SSE2__)

namespace line_scan {

inline constexpr std::size_t kBlockBytes = 16;

// Bytes of `block` between `first` and `last`. Signed comparison serves: every byte that is no
// ASCII is negative and below both.
inline __m128i between(__m128i block, char first, char last) {
  return _mm_and_si128(_mm_cmpgt_epi8(block, _mm_set1_epi8(static_cast<char>(first - 1))),
                       _mm_cmplt_epi8(block, _mm_set1_epi8(static_cast<char>(last + 1))));
}

inline std::uint64_t set_of(__m128i truths, std::size_t offset) {
  return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(truths))) << offset;
}

inline __m128i minus(__m128i block, int amount) {
  return _mm_sub_epi8(block, _mm_set1_epi8(static_cast<char>(amount)));
}

inline void store(void* to, __m128i block) { _mm_storeu_si128(static_cast<__m128i*>(to), block); }

// The block that begins at `kFrom` of a line of `kWidth` bytes, zeros behind the line. A last,
// broken block is taken from the end of the line, so that no byte beyond it is looked at.
template <std::size_t kFrom, std::size_t kWidth>
__m128i block_at(const char* cells) {
  static_assert(kWidth >= kBlockBytes);
  const auto load = [](const char* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  if constexpr (kFrom + kBlockBytes <= kWidth) return load(cells + kFrom);
  if constexpr (kFrom >= kWidth) return _mm_setzero_si128();
  constexpr int kBefore = static_cast<int>(kFrom + kBlockBytes - kWidth);
  return _mm_srli_si128(load(cells + kWidth - kBlockBytes), kBefore % 16);
}

struct Sets {
  std::uint64_t fillers = 0;
  std::uint64_t digits = 0;
  std::uint64_t letters = 0;
  std::uint64_t twins = 0;
};

// Sorts the block at `kAt`; `next` is the one behind it. Inlined, so that the sets and blocks
// stay in registers.
template <bool kWithValues, std::size_t kAt>
[[gnu::always_inline]] inline void scan_block(__m128i block, __m128i next, Sets& sets,
                                              LineScan& scan) {
  const __m128i fillers = _mm_cmpeq_epi8(block, _mm_set1_epi8('<'));
  const __m128i digits = between(block, '0', '9');
  const __m128i letters = between(block, 'A', 'Z');
  sets.fillers |= set_of(fillers, kAt);
  sets.digits |= set_of(digits, kAt);
  sets.letters |= set_of(letters, kAt);
  const __m128i shifted = _mm_or_si128(_mm_srli_si128(block, 1), _mm_slli_si128(next, 15));
  sets.twins |= set_of(_mm_cmpeq_epi8(block, shifted), kAt);
  store(&scan.text[kAt], _mm_xor_si128(block, _mm_and_si128(fillers, _mm_set1_epi8('<' ^ ' '))));
  if constexpr (!kWithValues) return;
  const __m128i values = _mm_or_si128(_mm_and_si128(digits, minus(block, '0')),
                                      _mm_and_si128(letters, minus(block, 'A' - 10)));
  store(&scan.values[kAt], _mm_unpacklo_epi8(values, _mm_setzero_si128()));
  store(&scan.values[kAt + kBlockBytes / 2], _mm_unpackhi_epi8(values, _mm_setzero_si128()));
}

}  // namespace line_scan

template <bool kWithValues, std::size_t kWidth>
inline void scan_line(const char* cells, LineScan& scan) {
  using namespace line_scan;
  const __m128i first = block_at<0, kWidth>(cells);
  const __m128i second = block_at<kBlockBytes, kWidth>(cells);
  const __m128i third = block_at<2 * kBlockBytes, kWidth>(cells);
  Sets sets;
  scan_block<kWithValues, 0>(first, second, sets, scan);
  scan_block<kWithValues, kBlockBytes>(second, third, sets, scan);
  scan_block<kWithValues, 2 * kBlockBytes>(third, _mm_setzero_si128(), sets, scan);
  scan.fillers = sets.fillers;
  scan.digits = sets.digits;
  scan.letters = sets.letters;
  scan.twins = sets.twins;
  std::memset(&scan.text[LineScan::kBytes], 0, scan.text.size() - LineScan::kBytes);
}

#else

template <bool kWithValues, std::size_t kWidth>
inline void scan_line(const char* cells, LineScan& scan) {
  scan.fillers = scan.digits = scan.letters = scan.twins = 0;
  scan.text.fill(0);
  if (kWithValues) scan.values.fill(0);
  for (std::size_t i = 0; i < kWidth; ++i) {
    const char cell = cells[i];
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (cell == '<') scan.fillers |= bit;
    if (is_digit(cell)) scan.digits |= bit;
    if (is_letter(cell)) scan.letters |= bit;
    if (i + 1 < kWidth && cell == cells[i + 1]) scan.twins |= bit;
    scan.text[i] = cell == '<' ? ' ' : cell;
    if (kWithValues)
      scan.values[i] = static_cast<std::int16_t>(is_zone_cell(cell) ? cell_value(cell) : 0);
  }
}

#endif

}  // namespace paxid::mrz
