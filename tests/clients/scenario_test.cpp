#include "clients/cli/scenario.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <variant>

#include "clients/cli/verify_command.h"

namespace paxid::cli {
namespace {

namespace ver = verification;
using nlohmann::json;

const base::Date kToday = *base::parse_iso_date("2026-11-22");

json full_scenario() {
  return json::parse(R"({
    "id": 1, "booking": "MUELLER/HANS MR", "bcbp_name": "MUELLER/HANS MR",
    "doc_surname": "MÜLLER", "doc_given": "HANS",
    "doc_mrz_name": "MUELLER<<HANS<PETER<<<<<<<<<<<<<<<<<<<<<", "carrier": "LH",
    "context": {"booking_birth_date": "1957-06-12", "doc_birth_date": "1957-06-12",
      "sex_booking": "M", "sex_doc": "X", "booking_doc_number": "k 4455-845",
      "doc_number": "X3605351", "booking_nationality": "D", "doc_nationality": "DEU",
      "doc_issuer": "D", "doc_type": "P", "doc_usage_name": "JANSEN",
      "flight_peers": ["WEBER/JONAS MR"], "already_boarded": true,
      "doc_already_used_by": "KOWALSKI/ADRIAN MR", "offline": true}})");
}

template <class Kind>
const Kind* claim_of(const Scenario& scenario, ver::Source source) {
  for (const ver::Claim& claim : scenario.claims) {
    if (claim.source == source && std::holds_alternative<Kind>(claim.value)) {
      return &std::get<Kind>(claim.value);
    }
  }
  return nullptr;
}

TEST(Scenario, BecomesTheClaimsOfAKiosk) {
  const auto scenario = read_scenario(full_scenario());
  ASSERT_TRUE(scenario.has_value()) << scenario.error().message;
  EXPECT_EQ(scenario->claims.size(), 15U);
  using ver::Source;
  EXPECT_EQ(claim_of<ver::BookingNameClaim>(*scenario, Source::kBooking)->text.reveal(),
            "MUELLER/HANS MR");
  EXPECT_EQ(claim_of<ver::PassNameClaim>(*scenario, Source::kBoardingPass)->text.reveal(),
            "MUELLER/HANS MR");
  EXPECT_EQ(claim_of<ver::NameClaim>(*scenario, Source::kVisual)->name.surname.reveal(), "MÜLLER");
  const auto* zone_name = claim_of<ver::NameClaim>(*scenario, Source::kMrz);
  EXPECT_EQ(zone_name->name.surname.reveal(), "MUELLER");
  EXPECT_EQ(zone_name->name.given.reveal(), "HANS PETER");
  EXPECT_EQ(claim_of<ver::UsageNameClaim>(*scenario, Source::kVisual)->name.surname.reveal(),
            "JANSEN");
  EXPECT_EQ(claim_of<ver::SexClaim>(*scenario, Source::kVisual)->sex, ver::Sex::kNotStated);
  EXPECT_EQ(claim_of<ver::DocumentNumberClaim>(*scenario, Source::kBooking)->number.reveal(),
            "K4455845");
  EXPECT_EQ(scenario->flight.carrier, "LH");
  EXPECT_TRUE(scenario->states_flight_context);
  ASSERT_EQ(scenario->context.flight.size(), 1U);
  EXPECT_TRUE(scenario->context.already_boarded);
  EXPECT_EQ(scenario->context.document_used_by->reveal(), "KOWALSKI/ADRIAN MR");
  EXPECT_TRUE(scenario->context.offline);
}

TEST(Scenario, EmptyAndNullStateNothing) {
  const auto scenario = read_scenario(json::parse(
      R"({"booking": "", "doc_mrz_name": null, "context": {"booking_birth_date": null,
          "sex_booking": null, "flight_peers": null, "doc_number": ""}})"));
  ASSERT_TRUE(scenario.has_value());
  EXPECT_TRUE(scenario->claims.empty());
  EXPECT_FALSE(scenario->states_flight_context);
}

TEST(Scenario, TakesANameWithoutSeparator) {
  const auto scenario = read_scenario({{"doc_mrz_name", "ARKFREITH<<<<<<<<"}});
  ASSERT_TRUE(scenario.has_value());
  const auto& name = std::get<ver::NameClaim>(scenario->claims.at(0).value).name;
  EXPECT_EQ(name.surname.reveal(), "ARKFREITH");
  EXPECT_TRUE(name.given.empty());
}

