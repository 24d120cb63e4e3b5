#include "clients/verifier/record_line.h"

#include <gtest/gtest.h>

#include <string>

namespace paxid::verifier {
namespace {

constexpr const char* kOpen =
    R"({"body":{"a":"}\"{\\","b":[{},1]},"body_key":"00ff","body_state":"open","leaf":"UFhB",)"
    R"("leaf_hash":"ab","leaf_index":12,"sealed":"AQ=="})";

TEST(RecordLine, IsTakenApart) {
  const auto line = take_apart(kOpen);
  ASSERT_TRUE(line);
  EXPECT_EQ(line->body, R"({"a":"}\"{\\","b":[{},1]})");
  EXPECT_EQ(line->body_key, "00ff");
  EXPECT_EQ(line->body_state, "open");
  EXPECT_EQ(line->leaf, "UFhB");
  EXPECT_EQ(line->leaf_hash, "ab");
  EXPECT_EQ(line->leaf_index, 12u);
  EXPECT_EQ(line->sealed, "AQ==");
  const auto least = take_apart(R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":0})");
  ASSERT_TRUE(least);
  EXPECT_FALSE(least->has_body || least->has_body_key || least->has_sealed);
}

TEST(RecordLine, HasOneFormOnly) {
  for (const char* other :
       {"", "{}", "[]", R"({"body_state":"none"})",
        R"({"body_state": "none","leaf":"","leaf_hash":"","leaf_index":0})",
        R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":00})",
        R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":-1})",
        R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":1.0})",
        R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":})",
        R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":99999999999999999999})",
        R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":0} )",
        R"({"body_state":"none","leaf":"","leaf_hash":"","leaf_index":0,"x":1})",
        R"({"body_state":"no\u006ee","leaf":"","leaf_hash":"","leaf_index":0})",
        R"({"leaf":"","body_state":"none","leaf_hash":"","leaf_index":0})",
        R"({"body":1,"body_state":"none","leaf":"","leaf_hash":"","leaf_index":0})",
        R"({"body":{,"body_state":"none","leaf":"","leaf_hash":"","leaf_index":0})",
        R"({"body":{"a":"\)"}) {
    EXPECT_FALSE(take_apart(other)) << other;
  }
  // Every prefix of a line is none.
  const std::string whole = kOpen;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(take_apart(whole.substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace paxid::verifier
