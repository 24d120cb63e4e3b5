#include "transliteration/standards.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "transliteration/likelihood.h"
#include "transliteration/word.h"

namespace paxid::transliteration {
namespace {

struct Example {
  std::string standard;
  std::string native;
  std::string latin;
};

// Examples that the standards print, and names written by their tables.
std::vector<Example> examples() {
  std::ifstream in(std::string(PAXID_TEST_DATA) + "/transliteration/standard_examples.tsv");
  std::vector<Example> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream columns(line);
    Example row;
    std::getline(columns, row.standard, '\t');
    std::getline(columns, row.native, '\t');
    std::getline(columns, row.latin, '\t');
    rows.push_back(row);
  }
  return rows;
}

std::string by(const std::string& id, const std::string& native) {
  const auto all = standards();
  const auto standard =
      std::find_if(all.begin(), all.end(), [&](const Standard& s) { return s.id == id; });
  if (standard == all.end()) return "no such standard";
  for (const auto& spelling : standard_spellings(native, standard->language)) {
    if (spelling.standard->id == id) return spelling.letters;
  }
  return "not written";
}

TEST(Standards, WriteTheirExamples) {
  const auto rows = examples();
  ASSERT_GT(rows.size(), 100U);
  for (const Example& row : rows) {
    EXPECT_EQ(by(row.standard, row.native), row.latin) << row.standard << ' ' << row.native;
  }
}

// What a standard prints is a likelier spelling of the name than chance, whatever was learned.
TEST(Standards, AreSpellingsOfTheLattice) {
  for (const Example& row : examples()) {
    const auto all = standards();
    const auto standard = std::find_if(all.begin(), all.end(),
                                       [&](const Standard& s) { return s.id == row.standard; });
    ASSERT_NE(standard, all.end()) << row.standard;
    const Words words = read_words(row.native, standard->language);
    if (words.words.size() != 1) continue;
    EXPECT_GT(likelihood_ratio(words.words[0].lattice, row.latin), 0)
        << row.standard << ' ' << row.native;
  }
}

TEST(Standards, AllHaveAnExample) {
  std::set<std::string> shown;
  for (const Example& row : examples()) shown.insert(row.standard);
  for (const Standard& standard : standards()) {
    if (standard.language != "*") {
      EXPECT_TRUE(shown.contains(std::string(standard.id))) << standard.id;
    }
    EXPECT_FALSE(standard.title.empty()) << standard.id;
    EXPECT_FALSE(standard.reference.empty()) << standard.id;
  }
}

TEST(StandardSpellings, WithoutALanguageAreAllThatCanWriteTheWord) {
  std::set<std::string_view> ids;
  for (const auto& spelling : standard_spellings("Мария", "")) ids.insert(spelling.standard->id);
  EXPECT_TRUE(ids.contains("RUS-2013"));
  EXPECT_TRUE(ids.contains("BGR-2009"));
  EXPECT_FALSE(ids.contains("SRB"));  // no Я
  EXPECT_FALSE(ids.contains("GRC-ELOT743"));
}

TEST(StandardSpellings, OfLatinWordsAndUnknownScriptsAreNone) {
  EXPECT_TRUE(standard_spellings("Müller", "").empty());
  EXPECT_TRUE(standard_spellings("ពត", "").empty());
  EXPECT_TRUE(standard_spellings("", "ru").empty());
}

}  // namespace
}  // namespace paxid::transliteration
