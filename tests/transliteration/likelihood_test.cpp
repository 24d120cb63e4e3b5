#include "transliteration/likelihood.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "transliteration/word.h"

namespace paxid::transliteration {
namespace {

float chance_between(const std::string& latin, std::size_t from, std::size_t to) {
  return chance_bits(0, latin.substr(0, to)) - chance_bits(0, latin.substr(0, from));
}

// The best of all paths through the lattice with every way to stray from it. Slow, obvious.
float by_definition(const Lattice& lattice, const std::string& latin, std::size_t i,
                    std::size_t j) {
  if (i == lattice.length && j == latin.size()) return 0;
  float best = -1e9F;
  if (j < latin.size()) best = by_definition(lattice, latin, i, j + 1) - kStrayBits;
  if (i == lattice.length) return best;
  best = std::max(best, by_definition(lattice, latin, i + 1, j) - lattice.unwritten_bits);
  if (j < latin.size()) {
    best = std::max(best, by_definition(lattice, latin, i + 1, j + 1) - lattice.unwritten_bits);
  }
  for (const Spelling& edge : lattice.edges) {
    const std::size_t end = j + edge.letters.size();
    if (edge.from != i || latin.compare(j, edge.letters.size(), edge.letters) != 0) continue;
    if (end > latin.size()) continue;
    best = std::max(best, by_definition(lattice, latin, edge.to, end) +
                              chance_between(latin, j, end) - edge.bits);
  }
  return best;
}

std::vector<std::string> all_words(const std::string& letters, std::size_t longest) {
  std::vector<std::string> words = {""};
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at].size() == longest) continue;
    for (const char c : letters) words.push_back(words[at] + c);
  }
  return words;
}

TEST(LikelihoodRatio, AgreesWithTheDefinition) {
  Lattice lattice;
  lattice.length = 3;
  lattice.unwritten_bits = 7;
  lattice.edges = {{0, 1, "A", 0.25F}, {0, 1, "AB", 1}, {0, 2, "C", 0.5F}, {1, 2, "", 2},
                   {1, 2, "B", 0},     {2, 3, "C", 0},  {2, 3, "A", 3}};
  for (const std::string& latin : all_words("ABC", 4)) {
    const float ratio = likelihood_ratio(lattice, latin);
    EXPECT_NEAR(ratio, by_definition(lattice, latin, 0, 0), 1e-3) << latin;
    EXPECT_EQ(likelihood_ratio(lattice, outline_of(lattice), latin), ratio) << latin;
  }
}

TEST(MostLikelihood, IsNoLessThanTheRatio) {
  const std::vector<std::string> latin = {"",      "A",         "IULIIA",    "YULIA",
                                          "MARIO", "SHI",       "XIJINPING", "ABDULRAHMAN",
                                          "ZQXW",  "ANASTASIA", "KIRAN",     "TANAKA"};
  for (const char* native : {"Юлия", "Анастасия", "عبد", "الرحمن", "習近平", "김", "たなか", "ราม",
                             "किरण", "Γεώργιος"}) {
    const Words words = read_words(native, "");
    const Lattice& lattice = words.words.at(0).lattice;
    const LatticeOutline outline = outline_of(lattice);
    for (const std::string& word : latin) {
      const float ratio = likelihood_ratio(lattice, word);
      EXPECT_EQ(likelihood_ratio(lattice, outline, word), ratio) << native << ' ' << word;
      EXPECT_GE(most_likelihood(outline, word, -100), ratio - 1e-3) << native << ' ' << word;
      EXPECT_GE(most_likelihood(outline, word, 0), ratio - 1e-3) << native << ' ' << word;
    }
  }
}

// One lattice for all words, measured against chance in all languages.
Lattice joined(const std::vector<Word>& words) {
  Lattice all;
  for (const Word& word : words) {
    for (Spelling edge : word.lattice.edges) {
      edge.from = static_cast<std::uint8_t>(edge.from + all.length);
      edge.to = static_cast<std::uint8_t>(edge.to + all.length);
      all.edges.push_back(edge);
    }
    all.length = static_cast<std::uint8_t>(all.length + word.lattice.length);
  }
  return all;
}

TEST(LikelihoodRatio, OfARunIsThatOfItsWordsAsOne) {
  const std::vector<std::string> latin = {"",         "A",          "ABDULRAHMAN", "ABDALRAHMAN",
                                          "ZHAOYONG", "YULIAMARIA", "RAHMAN",      "QQQQQQQQQQQQ"};
  for (const char* native : {"عبد الرحمن", "عبد الرحمن محمد", "赵 勇", "Юлия Мария", "习 近 平"}) {
    const Words words = read_words(native, "");
    ASSERT_GE(words.words.size(), 2U) << native;
    std::vector<LatticeOutline> outlines;
    for (const Word& word : words.words) outlines.push_back(outline_of(word.lattice));
    std::vector<RunWord> run;
    for (std::size_t i = 0; i < outlines.size(); ++i) {
      run.push_back({&words.words[i].lattice, &outlines[i]});
    }
    const Lattice all = joined(words.words);
    const LatticeOutline outline = outline_of(all);
    for (const std::string& word : latin) {
      EXPECT_EQ(likelihood_ratio(run, word), likelihood_ratio(all, word)) << native << ' ' << word;
      for (const float enough : {-100.0F, 0.0F}) {
        EXPECT_EQ(most_likelihood(run, word, enough), most_likelihood(outline, word, enough))
            << native << ' ' << word;
      }
    }
  }
}

TEST(LikelihoodRatio, IsForTheSpellingsOfAWordAndAgainstOthers) {
  const Words words = read_words("Юлия", "ru");
  const Lattice& lattice = words.words.at(0).lattice;
  for (const char* spelling : {"IULIIA", "YULIA", "YULIYA", "JULIA"}) {
    EXPECT_GT(likelihood_ratio(lattice, spelling), 3) << spelling;
  }
  for (const char* other : {"NATALIA", "OLGA", "YURI"}) {
    EXPECT_LT(likelihood_ratio(lattice, other), 0) << other;
  }
}

TEST(LikelihoodRatio, ReadsTheHeadOfAWordThatIsTooLong) {
  Lattice lattice;
  lattice.length = 1;
  lattice.edges = {{0, 1, "A", 0}};
  const std::string longest(kMaxLatinLetters, 'A');
  EXPECT_EQ(likelihood_ratio(lattice, longest + "BCD"), likelihood_ratio(lattice, longest));
  EXPECT_LT(likelihood_ratio(lattice, ""), 0);
}

TEST(ChanceBits, AddUpByLetter) {
  EXPECT_EQ(chance_bits(0, ""), 0);
  EXPECT_GT(chance_bits(0, "ZQX"), chance_bits(0, "MAR"));
}

}  // namespace
}  // namespace paxid::transliteration
