#include "verification/rule.h"

#include <gtest/gtest.h>

#include <set>

#include "messages/catalogue.h"

namespace paxid::verification {
namespace {

TEST(RuleCode, EveryCodeHasItsOwnNameAndASentence) {
  std::set<std::string_view> names;
  for (int i = 0; i < kRuleCodeCount; ++i) {
    const auto code = static_cast<RuleCode>(i);
    EXPECT_TRUE(names.insert(name_of(code)).second) << name_of(code);
    EXPECT_FALSE(messages::pattern_of(name_of(code), messages::Language::kEnglish).empty())
        << name_of(code);
  }
}

// The numbers are bits of records that are on disk: they must never move.
TEST(RuleCode, NumbersAreFixed) {
  EXPECT_EQ(static_cast<int>(RuleCode::kSameName), 0);
  EXPECT_EQ(static_cast<int>(RuleCode::kNotAPerson), 20);
  EXPECT_EQ(static_cast<int>(RuleCode::kBirthDateDiffers), 31);
  EXPECT_EQ(static_cast<int>(RuleCode::kOffline), 44);
  EXPECT_EQ(static_cast<int>(RuleCode::kDocumentedForm), 45);
  EXPECT_EQ(static_cast<int>(RuleCode::kPassOfOtherFlight), 47);
  EXPECT_EQ(static_cast<int>(RuleCode::kStalePass), 48);
  EXPECT_EQ(static_cast<int>(RuleCode::kCorrectionNotCovered), 56);
  EXPECT_EQ(static_cast<int>(RuleCode::kSurnameShared), 62);
}

TEST(WorstOf, TheWorstRuleWins) {
  EXPECT_EQ(worst_of({}), Verdict::kMatch);
  for (Verdict a : {Verdict::kMatch, Verdict::kReview, Verdict::kMismatch}) {
    for (Verdict b : {Verdict::kMatch, Verdict::kReview, Verdict::kMismatch}) {
      const std::vector<RuleOutcome> outcomes{{RuleCode::kSameName, a, 0, {}, {}},
                                              {RuleCode::kOffline, b, 0, {}, {}}};
      EXPECT_EQ(worst_of(outcomes), a < b ? b : a);
    }
  }
}

TEST(Verdict, NamesReadBack) {
  for (Verdict verdict : {Verdict::kMatch, Verdict::kReview, Verdict::kMismatch}) {
    EXPECT_EQ(verdict_from(name_of(verdict)), verdict);
  }
  EXPECT_FALSE(verdict_from("match").has_value());
}

}  // namespace
}  // namespace paxid::verification
