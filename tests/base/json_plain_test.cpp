#include "base/json_plain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace paxid::base {
namespace {

// RFC 8259 section 7, byte by byte.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C;
}

// Each value in each place of texts of each length, beside each other value next to it.
TEST(JsonPlain, PrefixesAreThoseOfTheStandard) {
  for (std::size_t length = 0; length <= 20; ++length) {
    EXPECT_EQ(json_plain_prefix(std::string(length, 'a')), length);
    EXPECT_TRUE(is_json_plain(std::string(length, 'a')));
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'a');
        text[at] = static_cast<char>(byte);
        for (const char after : {'a', '!', '#', ']', '\x7F', '\0', '"', '\x80', '\xFF'}) {
          if (at + 1 < length) text[at + 1] = after;
          const auto expected = std::ranges::find_if_not(text, is_plain) - text.begin();
          ASSERT_EQ(json_plain_prefix(text), static_cast<std::size_t>(expected))
              << byte << " at " << at << " of " << length;
          ASSERT_EQ(is_json_plain(text), std::ranges::all_of(text, is_plain))
              << byte << " at " << at << " of " << length;
        }
      }
    }
  }
}

}  // namespace
}  // namespace paxid::base
