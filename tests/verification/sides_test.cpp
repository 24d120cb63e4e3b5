#include "verification/sides.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace paxid::verification {
namespace {

using base::PersonalText;

base::Date day(const char* iso) { return *base::parse_iso_date(iso); }

// ICAO Doc 9303-4, appendix A: the specimen of Utopia.
constexpr const char* kZone =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
// IATA Resolution 792, attachment B.
constexpr const char* kPass = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100";

Claim claim(Source source, ClaimValue value) {
  return {source, CaptureMethod::kScanned, Assurance::kAsserted, std::move(value)};
}

TEST(SortClaims, ReadsAZone) {
  const Sides sides =
      sort_claims({claim(Source::kMrz, ZoneClaim{PersonalText(kZone)})}, day("2010-06-01"));
  ASSERT_EQ(sides.identity.names.size(), 1u);
  EXPECT_EQ(sides.identity.names[0].text.surname, "ERIKSSON");
  EXPECT_EQ(sides.identity.names[0].text.given, "ANNA MARIA");
  EXPECT_EQ(sides.identity.document_number.value, "L898902C3");
  EXPECT_EQ(sides.identity.sex.value, Sex::kFemale);
  EXPECT_EQ(sides.identity.birth_date.value->date, day("1974-08-12"));
  EXPECT_EQ(sides.identity.expiry_date.value, day("2012-04-15"));
  EXPECT_FALSE(sides.identity.zone_not_reliable);
}

TEST(SortClaims, ADamagedZoneIsAFindingAndNotReliedOn) {
  std::string damaged = kZone;
  damaged[45 + 9] = '7';  // the document number's check digit
  const Sides sides =
      sort_claims({claim(Source::kMrz, ZoneClaim{PersonalText(damaged)})}, day("2010-06-01"));
  EXPECT_TRUE(sides.identity.zone_not_reliable);
  EXPECT_FALSE(sides.identity.document_number.value.has_value());
  ASSERT_FALSE(sides.findings.empty());
  EXPECT_TRUE(std::any_of(sides.findings.begin(), sides.findings.end(), [](const Finding& finding) {
    return finding.code == "CHECK_DIGIT" && finding.place == "line 2, column 10";
  }));
}

TEST(SortClaims, ReadsAPassAndKeepsItsNameFieldAsPrinted) {
  const Sides sides = sort_claims({claim(Source::kBoardingPass, PassClaim{PersonalText(kPass)})},
                                  day("2010-08-14"));
  EXPECT_EQ(sides.travel.pass_name_field, "DESMARAIS/LUC       ");
  ASSERT_FALSE(sides.travel.pass_readings.empty());
  EXPECT_EQ(sides.travel.pass_readings[0].surname, "DESMARAIS");
  EXPECT_FALSE(sides.travel.pass_field_full);
  EXPECT_TRUE(sides.travel.booking_readings.empty());
}

TEST(SortClaims, TextThatIsNeitherZoneNorPassIsAFinding) {
  const Sides sides = sort_claims({claim(Source::kMrz, ZoneClaim{PersonalText("hello")}),
                                   claim(Source::kBoardingPass, PassClaim{PersonalText("hello")})},
                                  day("2026-11-22"));
  EXPECT_TRUE(sides.identity.names.empty());
  EXPECT_TRUE(sides.travel.pass_readings.empty());
  EXPECT_GE(sides.findings.size(), 2u);
}

TEST(SortClaims, SourcesThatDisagreeAreAConflictInEitherOrder) {
  std::vector<Claim> claims{claim(Source::kMrz, BirthDateClaim{day("1974-08-12")}),
                            claim(Source::kTyped, BirthDateClaim{day("1974-08-13")})};
  for (int i = 0; i < 2; ++i) {
    const Sides sides = sort_claims(claims, day("2026-11-22"));
    EXPECT_TRUE(sides.identity.birth_date.conflict);
    EXPECT_EQ(sides.identity.birth_date.value->date, day("1974-08-12"));  // the machine's reading
    std::reverse(claims.begin(), claims.end());
  }
}

TEST(SortClaims, XIsComparedWithNothing) {
  const Sides sides =
      sort_claims({claim(Source::kVisual, SexClaim{Sex::kNotStated})}, day("2026-11-22"));
  EXPECT_FALSE(sides.identity.sex.value.has_value());
}

}  // namespace
}  // namespace paxid::verification
