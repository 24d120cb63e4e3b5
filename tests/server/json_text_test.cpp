#include "server/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace paxid::server {
namespace {

std::string written(std::string_view text) {
  JsonText json;
  json.array([&] { json.add(text); });
  return std::move(json).take();
}

std::string by_the_library(const std::string& text) {
  return nlohmann::json::array({text}).dump(-1, ' ', false,
                                            nlohmann::json::error_handler_t::replace);
}

// Texts are looked at in words of eight bytes and a rest.
TEST(JsonText, EveryByteAtEveryPlaceIsWrittenAsTheLibraryDoes) {
  for (std::size_t size = 0; size <= 19; ++size) {
    EXPECT_EQ(written(std::string(size, 'x')), by_the_library(std::string(size, 'x')));
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte <= 0xFF; ++byte) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(written(text), by_the_library(text)) << "byte " << byte << " at " << at;
      }
    }
  }
}

TEST(JsonText, BytesBesideEachOtherDoNotHideOne) {
  for (const char first : {'\x1F', ' ', '!', '"', '#', '[', '\\', ']', '~', '\x7F', '\x80'}) {
    for (int second = 0; second <= 0xFF; ++second) {
      const std::string text{'a', first, static_cast<char>(second), 'b', 'c', 'd', 'e', 'f'};
      ASSERT_EQ(written(text), by_the_library(text)) << "byte " << second;
    }
  }
}

}  // namespace
}  // namespace paxid::server
