#include "verification/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "verification/rule.h"

namespace paxid::verification {
namespace {

using base::PersonalText;

base::Date day(const char* iso) { return *base::parse_iso_date(iso); }

Claim booked(const char* name) {
  return {Source::kBooking, CaptureMethod::kReceived, Assurance::kAsserted,
          BookingNameClaim{PersonalText(name)}};
}
Claim document(const char* surname, const char* given) {
  PersonName name;
  name.surname = PersonalText(surname);
  name.given = PersonalText(given);
  return {Source::kVisual, CaptureMethod::kScanned, Assurance::kAsserted, NameClaim{name}};
}
Claim pass_name(const char* field) {
  return {Source::kBoardingPass, CaptureMethod::kScanned, Assurance::kAsserted,
          PassNameClaim{PersonalText(field)}};
}
Claim born(Source source, const char* iso) {
  return {source, CaptureMethod::kReceived, Assurance::kAsserted, BirthDateClaim{day(iso)}};
}
Claim sex(Source source, Sex value) {
  return {source, CaptureMethod::kReceived, Assurance::kAsserted, SexClaim{value}};
}
Claim number(Source source, const char* text) {
  return {source, CaptureMethod::kReceived, Assurance::kAsserted,
          DocumentNumberClaim{PersonalText(text)}};
}

PreparedFlight flight_of(std::initializer_list<const char*> names) {
  std::vector<Passenger> passengers;
  for (const char* name : names) passengers.emplace_back().booked_name = PersonalText(name);
  return *PreparedFlight::prepare(std::move(passengers));
}

class EngineTest : public testing::Test {
 protected:
  VerdictReport judge(std::vector<Claim> claims, FlightContext context = {}) const {
    Evidence evidence;
    evidence.claims = std::move(claims);
    evidence.context = std::move(context);
    evidence.station_date = day("2026-11-22");
    return engine_.verify(evidence);
  }

  // With equal birth dates on both sides.
  std::vector<Claim> same_birth(std::vector<Claim> claims) const {
    claims.push_back(born(Source::kBooking, "1974-08-12"));
    claims.push_back(born(Source::kVisual, "1974-08-12"));
    return claims;
  }

  static bool has(const VerdictReport& report, RuleCode code) {
    return (report.reason_bits >> static_cast<unsigned>(code) & 1) != 0;
  }

