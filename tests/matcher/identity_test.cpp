// No other name is more surely a person's than the person's own: what is compared with itself has
// at least the bits of every other comparison. Names of small words, initials, stand-ins and
// titles as well, in each field.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "matcher/compare.h"

namespace paxid::matcher {
namespace {

struct Known {
  std::string text;
  PreparedName name;
  Comparison itself;
};

std::vector<Known> known(const std::vector<std::string>& texts) {
  std::vector<Known> all;
  for (const std::string& text : texts) {
    NameText name;
    name.full = text;
    const PreparedName prepared = prepare(name);
    const Comparison itself = compare(prepared, prepared);
    if (itself.opinion) all.push_back({text, prepared, itself});
  }
  return all;
}

void expect_itself_is_best(const std::vector<Known>& names) {
  constexpr double kRounding = 1e-9;
  Comparison comparison;
  for (const Known& a : names) {
    for (const Reason& reason : a.itself.reasons) {
      EXPECT_EQ(reason.code, ReasonCode::kEqual) << a.text;
    }
    for (const Known& b : names) {
      compare(a.name, b.name, comparison);
      EXPECT_LE(comparison.log_odds, a.itself.log_odds + kRounding) << a.text << " | " << b.text;
    }
  }
}

TEST(Itself, IsBestAmongNamesOfAnyTwoWords) {
  const std::vector<std::string> words = {"ROSSI", "MARIO",  "MARIA",  "MARIP",  "SMITH", "DE",
                                          "AL",    "EL",     "VAN",    "LE",     "SO",    "BEN",
                                          "SYED",  "SHEIKH", "SHAIKH", "MASTER", "J",     "K"};
  std::vector<std::string> names;
  for (const std::string& surname : words) {
    names.push_back(surname);
    for (const std::string& given : words) {
      if (surname != given) names.push_back(surname + '/' + given);
    }
  }
  expect_itself_is_best(known(names));
}

TEST(Itself, IsBestAmongNamesOfAnyThreeWords) {
  const std::vector<std::string> words = {"ROSSI", "ROSSO", "DE",     "DI",
                                          "J",     "JOHN",  "JOHNMR", "SHEIKH"};
  std::vector<std::string> names;
  for (const std::string& a : words) {
    for (const std::string& b : words) {
      for (const std::string& c : words) {
        if (a != b && b != c && a != c) names.push_back(a + ' ' + b + '/' + c);
      }
    }
  }
  expect_itself_is_best(known(names));
}

TEST(Itself, IsBestAmongInitials) {
  const std::vector<std::string> words = {"A", "B", "E", "J", "ANNA", "BORIS", "JOHN"};
  std::vector<std::string> names;
  for (const std::string& a : words) {
    for (const std::string& b : words) {
      for (const std::string& c : words) names.push_back(a + ' ' + b + ' ' + c);
    }
  }
  expect_itself_is_best(known(names));
}

}  // namespace
}  // namespace paxid::matcher
