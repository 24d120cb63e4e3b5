#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/letters.h"
#include "matcher/tables.h"
#include "tests/matcher/reference/letters_reference.h"

namespace paxid::matcher {
namespace {

// The fast programme adds floats.
constexpr double kRounding = 2e-5;

// A fixed sequence (xorshift), so that a failure can be repeated.
class Numbers {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ % limit;
  }

 private:
  std::uint32_t state_ = 2463534242U;
};

std::vector<std::string> all_words(const std::string& alphabet, std::size_t longest) {
  std::vector<std::string> words = {""};
  for (std::size_t first = 0, length = 0; length < longest; ++length) {
    const std::size_t end = words.size();
    for (; first < end; ++first) {
      for (const char c : alphabet) words.push_back(words[first] + c);
    }
  }
  return words;
}

std::string random_word(Numbers& numbers, std::uint32_t longest, std::uint32_t letters) {
  std::string word;
  for (std::uint32_t n = numbers.below(longest + 1); n > 0; --n) {
    word += static_cast<char>('A' + numbers.below(letters));
  }
  return word;
}

// A few letters of `word` changed, so that the cheapest way is not always letter by letter.
std::string damaged(std::string word, Numbers& numbers) {
  for (std::uint32_t n = 1 + numbers.below(3); n > 0; --n) {
    const std::size_t at = numbers.below(static_cast<std::uint32_t>(word.size() + 1));
    const char letter = static_cast<char>('A' + numbers.below(26));
    switch (numbers.below(4)) {
      case 0:
        word.insert(at, 1, at < word.size() && numbers.below(2) == 0 ? word[at] : letter);
        break;
      case 1:
        if (at < word.size()) word.erase(at, 1);
        break;
      case 2:
        if (at < word.size()) word[at] = letter;
        break;
      default:
        if (at + 1 < word.size()) std::swap(word[at], word[at + 1]);
    }
  }
  return word;
}

TEST(LetterEditsReference, AgreesOnASmallWorld) {
  const auto words = all_words("ABC", 5);
  for (const auto& x : words) {
    for (std::size_t j = 0; j < words.size(); j += 3) {
      ASSERT_EQ(letter_edits(x, words[j]), reference::letter_edits(x, words[j]))
          << x << ' ' << words[j];
    }
  }
}

TEST(LetterEditsReference, AgreesOnLongAndCutTexts) {
  Numbers numbers;
  for (int round = 0; round < 4000; ++round) {
    const std::string x = random_word(numbers, 48, 2 + numbers.below(25));
    const std::string y = numbers.below(2) == 0 ? damaged(x, numbers) : random_word(numbers, 48, 6);
    ASSERT_EQ(letter_edits(x, y), reference::letter_edits(x, y)) << x << ' ' << y;
  }
}

TEST(FingerSlipReference, AgreesOnEveryEditOfASmallWorld) {
  int slips = 0;
  int others = 0;
  for (const auto& x : all_words("AQSL", 4)) {
    for (const auto& y : all_words("AQSL", 4)) {
      if (reference::letter_edits(x, y) != 1) continue;
      ASSERT_EQ(is_finger_slip(x, y), reference::is_finger_slip(x, y)) << x << ' ' << y;
      ++(is_finger_slip(x, y) ? slips : others);
    }
  }
  EXPECT_GT(slips, 500);
  EXPECT_GT(others, 500);
}

TEST(FingerSlipReference, AgreesOnEveryPairOfKeys) {
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) {
      if (a == b) continue;
      const std::string x = std::string("MO") + a;
      const std::string y = std::string("MO") + b;
      ASSERT_EQ(is_finger_slip(x, y), reference::is_finger_slip(x, y)) << x << ' ' << y;
    }
  }
}

TEST(VariantDistanceReference, AgreesOnASmallWorld) {
  // Letters with many rules and doublings.
  const auto words = all_words("AHKY", 4);
  for (std::size_t i = 0; i < words.size(); i += 2) {
    for (std::size_t j = i % 7; j < words.size(); j += 5) {
      ASSERT_NEAR(variant_distance(words[i], words[j], ""),
                  reference::variant_distance(words[i], words[j], ""), kRounding)
          << words[i] << ' ' << words[j];
    }
  }
}

// Every rule, at every place where it may stand, in its language, in another and in none.
TEST(VariantDistanceReference, AgreesWhereverARuleStands) {
  for (const VariantRule& rule : variant_rules()) {
    const std::string a(rule.a);
    const std::string b(rule.b);
    for (const auto& [before, after] : std::vector<std::pair<std::string, std::string>>{
             {"", ""}, {"", "MOR"}, {"DEL", ""}, {"DEL", "MOR"}}) {
      for (const std::string& language :
           {std::string(rule.scope), std::string("xx"), std::string()}) {
        const std::string x = before + a + after;
        const std::string y = before + b + after;
        const double slow = reference::variant_distance(x, y, language);
        ASSERT_NEAR(variant_distance(x, y, language), slow, kRounding)
            << x << ' ' << y << ' ' << language;
        const bool stands =
            rule.where == Where::kAny || (rule.where == Where::kStart && before.empty()) ||
            (rule.where == Where::kEnd && after.empty()) || (before.empty() && after.empty());
        if (!stands || language != rule.scope) continue;
        EXPECT_LE(slow, rule.cost + kRounding) << x << ' ' << y;
      }
    }
  }
}

TEST(VariantDistanceReference, AgreesOnDamagedWords) {
  Numbers numbers;
  const std::vector<std::string> languages = {"", "ar", "ru", "zh", "de", "es", "el", "xx"};
  for (int round = 0; round < 3000; ++round) {
    const std::string x = random_word(numbers, 12, 26);
    const std::string y = damaged(x, numbers);
    const std::string& language = languages[numbers.below(8)];
    ASSERT_NEAR(variant_distance(x, y, language), reference::variant_distance(x, y, language),
                kRounding)
        << x << ' ' << y << ' ' << language;
  }
}

}  // namespace
}  // namespace paxid::matcher