  Engine engine_{*Policy::parse(default_policy_toml())};
};

TEST_F(EngineTest, TheSameNameMatches) {
  const auto report =
      judge(same_birth({booked("ERIKSSON/ANNA MARIA MRS"), document("ERIKSSON", "ANNA MARIA")}));
  EXPECT_EQ(report.verdict, Verdict::kMatch);
  EXPECT_GT(report.confidence, 0.99);
  EXPECT_TRUE(has(report, RuleCode::kSameName));
  EXPECT_TRUE(report.counterfactuals.empty());
  EXPECT_FALSE(report.sentence.empty());
}

TEST_F(EngineTest, DocumentedTransformationsMatch) {
  const std::pair<const char*, std::pair<const char*, const char*>> cases[] = {
      {"MUELLER/HANS MR", {"MÜLLER", "HANS"}},
      {"MULLER/HANS MR", {"MÜLLER", "HANS"}},
      {"CANON/TERESA MS", {"CANXXON", "TERESA"}},
      {"OCONNOR/ENYA SIOBHAN", {"O’CONNOR", "ENYA SIOBHAN"}},
      {"SMITH JONES/SUSIE", {"SMITH-JONES", "SUSIE"}},
      {"VANDERMUELLEN/MARTIN", {"VAN DER MUELLEN", "MARTIN"}},
      {"HASSAN/AMRMR", {"HASSAN", "AMR"}},
      {"IVANOV/ALEXANDR", {"IVANOV", "ALEXANDR"}},
  };
  for (const auto& [booking, doc] : cases) {
    const auto report = judge(same_birth({booked(booking), document(doc.first, doc.second)}));
    EXPECT_EQ(report.verdict, Verdict::kMatch) << booking << ": " << report.sentence.key;
    EXPECT_FALSE(has(report, RuleCode::kSpellingVariant)) << booking;
  }
}

TEST_F(EngineTest, ASlipIsAReviewAndSaysWhatWouldMatch) {
  const auto report =
      judge(same_birth({booked("ERIKSSOM/ANNA MARIA"), document("ERIKSSON", "ANNA MARIA")}));
  EXPECT_EQ(report.verdict, Verdict::kReview);
  ASSERT_FALSE(report.counterfactuals.empty());
  EXPECT_EQ(report.counterfactuals[0].verdict, Verdict::kMatch);
}

// Names of documents have letters that the measures of letters do not know.
TEST_F(EngineTest, AnyLetterMayDiffer) {
  for (const auto& [booking, surname, given] : {std::tuple{"ERIKSSOM/ANNA", "ÉRIKSSON", "ANNA"},
                                                {"MUELLRE/HANS", "MÜLLER", "HANS"},
                                                {"SORENSEM/OLE", "SØRENSEN", "OLE"},
                                                {"IVANOW/ELENA", "ИВАНОВА", "ЕЛЕНА"},
                                                {"WONG/MEI", "王", "美"},
                                                {"MUELLER/HANZ", "МЮЛЛЕР", "HANS"},
                                                {"ALI/OMAR", "علي", "عمر"},
                                                {"ÅSE/ÖDÖN", "ASE", "ÖDÖM"},
                                                {"A\xff/B", "\xc3", "\xe4\xb8"}}) {
    for (const bool birth_dates : {false, true}) {
      const std::vector<Claim> claims{booked(booking), document(surname, given)};
      const auto report = judge(birth_dates ? same_birth(claims) : claims);
      EXPECT_FALSE(report.sentence.empty()) << booking;
    }
  }
}

TEST_F(EngineTest, VariantsOfAGivenNameMatchThoseOfASurnameAreLookedAt) {
  EXPECT_EQ(judge(same_birth({booked("SMITH/PHILLIP MR"), document("SMITH", "PHILIP")})).verdict,
            Verdict::kMatch);
  EXPECT_EQ(judge(same_birth({booked("YOUSSEF/MINA MR"), document("YOUSEF", "MINA")})).verdict,
            Verdict::kMatch);
  EXPECT_EQ(judge(same_birth({booked("SMYTH/JOHN MR"), document("SMITH", "JOHN")})).verdict,
            Verdict::kReview);
  EXPECT_EQ(judge(same_birth({booked("NGUYEN/VAN AN MR"), document("NGUYEN", "VAN ANH")})).verdict,
            Verdict::kReview);
  EXPECT_EQ(judge({booked("SMITH/PHILLIP MR"), document("SMITH", "PHILIP")}).verdict,
            Verdict::kReview);
  // One character read in two languages.
  EXPECT_EQ(judge(same_birth({booked("WONG/MEI MS"), document("WANG", "MEI")})).verdict,
            Verdict::kReview);
  EXPECT_EQ(judge(same_birth({booked("LIM/SOO MS"), document("LIN", "SHU")})).verdict,
            Verdict::kReview);
  EXPECT_EQ(
      judge(same_birth({booked("HASSAN/MOHAMED MR"), document("HASSAN", "MUHAMMAD")})).verdict,
      Verdict::kMatch);
}

TEST_F(EngineTest, OneOfTwoSurnamesIsBookedAsTheStateHasIt) {
  struct Case {
    const char* booking;
    const char* surname;
    const char* given;
    const char* issuer;
    Verdict with_birth_dates;
    Verdict without;
  };
  constexpr Verdict kMatch = Verdict::kMatch;
  constexpr Verdict kReview = Verdict::kReview;
  for (const Case& c : {
           Case{"GARCIA/CARLOS MR", "García López", "Carlos", "ESP", kMatch, kMatch},
           Case{"LOPEZ/CARLOS MR", "García López", "Carlos", "ESP", kReview, kReview},
           Case{"GARCIA/CARLOS MR", "García López", "Carlos", "", kReview, kReview},
           Case{"GARCIA/CARLOS MR", "García García", "Carlos", "MEX", kMatch, kMatch},
           Case{"GARCIA/CARLOS MR", "García López", "Carlos Luis", "ESP", kMatch, kReview},
           Case{"GARCIA/KARLOS MR", "García López", "Carlos", "ESP", kMatch, kReview},
           Case{"DE LA CRUZ/EVA MS", "De la Cruz Gil", "Eva", "ESP", kMatch, kMatch},
           Case{"GIL/EVA MS", "De la Cruz Gil", "Eva", "ESP", kReview, kReview},
           Case{"GARCIA LOPEZ/CARLOS MR", "García", "Carlos", "ESP", kReview, kReview},
           Case{"SANTOS/PEDRO MR", "Silva Santos", "Pedro", "PRT", kMatch, kMatch},
           Case{"SILVA/PEDRO MR", "Silva Santos", "Pedro", "PRT", kReview, kReview},
           Case{"SILVA/PEDRO MR", "dos Santos e Silva", "Pedro", "BRA", kMatch, kMatch},
           Case{"SANTOS/PEDRO MR", "Santos Santos", "Pedro", "BRA", kMatch, kMatch},
       }) {
    std::vector<Claim> claims{booked(c.booking), document(c.surname, c.given)};
    if (*c.issuer != 0) {
      claims.push_back(
          {Source::kVisual, CaptureMethod::kTyped, Assurance::kAsserted, IssuerClaim{c.issuer}});
    }
    EXPECT_EQ(judge(same_birth(claims)).verdict, c.with_birth_dates)
        << c.booking << " " << c.surname << " " << c.issuer;
    EXPECT_EQ(judge(claims).verdict, c.without) << c.booking << " " << c.surname << " " << c.issuer;
  }
}

TEST_F(EngineTest, AnInitialBesideANameIsNoInitialAlone) {
  const auto of = [&](const char* booking, const char* surname, const char* given) {
    return judge(same_birth({booked(booking), document(surname, given)})).verdict;
  };
  EXPECT_EQ(of("PARKIN/W DOUGLAS MR", "PARKIN", "WILLIAM DOUGLAS"), Verdict::kMatch);
  EXPECT_EQ(of("PARKIN/WILLIAM D MR", "PARKIN", "WILLIAM DOUGLAS"), Verdict::kMatch);
  EXPECT_EQ(of("CAMACHO G/JOSE MR", "CAMACHO GONCALVES", "JOSE"), Verdict::kMatch);
  EXPECT_EQ(of("PARKIN/W MR", "PARKIN", "WILLIAM"), Verdict::kReview);
  EXPECT_EQ(of("PARKIN/W D MR", "PARKIN", "WILLIAM DOUGLAS"), Verdict::kReview);
  EXPECT_EQ(of("G/JOSE MR", "GONCALVES", "JOSE"), Verdict::kReview);
  EXPECT_EQ(judge({booked("PARKIN/W DOUGLAS MR"), document("PARKIN", "WILLIAM DOUGLAS")}).verdict,
            Verdict::kReview);
}

TEST_F(EngineTest, WhatIsShortInWritingIsNoNickname) {
  const auto of = [&](const char* booking, const char* given, bool birth_dates) {
    const std::vector<Claim> claims{booked(booking), document("RAHMAN", given)};
    return judge(birth_dates ? same_birth(claims) : claims).verdict;
  };
  for (const auto& [booking, given] : {std::pair{"RAHMAN/MD AZIZ MR", "MOHAMMED AZIZ"},
                                       {"RAHMAN/MST AYESHA MS", "MOSAMMAT AYESHA"},
                                       {"RAHMAN/MA LUISA MS", "MARIA LUISA"},
                                       {"RAHMAN/ABD KARIM MR", "ABDUL KARIM"}}) {
    EXPECT_EQ(of(booking, given, true), Verdict::kMatch) << booking;
    EXPECT_EQ(of(booking, given, false), Verdict::kReview) << booking;
  }
  EXPECT_EQ(of("RAHMAN/MIA LUISA MS", "MARIA LUISA", true), Verdict::kReview);
}

TEST_F(EngineTest, WhoIsBookedUnderALaterGivenNameIsLookedAt) {
  const auto report =
      judge(same_birth({booked("HUBER/PETER MR"), document("HUBER", "HANS PETER")}));
  EXPECT_EQ(report.verdict, Verdict::kReview);
  EXPECT_TRUE(has(report, RuleCode::kFirstNameMissing));
}

TEST_F(EngineTest, AnotherPersonIsAMismatch) {
  const auto report = judge({booked("DESMARAIS/LUC MR"), document("ERIKSSON", "ANNA MARIA")});
  EXPECT_EQ(report.verdict, Verdict::kMismatch);
  EXPECT_LT(report.confidence, 0.5);
}

TEST_F(EngineTest, AnotherKnownNameNeverMatches) {
  for (const auto& claims :
       {same_birth({booked("ROSSI/MARIO MR"), document("ROSSI", "MARIA")}),
        std::vector<Claim>{booked("ROSSI/MARIO MR"), document("ROSSI", "MARIA")}}) {
    EXPECT_NE(judge(claims).verdict, Verdict::kMatch);
  }
}

TEST_F(EngineTest, BirthDatesThatDifferAreAMismatchWhateverTheName) {
  auto claims =
      std::vector<Claim>{booked("SMITH/JOHN MR"), document("SMITH", "JOHN"),
                         born(Source::kBooking, "1956-09-09"), born(Source::kVisual, "1973-02-22")};
  const auto report = judge(claims);
  EXPECT_EQ(report.verdict, Verdict::kMismatch);
  EXPECT_TRUE(has(report, RuleCode::kBirthDateDiffers));
}

TEST_F(EngineTest, TheDocumentOfAnotherPassengerIsAMismatch) {
  FlightContext context;
  context.flight = flight_of({"AHMED/HUSSEIN MR"});
  const auto claims = same_birth({booked("AHMED/HASSAN MR"), document("AHMED", "HUSSEIN")});
  const auto report = judge(claims, context);
  EXPECT_EQ(report.verdict, Verdict::kMismatch);
  EXPECT_TRUE(has(report, RuleCode::kDocumentOfPeer));
}

TEST_F(EngineTest, ASameNamedPeerNeedsABirthDate) {
  FlightContext context;
  context.flight = flight_of({"ZHANG/WEI MR"});
  EXPECT_EQ(judge({booked("ZHANG/WEI MR"), document("ZHANG", "WEI")}, context).verdict,
            Verdict::kReview);
  EXPECT_EQ(judge(same_birth({booked("ZHANG/WEI MR"), document("ZHANG", "WEI")}), context).verdict,
            Verdict::kMatch);
}

TEST_F(EngineTest, AUsedPassIsAReviewAUsedDocumentAMismatch) {
  const auto claims = same_birth({booked("KOWALSKI/ADAM MR"), document("KOWALSKI", "ADAM")});
  FlightContext boarded;
  boarded.already_boarded = true;
  EXPECT_EQ(judge(claims, boarded).verdict, Verdict::kReview);
  FlightContext used;
  used.document_used_by = PersonalText("KOWALSKI/ADRIAN MR");
  EXPECT_EQ(judge(claims, used).verdict, Verdict::kMismatch);
}

TEST_F(EngineTest, APassOfSomebodyElseIsAMismatchAnOlderSpellingAReview) {
  const auto right = same_birth(
      {booked("SCHMIDT/JONAS MR"), document("SCHMIDT", "JONAS"), pass_name("SCHMIDT/JONAS MR")});
  EXPECT_EQ(judge(right).verdict, Verdict::kMatch);
  const auto older = same_birth(
      {booked("SCHMIDT/JONAS MR"), document("SCHMIDT", "JONAS"), pass_name("SCHMIDT/JONSA MR")});
  EXPECT_EQ(judge(older).verdict, Verdict::kReview);
  const auto other = same_birth(
      {booked("NOWAK/PIOTR MR"), document("NOWAK", "PIOTR"), pass_name("KOWALSKI/ADAM MR")});
  EXPECT_EQ(judge(other).verdict, Verdict::kMismatch);
}

TEST_F(EngineTest, WithoutABookingAFullPassIsAtMostReview) {
  const auto whole = judge({pass_name("SCHMIDT/JONAS       "), document("SCHMIDT", "JONAS")});
  EXPECT_EQ(whole.verdict, Verdict::kMatch);
  EXPECT_TRUE(has(whole, RuleCode::kNoBooking));
  const auto full =
      judge({pass_name("VENKATANARASIMHARAJU"), document("VENKATANARASIMHARAJU", "ANIL")});
  EXPECT_EQ(full.verdict, Verdict::kReview);
}

Claim usage(const char* surname, const char* given, const char* full = "") {
  PersonName name;
  name.surname = PersonalText(surname);
  name.given = PersonalText(given);
  name.full = PersonalText(full);
  return {Source::kVisual, CaptureMethod::kScanned, Assurance::kAsserted, UsageNameClaim{name}};
}

// The document shows a second surname; who books under it is looked at, not refused.
TEST_F(EngineTest, WhoIsBookedUnderAUsageNameIsLookedAt) {
  const std::vector<Claim> claims{booked("MARTIN/ANNE MRS"), document("DUPONT", "ANNE")};
  EXPECT_EQ(judge(claims).verdict, Verdict::kMismatch);
  const auto with = [&](const Claim& name) {
    auto all = claims;
    all.push_back(name);
    return judge(all);
  };
  for (const Claim& name :
       {usage("MARTIN", ""), usage("MARTIN", "ANNE"), usage("", "", "MARTIN")}) {
    const auto report = with(name);
    EXPECT_EQ(report.verdict, Verdict::kReview);
    EXPECT_TRUE(has(report, RuleCode::kUsageName)) << report.sentence.key;
    EXPECT_FALSE(has(report, RuleCode::kSurnameDiffers));
  }
  for (const Claim& name : {usage("BERNARD", ""), usage("MARTIN", "LOUIS")}) {
    EXPECT_EQ(with(name).verdict, Verdict::kMismatch);
    EXPECT_FALSE(has(with(name), RuleCode::kUsageName));
  }
}

// What each difference of a name leads to, without and with a birth date on both sides.
TEST_F(EngineTest, EachDifferenceOfANameHasItsRule) {
  struct Case {
    const char* booking;
    const char* surname;
    const char* given;
    RuleCode code;
    Verdict alone;
    Verdict with_birth_dates;
  };
  using enum Verdict;
  const Case cases[] = {
      {"SMITH/JOHN JR", "SMITH", "JOHN III", RuleCode::kSuffixConflict, kMismatch, kReview},
      {"DUPONT/ANNE", "BERNARD", "ANNE", RuleCode::kSurnameDiffers, kMismatch, kReview},
      {"DUPONT/ANNE", "DUPONT", "LOUISE", RuleCode::kGivenNameDiffers, kMismatch, kReview},
      {"DUPONT/ANNE", "BERNARD", "LOUISE", RuleCode::kNamesDiffer, kMismatch, kMismatch},
      {"SMITH/JOHN PAUL", "SMITH", "JOHN PETER", RuleCode::kFurtherNameDiffers, kReview, kReview},
      {"SMITH/JOHN", "SMITH", "JOHN PAUL", RuleCode::kFurtherNameMissing, kMatch, kMatch},
      {"JOHN/SMITH", "SMITH", "JOHN", RuleCode::kFieldsSwapped, kReview, kMatch},
      {"SUKARNO", "WIDODO", "", RuleCode::kNamesDiffer, kMismatch, kMismatch},
  };
  for (const Case& one : cases) {
    const std::vector<Claim> claims{booked(one.booking), document(one.surname, one.given)};
    const auto alone = judge(claims);
    EXPECT_EQ(alone.verdict, one.alone) << one.booking << ": " << alone.sentence.key;
    EXPECT_TRUE(has(alone, one.code)) << one.booking << ": " << alone.sentence.key;
    const auto born_alike = judge(same_birth(claims));
    EXPECT_EQ(born_alike.verdict, one.with_birth_dates)
        << one.booking << ": " << born_alike.sentence.key;
  }
}

// One letter between two known names of one sex may be a slip; of two sexes it is two people.
TEST_F(EngineTest, AKnownNameOfTheOtherSexIsAnotherPerson) {
  for (const auto& [booking, surname, given] :
       {std::tuple{"ROSSI/MARIO", "ROSSI", "MARIA"}, {"MARIO", "MARIA", ""}}) {
    std::vector<Claim> claims{booked(booking), document(surname, given)};
    EXPECT_EQ(judge(claims).verdict, Verdict::kReview) << booking;
    claims.push_back(sex(Source::kBooking, Sex::kMale));
    claims.push_back(sex(Source::kVisual, Sex::kFemale));
    EXPECT_EQ(judge(claims).verdict, Verdict::kMismatch) << booking;
  }
}

// IATA Resolution 792 item 11: a surname of twenty letters leaves no room for given names.
TEST_F(EngineTest, AGivenNameIsCutWhereTheSurnameLeavesNoRoom) {
  const std::vector<Claim> full{booked("VENKATANARASIMHARAJUVARIPETA/RAMA"),
                                document("VENKATANARASIMHARAJUVARIPETA", "RAMAKRISHNA")};
  EXPECT_TRUE(has(judge(full), RuleCode::kPrefixOnly));
  EXPECT_FALSE(has(judge(same_birth(full)), RuleCode::kPrefixOnly));
  EXPECT_TRUE(has(judge(same_birth({booked("IYER/RAMA"), document("IYER", "RAMAKRISHNA")})),
                  RuleCode::kPrefixOnly));
}

// Each side says that another field is the unknown one.
TEST_F(EngineTest, PlaceholdersInOtherFieldsAreFieldsSwapped) {
  const std::vector<Claim> claims{booked("LNU/GAYATRI"), document("GAYATRI", "FNU")};
  EXPECT_TRUE(has(judge(claims), RuleCode::kFieldsSwapped));
  EXPECT_FALSE(
      has(judge({booked("LNU/GAYATRI"), document("GAYATRI", "")}), RuleCode::kFieldsSwapped));
}

TEST_F(EngineTest, PlaceholdersAndSeatsAreNoPassengers) {
  EXPECT_EQ(judge({booked("TBA/TBA MR"), document("KOWALSKI", "ADAM")}).verdict,
            Verdict::kMismatch);
  EXPECT_EQ(judge({booked("SCHMIDT/EXST"), document("SCHMIDT", "JONAS")}).verdict,
            Verdict::kReview);
}

TEST_F(EngineTest, APassForCabinBaggageIsNoPassenger) {
  // The one-leg sample of IATA Resolution 792 with a version 6 section that says 5.
  const Claim seat{Source::kBoardingPass, CaptureMethod::kScanned, Assurance::kAsserted,
                   PassClaim{PersonalText(
                       "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 107>601500")}};
  const auto report =
      judge(same_birth({booked("DESMARAIS/LUC"), document("DESMARAIS", "LUC"), seat}));
  EXPECT_TRUE(has(report, RuleCode::kNotAPerson)) << report.sentence.key;
  EXPECT_EQ(report.verdict, Verdict::kReview);
}

TEST_F(EngineTest, AZoneThatNamesSomebodyElseThanThePageIsLookedAt) {
  const auto zone = [](const char* surname, const char* given) {
    Claim claim = document(surname, given);
    claim.source = Source::kMrz;
    return claim;
  };
  for (const auto& [page, printed] : {std::pair{"MARIO", "MARIA"}, std::pair{"MARIA", "MARIO"}}) {
    const auto report = judge(
        same_birth({booked("ROSSI/MARIO MR"), document("ROSSI", page), zone("ROSSI", printed)}));
    EXPECT_NE(report.verdict, Verdict::kMatch) << page;
    EXPECT_TRUE(has(report, RuleCode::kClaimsContradict)) << page;
  }
  // Where a zone is full, every part of a name may be cut; where it is not, none is.
  EXPECT_EQ(judge(same_birth({booked("CAMACHO DE GONCALVES/JOSE LUIS MIGUEL ANTONIO"),
                              document("CAMACHO DE GONÇALVES", "JOSÉ LUIS MIGUEL ANTONIO"),
                              zone("CAMACHO DE GONCALVES", "JOSE LUIS MIGUE A")}))
                .verdict,
            Verdict::kMatch);
  EXPECT_EQ(judge(same_birth({booked("CAMACHO/JOSE MIGUEL ANTONIO"),
                              document("CAMACHO", "JOSÉ MIGUEL ANTONIO"),
                              zone("CAMACHO", "JOSE MIGUE A")}))
                .verdict,
            Verdict::kReview);
  // In either order of any two of three readings.
  EXPECT_NE(judge(same_birth({booked("SMITH/JOHN"), document("SMITH", "JOHN"),
                              zone("SMITH", "JOHN"), zone("SMITH", "JON")}))
                .verdict,
            Verdict::kMatch);
  EXPECT_EQ(judge(same_birth({booked("MUELLER/HANS"), document("MÜLLER", "HANS"),
                              zone("MUELLER", "HANS")}))
                .verdict,
            Verdict::kMatch);
}

TEST_F(EngineTest, TwoBookedNamesForOnePassengerAreLookedAt) {
  for (const char* second : {"ERIKSSON/ANNA", "AAA/BBB", "ZZZ/YYY"}) {
    EXPECT_NE(
        judge(same_birth({booked("SMITH/JOHN"), booked(second), document("ERIKSSON", "ANNA")}))
            .verdict,
        Verdict::kMatch)
        << second;
  }
  EXPECT_EQ(
      judge(same_birth({booked("SMITH/JOHN"), booked("SMITH/JOHN"), document("SMITH", "JOHN")}))
          .verdict,
      Verdict::kMatch);
}

Claim pass(const char* barcode) {
  return {Source::kBoardingPass, CaptureMethod::kScanned, Assurance::kAsserted,
          PassClaim{PersonalText(barcode)}};
}

TEST_F(EngineTest, AnUnreadablePassDoesNotVanish) {
  for (const char* barcode : {"M1DESMARAIS/LUC       EABC123", "hello", ""}) {
    const auto report =
        judge(same_birth({booked("ERIKSSON/ANNA"), document("ERIKSSON", "ANNA"), pass(barcode)}));
    EXPECT_NE(report.verdict, Verdict::kMatch) << barcode;
    EXPECT_TRUE(has(report, RuleCode::kPassNotReliable)) << barcode;
  }
}

TEST_F(EngineTest, APassForAnotherFlightIsLookedAt) {
  // The one-leg sample of IATA Resolution 792: AC834 from YUL to FRA on day 226.
  Evidence evidence;
  evidence.claims =
      same_birth({booked("DESMARAIS/LUC"), document("DESMARAIS", "LUC"),
                  pass("M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100")});
  evidence.station_date = day("2026-08-14");
  EXPECT_EQ(engine_.verify(evidence).verdict, Verdict::kMatch);  // the client states no flight
  evidence.flight = {"AC", "834", day("2026-08-14"), "YUL", "FRA"};
  EXPECT_EQ(engine_.verify(evidence).verdict, Verdict::kMatch);
  for (const Flight& other : {Flight{"LH", "834", {}, "", ""}, Flight{"AC", "835", {}, "", ""},
                              Flight{"", "", day("2026-08-15"), "", ""}}) {
    evidence.flight = other;
    const auto report = engine_.verify(evidence);
    EXPECT_EQ(report.verdict, Verdict::kReview);
    EXPECT_TRUE(has(report, RuleCode::kPassOfOtherFlight));
  }
  // Another route, or another week, is no delay and no shared number.
  for (const Flight& other : {Flight{"AC", "834", {}, "YYZ", ""}, Flight{"", "", {}, "", "MUC"},
                              Flight{"AC", "834", day("2026-08-16"), "", ""}}) {
    evidence.flight = other;
    EXPECT_EQ(engine_.verify(evidence).verdict, Verdict::kMismatch);
  }
}

TEST_F(EngineTest, ABookedNameInAnotherScriptIsCompared) {
  EXPECT_EQ(judge(same_birth({booked("ИВАНОВ/ИВАН"), document("IVANOV", "IVAN")})).verdict,
            Verdict::kMatch);
  EXPECT_EQ(judge(same_birth({booked("王/小明"), document("WANG", "XIAOMING")})).verdict,
            Verdict::kReview);
}

TEST_F(EngineTest, ANumberWithoutLettersAndDigitsStatesNothing) {
  const auto report = judge({booked("SMITH/JOHN"), document("SMITH", "JOHN"),
                             number(Source::kBooking, "-"), number(Source::kVisual, "/")});
  EXPECT_FALSE(has(report, RuleCode::kDocumentNumberEqual));
}

TEST_F(EngineTest, ABookedNameThatTheDocumentLacksNeedsMore) {
  EXPECT_EQ(judge({booked("ROSSI/MARIO ANTONIO MR"), document("ROSSI", "MARIO")}).verdict,
            Verdict::kReview);
  EXPECT_EQ(
      judge(same_birth({booked("ROSSI/MARIO ANTONIO MR"), document("ROSSI", "MARIO")})).verdict,
      Verdict::kMatch);
  EXPECT_EQ(judge({booked("ROSSI/MARIO MR"), document("ROSSI", "MARIO ANTONIO")}).verdict,
            Verdict::kMatch);
}

TEST_F(EngineTest, NothingIsPromisedWhereNothingWasCompared) {
  EXPECT_TRUE(judge({}).counterfactuals.empty());
  EXPECT_TRUE(judge({booked("TBA/TBA"), document("SMITH", "JOHN")}).counterfactuals.empty());
}

TEST_F(EngineTest, NothingToCompareIsAReview) {
  EXPECT_EQ(judge({}).verdict, Verdict::kReview);
  EXPECT_EQ(judge({booked("SMITH/JOHN MR")}).verdict, Verdict::kReview);
  EXPECT_EQ(judge({document("SMITH", "JOHN")}).verdict, Verdict::kReview);
  EXPECT_EQ(judge({booked(""), document("", "")}).verdict == Verdict::kMatch, false);
}

// Claims a property test draws from: agreeing and contradicting ones of every kind.
std::vector<Claim> pool() {
  return {booked("SMITH/JOHN ALEXANDER MR"),   document("SMITH", "JOHN ALEXANDER"),
          pass_name("SMITH/JOHN ALEXANDER"),   born(Source::kBooking, "1974-08-12"),
          born(Source::kVisual, "1974-08-12"), sex(Source::kBooking, Sex::kMale),
          sex(Source::kVisual, Sex::kMale),    number(Source::kBooking, "L898902C3"),
          number(Source::kMrz, "L898902C3")};
}

TEST_F(EngineTest, TheOrderOfClaimsDoesNotMatter) {
  std::vector<Claim> claims = pool();
  claims.push_back(born(Source::kMrz, "1974-08-13"));
  claims.push_back(document("SMYTH", "JOHN"));
  const auto expected = judge(claims);
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    std::shuffle(claims.begin(), claims.end(), random);
    const auto report = judge(claims);
    ASSERT_EQ(report.verdict, expected.verdict);
    ASSERT_EQ(report.confidence, expected.confidence);
    ASSERT_EQ(report.reason_bits, expected.reason_bits);
  }
}

TEST_F(EngineTest, AnAddedContradictionNeverImprovesTheVerdict) {
  const std::vector<Claim> contradictions = {born(Source::kBooking, "1931-01-01"),
                                             sex(Source::kVisual, Sex::kFemale),
                                             number(Source::kMrz, "K0000000"),
                                             document("KOWALSKI", "ADAM"),
                                             pass_name("KOWALSKI/ADAM MR"),
                                             booked("KOWALSKI/ADAM MR"),
                                             booked("AAA/BBB MR"),
                                             pass("M1KOWALSKI/ADAM")};
  const std::vector<Claim> all = pool();
  for (unsigned subset = 0; subset < 1u << all.size(); ++subset) {
    std::vector<Claim> claims;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (subset >> i & 1) claims.push_back(all[i]);
    }
    // Without a name on one side there is nothing yet to contradict.
    if ((subset & 0b11) != 0b11) continue;
    const Verdict before = judge(claims).verdict;
    for (const Claim& contradiction : contradictions) {
      auto more = claims;
      more.push_back(contradiction);
      ASSERT_GE(judge(more).verdict, before) << "subset " << subset;
    }
  }
}

