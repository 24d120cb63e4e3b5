#include "verification/correction_rules.h"

#include <gtest/gtest.h>

#include "verification/sides.h"

namespace paxid::verification {
namespace {

TEST(CountLetters, ThreeLettersAreNoRuleWithoutAMetric) {
  // The two examples of an airline that counts by position.
  EXPECT_EQ(count_letters(LetterMetric::kPositional, "SANTHOSS", "SANTOS"), 4);
  EXPECT_EQ(count_letters(LetterMetric::kPositional, "SANTES", "SANDOH"), 3);
  EXPECT_EQ(count_letters(LetterMetric::kLevenshtein, "SANTHOSS", "SANTOS"), 2);
  EXPECT_EQ(count_letters(LetterMetric::kLevenshtein, "SANTES", "SANDOH"), 3);
  EXPECT_EQ(count_letters(LetterMetric::kLevenshtein, "JOHN", "JONH"), 2);
  EXPECT_EQ(count_letters(LetterMetric::kDamerau, "JOHN", "JONH"), 1);
  for (const LetterMetric metric :
       {LetterMetric::kPositional, LetterMetric::kLevenshtein, LetterMetric::kDamerau}) {
    EXPECT_EQ(count_letters(metric, "", ""), 0);
    EXPECT_EQ(count_letters(metric, "ABC", ""), 3);
    EXPECT_EQ(count_letters(metric, "ABC", "ABC"), 0);
  }
}

class CorrectionRule : public testing::Test {
 protected:
  CorrectionRule() {
    rules_.correction_surname_letters = 2;
    rules_.correction_given_letters = 3;
    rules_.correction_days_after_booking = kNoLimit;
    rules_.correction_after_check_in = true;
    rules_.correction_on_partner_flights = true;
    rules_.correction_not_covered = Verdict::kReview;
  }

  static matcher::Reason slip(const char* a, const char* b, matcher::Role role) {
    return {matcher::ReasonCode::kSlip, a, b, 0, role, 0};
  }

  std::string_view key(const CorrectionOccasion& occasion = {}) const {
    const std::vector<RuleOutcome> outcomes{{RuleCode::kLettersDiffer, Verdict::kReview}};
    const auto rule = correction_rule(outcomes, comparison_, occasion, rules_);
    return rule ? rule->sentence_key : "covered";
  }

  Rules rules_{};
  matcher::Comparison comparison_;
};

TEST_F(CorrectionRule, CountsByField) {
  comparison_.reasons = {slip("MEIER", "MAYER", matcher::Role::kSurname)};
  EXPECT_EQ(key(), "covered");
  comparison_.reasons = {slip("MEIERX", "MAYER", matcher::Role::kSurname)};
  EXPECT_EQ(key(), "CORRECTION_NOT_COVERED_LETTERS");
  comparison_.reasons = {slip("JOHNNX", "JOAN", matcher::Role::kFirstGiven)};
  EXPECT_EQ(key(), "covered");
  comparison_.reasons = {slip("MEIER", "MAYER", matcher::Role::kSurname),
                         slip("JOHNN", "JOAN", matcher::Role::kFirstGiven)};
  EXPECT_EQ(key(), "covered");
  rules_.correction_scope = LetterScope::kTotal;
  EXPECT_EQ(key(), "CORRECTION_NOT_COVERED_LETTERS");
}

TEST_F(CorrectionRule, MustSoundAlike) {
  rules_.correction_must_sound_alike = true;
  comparison_.reasons = {slip("SCHMIDT", "SCHMITT", matcher::Role::kSurname)};
  EXPECT_EQ(key(), "covered");
  comparison_.reasons = {slip("SCHMIDT", "SCHWIDT", matcher::Role::kSurname)};
  EXPECT_EQ(key(), "CORRECTION_NOT_COVERED_SOUND");
}

TEST_F(CorrectionRule, HasWindowsAndPlaces) {
  rules_.correction_days_after_booking = 2;
  EXPECT_EQ(key({.days_since_booking = 2}), "covered");
  EXPECT_EQ(key({.days_since_booking = 3}), "CORRECTION_NOT_COVERED_TIME");
  rules_.correction_minutes_before_departure = 120;
  EXPECT_EQ(key({.minutes_to_departure = 120}), "covered");
  EXPECT_EQ(key({.minutes_to_departure = 119}), "CORRECTION_NOT_COVERED_TIME");
  EXPECT_EQ(key({.minutes_to_departure = -5}), "CORRECTION_NOT_COVERED_TIME");
  EXPECT_EQ(key({.checked_in = true, .partner_flight = true}), "covered");
  rules_.correction_after_check_in = false;
  EXPECT_EQ(key({.checked_in = true}), "CORRECTION_NOT_COVERED_CHECKED_IN");
  rules_.correction_on_partner_flights = false;
  EXPECT_EQ(key({.partner_flight = true}), "CORRECTION_NOT_COVERED_PARTNER");
}

TEST_F(CorrectionRule, NothingToCorrectIsNothingToCover) {
  rules_.correction_surname_letters = 0;
  const auto rule = correction_rule(
      {{RuleCode::kSameName, Verdict::kMatch}, {RuleCode::kSexDiffers, Verdict::kReview}},
      comparison_, {}, rules_);
  EXPECT_FALSE(rule.has_value());
}

TEST(LatinLetters, AreOfPlainAlphabet) {
  EXPECT_EQ(latin_letters("Éric-José"), "ERICJOSE");
  EXPECT_EQ(latin_letters("ÅNGSTRÖM ŠŽ"), "ANGSTROMSZ");
  EXPECT_EQ(latin_letters("Sørensen"), "SRENSEN");
  EXPECT_EQ(latin_letters("ИВАН 王 \xff\xfe"), "");
  EXPECT_EQ(latin_letters(""), "");
}

}  // namespace
}  // namespace paxid::verification
