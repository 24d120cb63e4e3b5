#include "matcher/origins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "matcher/compare.h"
#include "matcher/name_hash.h"
#include "transliteration/standards.h"
#include "transliteration/word.h"

namespace paxid::matcher {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::Eq;
using testing::IsEmpty;
using Pairs = std::vector<std::pair<std::string, std::string>>;

std::optional<SharedOrigin> origin_of(const std::string& x, const std::string& y) {
  if (auto shared = shared_origin(origins_of(hash_of_name(x)), origins_of(hash_of_name(y)))) {
    return shared;
  }
  return shared_origins(x, syllable_cuts(x), y, syllable_cuts(y));
}

Reason surnames(const std::string& a, const std::string& b) {
  NameText x;
  x.surname = a;
  x.given = "QUENTIN";
  NameText y = x;
  y.surname = b;
  for (const Reason& reason : compare(prepare(x), prepare(y)).reasons) {
    if (reason.role == Role::kSurname) return reason;
  }
  return {};
}

TEST(Origins, ExplainTwoSpellingsOfOneName) {
  const std::vector<std::tuple<std::string, std::string, std::vector<std::string>>> cases = {
      {"ZHAO", "CHAO", {"赵", "趙"}},
      {"WONG", "HUANG", {"黄", "黃"}},
      {"TAN", "CHEN", {"陈", "陳"}},
      {"LIM", "LAM", {"林"}},
      {"HSU", "XU", {"徐", "许", "許"}},
      {"MOHAMED", "MUHAMMAD", {"محمد"}},
      {"YUSUF", "YOUSSEF", {"يوسف"}},
      {"OUSMANE", "OTHMAN", {"عثمان"}},
      {"PETROSYAN", "BEDROSSIAN", {"Պետրոսյան"}},
      {"CHUNG", "JEONG", {"정"}},
      {"OHNO", "ONO", {"大野", "小野"}},
      {"SERGUEI", "SERGEY", {"Сергей"}}};
  for (const auto& [x, y, words] : cases) {
    const auto shared = origin_of(x, y);
    ASSERT_TRUE(shared.has_value()) << x << ' ' << y;
    EXPECT_THAT(words, Contains(Eq(shared->text.word))) << x << ' ' << y;
    EXPECT_GE(shared->bits, 0);
  }
}

TEST(Origins, OfEachRowAreFoundByItsUsualSpellings) {
  constexpr std::size_t kForms = 8;
  std::ifstream in(PAXID_TEST_DATA "/../../matcher/data/origins.tsv");
  std::string line;
  std::getline(in, line);  // the header
  std::size_t rows = 0;
  std::size_t uncertain = 0;
  while (std::getline(in, line)) {
    const std::string language = line.substr(0, line.find('\t'));
    const std::string name =
        line.substr(language.size() + 1, line.rfind('\t') - language.size() - 1);
    const auto words = transliteration::read_words(name, language);
    ASSERT_EQ(words.words.size(), 1U) << language << ' ' << name;
    const transliteration::Lattice& lattice = words.words[0].lattice;
    if (!lattice.certain) {  // a reading that no dictionary has is nobody's origin
      ++uncertain;
      continue;
    }
    const auto forms = transliteration::cheapest_forms(lattice, kForms);
    EXPECT_TRUE(std::any_of(
        forms.begin(), forms.end(),
        [](const auto& form) { return !origins_of(hash_of_name(form.letters)).empty(); }))
        << language << ' ' << name;
    ++rows;
  }
  EXPECT_GT(rows, 17000U);
  EXPECT_LT(uncertain, rows / 200);
}

TEST(Origins, FindCompoundsSyllableBySyllable) {
  for (const auto& [x, y] : Pairs{{"JIANGUO", "CHIENKUO"},
                                  {"XIAOMING", "HSIAOMING"},
                                  {"ZHIWEI", "CHIWAI"},
                                  {"JUNGHEE", "CHUNGHUI"}}) {
    const auto shared = shared_origins(x, syllable_cuts(x), y, syllable_cuts(y));
    ASSERT_TRUE(shared.has_value()) << x << ' ' << y;
    EXPECT_FALSE(shared->text.second.empty());
  }
}

TEST(Origins, DoNotJoinNamesThatOnlyLookAlike) {
  for (const auto& [x, y] : Pairs{{"WANG", "WENG"},
                                  {"MING", "MIN"},
                                  {"LI", "LIU"},
                                  {"YANG", "YAN"},
                                  {"CHEN", "CHENG"},
                                  {"HASAN", "HUSSEIN"},
                                  {"MARIO", "MARIA"},
                                  {"KARINA", "MARINA"},
                                  {"SAMIR", "SAMIRA"},
                                  {"ALEXANDER", "ALEXANDRA"},
                                  {"XIAOMING", "XIAOMIN"},
                                  {"SMITH", "SMYTHE"}}) {
    EXPECT_FALSE(origin_of(x, y).has_value()) << x << ' ' << y;
    EXPECT_THAT(surnames(x, y).origin, IsEmpty()) << x << ' ' << y;
  }
  EXPECT_EQ(surnames("WANG", "WENG").code, ReasonCode::kOtherName);
}

TEST(Origins, AreTheSameBothWaysRound) {
  const std::vector<std::string> names = {
      "ZHAO", "CHAO", "WONG", "WANG",    "HUANG",    "LEE",     "YI",     "NG",
      "WU",   "GO",   "OH",   "JIANGUO", "CHIENKUO", "MOHAMED", "MEHMET", ""};
  for (const std::string& x : names) {
    for (const std::string& y : names) {
      const auto there = origin_of(x, y);
      const auto back = origin_of(y, x);
      ASSERT_EQ(there.has_value(), back.has_value()) << x << ' ' << y;
      if (there) {
        EXPECT_EQ(there->bits, back->bits) << x << ' ' << y;
        EXPECT_EQ(there->text.word, back->text.word) << x << ' ' << y;
      }
    }
  }
}

std::string by_standard(const std::string& word, std::string_view id, std::string_view language) {
  for (const auto& spelling : transliteration::standard_spellings(word, language)) {
    if (spelling.standard->id == id) return spelling.letters;
  }
  return {};
}

// What two passports of one person print: in mainland China and in Taiwan.
TEST(Origins, JoinTheSystemsOfEveryUsualChineseSurname) {
  int joined = 0;
  for (const std::string word :
       {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡",
        "郭", "何", "林", "罗", "高", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹",
        "曾", "彭", "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏", "魏"}) {
    const std::string mainland = by_standard(word, "CHN-2012", "zh");
    const std::string taiwan = by_standard(word, "TWN-WG", "zh-tw");
    ASSERT_FALSE(mainland.empty() || taiwan.empty()) << word;
    if (mainland == taiwan) continue;
    ++joined;
    EXPECT_TRUE(origin_of(mainland, taiwan).has_value()) << word << mainland << ' ' << taiwan;
  }
  EXPECT_GT(joined, 20);
}

TEST(Origins, AreReasonsOfAComparison) {
  const Reason chao = surnames("CHAO", "ZHAO");
  EXPECT_EQ(chao.code, ReasonCode::kTransliteration);
  EXPECT_THAT(chao.origin, AnyOf("赵", "趙"));
  EXPECT_GT(chao.bits, 0);
  EXPECT_LT(chao.bits, surnames("ZHAO", "ZHAO").bits);
  EXPECT_EQ(surnames("MOHAMED", "MUHAMMAD").origin, "محمد");
  // Where the letters are the same nothing needs an origin.
  EXPECT_THAT(surnames("ZHAO", "ZHAO").origin, IsEmpty());
}

}  // namespace
}  // namespace paxid::matcher
