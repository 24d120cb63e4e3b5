#include "clients/cli/labelled_pairs.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "clients/cli/jsonl.h"

namespace paxid::cli {
namespace {

using Keys = std::vector<std::pair<std::string, std::string>>;

struct Read {
  std::vector<LabelledPair> pairs;
  std::vector<std::pair<std::size_t, std::string>> broken;
  std::string problem;
};

Read read(const std::string& text) {
  std::istringstream in(text);
  LabelledPairReader reader(in);
  Read all;
  all.problem = reader.problem();
  while (auto next = reader.next()) {
    if (*next) {
      all.pairs.push_back(**next);
    } else {
      all.broken.emplace_back(next->error().line, next->error().code);
    }
  }
  return all;
}

TEST(LabelledPairs, AreReadFromJsonl) {
  const Read all = read(
      "\n{\"a\":\"ROSSI/"
      "MARIO\",\"b\":{\"surname\":\"Rossi\",\"given\":\"Mario\",\"source\":\"mrz\","
      "\"language\":\"it\"},\"same\":true,\"kind\":\"order\",\"year\":2019,\"vip\":false,"
      "\"tags\":[\"x\",\"y\"],\"note\":null,\"share\":0.5}\r\n");
  ASSERT_EQ(all.pairs.size(), 1U);
  const LabelledPair& pair = all.pairs[0];
  EXPECT_EQ(pair.a.full, "ROSSI/MARIO");
  EXPECT_EQ(pair.b.surname, "Rossi");
  EXPECT_EQ(pair.b.source, matcher::Source::kMrz);
  EXPECT_EQ(pair.b.language, "it");
  EXPECT_TRUE(pair.same);
  EXPECT_EQ(
      pair.keys,
      (Keys{{"kind", "order"}, {"tags", "x"}, {"tags", "y"}, {"vip", "false"}, {"year", "2019"}}));
}

TEST(LabelledPairs, AreReadFromCsv) {
  const Read all = read(
      "\xEF\xBB\xBF"
      "a,b_surname,b_given,b_source,Same,kind\r\n"
      "\"ROSSI, MARIO\",Rossi,\"Mario \"\"Lino\"\"\",visual,YES,order\r\n"
      "\r\n"
      "B,B,,,0,\r\n");
  EXPECT_EQ(all.problem, "");
  EXPECT_TRUE(all.broken.empty());
  ASSERT_EQ(all.pairs.size(), 2U);
  EXPECT_EQ(all.pairs[0].a.full, "ROSSI, MARIO");
  EXPECT_EQ(all.pairs[0].b.given, "Mario \"Lino\"");
  EXPECT_EQ(all.pairs[0].b.source, matcher::Source::kVisual);
  EXPECT_TRUE(all.pairs[0].same);
  EXPECT_EQ(all.pairs[0].keys, (Keys{{"kind", "order"}}));
  EXPECT_FALSE(all.pairs[1].same);
  EXPECT_TRUE(all.pairs[1].keys.empty());
}

TEST(LabelledPairs, MayBeSeparatedBySemicolonsOrTabs) {
  EXPECT_EQ(read("a;b;same\nX, Y;X Y;1\n").pairs.at(0).a.full, "X, Y");
  EXPECT_EQ(read("a\tb\tsame\nX\tY\tno\n").pairs.at(0).b.full, "Y");
}

TEST(LabelledPairs, NameEveryLineThatCannotBeUsed) {
  const std::string good = R"({"a":"A","b":"B","same":true})";
  struct Case {
    std::string line;
    const char* code;
  };
  std::string many_keys = R"({"a":"A","b":"B","same":true,"k":[)";
  for (std::size_t i = 0; i <= kMaxKeys; ++i) many_keys += i == 0 ? "\"v\"" : ",\"v\"";
  const std::vector<Case> cases = {
      {"{", "NOT_JSON"},
      {"[1]", "NOT_AN_OBJECT"},
      {std::string(kMaxLineBytes + 1, '{'), "LINE_TOO_LONG"},
      {std::string(100, '['), "TOO_DEEP"},
      {R"({"b":"B","same":true})", "MISSING_NAME"},
      {R"({"a":7,"b":"B","same":true})", "MISSING_NAME"},
      {R"({"a":{"full":"A","source":"tea"},"b":"B","same":true})", "UNKNOWN_SOURCE"},
      {R"({"a":"A","b":"B"})", "BAD_LABEL"},
      {R"({"a":"A","b":"B","same":"maybe"})", "BAD_LABEL"},
      {R"({"a":"A","b":"B","same":2})", "BAD_LABEL"},
      {many_keys + "]}", "TOO_MANY_KEYS"}};
  std::string text = good + "\n";
  for (const Case& c : cases) text += c.line + "\n";
  const Read all = read(text + good);
  EXPECT_EQ(all.pairs.size(), 2U);
  ASSERT_EQ(all.broken.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(all.broken[i].first, i + 2);
    EXPECT_EQ(all.broken[i].second, cases[i].code);
  }
}

TEST(LabelledPairs, NameEveryCsvLineThatCannotBeUsed) {
  const Read all = read(
      "a,b,same\n"
      "A,B,true\n"
      "A,B\n"
      "A,B,true,more\n"
      "A,\"B,true\n"
      "M\xFCller,B,true\n"
      ",B,true\n"
      "A,B,\n"
      "A,B,false\n");
  EXPECT_EQ(all.pairs.size(), 2U);
  EXPECT_EQ(all.broken, (std::vector<std::pair<std::size_t, std::string>>{{3, "WRONG_COLUMNS"},
                                                                          {4, "WRONG_COLUMNS"},
                                                                          {5, "OPEN_QUOTE"},
                                                                          {6, "NOT_UTF8"},
                                                                          {7, "MISSING_NAME"},
                                                                          {8, "BAD_LABEL"}}));
}

TEST(LabelledPairs, RefuseAFileThatIsNeither) {
  EXPECT_EQ(read("").problem, "EMPTY_FILE");
  EXPECT_EQ(read("\n \n").problem, "EMPTY_FILE");
  EXPECT_EQ(read("a,b\nA,B\n").problem, "MISSING_COLUMN");
  EXPECT_EQ(read("\"a,b,same\n").problem, "BAD_HEADER");
  EXPECT_EQ(read(std::string(kMaxColumns, ',')).problem, "BAD_HEADER");
}

TEST(LabelledPairs, CutLongValuesBetweenCharacters) {
  std::string value;
  for (std::size_t i = 0; i < kMaxValueBytes; ++i) value += "\u00FC";
  const Read all = read(R"({"a":"A","b":"B","same":true,"k":"x)" + value + "\"}");
  const std::string& cut = all.pairs.at(0).keys.at(0).second;
  EXPECT_LE(cut.size(), kMaxValueBytes + 3);
  EXPECT_TRUE(cut.ends_with("\u00FC\u2026"));
}

}  // namespace
}  // namespace paxid::cli