TEST_F(EngineTest, ReasonsAddUpToTheLogOdds) {
  for (const auto& claims :
       {pool(), same_birth({booked("ROSSI/MARIO MR"), document("ROSSI", "MARIA")}),
        std::vector<Claim>{booked("DESMARAIS/LUC"), document("ERIKSSON", "ANNA")}}) {
    const auto report = judge(claims);
    const double sum =
        std::accumulate(report.reasons.begin(), report.reasons.end(), 0.0,
                        [](double total, const Reason& reason) { return total + reason.bits; });
    EXPECT_NEAR(sum, report.log_odds, 1e-9);
    EXPECT_GT(report.confidence, 0.0);
    EXPECT_LT(report.confidence, 1.0);
  }
}

TEST_F(EngineTest, AStricterPolicyNeverTurnsReviewIntoMatch) {
  std::string stricter(default_policy_toml());
  for (std::size_t at = 0; (at = stricter.find("= \"REVIEW\"", at)) != std::string::npos;) {
    stricter.replace(at, 10, "= \"MISMATCH\"");
  }
  const auto policy = Policy::parse(stricter);
  ASSERT_TRUE(policy.has_value());
  const Engine strict_engine(*policy);
  for (const char* booking : {"ERIKSON/ANNA MARIA", "ERIKSSON/A MARIA", "ERIKSSON/ANNA",
                              "MARIA/ERIKSSON", "ERIKSSON/ANNE"}) {
    Evidence evidence;
    evidence.claims = {booked(booking), document("ERIKSSON", "ANNA MARIA")};
    evidence.station_date = day("2026-11-22");
    EXPECT_GE(strict_engine.verify(evidence).verdict, engine_.verify(evidence).verdict) << booking;
  }
}

