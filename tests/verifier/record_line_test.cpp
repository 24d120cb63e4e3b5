#include "clients/verifier/record_line.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
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

std::string line_with(const std::string& body) {
  return "{\"body\":" + body +
         R"(,"body_state":"pseudonymous","leaf":"","leaf_hash":"","leaf_index":0})";
}

TEST(RecordLine, HoldsAnObjectOfJson) {
  for (const char* body :
       {"{}", R"({"a":[]})", R"({"":-0.5e+10,"b":[1,0,-12,2E7,true,false,null,{}]})",
        R"({"a":"\u00e9\ud83d\ude00\/\b\f\n\r\t\\\""})",
        "{\"a\":\"\xC3\xA9\xF0\x9F\x98\x80\x7F\"}"}) {
    const std::string whole_line = line_with(body);
    const auto line = take_apart(whole_line);
    ASSERT_TRUE(line) << body;
    EXPECT_EQ(line->body, body);
  }
  for (const char* body : {"[]",
                           "1",
                           "\"a\"",
                           "{a:1}",
                           R"({"a"})",
                           R"({"a":})",
                           R"({"a":1,})",
                           R"({,"a":1})",
                           R"({"a":1 })",
                           R"({"a":[1,]})",
                           R"({"a":[1 ,2]})",
                           R"({"a":01})",
                           R"({"a":+1})",
                           R"({"a":-})",
                           R"({"a":1.})",
                           R"({"a":.5})",
                           R"({"a":1e})",
                           R"({"a":1e+})",
                           R"({"a":0x1})",
                           R"({"a":tru})",
                           R"({"a":True})",
                           R"({"a":NaN})",
                           R"({"a":"\x"})",
                           R"({"a":"\u00g0"})",
                           R"({"a":"\u00"})",
                           R"({"a":'b'})",
                           R"({"a":[}])",
                           R"({"a":{]}})",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"\x1f\"}",
                           "{\"a\":\"\xC3\"}",
                           "{\"a\":\"\xC0\x80\"}",
                           "{\"a\":\"\xED\xA0\x80\"}",
                           "{\"a\":\"\xF4\x90\x80\x80\"}"}) {
    EXPECT_FALSE(take_apart(line_with(body))) << body;
  }
  const auto nested = [](int depth) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  EXPECT_TRUE(take_apart(line_with(nested(64))));
  EXPECT_FALSE(take_apart(line_with(nested(65))));
}

// Against a parser that is not ours: texts that are nearly right.
// Bytes of a text are looked at several at once: each value stands in each place of them.
TEST(RecordLine, SeesEachByteInEachPlaceOfAText) {
  for (std::size_t length = 1; length <= 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(length, 'a');
        text[at] = static_cast<char>(byte);
        const std::string body = "{\"a\":\"" + text + "\"}";
        const std::string whole_line = line_with(body);
        const auto line = take_apart(whole_line);
        ASSERT_EQ(line && line->body == body, nlohmann::json::accept(body))
            << byte << " at " << at << " of " << length;
      }
    }
  }
}

TEST(RecordLine, AgreesWithAnotherParser) {
  const std::string whole = R"({"a":[1,-0.5e3,{"b":null}],"c":"x\"\u00e9é","d":{"e":true,"f":[]}})";
  constexpr std::string_view kAlphabet = "{}[]\",:\\0159-+.eEtrufalsn\xC3\xA9";
  std::mt19937 random(20261123);
  int right = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string body = whole;
    for (int changes = 1 + static_cast<int>(random() % 2); changes > 0; --changes) {
      const std::size_t at = random() % body.size();
      const char byte = kAlphabet[random() % kAlphabet.size()];
      switch (random() % 3) {
        case 0:
          body[at] = byte;
          break;
        case 1:
          body.insert(at, 1, byte);
          break;
        default:
          body.erase(at, 1 + random() % 3);
      }
    }
    const bool is_object = !body.empty() && body[0] == '{' && nlohmann::json::accept(body);
    const std::string whole_line = line_with(body);
    const auto line = take_apart(whole_line);
    ASSERT_EQ(line && line->body == body, is_object) << body;
    right += is_object ? 1 : 0;
  }
  EXPECT_GT(right, 2'000);
  EXPECT_LT(right, 18'000);
}

}  // namespace
}  // namespace paxid::verifier
