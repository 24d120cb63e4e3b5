#include "clients/cli/compare_command.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
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

matcher::PreparedName named(const std::string& full) {
  matcher::NameText name;
  name.full = full;
  return matcher::prepare(name);
}

double believed(const std::string& a, const std::string& b) {
  return matcher::confidence(matcher::compare(named(a), named(b)), 0.5);
}

struct Answer {
  matcher::Comparison comparison;
  std::optional<Lever> lever;
};
Answer answer_to(const std::string& a, const std::string& b, double prior = 0.5) {
  const auto x = named(a);
  const auto y = named(b);
  const auto comparison = matcher::compare(x, y);
  return {comparison, lever_of(x, y, comparison, prior)};
}

// The single difference of two names of one part each decides, however many addends go with it.
TEST(LeverOf, IsTheDifferenceThatDecides) {
  const auto [comparison, lever] = answer_to("MARIO", "MARIA");
  ASSERT_TRUE(lever);
  EXPECT_EQ(comparison.reasons[lever->reason].a, "MARIO");
  EXPECT_TRUE(lever->decides);
  EXPECT_EQ(lever->confidence_without,
            std::min(believed("MARIO", "MARIO"), believed("MARIA", "MARIA")));
}

TEST(LeverOf, DecidesNothingWhereTwoNamesDiffer) {
  const auto [comparison, lever] = answer_to("NOWAK/PIOTR", "KOWALSKI/WOLFGANG");
  ASSERT_TRUE(lever);
  EXPECT_LT(comparison.reasons[lever->reason].bits, 0);
  EXPECT_FALSE(lever->decides);
}

TEST(LeverOf, IsWhatTheNamesShareAboveEvenOdds) {
  const auto [comparison, lever] = answer_to("ROSSI/MARIO", "ROSSI/MARIO");
  ASSERT_TRUE(lever);
  EXPECT_FALSE(lever->decides);
  EXPECT_EQ(lever->confidence_without,
            std::min(believed("ROSSI", "ROSSI"), believed("MARIO", "MARIO")));
}

TEST(LeverOf, KnowsThePrior) {
  const auto doubted = answer_to("SUHARTO", "SUHARTO", 0.001).lever;
  const auto plain = answer_to("SUHARTO", "SUHARTO", 0.5).lever;
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->confidence_without, 0.5);  // no name is left, so that there is no opinion
  EXPECT_TRUE(!doubted || doubted->confidence_without <= 0.5);
}

TEST(LeverOf, IsNothingWithoutAnOpinion) {
  EXPECT_FALSE(answer_to("ប៉ុល ពត", "POL POT").lever);
  EXPECT_FALSE(answer_to("", "").lever);
}

TEST(AnswerCompare, WarnsOfWordsThatMixScripts) {
  const json reply = answer_compare(request(R"({"a":{"full":"MАRIO"},"b":{"full":"MARIO"}})"));
  EXPECT_EQ(reply.at("findings")[0].at("code"), "MIXED_SCRIPTS");
  EXPECT_EQ(reply.at("findings")[0].at("name"), "a");
}

}  // namespace
}  // namespace paxid::cli