// A loaded flight, and a passenger of it.
Passenger passenger(const char* name, const char* seat, const char* born = "",
                    const char* number = "") {
  Passenger made;
  made.booked_name = PersonalText(name);
  made.seat = seat;
  made.locator = "ABC123";
  if (*born != 0) made.birth_date = day(born);
  if (*number != 0) made.documents.emplace_back().number = number;
  return made;
}

FlightContext aboard(std::vector<Passenger> passengers, std::optional<std::size_t> self) {
  FlightContext context;
  context.flight = *PreparedFlight::prepare(std::move(passengers));
  context.passenger = self;
  return context;
}

const Reason* reason_of(const VerdictReport& report, std::string_view code) {
  for (const Reason& reason : report.reasons) {
    if (reason.code == code) return &reason;
  }
  return nullptr;
}

TEST_F(EngineTest, TheBookingOnTheFlightCountsWithoutAClaim) {
  const auto report = judge(
      {document("SMITH", "JOHN"), born(Source::kVisual, "1980-05-17")},
      aboard({passenger("SMITH/JOHN MR", "14A", "1980-05-17"), passenger("DOE/JANE", "2B")}, 0));
  EXPECT_EQ(report.verdict, Verdict::kMatch);
  EXPECT_FALSE(has(report, RuleCode::kNoBooking));
  EXPECT_TRUE(has(report, RuleCode::kBirthDateEqual));
  // A client that claims another booking contradicts the server.
  const auto other = judge({booked("DOE/JANE"), document("DOE", "JANE")},
                           aboard({passenger("SMITH/JOHN MR", "14A")}, 0));
  EXPECT_EQ(other.verdict, Verdict::kMismatch);
  EXPECT_TRUE(has(other, RuleCode::kClaimsContradict));
}

