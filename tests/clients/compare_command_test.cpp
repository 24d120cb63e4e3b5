#include "clients/cli/compare_command.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace paxid::cli {
namespace {

using nlohmann::json;

json request(const std::string& text) { return json::parse(text); }

TEST(AnswerCompare, GivesSumReasonsAndConfidence) {
  const json reply = answer_compare(request(
      R"({"a":{"full":"SMITH/JOHN MR","source":"booking"},
          "b":{"surname":"SMITH","given":"JOHN ALEXANDER","source":"visual"},"prior":0.5})"));
  EXPECT_TRUE(reply.at("ok").get<bool>());
  double sum = 0;
  for (const json& reason : reply.at("reasons")) {
    sum += reason.at("bits").get<double>();
    EXPECT_TRUE(reason.at("code").is_string());
    EXPECT_TRUE(reason.at("a").is_string());
    EXPECT_TRUE(reason.at("b").is_string());
  }
  EXPECT_NEAR(sum, reply.at("log_odds").get<double>(), 1e-9);
  EXPECT_GT(reply.at("confidence").get<double>(), 0.8);
  EXPECT_EQ(reply.at("surname").at("relation"), "EQUAL");
  EXPECT_EQ(reply.at("further_given").at("relation"), "MISSING");
  EXPECT_FALSE(reply.contains("no_opinion"));
}

TEST(AnswerCompare, AppliesThePriorLast) {
  const std::string names = R"("a":{"full":"MARIO ROSSI"},"b":{"full":"MARIA ROSSI"})";
  const json low = answer_compare(request("{" + names + R"(,"prior":0.1})"));
  const json high = answer_compare(request("{" + names + R"(,"prior":0.9})"));
  EXPECT_EQ(low.at("log_odds"), high.at("log_odds"));
  EXPECT_LT(low.at("confidence").get<double>(), high.at("confidence").get<double>());
}

TEST(AnswerCompare, SaysWhereItHasNoOpinion) {
  const json reply =
      answer_compare(request(R"({"a":{"full":"ប៉ុល ពត"},"b":{"full":"POL POT"},"prior":0.2})"));
  EXPECT_TRUE(reply.at("no_opinion").get<bool>());
  EXPECT_EQ(reply.at("log_odds"), 0.0);
  EXPECT_EQ(reply.at("confidence"), 0.2);
  ASSERT_EQ(reply.at("reasons").size(), 1U);
  EXPECT_EQ(reply.at("reasons")[0].at("bits"), 0.0);
  EXPECT_EQ(reply.at("reasons")[0].at("a"), "Zzzz");
}

TEST(AnswerCompare, RefusesWhatIsNoRequest) {
  struct Case {
    const char* text;
    const char* code;
  };
  for (const Case& c : std::vector<Case>{
           {R"({})", "MISSING_NAME"},
           {R"({"a":{"full":"A"}})", "MISSING_NAME"},
           {R"({"a":"A","b":{"full":"B"}})", "MISSING_NAME"},
           {R"({"a":{"full":7},"b":{"full":"B"}})", "MISSING_NAME"},
           {R"({"a":{"full":"A","source":"tea"},"b":{"full":"B"}})", "UNKNOWN_SOURCE"},
           {R"({"a":{"full":"A"},"b":{"full":"B"},"prior":"x"})", "BAD_PRIOR"},
           {R"({"a":{"full":"A"},"b":{"full":"B"},"prior":1.5})", "BAD_PRIOR"}}) {
    const json reply = answer_compare(request(c.text));
    EXPECT_FALSE(reply.at("ok").get<bool>()) << c.text;
    EXPECT_EQ(reply.at("findings")[0].at("code"), c.code) << c.text;
  }
}

TEST(ComparisonCard, ShowsTheNamesAlignedAndTheSum) {
  matcher::NameText a;
  a.full = "MARIO ROSSI";
  matcher::NameText b;
  b.full = "MARIA ROSSI";
  const matcher::Comparison comparison = matcher::compare(matcher::prepare(a), matcher::prepare(b));
  const std::string card = comparison_card(comparison, 0.5);
  EXPECT_NE(card.find("MARIO\n           MARIA\n               ^\n"), std::string::npos) << card;
  EXPECT_NE(card.find("OTHER_NAME"), std::string::npos);
  EXPECT_NE(card.find("log-odds in bits"), std::string::npos);
  EXPECT_EQ(card.back(), '\n');
}

}  // namespace
}  // namespace paxid::cli
