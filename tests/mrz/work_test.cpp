// Reading takes work linear in the length of the text. Counted are basic blocks, by the
// instrumentation of -fsanitize-coverage=trace-pc, and not time.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "mrz/zone.h"

namespace {
std::uint64_t blocks = 0;
}

extern "C" void __sanitizer_cov_trace_pc() { ++blocks; }

namespace paxid::mrz {
namespace {

std::string repeated(std::string_view unit, std::size_t size) {
  std::string text;
  while (text.size() + unit.size() <= size) text += unit;
  return text;
}

std::uint64_t work_of(const std::string& raw) {
  const std::uint64_t before = blocks;
  const Reading reading = read(raw, {*base::parse_iso_date("2026-11-22"), false});
  EXPECT_EQ(reading.ok, !reading.findings.has_error());
  return blocks - before;
}

class Work : public testing::TestWithParam<const char*> {};

TEST_P(Work, GrowsNoFasterThanTheText) {
  constexpr std::size_t kSmall = 4 * 1024;
  const std::uint64_t small = work_of(repeated(GetParam(), kSmall));
  EXPECT_GT(small, 0u);
  for (std::size_t size = 2 * kSmall; size <= kMaxRawBytes; size *= 2) {
    const std::uint64_t work = work_of(repeated(GetParam(), size));
    // A tenth more than in proportion: the ends of texts differ.
    EXPECT_LE(work, small * (size / kSmall) * 11 / 10) << size;
    constexpr std::uint64_t kMostBlocksPerByte = 200;
    EXPECT_LE(work, size * kMostBlocksPerByte) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, Work,
                         testing::Values("<", "A", " ", "\n", "\t", "A\n", "<\n\n", " < ", ";",
                                         "\xFF", "\xC2\xAB", "\xE2\x80\xA8", "\xE2\x80\x8B",
                                         "\xD0\x90", "\xEF\xBC\x9C",
                                         "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n",
                                         "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n",
                                         "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                         "L898902C36UTO7408122F1204159ZE184226B<<<<<10\nand\n",
                                         "I<UTOD231458907<<<<<<<<<<<<<<<\n", "IDFRA ",
                                         "p<uto eriksson "));

}  // namespace
}  // namespace paxid::mrz
