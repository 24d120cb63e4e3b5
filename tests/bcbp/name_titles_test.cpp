// Every given name of the project's lexicon with every title, glued and cut: the reader must
// neither take a title out of a name nor a name's letters for a title.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "bcbp/name_field.h"

namespace paxid::bcbp {
namespace {

constexpr std::array<std::string_view, 13> kTitles{
    "MSTR", "MISS", "PROF", "MLLE", "MRS", "SIR", "REV", "MME", "MDM", "MR", "MS", "DR", "MX"};

// The beginnings of titles that are no titles themselves.
constexpr std::array<std::string_view, 16> kCutTitles{
    "M", "RE", "MI", "MIS", "MST", "ML", "MLL", "MM", "MD", "D", "P", "PR", "PRO", "S", "SI", "R"};

std::vector<std::string> given_names() {
  std::vector<std::string> names;
  std::ifstream file(PAXID_LEXICON);
  std::string name;
  int given = 0;
  std::string rest;
  std::getline(file, rest);
  while (file >> name >> given && std::getline(file, rest)) {
    const bool letters =
        std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    // Some entries of the list are titles, or words that stand for a person without a name.
    const bool is_name = !is_title_word(name) && name != "INFANT" && name != "FNU" && name != "LNU";
    if (given > 0 && letters && is_name) names.push_back(name);
  }
  return names;
}

struct Count {
  int all = 0;
  int first = 0;        // the likeliest reading is right
  int among_three = 0;  // one of the first three is

  void judge(const std::vector<NameCandidate>& candidates, const std::string& given,
             std::string_view title) {
    const auto right = std::find_if(candidates.begin(), candidates.end(), [&](const auto& name) {
      return name.given == given && name.title == title;
    });
    ++all;
    first += right == candidates.begin();
    among_three += right != candidates.end() && right - candidates.begin() < 3;
  }
  double first_percent() const { return 100.0 * first / all; }
  void print(const char* what) const {
    std::printf("%-28s %8d, first right %8d (%.3f %%), among three %8d\n", what, all, first,
                first_percent(), among_three);
  }
};

// The field in which `given` and `behind` stand at the end, without room for more.
std::string full_field(const std::string& given) {
  static constexpr std::string_view kSurname = "KOWALCZYKOWSKABERG";
  return std::string(kSurname.substr(0, kNameFieldBytes - 1 - given.size())) + "/" + given;
}

TEST(NamesOverTitles, NoNameLosesItsLettersToATitle) {
  const auto names = given_names();
  ASSERT_GT(names.size(), 50'000u);
  Count alone, glued, full, cut, cut_to_name_letters;
  for (const std::string& name : names) {
    alone.judge(booking_name_candidates("KOWALCZYK/" + name), name, "");
    for (const std::string_view title : kTitles) {
      glued.judge(booking_name_candidates("KOWALCZYK/" + name + std::string(title)), name, title);
    }
    if (name.size() + 3 <= kNameFieldBytes) {
      full.judge(name_field_candidates(full_field(name)), name, "");
    }
    for (const std::string_view title : kCutTitles) {
      const std::string behind = name + std::string(title);
      // SI and R: the field says a title and no name.
      if (behind.size() + 3 > kNameFieldBytes || is_title_word(behind)) continue;
      Count& count = title.size() == 1 || title == "RE" ? cut_to_name_letters : cut;
      count.judge(name_field_candidates(full_field(behind)), name, title);
    }
  }
  alone.print("name alone");
  glued.print("title glued");
  full.print("name fills the field");
  cut.print("title cut to two or three");
  cut_to_name_letters.print("title cut to a letter, RE");
  for (const Count& count : {alone, glued, full, cut}) EXPECT_GE(count.first_percent(), 99.0);
  // One letter, and RE, is more often the name's own: the name as printed stands first.
  for (const Count& count : {alone, glued, full, cut, cut_to_name_letters}) {
    EXPECT_EQ(count.among_three, count.all);
  }
}

}  // namespace
}  // namespace paxid::bcbp
