#include "verification/sides.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/words.h"

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

PersonName person(const char* surname, const char* given) {
  PersonName name;
  name.surname = PersonalText(surname);
  name.given = PersonalText(given);
  return name;
}

bool holds(const Sides& sides, std::string_view code) {
  return std::any_of(sides.findings.begin(), sides.findings.end(),
                     [code](const Finding& finding) { return finding.code == code; });
}

// Whatever a machine has read from the document comes before what a person has typed.
TEST(SortClaims, TheBestSourceComesFirstWhateverTheOrder) {
  std::vector<Claim> claims;
  for (const Source source : {Source::kTyped, Source::kVisual, Source::kMrz, Source::kChip}) {
    claims.push_back(claim(source, NameClaim{person("DOE", std::string(name_of(source)).c_str())}));
    claims.push_back(claim(source, NationalityClaim{std::string(name_of(source))}));
    claims.push_back(claim(source, IssuerClaim{source == Source::kChip ? "DEU" : "UTO"}));
    claims.push_back(claim(source, UsageNameClaim{person("ROE", "")}));
  }
  for (int turn = 0; turn < 2; ++turn) {
    const Sides sides = sort_claims(claims, day("2026-11-22"));
    std::vector<Source> sources;
    for (const SourcedName& name : sides.identity.names) {
      sources.push_back(name.source);
      EXPECT_EQ(matcher::name_of(name.text.source), name_of(name.source));
      EXPECT_EQ(name.text.issuer, "D");  // one issuer, in its code of Doc 9303-3
    }
    EXPECT_EQ(sources, (std::vector{Source::kChip, Source::kMrz, Source::kVisual, Source::kTyped}));
    EXPECT_EQ(sides.identity.nationality.value, "CHIP");
    EXPECT_TRUE(sides.identity.nationality.conflict);
    EXPECT_EQ(sides.identity.usage_names.size(), 4u);
    EXPECT_TRUE(sides.identity.machine_read);
    std::reverse(claims.begin(), claims.end());
  }
}

TEST(SortClaims, WhatEquallyGoodSourcesSayOtherwiseIsKept) {
  std::vector<Claim> claims{claim(Source::kVisual, NationalityClaim{"FRA"}),
                            claim(Source::kVisual, NationalityClaim{"BEL"})};
  for (int turn = 0; turn < 2; ++turn) {
    const Sides sides = sort_claims(claims, day("2026-11-22"));
    EXPECT_EQ(sides.identity.nationality.value, "BEL");
    EXPECT_EQ(sides.identity.nationality.others, std::vector<std::string>{"FRA"});
    EXPECT_TRUE(sides.identity.nationality.conflict);
    std::reverse(claims.begin(), claims.end());
  }
}

// Names of travel come from anywhere; claims of documents say nothing of the booking, nor the
// other way round.
TEST(SortClaims, NamesOfTheBookingMayComeInParts) {
  PersonName whole;
  whole.full = PersonalText("DOE/JANE");
  for (const PersonName& name : {person("DOE", "JANE"), whole}) {
    const Sides sides = sort_claims(
        {claim(Source::kBooking, NameClaim{name}), claim(Source::kBooking, UsageNameClaim{name}),
         claim(Source::kBooking, IssuerClaim{"UTO"}),
         claim(Source::kBooking, ExpiryDateClaim{day("2030-01-01")}),
         claim(Source::kVisual, PassengerTypeClaim{"CHD"}),
         claim(Source::kVisual, DocumentTypeClaim{"P"})},
        day("2026-11-22"));
    EXPECT_EQ(sides.travel.booking_text, "DOE/JANE");
    EXPECT_TRUE(sides.identity.names.empty());
    EXPECT_TRUE(sides.identity.usage_names.empty());
    EXPECT_FALSE(sides.identity.issuer.value);
    EXPECT_FALSE(sides.identity.expiry_date.value);
    EXPECT_EQ(sides.travel.passenger_type, "");
  }
}

TEST(SortClaims, AdvanceDataAreReadOrToldOf) {
  const auto sorted = [](const char* line) {
    return sort_claims({claim(Source::kBooking, DocsClaim{PersonalText(line)})}, day("2026-11-22"));
  };
  const Sides sides = sorted("DOCS P/UTO/X1/UTO/12AUG74/F/01JAN30/ERIKSSON/ANNA/MARIA");
  EXPECT_EQ(sides.travel.document_number.value, "X1");
  EXPECT_EQ(sides.travel.nationality.value, "UTO");
  EXPECT_EQ(sides.travel.sex.value, Sex::kFemale);
  EXPECT_EQ(sides.travel.birth_date.value->date, day("1974-08-12"));
  EXPECT_EQ(sides.travel.expiry_date.value, day("2030-01-01"));
  ASSERT_EQ(sides.travel.api_names.size(), 1u);
  EXPECT_EQ(sides.travel.api_names[0].given, "ANNA MARIA");
  const Sides sparse = sorted("DOCS P////12AUG74/U///");
  EXPECT_FALSE(sparse.travel.sex.value);
  EXPECT_FALSE(sparse.travel.nationality.value);
  EXPECT_TRUE(sparse.travel.api_names.empty());
  EXPECT_TRUE(holds(sorted("hello"), "DOCS_UNREADABLE"));
}

