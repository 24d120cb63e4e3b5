#include "verification/counterfactual.h"

#include <gtest/gtest.h>

#include "messages/catalogue.h"

namespace paxid::verification {
namespace {

RuleOutcome outcome(RuleCode code, Verdict at_best) { return {code, at_best, 0, {}, {}}; }

std::string english(const Counterfactual& counterfactual) {
  return messages::render_counterfactual(name_of(counterfactual.verdict), counterfactual.wishes,
                                         messages::Language::kEnglish);
}

TEST(Counterfactual, AMatchNeedsNone) {
  EXPECT_TRUE(counterfactuals_of({outcome(RuleCode::kSameName, Verdict::kMatch)}).empty());
}

TEST(Counterfactual, TheOneRuleInTheWay) {
  const auto result =
      counterfactuals_of({outcome(RuleCode::kSameName, Verdict::kMatch),
                          outcome(RuleCode::kBirthDateDiffers, Verdict::kMismatch)});
  ASSERT_EQ(result.size(), 1u);
  EXPECT_EQ(result[0].code, "BIRTH_DATE_DIFFERS");
  EXPECT_EQ(result[0].verdict, Verdict::kMatch);
  EXPECT_EQ(english(result[0]), "It would be MATCH if the birth dates agreed.");
}

TEST(Counterfactual, OnlyTheNextVerdictIsPromised) {
  const auto result = counterfactuals_of({outcome(RuleCode::kBirthDateDiffers, Verdict::kMismatch),
                                          outcome(RuleCode::kSexDiffers, Verdict::kReview)});
  ASSERT_EQ(result.size(), 1u);
  EXPECT_EQ(result[0].verdict, Verdict::kReview);
}

TEST(Counterfactual, SeveralInTheWayAreSaidTogether) {
  const auto result = counterfactuals_of({outcome(RuleCode::kZoneNotReliable, Verdict::kReview),
                                          outcome(RuleCode::kSexDiffers, Verdict::kReview)});
  ASSERT_EQ(result.size(), 1u);
  EXPECT_EQ(result[0].code, "ALL_OF_THESE");
  EXPECT_EQ(result[0].verdict, Verdict::kMatch);
}

TEST(Counterfactual, NamesTheParts) {
  RuleOutcome slip = outcome(RuleCode::kLettersDiffer, Verdict::kReview);
  slip.booking_part = base::PersonalText("ERIKSON");
  slip.document_part = base::PersonalText("ERIKSSON");
  const auto result = counterfactuals_of({slip});
  ASSERT_EQ(result.size(), 1u);
  EXPECT_EQ(english(result[0]),
            "It would be MATCH if the booking had ERIKSSON instead of ERIKSON.");
}

}  // namespace
}  // namespace paxid::verification
