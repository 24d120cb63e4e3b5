#include "verification/attributes.h"

#include <gtest/gtest.h>

namespace paxid::verification {
namespace {

base::Date day(const char* iso) { return *base::parse_iso_date(iso); }

TEST(BirthDateSlip, OneDigitOrDayAndMonthExchanged) {
  EXPECT_TRUE(is_birth_date_slip(day("1980-03-01"), day("1980-05-01")));
  EXPECT_TRUE(is_birth_date_slip(day("1985-03-04"), day("1985-04-03")));
  EXPECT_TRUE(is_birth_date_slip(day("1985-03-04"), day("1995-03-04")));
  EXPECT_FALSE(is_birth_date_slip(day("1985-03-04"), day("1985-03-04")));
  EXPECT_FALSE(is_birth_date_slip(day("1985-03-04"), day("1986-03-05")));
  EXPECT_FALSE(is_birth_date_slip(day("1985-03-14"), day("1985-03-21")));
}

TEST(BirthDateSlip, SymmetricOverAWholeYear) {
  const auto year = std::chrono::year{1999};
  for (int i = 1; i <= 365; i += 3) {
    for (int j = 1; j <= 365; j += 7) {
      const auto a = *base::from_day_of_year(year, i);
      const auto b = *base::from_day_of_year(year, j);
      EXPECT_EQ(is_birth_date_slip(a, b), is_birth_date_slip(b, a));
    }
  }
}

Sides sides_with_birth_dates(std::optional<BirthDate> booked, std::optional<BirthDate> document) {
  Sides sides;
  sides.travel.birth_date.value = std::move(booked);
  sides.identity.birth_date.value = std::move(document);
  return sides;
}

AttributeRelation relation_of(std::optional<BirthDate> booked, std::optional<BirthDate> document) {
  const Sides sides = sides_with_birth_dates(std::move(booked), std::move(document));
  return relate_attributes(sides.travel, sides.identity).birth_date;
}

TEST(BirthDateRelation, ADateOfAZoneCanMeanEitherCentury) {
  const BirthDate booked{day("1921-05-01"), std::nullopt, {}};
  EXPECT_EQ(relation_of(booked, BirthDate{day("2021-05-01"), day("1921-05-01"), {}}),
            AttributeRelation::kEqual);
  EXPECT_EQ(relation_of(booked, BirthDate{day("2020-05-02"), day("1920-05-02"), {}}),
            AttributeRelation::kDiffers);
}

TEST(BirthDateRelation, AnIncompleteZoneDateAgreesWithEveryDayItCanMean) {
  const BirthDate partial{std::nullopt, std::nullopt, "7408<<"};
  EXPECT_EQ(relation_of(BirthDate{day("1974-08-12"), std::nullopt, {}}, partial),
            AttributeRelation::kEqual);
  EXPECT_EQ(relation_of(BirthDate{day("1974-09-12"), std::nullopt, {}}, partial),
            AttributeRelation::kDiffers);
}

TEST(BirthDateRelation, NotStatedIsUnknown) {
  EXPECT_EQ(relation_of(std::nullopt, BirthDate{day("1974-08-12"), std::nullopt, {}}),
            AttributeRelation::kUnknown);
  EXPECT_EQ(relation_of(BirthDate{day("1974-08-12"), std::nullopt, {}}, std::nullopt),
            AttributeRelation::kUnknown);
}

class AttributeRules : public testing::Test {
 protected:
  Verdict verdict_of(const Sides& sides, const char* today = "2026-11-22") const {
    const Policy policy = *Policy::parse(default_policy_toml());
    const AttributeRelations relations = relate_attributes(sides.travel, sides.identity);
    const Occasion occasion{"", "", "", std::nullopt, day(today)};
    return worst_of(attribute_rules({sides, relations, policy, policy.rules, occasion}));
  }
};

TEST_F(AttributeRules, AContradictedBirthDateIsAMismatchASlipAReview) {
  const auto booked = BirthDate{day("1980-03-01"), std::nullopt, {}};
  EXPECT_EQ(verdict_of(sides_with_birth_dates(booked, booked)), Verdict::kMatch);
  EXPECT_EQ(
      verdict_of(sides_with_birth_dates(booked, BirthDate{day("1980-05-01"), std::nullopt, {}})),
      Verdict::kReview);
  EXPECT_EQ(
      verdict_of(sides_with_birth_dates(booked, BirthDate{day("1961-07-19"), std::nullopt, {}})),
      Verdict::kMismatch);
}

TEST_F(AttributeRules, ASlipWithAnotherDocumentIsAMismatch) {
  Sides sides = sides_with_birth_dates(BirthDate{day("1980-03-01"), std::nullopt, {}},
                                       BirthDate{day("1980-05-01"), std::nullopt, {}});
  sides.travel.document_number.value = "X1234567";
  sides.identity.document_number.value = "K7654321";
  EXPECT_EQ(verdict_of(sides), Verdict::kMismatch);
  sides.identity.document_number.value = "X1234567";
  EXPECT_EQ(verdict_of(sides), Verdict::kReview);
}

TEST_F(AttributeRules, ADocumentIsValidOnItsLastDay) {
  Sides sides;
  sides.identity.expiry_date.value = day("2026-11-22");
  EXPECT_EQ(verdict_of(sides, "2026-11-22"), Verdict::kMatch);
  EXPECT_EQ(verdict_of(sides, "2026-11-23"), Verdict::kMismatch);
}

TEST_F(AttributeRules, UtopiaIssuesOnlySpecimens) {
  Sides sides;
  sides.identity.issuer.value = "UTO";
  EXPECT_EQ(verdict_of(sides), Verdict::kMismatch);
}

TEST_F(AttributeRules, AnotherPassportOrNationalityStopsNobody) {
  Sides sides;
  sides.travel.document_number.value = "X1234567";
  sides.identity.document_number.value = "K7654321";
  sides.travel.nationality.value = "D";
  sides.identity.nationality.value = "FRA";
  EXPECT_EQ(verdict_of(sides), Verdict::kMatch);
}

TEST_F(AttributeRules, SourcesThatContradictEachOtherAreLookedAt) {
  Sides sides;
  sides.identity.birth_date.conflict = true;
  EXPECT_EQ(verdict_of(sides), Verdict::kReview);
}

}  // namespace
}  // namespace paxid::verification