TEST_F(EngineTest, APassOfAnEarlierNameIsStaleAndNoMismatch) {
  Passenger corrected = passenger("SMITH/JOHN MR", "14A", "1980-05-17");
  const std::vector<Claim> claims{document("SMITH", "JOHN"), born(Source::kVisual, "1980-05-17"),
                                  pass_name("SCHMIDT/HANS MR")};
  EXPECT_EQ(judge(claims, aboard({corrected}, 0)).verdict, Verdict::kMismatch);
  corrected.earlier_names = {PersonalText("SCHMIDT/HANS MR")};
  const auto report = judge(claims, aboard({corrected}, 0));
  EXPECT_EQ(report.verdict, Verdict::kMatch);
  EXPECT_TRUE(has(report, RuleCode::kStalePass));
  EXPECT_EQ(report.reasons.front().code, "STALE_PASS");
  EXPECT_EQ(report.sentence.key, "STALE_PASS");
}

TEST_F(EngineTest, APassForAnotherSeatIsStale) {
  // IATA Resolution 792, attachment B: seat 1A.
  const Claim pass{
      Source::kBoardingPass, CaptureMethod::kScanned, Assurance::kAsserted,
      PassClaim{PersonalText("M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100")}};
  for (const auto& [seat, stale] :
       {std::pair{"1A", false}, {"001A", false}, {"14B", true}, {"", false}}) {
    const auto report = judge({document("DESMARAIS", "LUC"), pass},
                              aboard({passenger("DESMARAIS/LUC MR", seat)}, 0));
    EXPECT_EQ(has(report, RuleCode::kStalePass), stale) << seat;
  }
}

