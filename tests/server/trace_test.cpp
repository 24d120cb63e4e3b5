#include "server/trace.h"

#include <gtest/gtest.h>

#include <string>

#include "base/hex.h"

namespace paxid::server {
namespace {

// The example of W3C Trace Context, section 3.2.2.
constexpr const char* kExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Traceparent, OfTheRecommendation) {
  const auto id = parse_traceparent(kExample);
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(base::to_hex(*id), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(Traceparent, ALaterVersionMaySayMore) {
  const std::string later = std::string("cc") + (kExample + 2);
  EXPECT_TRUE(parse_traceparent(later).has_value());
  EXPECT_TRUE(parse_traceparent(later + "-what-comes-later").has_value());
  EXPECT_FALSE(parse_traceparent(later + "x").has_value());
  EXPECT_FALSE(parse_traceparent(std::string(kExample) + "-more").has_value());
}

// One character of the example at a time: only the digits may change, and only to digits.
TEST(Traceparent, EveryPlaceIsLookedAt) {
  const std::string example = kExample;
  for (std::size_t at = 0; at < example.size(); ++at) {
    for (const char c : {'-', 'A', 'g', ' ', '\0'}) {
      std::string changed = example;
      if (changed[at] == c) continue;
      changed[at] = c;
      EXPECT_FALSE(parse_traceparent(changed).has_value()) << at;
    }
    EXPECT_FALSE(parse_traceparent(example.substr(0, at)).has_value()) << at;
  }
}

TEST(Traceparent, WhatTheRecommendationForbids) {
  for (const char* text : {
           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
       }) {
    EXPECT_FALSE(parse_traceparent(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace paxid::server