TEST(Scenario, OfArgumentsIsTyped) {
  const auto scenario = read_scenario(full_scenario(), Origin::kArguments);
  ASSERT_TRUE(scenario.has_value());
  for (const ver::Claim& claim : scenario->claims) {
    EXPECT_EQ(claim.capture, ver::CaptureMethod::kTyped);
  }
}

// The limits of verification/claim.h, on both sides of each.
TEST(Scenario, LimitsAreInclusive) {
  std::string letters;
  for (std::size_t i = 0; i < ver::kMaxNameCodePoints; ++i) letters += "Ü";
  struct Limit {
    json::json_pointer key;
    std::string longest;
    std::string more;
  };
  const auto bytes = [](const char* key, std::size_t max) {
    return Limit{json::json_pointer(key), std::string(max, 'A'), std::string(max + 1, 'A')};
  };
  const auto name = [&](const char* key) {
    return Limit{json::json_pointer(key), letters, letters + "Ü"};
  };
  for (const Limit& limit :
       {bytes("/booking", ver::kMaxBookingNameBytes), bytes("/pass", ver::kMaxPassBytes),
        bytes("/zone", ver::kMaxZoneBytes), name("/doc_surname"), name("/doc_given"),
        name("/doc_mrz_name"), name("/bcbp_name"), name("/context/doc_usage_name"),
        bytes("/context/doc_number", ver::kMaxDocumentNumberLength),
        bytes("/context/booking_doc_number", ver::kMaxDocumentNumberLength)}) {
    json request = json::object();
    request[limit.key] = limit.longest;
    EXPECT_TRUE(read_scenario(request).has_value()) << limit.key.to_string();
    request[limit.key] = limit.more;
    const auto refused = read_scenario(request);
    ASSERT_FALSE(refused.has_value()) << limit.key.to_string();
    EXPECT_EQ(refused.error().code, base::ErrorCode::kInvalidArgument);
    EXPECT_TRUE(refused.error().field.ends_with(limit.key.back()));
  }
}

TEST(Scenario, RefusesANameThatIsNotUtf8) {
  const auto scenario = read_scenario({{"doc_surname", "M\xDCLLER"}});
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(scenario.error().field, "doc_surname");
}

struct Wrong {
  const char* name;
  const char* request;
  const char* field;
};
void PrintTo(const Wrong& test, std::ostream* out) { *out << test.name; }

class ScenarioRefuses : public testing::TestWithParam<Wrong> {};

TEST_P(ScenarioRefuses, AndNamesTheField) {
  const json request = json::parse(GetParam().request);
  const auto scenario = read_scenario(request);
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(scenario.error().field, GetParam().field);
  const json answer = answer_verify_local(request, kToday);
  EXPECT_EQ(answer["ok"], false);
  EXPECT_EQ(answer["findings"][0]["place"], GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, ScenarioRefuses,
    testing::Values(
        Wrong{"BookingNoText", R"({"booking": 3})", "booking"},
        Wrong{"ContextNoObject", R"({"context": []})", "context"},
        Wrong{"DateNoDay", R"({"context": {"doc_birth_date": "1974-13-01"}})",
              "context.doc_birth_date"},
        Wrong{"SexUnknown", R"({"context": {"sex_doc": "Q"}})", "context.sex_doc"},
        Wrong{"PeersNoList", R"({"context": {"flight_peers": "A/B"}})", "context.flight_peers"},
        Wrong{"PeerNoText", R"({"context": {"flight_peers": [1]}})", "context.flight_peers"},
        Wrong{"BoardedNoFlag", R"({"context": {"already_boarded": "yes"}})",
              "context.already_boarded"}),
    [](const auto& test) { return test.param.name; });

TEST(VerifyLocal, AnswersEveryObjectWithoutThrowing) {
  for (const char* text : {"{}", R"({"booking": []})", R"({"context": {"offline": 1}})",
                           R"({"zone": "\u0000"})", R"({"pass": "M1"})"}) {
    const json answer = answer_verify_local(json::parse(text), kToday);
    EXPECT_TRUE(answer.contains("ok")) << text;
  }
}

TEST(VerifyLocal, HasEveryKeyOfTheLineProtocol) {
  const json answer = answer_verify_local(full_scenario(), kToday);
  for (const char* key :
       {"verdict", "confidence", "reasons", "counterfactuals", "policy", "engine"}) {
    EXPECT_TRUE(answer.contains(key)) << key;
  }
  EXPECT_EQ(answer["policy"], "default 2026-11-22");
}

}  // namespace
}  // namespace paxid::cli
