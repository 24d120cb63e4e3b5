// A small world of passengers, enumerated: what must hold of every verdict in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "messages/catalogue.h"
#include "verification/engine.h"
#include "verification/rule.h"
#include "verification/rules.h"

namespace paxid::verification {
namespace {

using base::PersonalText;

base::Date day(const char* iso) { return *base::parse_iso_date(iso); }

template <class Value>
Claim claim(Source source, Value value, CaptureMethod capture = CaptureMethod::kScanned) {
  return {source, capture, Assurance::kAsserted, ClaimValue(std::move(value))};
}

Claim printed(const char* surname, const char* given) {
  PersonName name;
  name.surname = PersonalText(surname);
  name.given = PersonalText(given);
  return claim(Source::kVisual, NameClaim{name});
}

// What a booking can have for one document, and what one and the other can say besides.
constexpr const char* kBookings[] = {"ERIKSSON/ANNA MARIA MRS",
                                     "ERIKSSON/ANNA",
                                     "ERIKSON/ANNA",
                                     "ERIKSSON/ANNE",
                                     "ANNA/ERIKSSON",
                                     "ERIKSSON/A",
                                     "ERIKSSON/MARIA",
                                     "LNU/ANNA",
                                     "DESMARAIS/LUC",
                                     "TBA/TBA",
                                     ""};
constexpr const char* kBookedBirthDates[] = {"", "1974-08-12", "1974-08-13", "1931-01-01"};
constexpr const char* kCarriers[] = {"", "LA", "NH", "EY"};

std::vector<Evidence> world() {
  std::vector<Evidence> all;
  for (const char* booking : kBookings) {
    for (const char* born : kBookedBirthDates) {
      for (const char* carrier : kCarriers) {
        for (int extra = 0; extra < 4; ++extra) {
          Evidence evidence;
          evidence.station_date = day("2026-11-22");
          evidence.flight = {carrier, "400", day("2026-11-22"), "ARN", "JFK"};
          evidence.claims = {printed("ERIKSSON", "ANNA MARIA"),
                             claim(Source::kVisual, BirthDateClaim{day("1974-08-12")}),
                             claim(Source::kVisual, SexClaim{Sex::kFemale})};
          if (*booking != 0)
            evidence.claims.push_back(
                claim(Source::kBooking, BookingNameClaim{PersonalText(booking)}));
          if (*born != 0)
            evidence.claims.push_back(claim(Source::kBooking, BirthDateClaim{day(born)}));
          if ((extra & 1) != 0)
            evidence.claims.push_back(claim(Source::kBooking, SexClaim{Sex::kMale}));
          if ((extra & 2) != 0)
            evidence.claims.push_back(claim(Source::kVisual, ExpiryDateClaim{day("2026-11-01")}));
          all.push_back(std::move(evidence));
        }
      }
    }
  }
  return all;
}

Engine default_engine() { return Engine(*Policy::parse(default_policy_toml())); }

// An engine whose policy has one key set to a value, everywhere.
Engine engine_with(const RuleKey& key, const RuleValue& value) {
  Policy policy = *Policy::parse(default_policy_toml());
  EXPECT_FALSE(set_value(policy.rules, key, value).has_value());
  for (Override& row : policy.overrides) {
    std::erase_if(row.values, [&key](const auto& one) { return one.first == &key; });
  }
  return Engine(std::move(policy));
}

TEST(World, NoKeyOfAPolicyGoesBelowTheFloor) {
  // What code alone decides, for these evidences, whatever a policy says.
  const auto floor_of = [](const VerdictReport& report) {
    const auto has = [&report](RuleCode code) {
      return (report.reason_bits >> static_cast<unsigned>(code) & 1) != 0;
    };
    if (has(RuleCode::kBirthDateDiffers) || has(RuleCode::kPlaceholderName) ||
        has(RuleCode::kDocumentOfPeer)) {
      return Verdict::kMismatch;
    }
    for (RuleCode code :
         {RuleCode::kLettersDiffer, RuleCode::kOtherKnownName, RuleCode::kNickname,
          RuleCode::kInitialOnly, RuleCode::kSurnamePartMissing, RuleCode::kGivenNameDiffers,
          RuleCode::kSurnameDiffers, RuleCode::kNamesDiffer, RuleCode::kBirthDateSlip,
          RuleCode::kSexDiffers, RuleCode::kUnknownState, RuleCode::kFirstNameMissing,
          RuleCode::kNoTravelName, RuleCode::kFormRefused}) {
      if (has(code)) return Verdict::kReview;
    }
    return Verdict::kMatch;
  };
  const std::vector<Evidence> evidences = world();
  for (const RuleKey& key : rule_keys()) {
    for (const char* value :
         {"MATCH",      "REVIEW",      "MISMATCH", "true",  "false",
          "0",          "1",           "2",        "5",     "9999",
          "positional", "levenshtein", "damerau",  "total", "per_field",
          "NONE",       "NAME_ONLY",   "DOCUMENT", "",      "LNU FNU NAME_DOUBLED"}) {
      Rules scratch{};
      if (set_value(scratch, key, value)) continue;
      const Engine engine = engine_with(key, value);
      for (const Evidence& evidence : evidences) {
        const VerdictReport report = engine.verify(evidence);
        ASSERT_GE(report.verdict, floor_of(report)) << key.name << " = " << value;
      }
    }
  }
}

TEST(World, AStricterPolicyNeverTurnsReviewIntoMatch) {
  const Engine engine = default_engine();
  const std::vector<Evidence> evidences = world();
  std::vector<Verdict> usual;
  for (const Evidence& evidence : evidences) usual.push_back(engine.verify(evidence).verdict);
  const auto hold = [&](const Engine& strict, std::string_view what) {
    for (std::size_t i = 0; i < evidences.size(); ++i) {
      ASSERT_GE(strict.verify(evidences[i]).verdict, usual[i]) << what;
    }
  };
  for (const RuleKey& key : rule_keys()) {
    const RuleValue set = value_of(engine.policy().rules, key);
    if (std::holds_alternative<VerdictField>(key.field)) {
      for (Verdict verdict : {Verdict::kReview, Verdict::kMismatch}) {
        if (verdict >= *verdict_from(set))
          hold(engine_with(key, RuleValue(name_of(verdict))), key.name);
      }
    }
  }
  for (const auto& [key, value] :
       {std::pair{"names.max_letter_changes", "0"},
        {"names.max_letter_changes", "1"},
        {"correction.surname_letters", "0"},
        {"correction.given_letters", "0"},
        {"correction.must_sound_alike", "true"},
        {"correction.scope", "total"},
        {"correction.after_check_in", "false"},
        {"names.refused_forms", "FNU LNU NAME_DOUBLED TITLE_AS_GIVEN"}}) {
    hold(engine_with(*rule_key(key), value), key);
  }
}

TEST(World, AnAddedContradictionNeverImprovesAVerdict) {
  const Engine engine = default_engine();
  const std::vector<Claim> contradictions{
      claim(Source::kBooking, BirthDateClaim{day("1931-01-01")}),
      claim(Source::kBooking, SexClaim{Sex::kMale}),
      claim(Source::kVisual, NationalityClaim{"QQQ"}),
      claim(Source::kVisual, IssuerClaim{"UTO"}),
      claim(Source::kVisual, ExpiryDateClaim{day("2020-01-01")}),
      claim(Source::kBooking, PassengerTypeClaim{"INF"}),
      claim(Source::kBooking,
            DocsClaim{PersonalText("DOCS P/GBR/K1/GBR/01JAN31/M/01JAN30/KOWALSKI/ADAM")}),
      claim(Source::kBoardingPass, PassNameClaim{PersonalText("KOWALSKI/ADAM")}),
      printed("KOWALSKI", "ADAM")};
  for (const Evidence& evidence : world()) {
    // Without a booking there is nothing yet to contradict.
    if (evidence.claims.size() < 4) continue;
    const Verdict before = engine.verify(evidence).verdict;
    for (const Claim& contradiction : contradictions) {
      Evidence more = evidence;
      more.claims.push_back(contradiction);
      ASSERT_GE(engine.verify(more).verdict, before);
    }
  }
}

TEST(World, AnOtherPassengerOnBoardNeverImprovesAVerdict) {
  const Engine engine = default_engine();
  for (Evidence evidence : world()) {
    const Verdict before = engine.verify(evidence).verdict;
    for (const char* peer : {"ERIKSSON/ANNA MARIA", "ERIKSSON/BO", "KOWALSKI/ADAM", "ANNA/ANNA"}) {
      std::vector<Passenger> passengers(1);
      passengers[0].booked_name = PersonalText(peer);
      evidence.context.flight = *PreparedFlight::prepare(std::move(passengers));
      ASSERT_GE(engine.verify(evidence).verdict, before) << peer;
    }
  }
}

TEST(World, OrderDoesNotMatter) {
  const Engine engine = default_engine();
  for (Evidence evidence : world()) {
    // Two of a kind from equally good sources.
    for (const char* born : {"1974-08-12", "1980-01-01"})
      evidence.claims.push_back(claim(Source::kBooking, BirthDateClaim{day(born)}));
    for (const char* code : {"D", "FRA"}) {
      evidence.claims.push_back(claim(Source::kVisual, NationalityClaim{code}));
      evidence.claims.push_back(claim(Source::kBooking, NationalityClaim{code}));
    }
    const VerdictReport expected = engine.verify(evidence);
    Evidence turned = evidence;
    std::reverse(turned.claims.begin(), turned.claims.end());
    const VerdictReport report = engine.verify(turned);
    ASSERT_EQ(report.verdict, expected.verdict);
    ASSERT_EQ(report.confidence, expected.confidence);
    ASSERT_EQ(report.reason_bits, expected.reason_bits);
    ASSERT_EQ(report.sentence, expected.sentence);
  }
}

// Two who bear one name, with and without what tells them apart, and a crowd of one surname of whom
// more are alike than are compared.
std::vector<Passenger> crowd() {
  std::vector<Passenger> all;
  const auto add = [&all](const std::string& name, const char* locator, const char* born) {
    Passenger& one = all.emplace_back();
    one.booked_name = PersonalText(name);
    one.locator = locator;
    one.seat = std::to_string(all.size()) + "A";
    if (*born != 0) one.birth_date = day(born);
  };
  add("ERIKSSON/ANNA", "AAA111", "");
  add("ERIKSSON/ANNA", "BBB222", "1974-08-12");
  add("ERIKSSON/ANNA", "CCC333", "1931-01-01");
  add("ERIKSSON/ANNA MARIA MRS", "DDD444", "");
  add("ERIKSSON/ANNA MARIA MRS", "EEE555", "1974-08-12");
  for (const char* given : {"ANN", "ANNA M", "ANNE", "ANNAM", "ANNAMARIA", "ANNA MIA", "ANNA MARI",
                            "ANNA MARIE", "ANNA MAR", "MARIA", "MARIA ANNA", "MARI", "MARIANNA"}) {
    add(std::string("ERIKSSON/") + given, "FFF666", "");
  }
  return all;
}

TEST(World, OrderOfPassengersDoesNotMatter) {
  const Engine engine = default_engine();
  std::vector<PreparedFlight> flights;
  std::vector<Passenger> passengers = crowd();
  for (std::size_t turn = 0; turn < passengers.size(); ++turn) {
    flights.push_back(*PreparedFlight::prepare(passengers));
    std::rotate(passengers.begin(), passengers.begin() + 1, passengers.end());
    std::swap(passengers.front(), passengers.back());
  }
  for (Evidence evidence : world()) {
    evidence.context.flight = flights.front();
    const VerdictReport expected = engine.verify(evidence);
    for (const PreparedFlight& flight : flights) {
      evidence.context.flight = flight;
      const VerdictReport report = engine.verify(evidence);
      ASSERT_EQ(report.verdict, expected.verdict);
      ASSERT_EQ(report.confidence, expected.confidence);
      ASSERT_EQ(report.reason_bits, expected.reason_bits);
      ASSERT_EQ(report.sentence, expected.sentence);
    }
  }
}

TEST(World, EveryVerdictCanBeToldInEveryLanguage) {
  const Engine engine = default_engine();
  for (const Evidence& evidence : world()) {
    const VerdictReport report = engine.verify(evidence);
    ASSERT_FALSE(report.sentence.empty());
    for (messages::Language language : messages::languages()) {
      ASSERT_FALSE(messages::render(report.sentence, language).empty());
      for (const Reason& reason : report.reasons)
        ASSERT_FALSE(messages::render(reason.text, language).empty());
      for (const Counterfactual& one : report.counterfactuals) {
        ASSERT_FALSE(
            messages::render_counterfactual(name_of(one.verdict), one.wishes, language).empty());
      }
    }
  }
}

}  // namespace
}  // namespace paxid::verification
