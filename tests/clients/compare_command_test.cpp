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
           {R"({"a":{"full":null},"b":{"full":"B"}})", "MISSING_NAME"},
           {R"({"a":{"full":7},"b":{"full":"B"}})", "BAD_NAME"},
           {R"({"a":{"full":"A","language":7},"b":{"full":"B"}})", "BAD_NAME"},
           {R"({"a":{"full":"A","issuer":[]},"b":{"full":"B"}})", "BAD_NAME"},
           {R"({"a":{"full":"A","source":1},"b":{"full":"B"}})", "BAD_NAME"},
           {R"({"a":{"full":"A","source":""},"b":{"full":"B"}})", "UNKNOWN_SOURCE"},
           {R"({"a":{"full":"A","maybe_truncated":"no"},"b":{"full":"B"}})", "BAD_NAME"},
           {R"({"a":{"full":"A","source":"tea"},"b":{"full":"B"}})", "UNKNOWN_SOURCE"},
           {R"({"a":{"full":"A"},"b":{"full":"B"},"prior":"x"})", "BAD_PRIOR"},
           {R"({"a":{"full":"A"},"b":{"full":"B"},"prior":1.5})", "BAD_PRIOR"}}) {
    const json reply = answer_compare(request(c.text));
    EXPECT_FALSE(reply.at("ok").get<bool>()) << c.text;
    EXPECT_EQ(reply.at("findings")[0].at("code"), c.code) << c.text;
  }
}

TEST(AnswerCompare, SaysWhatWouldChangeIt) {
  const json reply = answer_compare(
      request(R"({"a":{"full":"ROSSI/MARIO"},"b":{"full":"ROSSI/MARIA"},"prior":0.5})"));
  const json& counterfactual = reply.at("counterfactual");
  const json& reason = reply.at("reasons").at(counterfactual.at("reason").get<std::size_t>());
  EXPECT_EQ(reason.at("a"), "MARIO");
  EXPECT_LT(reason.at("bits").get<double>(), 0);
  EXPECT_GT(counterfactual.at("confidence_without").get<double>(),
            reply.at("confidence").get<double>());
}

// Reasons chosen by hand: the matcher's weights may change, the rule may not.
matcher::Comparison comparison_of(const std::vector<double>& bits) {
  matcher::Comparison comparison;
  comparison.opinion = true;
  for (const double b : bits) {
    comparison.reasons.push_back({matcher::ReasonCode::kEqual, "X", "Y", b});
    comparison.log_odds += b;
  }
  return comparison;
}

TEST(LeverOf, IsTheStrongestReasonAgainstBelowEvenOdds) {
  const auto comparison = comparison_of({20, -60, -25, -1});
  const auto lever = lever_of(comparison, 0.5).value();
  EXPECT_EQ(lever.reason, 1U);
  EXPECT_FALSE(lever.decides);  // 20 - 26 bits are left
  EXPECT_EQ(lever.confidence_without, matcher::confidence(comparison_of({20, -25, -1}), 0.5));
  EXPECT_TRUE(lever_of(comparison_of({30, -60}), 0.5)->decides);
}

TEST(LeverOf, IsTheStrongestReasonForAboveEvenOdds) {
  const auto lever = lever_of(comparison_of({30, 40, -20}), 0.5).value();
  EXPECT_EQ(lever.reason, 1U);
  EXPECT_FALSE(lever.decides);
  EXPECT_TRUE(lever_of(comparison_of({60, -20}), 0.5)->decides);
}

TEST(LeverOf, IsNothingWithoutAnOpinionOrSuchAReason) {
  EXPECT_FALSE(lever_of(matcher::Comparison(), 0.5));
  EXPECT_FALSE(lever_of(comparison_of({0}), 0.5));
}

}  // namespace
}  // namespace paxid::cli
