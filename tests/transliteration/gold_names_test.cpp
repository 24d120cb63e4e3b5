// Names of every language with their usual Latin spellings, each weighed against the spellings
// of the other names.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "transliteration/likelihood.h"
#include "transliteration/word.h"

namespace paxid::transliteration {
namespace {

struct Gold {
  std::string language;
  std::string native;
  std::string latin;
};

std::vector<Gold> gold_names() {
  std::ifstream in(std::string(PAXID_TEST_DATA) + "/transliteration/gold_names.tsv");
  std::vector<Gold> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream columns(line);
    Gold row;
    std::getline(columns, row.language, '\t');
    std::getline(columns, row.native, '\t');
    std::getline(columns, row.latin, '\t');
    rows.push_back(row);
  }
  return rows;
}

float ratio(const Gold& name, const std::string& latin) {
  const Words words = read_words(name.native, name.language);
  return words.words.size() == 1 ? likelihood_ratio(words.words[0].lattice, latin) : -100;
}

TEST(GoldNames, HaveThirtyLanguagesAndSixteenScripts) {
  std::set<std::string> languages;
  std::set<Script> scripts;
  for (const Gold& name : gold_names()) {
    languages.insert(name.language);
    for (const Word& word : read_words(name.native, name.language).words) {
      scripts.insert(word.script);
    }
  }
  EXPECT_GE(languages.size(), 30U);
  EXPECT_GE(scripts.size(), 16U);
}

TEST(GoldNames, AreLikelierSpellingsThanChance) {
  for (const Gold& name : gold_names()) {
    EXPECT_GT(ratio(name, name.latin), 0) << name.language << ' ' << name.native << name.latin;
  }
}

TEST(GoldNames, AreNoSpellingsOfOneAnother) {
  const auto names = gold_names();
  std::map<std::string, std::set<std::string>> spellings;
  for (const Gold& name : names) spellings[name.native].insert(name.latin);
  std::size_t wrong = 0;
  std::size_t all = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t step = 1; step <= 20; ++step) {
      const Gold& other = names[(i + 17 * step) % names.size()];
      if (spellings[names[i].native].contains(other.latin)) continue;
      ++all;
      // Three bits a word of this length are noise; a spelling has two a letter.
      if (ratio(names[i], other.latin) > static_cast<float>(2 * other.latin.size())) ++wrong;
    }
  }
  EXPECT_LE(static_cast<double>(wrong), 0.002 * static_cast<double>(all));
}

}  // namespace
}  // namespace paxid::transliteration
