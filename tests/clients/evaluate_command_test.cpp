#include "clients/cli/evaluate_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "evaluation/figures.h"
#include "matcher/compare.h"

namespace paxid::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPairs =
    R"({"a":"ROSSI/MARIO","b":"Rossi, Mario","same":true,"kind":"case","source":"x"}
{"a":"ROSSI/MARIO","b":"ROSSI/MARIP","same":true,"kind":"typo","source":"x"}
{"a":"ROSSI/MARIO","b":"ROSSI/MARIA","same":false,"kind":"look_alike","source":"x"}
{"a":"ROSSI/MARIO","b":"SMITH/JOHN","same":false,"kind":"random","source":"y"}
{"a":"ROSSI/MARIO","b":"ប៉ុល ពត","same":false,"kind":"random","source":"y"}
)";

base::Result<Evaluation> evaluate_text(const std::string& text,
                                       const EvaluateOptions& options = {}) {
  std::istringstream in(text);
  return evaluate(in, options);
}

std::vector<std::string> names_of(const Evaluation& evaluation) {
  std::vector<std::string> names;
  for (const auto& slice : evaluation.report.slices) names.push_back(slice.name);
  return names;
}

const evaluation::Slice& slice(const Evaluation& evaluation, const std::string& name) {
  for (const auto& found : evaluation.report.slices) {
    if (found.name == name) return found;
  }
  ADD_FAILURE() << "no slice " << name;
  return evaluation.report.slices.front();
}

TEST(Evaluate, MeasuresWhatCompareSays) {
  const auto measured = evaluate_text(kPairs, {.prior = 0.3});
  ASSERT_TRUE(measured);
  std::vector<evaluation::Judged> judged;
  std::istringstream in(kPairs);
  LabelledPairReader reader(in);
  while (const auto next = reader.next()) {
    const LabelledPair& pair = next->value();
    judged.push_back(
        {matcher::confidence(matcher::compare(matcher::prepare(pair.a), matcher::prepare(pair.b)),
                             0.3),
         pair.same});
  }
  const auto& all = measured->report.slices.front();
  EXPECT_EQ(all.pairs, 5U);
  EXPECT_EQ(all.with_opinion, 4U);
  EXPECT_EQ(all.auc, evaluation::auc(judged));
  EXPECT_EQ(all.brier, evaluation::brier(judged));
  EXPECT_EQ(all.ece, evaluation::ece(judged));
}

TEST(Evaluate, MakesSlicesOfTheKeys) {
  const auto measured = evaluate_text(kPairs);
  ASSERT_TRUE(measured);
  EXPECT_THAT(names_of(*measured),
              ElementsAre("all pairs", "family=latin", "family=none", "kind=case",
                          "kind=look_alike", "kind=random", "kind=typo", "source=x", "source=y"));
  EXPECT_EQ(slice(*measured, "source=x").pairs, 3U);
  EXPECT_EQ(slice(*measured, "source=x").slips, 1U);
  EXPECT_EQ(slice(*measured, "source=x").look_alikes, 1U);
  EXPECT_TRUE(slice(*measured, "source=x").look_alikes_at_95_percent_of_slips);
  EXPECT_FALSE(slice(*measured, "source=y").auc);
  const auto by_none = evaluate_text(kPairs, {.by = {}});
  EXPECT_THAT(names_of(*by_none), ElementsAre("all pairs"));
}

TEST(Evaluate, LeavesOutWhatItIsTold) {
  const auto measured = evaluate_text(kPairs, {.leave_out = {{"kind", "random"}}});
  ASSERT_TRUE(measured);
  EXPECT_EQ(measured->pairs, 3U);
  EXPECT_EQ(measured->left_out, 2U);
}

TEST(Evaluate, NamesBrokenLinesAndGoesOn) {
  const auto measured = evaluate_text(std::string("nonsense {\n") + kPairs);
  EXPECT_FALSE(measured);  // the first line decides on the format: this is no header
  const auto rest = evaluate_text(std::string(kPairs) + "nonsense\n{\"a\":1}\n");
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->pairs, 5U);
  EXPECT_EQ(rest->broken, 2U);
  EXPECT_THAT(warnings_of(*rest), ElementsAre("1 line left out, MISSING_NAME: line 7",
                                              "1 line left out, NOT_JSON: line 6"));
  EXPECT_EQ(evaluation_json(*rest).at("broken_lines").size(), 2U);
}

TEST(Evaluate, RefusesAFileWithoutAPair) {
  const auto none = evaluate_text("{\"a\":\"A\"}\n");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("1 MISSING_NAME"));
  EXPECT_FALSE(evaluate_text(""));
}

TEST(Evaluate, IsTheSameEachTime) {
  const auto once = evaluate_text(kPairs);
  const auto again = evaluate_text(kPairs);
  EXPECT_EQ(evaluation_json(*once), evaluation_json(*again));
  EXPECT_EQ(evaluation_page(*once, "f", "e"), evaluation_page(*again, "f", "e"));
}

TEST(EvaluationTexts, HoldNoName) {
  const auto measured = evaluate_text(kPairs);
  ASSERT_TRUE(measured);
  for (const std::string& text :
       {evaluation_table(*measured, {false, 160}), evaluation_json(*measured).dump(),
        evaluation_page(*measured, "pairs.jsonl", "1.0")}) {
    EXPECT_THAT(text, Not(HasSubstr("MARI")));
    EXPECT_THAT(text, Not(HasSubstr("ROSSI")));
    EXPECT_THAT(text, HasSubstr("kind=look_alike"));
  }
}

TEST(EvaluationTable, KeepsWithinTheWidth) {
  const auto measured = evaluate_text(kPairs);
  for (const std::size_t width : {kLeastWidth, std::size_t{80}, kGreatestWidth}) {
    std::istringstream lines(evaluation_table(*measured, {false, width}));
    bool table = true;
    for (std::string line; std::getline(lines, line);) {
      table = table && !line.empty();
      if (!table) break;
      EXPECT_LE(columns_of(line), width) << line;
    }
  }
  EXPECT_THAT(evaluation_table(*measured, {false, 160}), HasSubstr("of the ECE"));
}

TEST(EvaluationTable, ReplacesWhatSteersATerminal) {
  const auto measured =
      evaluate_text("{\"a\":\"A\",\"b\":\"B\",\"same\":true,\"kind\":\"\\u001b[2J\"}\n");
  ASSERT_TRUE(measured);
  EXPECT_THAT(evaluation_table(*measured, {false, 80}), Not(HasSubstr("\033")));
}

TEST(KeyValue, NeedsAKey) {
  EXPECT_EQ(key_value_from("kind=a=b")->value, "a=b");
  EXPECT_EQ(key_value_from("kind=")->value, "");
  EXPECT_FALSE(key_value_from("=x"));
  EXPECT_FALSE(key_value_from("kind"));
}

}  // namespace
}  // namespace paxid::cli
