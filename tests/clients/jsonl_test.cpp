#include "clients/cli/jsonl.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace paxid::cli {
namespace {

using nlohmann::json;

std::vector<json> answers_to(const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  EXPECT_EQ(run_jsonl(in, out, [](const json&) { return json{{"ok", true}}; }), 0);
  std::vector<json> answers;
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) answers.push_back(json::parse(line));
  return answers;
}

std::string code_of(const json& answer) {
  return answer.contains("findings") ? answer["findings"][0]["code"].get<std::string>() : "";
}

// An object that holds `depth - 1` arrays inside each other.
std::string nested(std::size_t depth) {
  return R"({"id":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

TEST(Jsonl, AnswersEveryLineInItsOrder) {
  const auto answers = answers_to("{\"id\":1}\n\n \t\r\n[]\nnonsense\n{\"id\":\"b\"}\r\n{}");
  ASSERT_EQ(answers.size(), 5U);
  EXPECT_EQ(answers[0], (json{{"id", 1}, {"ok", true}}));
  EXPECT_EQ(code_of(answers[1]), "NOT_AN_OBJECT");
  EXPECT_EQ(code_of(answers[2]), "NOT_JSON");
  EXPECT_EQ(answers[3]["id"], "b");
  EXPECT_EQ(answers[4]["id"], nullptr);
}

TEST(Jsonl, TheDepthLimitIsInclusive) {
  const auto answers = answers_to(nested(kMaxDepth) + "\n" + nested(kMaxDepth + 1) + "\n{}\n");
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0]["ok"], true);
  EXPECT_EQ(code_of(answers[1]), "TOO_DEEP");
  EXPECT_EQ(answers[1]["id"], nullptr);
  EXPECT_EQ(answers[2]["ok"], true);
}

TEST(Jsonl, SurvivesWhatIsNestedBeyondAnyStack) {
  constexpr std::size_t kArrays = 200'000;
  const auto answers = answers_to(nested(kArrays) + "\n" + std::string(kArrays, '[') + "\n{}\n");
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(code_of(answers[0]), "TOO_DEEP");
  EXPECT_EQ(code_of(answers[1]), "TOO_DEEP");
  EXPECT_EQ(answers[2]["ok"], true);
}

TEST(Jsonl, TheLengthLimitIsInclusive) {
  const std::string full = "{}" + std::string(kMaxLineBytes - 2, ' ');
  const auto answers = answers_to(full + "\n" + full + " \n{}\n" + full + full);
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0]["ok"], true);
  EXPECT_EQ(code_of(answers[1]), "LINE_TOO_LONG");
  EXPECT_EQ(answers[2]["ok"], true);
  EXPECT_EQ(code_of(answers[3]), "LINE_TOO_LONG");
}

// A line of 4 MiB in pieces.
class ManyZeros : public std::streambuf {
 public:
  explicit ManyZeros(std::size_t chunks) : left_(chunks), chunk_(1 << 16, '\0') {}

 protected:
  int_type underflow() override {
    if (left_ == 0) return traits_type::eof();
    --left_;
    setg(chunk_.data(), chunk_.data(), chunk_.data() + chunk_.size());
    return traits_type::to_int_type(chunk_.front());
  }

 private:
  std::size_t left_;
  std::string chunk_;
};

TEST(Jsonl, ALineWithoutEndIsOneAnswer) {
  ManyZeros zeros(64);
  std::istream in(&zeros);
  std::ostringstream out;
  EXPECT_EQ(run_jsonl(in, out, [](const json&) { return json{{"ok", true}}; }), 0);
  EXPECT_EQ(code_of(json::parse(out.str())), "LINE_TOO_LONG");
}

}  // namespace
}  // namespace paxid::cli