// Single names have no fields to go by, on either side.
TEST_F(EngineTest, ThePeerOfASingleNameIsFound) {
  for (const auto& [name, code] : {std::pair{"SUKARNO", RuleCode::kDocumentOfPeer},
                                   {"SUKARNOPUTRA", RuleCode::kNamesDiffer}}) {
    const auto report = judge({document("SUKARNO", "")},
                              aboard({passenger("WIDODO", "1A"), passenger(name, "1B")}, 0));
    EXPECT_EQ(report.verdict, Verdict::kMismatch);
    EXPECT_TRUE(has(report, code)) << name;
  }
}

// A number that was given for several is the first one's, in whatever order the list has them.
TEST_F(EngineTest, OfTwoOwnersOfANumberTheFirstByNameIsTold) {
  std::vector<Passenger> all{passenger("MEIER/EVA", "3C", "", "C01X0006H1"),
                             passenger("ADLER/BO", "3D", "", "C01X0006H1"),
                             passenger("MUELLER/SABINE", "1A")};
  for (int turn = 0; turn < 2; ++turn) {
    const auto report =
        judge({document("MUELLER", "SABINE"), number(Source::kVisual, "C01X0006H1")},
              aboard(all, turn == 0 ? 2 : 0));
    ASSERT_FALSE(report.sentence.arguments.empty());
    EXPECT_EQ(std::get<PersonalText>(report.sentence.arguments[0].value).reveal(), "ADLER/BO");
    std::reverse(all.begin(), all.end());
  }
}

TEST_F(EngineTest, TheOwnerOfADocumentIsFoundByItsNumber) {
  const auto report =
      judge({document("MUELLER", "SABINE"), number(Source::kVisual, "C 01X-0006H1")},
            aboard({passenger("MUELLER/SABINE", "3C", "", "K1"),
                    passenger("MEIER/EVA", "014B", "", "C01X0006H1")},
                   0));
  EXPECT_EQ(report.verdict, Verdict::kMismatch);
  EXPECT_EQ(report.sentence.key, "DOCUMENT_OF_PEER_AT_SEAT");
  bool seat = false;
  for (const base::Argument& argument : report.sentence.arguments) {
    if (argument.name == "seat") {
      seat = std::get<PersonalText>(argument.value).reveal() == "14B";
    }
  }
  EXPECT_TRUE(seat);
  // One number for a whole family says nothing of whose document it is.
  const auto family = judge({document("MEIER", "EVA"), number(Source::kVisual, "C01X0006H1")},
                            aboard({passenger("MEIER/EVA", "3C", "", "C01X0006H1"),
                                    passenger("MEIER/BO", "3D", "", "C01X0006H1")},
                                   0));
  EXPECT_EQ(family.verdict, Verdict::kMatch);
}

TEST_F(EngineTest, FatherAndSonAreToldApartByTheirBirthDates) {
  const std::vector<Claim> son{document("SMITH", "JOHN"), born(Source::kVisual, "2001-02-03")};
  const std::vector<Passenger> both{passenger("SMITH/JOHN MR", "1A", "1970-01-01"),
                                    passenger("SMITH/JOHN MR", "1B", "2001-02-03")};
  EXPECT_EQ(judge(son, aboard(both, 1)).verdict, Verdict::kMatch);
  const auto swapped = judge(son, aboard(both, 0));
  EXPECT_EQ(swapped.verdict, Verdict::kMismatch);
  // Nothing but the name: nobody knows which of the two it is.
  const std::vector<Passenger> unknown{passenger("SMITH/JOHN MR", "1A"),
                                       passenger("SMITH/JOHN MR", "1B")};
  EXPECT_EQ(judge({document("SMITH", "JOHN")}, aboard(unknown, 0)).verdict, Verdict::kReview);
}

