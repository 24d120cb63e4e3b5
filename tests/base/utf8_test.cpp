#include "base/utf8.h"

#include <gtest/gtest.h>

namespace paxid::base {
namespace {

TEST(Utf8, EveryScalarValueReadsBack) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    const Utf8Step step = decode_utf8(text);
    ASSERT_TRUE(step.valid) << static_cast<unsigned>(c);
    ASSERT_EQ(step.code_point, c);
    ASSERT_EQ(step.length, text.size());
  }
}

TEST(Utf8, RefusesOverlongSurrogateTruncatedAndStrayBytes) {
  for (const char* text : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xF0\x80\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80", "\x80", "\xC3", "\xE2\x82", "\xC3(", "\xFF"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << testing::PrintToString(std::string(text));
    EXPECT_EQ(decode_utf8(text).length, 1u);
  }
}

TEST(Utf8, CountsCodePointsNotBytes) {
  EXPECT_EQ(count_code_points("M\xC3\x9CLLER"), 6u);
  EXPECT_EQ(count_code_points(""), 0u);
}

// ASCII is read in words of eight bytes.
TEST(Utf8, CountsAsReadOneByOneWhereverAByteStands) {
  for (std::size_t size = 1; size <= 19; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte <= 0xFF; ++byte) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        const auto code_points = to_code_points(text);
        const auto count = count_code_points(text);
        ASSERT_EQ(count.has_value(), code_points.has_value()) << "byte " << byte << " at " << at;
        if (count) {
          ASSERT_EQ(*count, code_points->size());
        }
      }
    }
  }
  for (std::size_t before = 0; before <= 17; ++before) {
    EXPECT_EQ(count_code_points(std::string(before, 'x') + "\xC3\x9C" + "y"), before + 2);
  }
}

}  // namespace
}  // namespace paxid::base
