#include "server/conversion.h"

#include <gtest/gtest.h>
#include <paxid/v1/verification_service.pb.h>

#include <cmath>
#include <functional>
#include <limits>
#include <ostream>
#include <string>

namespace paxid::server {
namespace {

namespace ver = verification;

constexpr const char* kId = "01890a5d-ac96-774b-bcce-b302099a8057";

v1::Claim* add_claim(v1::VerifyRequest& request, v1::Source source) {
  v1::Claim* claim = request.add_claims();
  claim->set_source(source);
  claim->set_capture_method(v1::CAPTURE_METHOD_SCANNED);
  return claim;
}

v1::VerifyRequest good_request() {
  v1::VerifyRequest request;
  request.set_request_id(kId);
  add_claim(request, v1::SOURCE_BOOKING)->set_booking_name("MUELLER/HANS MR");
  v1::PersonName* name = add_claim(request, v1::SOURCE_VISUAL)->mutable_person_name();
  name->set_surname("MÜLLER");
  name->set_given_names("HANS");
  name->set_language("de");
  request.mutable_flight()->set_carrier("LH");
  request.mutable_flight()->set_flight_number("0400A");
  request.mutable_flight()->set_departure_date("2026-11-22");
  request.set_station("FRA");
  request.set_channel(v1::CHANNEL_KIOSK);
  request.set_purpose(v1::PURPOSE_BOARDING_CHECK);
  return request;
}

TEST(ReadRequest, TakesEveryField) {
  v1::VerifyRequest request = good_request();
  request.mutable_claims(0)->set_assurance(v1::ASSURANCE_AUTHENTICATED);
  request.mutable_client_time()->set_seconds(1'800'000'000);
  const auto input = read_verify_request(request);
  ASSERT_TRUE(input.has_value()) << input.error().message;
  EXPECT_EQ(input->request_id[0], 0x01);
  EXPECT_EQ(input->request_id[15], 0x57);
  ASSERT_EQ(input->claims.size(), 2U);
  EXPECT_EQ(input->claims[0].source, ver::Source::kBooking);
  EXPECT_EQ(input->claims[0].capture, ver::CaptureMethod::kScanned);
  EXPECT_EQ(input->claims[0].assurance, ver::Assurance::kAuthenticated);
  EXPECT_EQ(input->claims[1].assurance, ver::Assurance::kAsserted);
  EXPECT_EQ(std::get<ver::BookingNameClaim>(input->claims[0].value).text.reveal(),
            "MUELLER/HANS MR");
  const auto& name = std::get<ver::NameClaim>(input->claims[1].value).name;
  EXPECT_EQ(name.surname.reveal(), "MÜLLER");
  EXPECT_EQ(name.language, "de");
  EXPECT_EQ(input->flight.carrier, "LH");
  EXPECT_EQ(input->flight.number, "0400A");
  EXPECT_EQ(base::to_iso(*input->flight.departure_date), "2026-11-22");
  EXPECT_EQ(input->station, "FRA");
  EXPECT_EQ(input->channel, "kiosk");
  EXPECT_EQ(input->purpose, "boarding_check");
  EXPECT_EQ(input->client_unix_seconds, 1'800'000'000);
}

TEST(ReadRequest, TakesEveryKindOfClaim) {
  v1::VerifyRequest request = good_request();
  request.clear_claims();
  add_claim(request, v1::SOURCE_MRZ)->set_mrz_zone("P<UTO\xFF");
  add_claim(request, v1::SOURCE_BOARDING_PASS)->set_boarding_pass("M1");
  add_claim(request, v1::SOURCE_BOARDING_PASS)->set_pass_name("MUELLER/HANS");
  add_claim(request, v1::SOURCE_BOOKING)->set_booking_name("MUELLER/HANS");
  add_claim(request, v1::SOURCE_CHIP)->set_birth_date("1974-08-12");
  add_claim(request, v1::SOURCE_CHIP)->set_sex(v1::SEX_NOT_STATED);
  add_claim(request, v1::SOURCE_CHIP)->set_nationality("D");
  add_claim(request, v1::SOURCE_TYPED)->set_document_number("L898902C3");
  add_claim(request, v1::SOURCE_TYPED)->set_issuer("UTO");
  add_claim(request, v1::SOURCE_TYPED)->set_document_type("P");
  add_claim(request, v1::SOURCE_TYPED)->set_expiry_date("2032-04-15");
  add_claim(request, v1::SOURCE_VISUAL)->mutable_usage_name()->set_surname("JANSEN");
  add_claim(request, v1::SOURCE_VISUAL)->mutable_person_name()->set_full_name("Hans Müller");
  const auto input = read_verify_request(request);
  ASSERT_TRUE(input.has_value()) << input.error().message;
  ASSERT_EQ(input->claims.size(), 13U);
  EXPECT_EQ(std::get<ver::ZoneClaim>(input->claims[0].value).text.reveal(), "P<UTO\xFF");
  EXPECT_EQ(std::get<ver::PassClaim>(input->claims[1].value).text.reveal(), "M1");
  EXPECT_EQ(std::get<ver::PassNameClaim>(input->claims[2].value).text.reveal(), "MUELLER/HANS");
  EXPECT_EQ(std::get<ver::SexClaim>(input->claims[5].value).sex, ver::Sex::kNotStated);
  EXPECT_EQ(std::get<ver::NationalityClaim>(input->claims[6].value).code, "D");
  EXPECT_EQ(std::get<ver::UsageNameClaim>(input->claims[11].value).name.surname.reveal(), "JANSEN");
}

TEST(ReadRequest, LimitsAreInclusive) {
  v1::VerifyRequest request = good_request();
  std::string umlauts;
  for (int i = 0; i < 256; ++i) umlauts += "Ü";
  request.mutable_claims(1)->mutable_person_name()->set_surname(umlauts);
  request.mutable_claims(0)->set_booking_name(std::string(256, 'A'));
  while (request.claims_size() < 32) {
    add_claim(request, v1::SOURCE_MRZ)->set_mrz_zone(std::string(4096, '<'));
  }
  EXPECT_TRUE(read_verify_request(request).has_value());
}

// Every kind with every source, against the lists of claim.proto.
TEST(ReadRequest, TakesAKindOnlyFromASourceThatCanHoldIt) {
  struct Kind {
    std::function<void(v1::Claim&)> state;
    std::string sources;  // first letters: Booking, Pass, Mrz, Visual, Chip, Typed
  };
  const std::vector<Kind> kinds{
      {[](auto& c) { c.set_mrz_zone("P<"); }, "MC"},
      {[](auto& c) { c.set_boarding_pass("M1"); }, "P"},
      {[](auto& c) { c.set_pass_name("A/B"); }, "P"},
      {[](auto& c) { c.set_booking_name("A/B"); }, "B"},
      {[](auto& c) { c.mutable_usage_name()->set_surname("JANSEN"); }, "MVCT"},
      {[](auto& c) { c.set_issuer("UTO"); }, "MVCT"},
      {[](auto& c) { c.set_document_type("P"); }, "MVCT"},
      {[](auto& c) { c.set_expiry_date("2032-04-15"); }, "MVCT"},
      {[](auto& c) { c.mutable_person_name()->set_surname("JANSEN"); }, "BPMVCT"},
      {[](auto& c) { c.set_birth_date("1974-08-12"); }, "BPMVCT"},
      {[](auto& c) { c.set_sex(v1::SEX_MALE); }, "BPMVCT"},
      {[](auto& c) { c.set_nationality("D"); }, "BPMVCT"},
      {[](auto& c) { c.set_document_number("L898902C3"); }, "BPMVCT"}};
  const std::vector<std::pair<v1::Source, char>> sources{
      {v1::SOURCE_BOOKING, 'B'}, {v1::SOURCE_BOARDING_PASS, 'P'}, {v1::SOURCE_MRZ, 'M'},
      {v1::SOURCE_VISUAL, 'V'},  {v1::SOURCE_CHIP, 'C'},          {v1::SOURCE_TYPED, 'T'}};
  for (const Kind& kind : kinds) {
    for (const auto& [source, letter] : sources) {
      v1::VerifyRequest request = good_request();
      v1::Claim* claim = add_claim(request, source);
      kind.state(*claim);
      const auto input = read_verify_request(request);
      const bool fits = kind.sources.find(letter) != std::string::npos;
      ASSERT_EQ(input.has_value(), fits) << claim->value_case() << " from " << letter;
      if (fits) continue;
      EXPECT_EQ(input.error().code, base::ErrorCode::kInvalidArgument);
      EXPECT_EQ(input.error().reason, "CLAIM_SOURCE_UNFIT");
      EXPECT_EQ(input.error().violations.at(0).field, "claims[2].source");
    }
  }
}

struct Wrong {
  const char* name;
  std::function<void(v1::VerifyRequest&)> spoil;
  const char* reason;
  const char* field;
};
void PrintTo(const Wrong& test, std::ostream* out) { *out << test.name; }

class ReadRequestRefuses : public testing::TestWithParam<Wrong> {};

TEST_P(ReadRequestRefuses, WithReasonAndField) {
  v1::VerifyRequest request = good_request();
  GetParam().spoil(request);
  const auto input = read_verify_request(request);
  ASSERT_FALSE(input.has_value());
  const Refusal& refusal = input.error();
  EXPECT_EQ(refusal.code, base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(refusal.reason, GetParam().reason);
  ASSERT_EQ(refusal.violations.size(), 1U);
  EXPECT_EQ(refusal.violations[0].field, GetParam().field);
  // Nothing of the input comes back.
  for (const std::string& text : {refusal.message, refusal.violations[0].description}) {
    EXPECT_EQ(text.find("CANARY"), std::string::npos);
    EXPECT_EQ(text.find("MUELLER"), std::string::npos);
  }
}

template <class Enum>
Enum unknown_value() {
  return static_cast<Enum>(99);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReadRequestRefuses,
    testing::Values(
        Wrong{"NoRequestId", [](auto& r) { r.clear_request_id(); }, "REQUEST_ID_MISSING",
              "request_id"},
        Wrong{"RequestIdNoUuid", [](auto& r) { r.set_request_id("CANARY"); },
              "REQUEST_ID_MALFORMED", "request_id"},
        Wrong{"NoClaims", [](auto& r) { r.clear_claims(); }, "CLAIMS_MISSING", "claims"},
        Wrong{"TooManyClaims",
              [](auto& r) {
                while (r.claims_size() <= 32) *r.add_claims() = r.claims(0);
              },
              "TOO_MANY_CLAIMS", "claims"},
        Wrong{"SourceUnspecified", [](auto& r) { r.mutable_claims(0)->clear_source(); },
              "ENUM_VALUE_UNKNOWN", "claims[0].source"},
        Wrong{"SourceUnknown",
              [](auto& r) { r.mutable_claims(1)->set_source(unknown_value<v1::Source>()); },
              "ENUM_VALUE_UNKNOWN", "claims[1].source"},
        Wrong{"CaptureUnspecified", [](auto& r) { r.mutable_claims(0)->clear_capture_method(); },
              "ENUM_VALUE_UNKNOWN", "claims[0].capture_method"},
        Wrong{"CaptureUnknown",
              [](auto& r) {
                r.mutable_claims(0)->set_capture_method(unknown_value<v1::CaptureMethod>());
              },
              "ENUM_VALUE_UNKNOWN", "claims[0].capture_method"},
        Wrong{"AssuranceUnknown",
              [](auto& r) { r.mutable_claims(0)->set_assurance(unknown_value<v1::Assurance>()); },
              "ENUM_VALUE_UNKNOWN", "claims[0].assurance"},
        Wrong{"SexUnspecified", [](auto& r) { r.mutable_claims(0)->set_sex(v1::SEX_UNSPECIFIED); },
              "ENUM_VALUE_UNKNOWN", "claims[0].sex"},
        Wrong{"SexUnknown", [](auto& r) { r.mutable_claims(0)->set_sex(unknown_value<v1::Sex>()); },
              "ENUM_VALUE_UNKNOWN", "claims[0].sex"},
        Wrong{"ChannelUnspecified", [](auto& r) { r.clear_channel(); }, "ENUM_VALUE_UNKNOWN",
              "channel"},
        Wrong{"ChannelUnknown", [](auto& r) { r.set_channel(unknown_value<v1::Channel>()); },
              "ENUM_VALUE_UNKNOWN", "channel"},
        Wrong{"PurposeUnspecified", [](auto& r) { r.clear_purpose(); }, "ENUM_VALUE_UNKNOWN",
              "purpose"},
        Wrong{"PurposeUnknown", [](auto& r) { r.set_purpose(unknown_value<v1::Purpose>()); },
              "ENUM_VALUE_UNKNOWN", "purpose"},
        Wrong{"NoValue", [](auto& r) { r.mutable_claims(0)->clear_value(); }, "CLAIM_VALUE_MISSING",
              "claims[0].value"},
        Wrong{"NameTooLong",
              [](auto& r) {
                r.mutable_claims(1)->mutable_person_name()->set_surname(std::string(257, 'A'));
              },
              "NAME_TOO_LONG", "claims[1].person_name.surname"},
        Wrong{"GivenTooLong",
              [](auto& r) {
                r.mutable_claims(1)->mutable_person_name()->set_given_names(std::string(257, 'A'));
              },
              "NAME_TOO_LONG", "claims[1].person_name.given_names"},
        Wrong{"NameEmpty",
              [](auto& r) {
                r.mutable_claims(1)->mutable_person_name()->clear_surname();
                r.mutable_claims(1)->mutable_person_name()->clear_given_names();
              },
              "NAME_EMPTY", "claims[1].person_name"},
        Wrong{"NameTwice",
              [](auto& r) { r.mutable_claims(1)->mutable_person_name()->set_full_name("CANARY"); },
              "NAME_AMBIGUOUS", "claims[1].person_name"},
        Wrong{"LanguageMalformed",
              [](auto& r) { r.mutable_claims(1)->mutable_person_name()->set_language("d e"); },
              "LANGUAGE_MALFORMED", "claims[1].person_name.language"},
        Wrong{"LanguageTooLong",
              [](auto& r) {
                r.mutable_claims(1)->mutable_person_name()->set_language(std::string(36, 'a'));
              },
              "LANGUAGE_MALFORMED", "claims[1].person_name.language"},
        Wrong{"ZoneEmpty", [](auto& r) { r.mutable_claims(0)->set_mrz_zone(""); },
              "CLAIM_VALUE_EMPTY", "claims[0].mrz_zone"},
        Wrong{"ZoneTooLong",
              [](auto& r) { r.mutable_claims(0)->set_mrz_zone(std::string(4097, '<')); },
              "CLAIM_VALUE_TOO_LONG", "claims[0].mrz_zone"},
        Wrong{"PassTooLong",
              [](auto& r) { r.mutable_claims(0)->set_boarding_pass(std::string(2049, 'M')); },
              "CLAIM_VALUE_TOO_LONG", "claims[0].boarding_pass"},
        Wrong{"PassNameTooLong",
              [](auto& r) { r.mutable_claims(0)->set_pass_name(std::string(21, 'M')); },
              "CLAIM_VALUE_TOO_LONG", "claims[0].pass_name"},
        Wrong{"BookingNameTooLong",
              [](auto& r) { r.mutable_claims(0)->set_booking_name(std::string(257, 'M')); },
              "CLAIM_VALUE_TOO_LONG", "claims[0].booking_name"},
        Wrong{"BirthDateNoDay", [](auto& r) { r.mutable_claims(0)->set_birth_date("1974-02-30"); },
              "DATE_MALFORMED", "claims[0].birth_date"},
        Wrong{"ExpiryDateNotIso",
              [](auto& r) { r.mutable_claims(0)->set_expiry_date("12.08.1974"); }, "DATE_MALFORMED",
              "claims[0].expiry_date"},
        Wrong{"NationalityLowerCase", [](auto& r) { r.mutable_claims(0)->set_nationality("uto"); },
              "CODE_MALFORMED", "claims[0].nationality"},
        Wrong{"IssuerTooLong", [](auto& r) { r.mutable_claims(0)->set_issuer("UTOP"); },
              "CODE_MALFORMED", "claims[0].issuer"},
        Wrong{"DocumentTypeTooLong", [](auto& r) { r.mutable_claims(0)->set_document_type("PPP"); },
              "CODE_MALFORMED", "claims[0].document_type"},
        Wrong{"NumberWithBlank",
              [](auto& r) { r.mutable_claims(0)->set_document_number("CANARY 1"); },
              "DOCUMENT_NUMBER_MALFORMED", "claims[0].document_number"},
        Wrong{"NumberTooLong",
              [](auto& r) { r.mutable_claims(0)->set_document_number(std::string(33, '1')); },
              "DOCUMENT_NUMBER_MALFORMED", "claims[0].document_number"},
        Wrong{"Carrier", [](auto& r) { r.mutable_flight()->set_carrier("L"); }, "CARRIER_MALFORMED",
              "flight.carrier"},
        Wrong{"FlightNumber", [](auto& r) { r.mutable_flight()->set_flight_number("A400"); },
              "FLIGHT_NUMBER_MALFORMED", "flight.flight_number"},
        Wrong{"FlightNumberTooLong",
              [](auto& r) { r.mutable_flight()->set_flight_number("12345"); },
              "FLIGHT_NUMBER_MALFORMED", "flight.flight_number"},
        Wrong{"DepartureDate", [](auto& r) { r.mutable_flight()->set_departure_date("today"); },
              "DATE_MALFORMED", "flight.departure_date"},
        Wrong{"From", [](auto& r) { r.mutable_flight()->set_from("FR"); }, "AIRPORT_MALFORMED",
              "flight.from"},
        Wrong{"To", [](auto& r) { r.mutable_flight()->set_to("FRAA"); }, "AIRPORT_MALFORMED",
              "flight.to"},
        Wrong{"Station", [](auto& r) { r.set_station("fra"); }, "AIRPORT_MALFORMED", "station"},
        Wrong{"ClientTime", [](auto& r) { r.mutable_client_time()->set_seconds(253'402'300'800); },
              "TIME_OUT_OF_RANGE", "client_time"},
        Wrong{"ClientTimeNanos", [](auto& r) { r.mutable_client_time()->set_nanos(-1); },
              "TIME_OUT_OF_RANGE", "client_time"}),
    [](const auto& test) { return test.param.name; });

TEST(ReadRequest, ListsEveryViolationUpToTheLimit) {
  v1::VerifyRequest request;
  for (int i = 0; i < 32; ++i) request.add_claims();
  const auto input = read_verify_request(request);
  ASSERT_FALSE(input.has_value());
  EXPECT_EQ(input.error().reason, "REQUEST_ID_MISSING");
  EXPECT_EQ(input.error().violations.size(), kMaxViolations);
}

TEST(RequestId, IsAUuid) {
  EXPECT_TRUE(parse_request_id(kId));
  EXPECT_EQ(parse_request_id("01890A5D-AC96-774B-BCCE-B302099A8057"), parse_request_id(kId));
  for (const char* wrong :
       {"", "00000000-0000-0000-0000-000000000000", "01890a5dac96774bbcceb302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a805", "01890a5d-ac96-774b-bcce-b302099a80577",
        "{1890a5d-ac96-774b-bcce-b302099a8057", "01890a5d+ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a80-7", "g1890a5d-ac96-774b-bcce-b302099a8057"}) {
    EXPECT_FALSE(parse_request_id(wrong)) << wrong;
  }
}

TEST(CanonicalRequest, IsTheSameForARetry) {
  const v1::VerifyRequest request = good_request();
  v1::VerifyRequest retry = request;
  retry.mutable_client_time()->set_seconds(1);
  EXPECT_EQ(canonical_request(request), canonical_request(retry));
  retry.set_request_id("01890A5D-AC96-774B-BCCE-B302099A8057");
  EXPECT_EQ(canonical_request(request), canonical_request(retry));
}

// What it is cut out of the serialisation for.
TEST(CanonicalRequest, IsTheMessageWithoutTheTime) {
  v1::VerifyRequest request = good_request();
  request.mutable_client_time()->set_seconds(1'763'812'800);
  request.set_request_id("01890A5D-AC96-774B-BCCE-B302099A8057");
  // Fields of a later contract: a number, bytes and a group.
  auto* unknown = v1::VerifyRequest::GetReflection()->MutableUnknownFields(&request);
  unknown->AddVarint(900, 7);
  unknown->AddLengthDelimited(901)->assign("ABC");
  unknown->AddGroup(902)->AddFixed32(5, 9);
  v1::VerifyRequest timeless = request;
  timeless.clear_client_time();
  timeless.set_request_id("01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_EQ(canonical_request(request), deterministic_bytes(timeless));
  EXPECT_EQ(canonical_request(v1::VerifyRequest()), "");
}

TEST(CanonicalRequest, DiffersWithEveryOtherField) {
  const v1::VerifyRequest request = good_request();
  const std::string canonical = canonical_request(request);
  const std::function<void(v1::VerifyRequest&)> changes[] = {
      [](auto& r) { r.set_request_id("01890a5d-ac96-774b-bcce-b302099a8058"); },
      [](auto& r) { r.mutable_claims(0)->set_booking_name("MUELLER/HANS"); },
      [](auto& r) { r.mutable_claims(0)->set_source(v1::SOURCE_TYPED); },
      [](auto& r) { r.mutable_claims()->SwapElements(0, 1); },
      [](auto& r) { r.mutable_claims()->RemoveLast(); },
      [](auto& r) { r.mutable_flight()->set_to("JFK"); },
      [](auto& r) { r.clear_flight(); },
      [](auto& r) { r.set_station("MUC"); },
      [](auto& r) { r.set_channel(v1::CHANNEL_GATE); },
      [](auto& r) { r.set_purpose(v1::PURPOSE_API_ACCURACY); },
  };
  for (const auto& change : changes) {
    v1::VerifyRequest other = request;
    change(other);
    EXPECT_NE(canonical_request(other), canonical);
  }
}

TEST(WriteReport, CarriesEverything) {
  ver::VerdictReport report;
  report.verdict = ver::Verdict::kMismatch;
  report.confidence = 0.25;
  report.log_odds = -3.5;
  report.sentence = base::literal_message("Other names.");
  report.reasons.push_back({"SURNAME_DIFFERS", base::PersonalText("A"), base::PersonalText("B"),
                            -3.5, base::literal_message("Why.")});
  report.findings.push_back({"CHECK_DIGIT", ver::Severity::kWarning, 2, "line 2, column 10"});
  report.counterfactuals.push_back(
      {"NAME", ver::Verdict::kMatch, {base::literal_message("the names agreed")}, {}});
  report.alignment.push_back({base::PersonalText("A"), base::PersonalText("B"), {0}, {0, 1}});
  v1::VerifyResponse response;
  write_report(report, english_of(report), &response);
  EXPECT_EQ(response.verdict(), v1::VERDICT_MISMATCH);
  EXPECT_EQ(response.confidence(), 0.25);
  EXPECT_EQ(response.log_odds(), -3.5);
  EXPECT_EQ(response.sentence(), "Other names.");
  EXPECT_EQ(response.reasons(0).code(), "SURNAME_DIFFERS");
  EXPECT_EQ(response.reasons(0).document_part(), "B");
  EXPECT_EQ(response.findings(0).severity(), v1::SEVERITY_WARNING);
  EXPECT_EQ(response.findings(0).claim_index(), 2);
  EXPECT_EQ(response.counterfactuals(0).verdict(), v1::VERDICT_MATCH);
  EXPECT_EQ(response.alignment(0).document_differences_size(), 2);
}

TEST(WriteReport, SentencesTravelWithWhatTheirPatternNames) {
  ver::VerdictReport report;
  report.sentence = {"DOCUMENT_OF_PEER_AT_SEAT",
                     {{"peer", base::PersonalText("NOVAK/EVAMRS")},
                      {"seat", base::PersonalText("1B")},
                      {"booking", base::PersonalText("ROSSI")}},
                     {}};
  report.reasons.push_back({"SURNAME_SHARED", {}, {}, 0, {"SURNAME_SHARED", {{"count", 2}}, {}}});
  report.counterfactuals.push_back(
      {"NAME", ver::Verdict::kMatch, {{"WISH_NAMES_AGREED", {}, {}}}, {}});
  v1::VerifyResponse response;
  write_report(report, english_of(report), &response);
  const v1::Sentence& sentence = response.localizable_sentence();
  EXPECT_EQ(sentence.key(), "DOCUMENT_OF_PEER_AT_SEAT");
  ASSERT_EQ(sentence.arguments_size(), 2);  // the pattern does not name the booking
  EXPECT_EQ(sentence.arguments(1).name(), "seat");
  EXPECT_EQ(sentence.arguments(1).text(), "1B");
  EXPECT_EQ(response.reasons(0).localizable_text().arguments(0).number(), 2);
  EXPECT_EQ(response.counterfactuals(0).wishes(0).key(), "WISH_NAMES_AGREED");
}

TEST(WriteReport, NeverSendsWhatAMessageCannotCarry) {
  ver::VerdictReport report;
  report.confidence = std::numeric_limits<double>::quiet_NaN();
  report.log_odds = -std::numeric_limits<double>::infinity();
  report.reasons.push_back({"X",
                            base::PersonalText("A\xFF\xC3"),
                            base::PersonalText("\xED\xA0\x80"),
                            std::numeric_limits<double>::infinity(),
                            {}});
  v1::VerifyResponse response;
  write_report(report, english_of(report), &response);
  EXPECT_EQ(response.confidence(), 0);
  EXPECT_EQ(response.log_odds(), 0);
  EXPECT_EQ(response.reasons(0).bits(), 0);
  EXPECT_EQ(response.reasons(0).booking_part(), "A\uFFFD\uFFFD");
  v1::VerifyResponse back;
  EXPECT_TRUE(back.ParseFromString(response.SerializeAsString()));
}

}  // namespace
}  // namespace paxid::server