// The booking says it, or the name, or the pass; two that say otherwise are looked at.
TEST(SortClaims, ThePassengerTypeComesFromWhoeverKnowsIt) {
  const auto type = [](std::vector<Claim> claims, const Passenger* booking = nullptr) {
    return sort_claims(claims, day("2026-11-22"), booking).travel.passenger_type;
  };
  const auto pass_of = [](char description) {
    return claim(Source::kBoardingPass,
                 PassClaim{PersonalText(std::string("M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 "
                                                    "226F001A0025 107>601") +
                                        description + "00")});
  };
  EXPECT_EQ(type({pass_of('0')}), "");
  EXPECT_EQ(type({pass_of('3')}), "CHD");
  EXPECT_EQ(type({pass_of('4')}), "INF");
  EXPECT_EQ(type({pass_of('7')}), "UNN");
  EXPECT_EQ(type({pass_of('7'), pass_of('4')}), type({pass_of('4'), pass_of('7')}));
  const Claim child = claim(Source::kBooking, BookingNameClaim{PersonalText("DOE/TOM CHD")});
  EXPECT_EQ(type({child}), "CHD");
  EXPECT_EQ(type({child, pass_of('4')}), "CHD");
  const Claim infant = claim(Source::kBooking, PassengerTypeClaim{"INF"});
  EXPECT_EQ(type({child, infant}), "INF");
  const Claim adult = claim(Source::kBooking, PassengerTypeClaim{"ADT"});
  for (const auto& claims : {std::vector{adult, infant}, std::vector{infant, adult}}) {
    const Sides sides = sort_claims(claims, day("2026-11-22"));
    EXPECT_EQ(sides.travel.passenger_type, "ADT");
    EXPECT_TRUE(sides.travel.names_conflict);
  }
  Passenger booking;
  booking.booked_name = PersonalText("DOE/TOM");
  booking.passenger_type = "UNN";
  EXPECT_EQ(type({infant}, &booking), "UNN");
}

// Doc 9303-3 section 4.8: of a birth date that is not known whole, what is unknown is fillers.
TEST(SortClaims, APartOfABirthDateContradictsNoDayItCanMean) {
  // The specimen of Utopia, born in August 1974 on a day that nobody knows.
  const std::string zone =
      "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
      "L898902C36UTO7408<<8F1204159ZE184226B<<<<<10";
  const auto conflict = [&zone](const char* typed) {
    std::vector<Claim> claims{claim(Source::kMrz, ZoneClaim{PersonalText(zone)}),
                              claim(Source::kTyped, BirthDateClaim{day(typed)})};
    const bool one = sort_claims(claims, day("2010-06-01")).identity.birth_date.conflict;
    std::reverse(claims.begin(), claims.end());
    EXPECT_EQ(sort_claims(claims, day("2010-06-01")).identity.birth_date.conflict, one) << typed;
    return one;
  };
  EXPECT_FALSE(conflict("1974-08-12"));
  EXPECT_FALSE(conflict("1974-08-31"));
  EXPECT_TRUE(conflict("1974-07-12"));
}

TEST(SortClaims, NamesOfOtherScriptsStandAsTheyAre) {
  const auto whole = booking_readings("МЮЛЛЕР/АННА");
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0].surname, "МЮЛЛЕР");
  EXPECT_EQ(whole[0].given, "АННА");
  const auto single = booking_readings("МЮЛЛЕР");
  ASSERT_EQ(single.size(), 1u);
  EXPECT_EQ(single[0].surname, "МЮЛЛЕР");
  EXPECT_EQ(single[0].given, "");
}

TEST(DataBesideName, AreThoseOfTheWholeBooking) {
  Passenger booking;
  booking.booked_name = PersonalText("DOE/TOM CHD");
  booking.birth_date = day("2018-03-04");
  booking.sex = Sex::kMale;
  booking.booked_on = day("2026-10-01");
  bcbp::Docs& docs = booking.documents.emplace_back();
  docs.number = "X-1";
  docs.nationality = "UTO";
  docs.gender = "M";
  docs.expiry_date = day("2030-01-01");
  docs.surname = "DOE";
  docs.given = "TOM";
  const TravelSide part = data_beside_name(booking);
  const TravelSide whole = sort_claims({}, day("2026-11-22"), &booking).travel;
  EXPECT_EQ(part.birth_date.value, whole.birth_date.value);
  EXPECT_EQ(part.sex.value, whole.sex.value);
  EXPECT_EQ(part.nationality.value, whole.nationality.value);
  EXPECT_EQ(part.document_number.value, "X1");
  EXPECT_EQ(part.document_number.value, whole.document_number.value);
  EXPECT_EQ(part.expiry_date.value, whole.expiry_date.value);
  EXPECT_EQ(part.api_names.size(), whole.api_names.size());
  EXPECT_EQ(part.booked_on, whole.booked_on);
  EXPECT_TRUE(part.booking_readings.empty());
}

TEST(Source, WordsReadBack) {
  expect_words<Source>(Letters::kLower);
  for (const auto& [source, name] : enumerators<Source>()) {
    EXPECT_EQ(source_from(name_of(source)), source) << name;
  }
  EXPECT_FALSE(source_from("BOOKING"));
  EXPECT_FALSE(source_from(""));
}

TEST(SortClaims, XIsComparedWithNothing) {
  const Sides sides =
      sort_claims({claim(Source::kVisual, SexClaim{Sex::kNotStated})}, day("2026-11-22"));
  EXPECT_FALSE(sides.identity.sex.value.has_value());
}

}  // namespace
}  // namespace paxid::verification