TEST_F(EngineTest, AnEqualBirthDateDoesNotOutweighTheWholeNameOfAPeer) {
  const std::vector<Claim> claims{document("LEE", "ANNE"), born(Source::kVisual, "1999-05-17")};
  const Passenger anna = passenger("LEE/ANNA MS", "1A", "1999-05-17");
  const auto with = [&](const Passenger& peer) { return judge(claims, aboard({anna, peer}, 0)); };
  EXPECT_EQ(judge(claims, aboard({anna}, 0)).verdict, Verdict::kMatch);
  const auto twin = with(passenger("LEE/ANNE MS", "1B"));
  EXPECT_EQ(twin.verdict, Verdict::kReview);
  EXPECT_TRUE(has(twin, RuleCode::kSameNamePeer));
  EXPECT_EQ(with(passenger("LEE/ANNE MS", "1B", "1999-05-17")).verdict, Verdict::kReview);
  // Who is somebody else by his birth date, or has not the whole name either, is no reason.
  EXPECT_EQ(with(passenger("LEE/ANNE MS", "1B", "1970-01-01")).verdict, Verdict::kMatch);
  EXPECT_EQ(with(passenger("LEE/ANNA MS", "1B")).verdict, Verdict::kMatch);
  // The name that agrees wholly is as good as the peer's, and dated.
  const Passenger anne = passenger("LEE/ANNE MS", "1A", "1999-05-17");
  EXPECT_EQ(judge(claims, aboard({anne, passenger("LEE/ANNE MS", "1B")}, 0)).verdict,
            Verdict::kMatch);
}

TEST_F(EngineTest, ASharedSurnameSaysLess) {
  std::vector<Passenger> family;
  for (const char* name : {"NGUYEN/VAN AN", "NGUYEN/THI BINH", "NGUYEN/MINH CHAU"})
    family.push_back(passenger(name, ""));
  const std::vector<Claim> claims{document("NGUYEN", "VAN AN")};
  const auto report = judge(claims, aboard(family, 0));
  const Reason* shared = reason_of(report, "SURNAME_SHARED");
  ASSERT_NE(shared, nullptr);
  EXPECT_NEAR(shared->bits, -std::log2(3.0), 1e-9);
  EXPECT_LT(report.confidence, judge(claims, aboard({family[0]}, 0)).confidence);
}

TEST_F(EngineTest, WhatThePeersAreCalledDoesNotDependOnTheirOrder) {
  std::vector<Passenger> passengers;
  for (const char* name : {"AHMED/HUSSEIN MR", "AHMED/HASAN", "AHMED/ALI", "DOE/JANE", "X/Y"})
    passengers.push_back(passenger(name, "9F"));
  const std::vector<Claim> claims{booked("AHMED/HASSAN MR"), document("AHMED", "HUSSEIN")};
  const auto expected = judge(claims, aboard(passengers, std::nullopt));
  EXPECT_EQ(expected.verdict, Verdict::kMismatch);
  std::sort(passengers.begin(), passengers.end(), [](const Passenger& a, const Passenger& b) {
    return a.booked_name.reveal() < b.booked_name.reveal();
  });
  do {
    const auto report = judge(claims, aboard(passengers, std::nullopt));
    ASSERT_EQ(report.reason_bits, expected.reason_bits);
    ASSERT_EQ(report.confidence, expected.confidence);
    ASSERT_EQ(report.sentence, expected.sentence);
  } while (std::next_permutation(passengers.begin(), passengers.end(),
                                 [](const Passenger& a, const Passenger& b) {
                                   return a.booked_name.reveal() < b.booked_name.reveal();
                                 }));
}

TEST_F(EngineTest, WhatTheServersStateSays) {
  const auto claims = same_birth({booked("KOWALSKI/ADAM MR"), document("KOWALSKI", "ADAM")});
  const auto verdict = [&](auto set) {
    FlightContext context;
    set(context);
    return judge(claims, context).verdict;
  };
  EXPECT_EQ(verdict([](FlightContext& c) { c.not_on_flight = true; }), Verdict::kReview);
  EXPECT_EQ(verdict([](FlightContext& c) { c.seat_taken = true; }), Verdict::kReview);
  EXPECT_EQ(verdict([](FlightContext& c) { c.document_reported = true; }), Verdict::kMismatch);
}

TEST_F(EngineTest, WhatWasAcceptedBeforeDoesNotAlarmAgain) {
  const auto claims = same_birth({booked("ERIKSSOM/ANNA"), document("ERIKSSON", "ANNA")});
  FlightContext context;
  context.cleared_bits = std::uint64_t{1} << static_cast<unsigned>(RuleCode::kLettersDiffer);
  const auto report = judge(claims, context);
  EXPECT_EQ(report.verdict, Verdict::kMatch);
  EXPECT_TRUE(has(report, RuleCode::kClearedBefore));
  EXPECT_TRUE(has(report, RuleCode::kLettersDiffer));
  // Another difference alarms, and a MISMATCH is never cleared.
  auto more = claims;
  more.push_back(sex(Source::kBooking, Sex::kMale));
  more.push_back(sex(Source::kVisual, Sex::kFemale));
  EXPECT_EQ(judge(more, context).verdict, Verdict::kReview);
  context.cleared_bits = ~std::uint64_t{0};
  EXPECT_EQ(judge({booked("DESMARAIS/LUC"), document("ERIKSSON", "ANNA")}, context).verdict,
            Verdict::kMismatch);
  context.already_boarded = true;
  EXPECT_EQ(judge(claims, context).verdict, Verdict::kReview);
}

class RouteTest : public EngineTest {
 protected:
  VerdictReport judge_on(std::vector<Claim> claims, Flight flight) const {
    Evidence evidence;
    evidence.claims = std::move(claims);
    evidence.flight = std::move(flight);
    evidence.station_date = day("2026-11-22");
    return engine_.verify(evidence);
  }
  Flight flight_ = {"AF", "1", day("2026-11-22"), "JFK", "CDG"};
};

TEST_F(RouteTest, ATypedDocumentIsNotEnoughWhereOneIsAskedFor) {
  auto claims = same_birth({booked("SMITH/JOHN MR"), document("SMITH", "JOHN")});
  EXPECT_EQ(judge_on(claims, flight_).verdict, Verdict::kMatch);
  claims[1].capture = CaptureMethod::kTyped;
  const auto typed = judge_on(claims, flight_);
  EXPECT_EQ(typed.verdict, Verdict::kReview);
  EXPECT_TRUE(has(typed, RuleCode::kTypedOnly));
  EXPECT_EQ(judge_on(claims, {}).verdict, Verdict::kMatch);  // no route asks for anything
  claims[1].assurance = Assurance::kInspected;
  EXPECT_EQ(judge_on(claims, flight_).verdict, Verdict::kMatch);
}

TEST_F(RouteTest, DestinationsAskForValidityBeyondTheFlight) {
  const auto until = [&](const char* iso, const char* national) {
    auto claims = same_birth({booked("SMITH/JOHN MR"), document("SMITH", "JOHN")});
    claims.push_back({Source::kVisual, CaptureMethod::kScanned, Assurance::kAsserted,
                      ExpiryDateClaim{day(iso)}});
    claims.push_back({Source::kVisual, CaptureMethod::kScanned, Assurance::kAsserted,
                      NationalityClaim{national}});
    return judge_on(claims, flight_);
  };
  EXPECT_EQ(until("2027-02-22", "USA").verdict, Verdict::kMatch);
  const auto late = until("2027-02-21", "USA");
  EXPECT_EQ(late.verdict, Verdict::kReview);
  EXPECT_TRUE(has(late, RuleCode::kShortValidity));
  EXPECT_EQ(until("2026-11-22", "FRA").verdict, Verdict::kMatch);
  EXPECT_EQ(until("2026-11-21", "FRA").verdict, Verdict::kMismatch);
  // Valid today, but no more on the day of the flight.
  flight_.departure_date = day("2026-12-24");
  EXPECT_EQ(until("2026-12-01", "FRA").verdict, Verdict::kMismatch);
}

