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

// The signed pass of tests/data/bcbp, sig-ok-der: issued by AC, security type 4, over everything
// before the marker.
constexpr const char* kSignedPass =
    "M2DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 14D>6181WW6225BAC "
    "00141234560032A01412"
    "34567890 1AC AC 1234567890123    20KYLX58ZDEF456 FRAGVALH 3664 227C012C0002 "
    "12E2A0140987654321 "
    "1AC AC 1234567890123    "
    "2PCNWQ^460MEUCIDVafiSlUtNMcdRfw9KfiUVOChPOvw3fSy3faq8wWOkpAiEAwgSp2JrhS"
    "cgL+hR1kzFoBdiPMMbsCkG00notJdUrcAY=";
constexpr const char* kIssuersKeys =
    "[[key]]\nissuer = \"AC\"\ntype = \"4\"\npublic_key = \"\"\"\n-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESnSqZ8z2GmGJpc3FW+UA1QBCdQsb\n"
    "P5U5J76HKqtJ0/q/bMhe0jHIVbWh2iVIOxPzvT95C3YthuLy1JqbUFof7A==\n"
    "-----END PUBLIC KEY-----\n\"\"\"\n";

TEST(SortClaims, APassThatItsIssuerDidNotSignIsAFinding) {
  const auto keys = bcbp::KeyTable::parse(kIssuersKeys);
  ASSERT_TRUE(keys);
  const auto sorted = [&keys](std::string pass, bool with_keys) {
    return sort_claims({claim(Source::kBoardingPass, PassClaim{PersonalText(std::move(pass))})},
                       day("2026-08-14"), nullptr, with_keys ? &*keys : nullptr);
  };
  const auto has = [](const Sides& sides, std::string_view code) {
    return std::any_of(sides.findings.begin(), sides.findings.end(),
                       [code](const Finding& finding) { return finding.code == code; });
  };
  EXPECT_FALSE(sorted(kSignedPass, true).travel.pass_signature_wrong);

  std::string changed = kSignedPass;
  changed.replace(2, 10, "DESMARAIX/");
  EXPECT_TRUE(sorted(changed, true).travel.pass_signature_wrong);
  EXPECT_TRUE(has(sorted(changed, true), "SIGNATURE_INVALID"));
  EXPECT_FALSE(sorted(changed, false).travel.pass_signature_wrong);  // nobody's key is known

  std::string garbled = kSignedPass;
  garbled.back() = '!';
  EXPECT_TRUE(sorted(garbled, true).travel.pass_signature_wrong);
  EXPECT_TRUE(has(sorted(garbled, true), "SIGNATURE_BAD_ENCODING"));

  const std::string text = kSignedPass;
  EXPECT_FALSE(sorted(text.substr(0, text.find('^')), true).travel.pass_signature_wrong);
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
