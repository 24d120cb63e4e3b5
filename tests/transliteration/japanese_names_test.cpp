#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "transliteration/likelihood.h"
#include "transliteration/spacing.h"
#include "transliteration/tables.h"
#include "transliteration/word.h"

namespace paxid::transliteration {
namespace {

Lattice lattice_of(const std::string& name, const std::string& language) {
  const Words words = read_words(name, language);
  return words.words.size() == 1 ? words.words[0].lattice : Lattice{};
}

// Readings that no character tells, in the spellings that passports allow.
TEST(JapaneseNames, AreReadAsTheDictionaryReadsThem) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> names = {
      {"服部", {"HATTORI"}},
      {"東海林", {"SHOJI", "SHOUJI", "SHOHJI"}},
      {"一ノ瀬", {"ICHINOSE"}},
      {"佐々木", {"SASAKI"}},
      {"大野", {"ONO", "OONO", "OHNO"}},
      {"神戸", {"KAMBE", "KANBE"}},
      {"裕子", {"YUKO", "HIROKO", "YUUKO"}}};
  for (const auto& [name, spellings] : names) {
    const Lattice lattice = lattice_of(name, "ja");
    EXPECT_TRUE(lattice.certain) << name;
    EXPECT_EQ(cheapest(lattice), spellings[0]) << name;
    for (const std::string& latin : spellings) {
      EXPECT_GT(likelihood_ratio(lattice, latin), 8) << name << ' ' << latin;
    }
    EXPECT_LT(likelihood_ratio(lattice, "SUZUKI"), 0) << name;
  }
}

TEST(JapaneseNames, AreUncertainWhereTheDictionaryLacksThem) {
  EXPECT_FALSE(lattice_of("翔平", "ja").certain);
  // Only a Japanese name; in Chinese every character has its reading.
  EXPECT_TRUE(lattice_of("翔平", "zh").certain);
  EXPECT_TRUE(lattice_of("翔平", "").certain);
  EXPECT_TRUE(lattice_of("さくら", "ja").certain);
}

TEST(JapaneseNames, TellSurnameFromGivenName) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"佐藤健", "佐藤 健"},
                                                                  {"森健太", "森 健太"},
                                                                  {"東海林太郎", "東海林 太郎"},
                                                                  {"一ノ瀬裕子", "一ノ瀬 裕子"},
                                                                  {"高市早苗", "高市 早苗"},
                                                                  {"大谷翔平", "大谷 翔平"},
                                                                  {"佐藤", "佐藤"},
                                                                  {"佐々木", "佐々木"},
                                                                  {"佐藤 健", "佐藤 健"}};
  for (const auto& [name, spaced] : cases) EXPECT_EQ(with_name_space(name, "ja"), spaced);
  EXPECT_EQ(with_name_space("佐藤健", "zh"), "佐 藤健");
}

TEST(JapaneseNames, AreFoundByTheirWholeTextOnly) {
  EXPECT_TRUE(find_japanese_name(U"佐藤")->surname);
  EXPECT_TRUE(find_japanese_name(U"裕子")->given);
  EXPECT_FALSE(find_japanese_name(U"").has_value());
  EXPECT_FALSE(find_japanese_name(U"佐藤佐藤佐藤").has_value());
  EXPECT_FALSE(find_japanese_name(U"𠮷野").has_value());
  EXPECT_FALSE(find_japanese_name(U"SATO").has_value());
}

}  // namespace
}  // namespace paxid::transliteration