TEST_F(RouteTest, AgesMustFitThePassengerType) {
  const auto of = [&](const char* type, const char* birth) {
    std::vector<Claim> claims{booked("SMITH/JO"), document("SMITH", "JO"),
                              born(Source::kBooking, birth), born(Source::kVisual, birth)};
    claims.push_back({Source::kBooking, CaptureMethod::kReceived, Assurance::kAsserted,
                      PassengerTypeClaim{type}});
    return judge_on(claims, flight_).verdict;
  };
  EXPECT_EQ(of("INF", "2024-11-23"), Verdict::kMatch);
  EXPECT_EQ(of("INF", "2024-11-22"), Verdict::kReview);  // turns two on the day
  EXPECT_EQ(of("CHD", "2014-11-23"), Verdict::kMatch);
  EXPECT_EQ(of("CHD", "2014-11-22"), Verdict::kReview);
  EXPECT_EQ(of("UNN", "2014-01-01"), Verdict::kMatch);
  EXPECT_EQ(of("UNN", "2008-11-22"), Verdict::kReview);
  EXPECT_EQ(of("ADT", "1980-01-01"), Verdict::kMatch);
  EXPECT_EQ(of("ADT", "2026-01-01"), Verdict::kReview);
}

TEST_F(RouteTest, CodesOfNoStateAreLookedAt) {
  auto claims = same_birth({booked("SMITH/JOHN MR"), document("SMITH", "JOHN")});
  const auto with_issuer = [&](const char* code) {
    auto all = claims;
    all.push_back(
        {Source::kVisual, CaptureMethod::kScanned, Assurance::kAsserted, IssuerClaim{code}});
    return judge_on(all, flight_).verdict;
  };
  for (const char* known : {"D", "DEU", "GBR", "GBD", "UNO", "XXA", "EUE", "RKS"})
    EXPECT_EQ(with_issuer(known), Verdict::kMatch) << known;
  EXPECT_EQ(with_issuer("QQQ"), Verdict::kReview);
  EXPECT_EQ(with_issuer("UTO"), Verdict::kMismatch);
}

TEST_F(RouteTest, AdvanceDataThatAreNotTheDocumentsAreToBeCorrected) {
  auto claims = same_birth(
      {booked("SMITH/JOHN MR"), document("SMITH", "JOHN"), number(Source::kVisual, "X1")});
  const auto docs = [&](const char* line) {
    auto all = claims;
    all.push_back({Source::kBooking, CaptureMethod::kReceived, Assurance::kAsserted,
                   DocsClaim{PersonalText(line)}});
    return judge_on(all, flight_);
  };
  const auto right = docs("DOCS P/GBR/X1/GBR/12AUG74/M/01JAN30/SMITH/JOHN");
  EXPECT_EQ(right.verdict, Verdict::kMatch) << right.sentence.key;
  EXPECT_FALSE(has(right, RuleCode::kApiCorrection));
  EXPECT_TRUE(has(right, RuleCode::kDocumentNumberEqual));
  const auto renewed = docs("DOCS P/GBR/X2/GBR/12AUG74/M/01JAN30/SMITH/JOHN");
  EXPECT_EQ(renewed.verdict, Verdict::kMatch);
  EXPECT_TRUE(has(renewed, RuleCode::kApiCorrection));
  const auto spelt = docs("DOCS P/GBR/X1/GBR/12AUG74/M/01JAN30/SMITHE/JON");
  EXPECT_TRUE(has(spelt, RuleCode::kApiCorrection));
  const auto other = docs("DOCS P/GBR/X2/GBR/01JAN50/M/01JAN30/SMITH/JOHN");
  EXPECT_EQ(other.verdict, Verdict::kMismatch);
  EXPECT_FALSE(has(other, RuleCode::kApiCorrection));
}

TEST_F(RouteTest, AnAirlineSaysWhatItCorrects) {
  auto claims = same_birth({booked("SMYTHE/JOHN MR"), document("SMITH", "JOHN")});
  flight_.carrier = "NH";
  const auto refused = judge_on(claims, flight_);
  EXPECT_EQ(refused.verdict, Verdict::kReview);
  EXPECT_TRUE(has(refused, RuleCode::kCorrectionNotCovered));
  flight_.carrier = "LA";
  EXPECT_FALSE(has(judge_on(claims, flight_), RuleCode::kCorrectionNotCovered));
  flight_.carrier = "EY";
  const auto form =
      judge_on(same_birth({booked("LNU/GAYATRI MS"), document("GAYATRI", "")}), flight_);
  EXPECT_TRUE(has(form, RuleCode::kFormRefused));
  EXPECT_EQ(form.verdict, Verdict::kReview);
}

TEST_F(RouteTest, AWrongClockIsToldAndStopsNobody) {
  Evidence evidence;
  evidence.claims = same_birth({booked("SMITH/JOHN MR"), document("SMITH", "JOHN")});
  evidence.station_date = day("2026-11-22");
  for (const auto& [offset, told] :
       {std::pair{300, false}, {-300, false}, {301, true}, {-9999, true}}) {
    evidence.client_clock_offset_seconds = offset;
    const auto report = engine_.verify(evidence);
    EXPECT_EQ(report.verdict, Verdict::kMatch);
    EXPECT_EQ(has(report, RuleCode::kClockSkew), told) << offset;
  }
}

TEST(Engine, ARouteMayAskForNoDocument) {
  const auto policy =
      Policy::parse(std::string(default_policy_toml()) +
                    "\n[[route]]\nwithin = [\"FRA\"]\ndocument.mode = \"NONE\"\nsource = \"s\"\n"
                    "read = 2026-11-22\ntrust = \"D\"\n");
  ASSERT_TRUE(policy.has_value()) << policy.error().message;
  const Engine engine(*policy);
  Evidence evidence;
  evidence.claims = {booked("SMITH/JOHN MR"), pass_name("SMITH/JOHNMR")};
  evidence.station_date = day("2026-11-22");
  evidence.flight = {"AF", "1", day("2026-11-22"), "CDG", "NCE"};
  EXPECT_EQ(engine.verify(evidence).verdict, Verdict::kMatch);
  evidence.flight.to = "JFK";
  EXPECT_EQ(engine.verify(evidence).verdict, Verdict::kReview);
  // A document that is shown is looked at.
  evidence.flight.to = "NCE";
  evidence.claims.push_back(document("DOE", "JANE"));
  EXPECT_EQ(engine.verify(evidence).verdict, Verdict::kMismatch);
}

TEST(Engine, VersionNamesReleaseAndTables) {
  EXPECT_NE(Engine::version().find('+'), std::string::npos);
  EXPECT_EQ(Engine::software_digest().size(), 32u);
}

}  // namespace
}  // namespace paxid::verification
