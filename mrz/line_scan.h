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
// column i + 1.
struct LineScan {
  // Every scan looks at so many bytes, and the one behind them.
  static constexpr std::size_t kBytes = 48;

  std::uint64_t fillers;
  std::uint64_t digits;
  std::uint64_t letters;
  std::uint64_t twins;  // cells that equal the next one
  // The cells with blanks for fillers. Behind them are zeros, for copies of a whole field's length
  // that begin within it.
  std::array<char, kBytes + kMaxWidth> text;
  std::array<std::int16_t, kBytes> values;  // cell_value(), 0 for what is no cell
};
static_assert(LineScan::kBytes >= kMaxWidth);

// Fills `scan`; its values only when asked to. Requires LineScan::kBytes + 1 readable bytes at
// `cells`.
template <bool kWithValues>
void scan_line(const char* cells, LineScan& scan);

#if defined(__SSE2__)

namespace line_scan {

inline constexpr int kBlockBytes = 16;

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

}  // namespace line_scan

template <bool kWithValues>
void scan_line(const char* cells, LineScan& scan) {
  using namespace line_scan;
  scan.fillers = scan.digits = scan.letters = scan.twins = 0;
  std::memset(&scan.text[LineScan::kBytes], 0, scan.text.size() - LineScan::kBytes);
  for (std::size_t at = 0; at < LineScan::kBytes; at += kBlockBytes) {
    const auto load = [cells](std::size_t from) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(cells + from));
    };
    const __m128i block = load(at);
    const __m128i fillers = _mm_cmpeq_epi8(block, _mm_set1_epi8('<'));
    const __m128i digits = between(block, '0', '9');
    const __m128i letters = between(block, 'A', 'Z');
    scan.fillers |= set_of(fillers, at);
    scan.digits |= set_of(digits, at);
    scan.letters |= set_of(letters, at);
    scan.twins |= set_of(_mm_cmpeq_epi8(block, load(at + 1)), at);
    store(&scan.text[at], _mm_xor_si128(block, _mm_and_si128(fillers, _mm_set1_epi8('<' ^ ' '))));
    if constexpr (!kWithValues) continue;
    const __m128i values = _mm_or_si128(_mm_and_si128(digits, minus(block, '0')),
                                        _mm_and_si128(letters, minus(block, 'A' - 10)));
    store(&scan.values[at], _mm_unpacklo_epi8(values, _mm_setzero_si128()));
    store(&scan.values[at + kBlockBytes / 2], _mm_unpackhi_epi8(values, _mm_setzero_si128()));
  }
}

#else

template <bool kWithValues>
void scan_line(const char* cells, LineScan& scan) {
  scan.fillers = scan.digits = scan.letters = scan.twins = 0;
  std::memset(&scan.text[LineScan::kBytes], 0, scan.text.size() - LineScan::kBytes);
  for (std::size_t i = 0; i < LineScan::kBytes; ++i) {
    const char cell = cells[i];
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (cell == '<') scan.fillers |= bit;
    if (is_digit(cell)) scan.digits |= bit;
    if (is_letter(cell)) scan.letters |= bit;
    if (cell == cells[i + 1]) scan.twins |= bit;
    scan.text[i] = cell == '<' ? ' ' : cell;
    if (kWithValues)
      scan.values[i] = static_cast<std::int16_t>(is_zone_cell(cell) ? cell_value(cell) : 0);
  }
}

#endif

}  // namespace paxid::mrz
