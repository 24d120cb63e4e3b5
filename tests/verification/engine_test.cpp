#include "verification/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
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
}

TEST_F(EngineTest, SpaniardsBookUnderTheirFirstSurname) {
  const Claim issuer{Source::kVisual, CaptureMethod::kTyped, Assurance::kAsserted,
                     IssuerClaim{"ESP"}};
  const auto of = [&](const char* booking) {
    return judge(same_birth({booked(booking), document("García López", "Carlos"), issuer})).verdict;
  };
  EXPECT_EQ(of("GARCIA/CARLOS MR"), Verdict::kMatch);
  EXPECT_EQ(of("LOPEZ/CARLOS MR"), Verdict::kReview);
  EXPECT_EQ(
      judge(same_birth({booked("GARCIA/CARLOS MR"), document("García López", "Carlos")})).verdict,
      Verdict::kReview);
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

TEST(Engine, VersionNamesReleaseAndTables) {
  EXPECT_NE(Engine::version().find('+'), std::string::npos);
  EXPECT_EQ(Engine::software_digest().size(), 32u);
}

}  // namespace
}  // namespace paxid::verification
