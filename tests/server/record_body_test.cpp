#include "server/record_body.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/date.h"

namespace paxid::server {
namespace {

namespace ver = verification;
using base::PersonalText;
using nlohmann::json;

const base::Date kToday = *base::parse_iso_date("2026-11-22");

// The specimen of ICAO Doc 9303-4 appendix B.
constexpr const char* kZone =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
constexpr const char* kNumber = "L898902C3";

ver::Claim claim(ver::Source source, ver::ClaimValue value) {
  return {source, ver::CaptureMethod::kScanned, ver::Assurance::kAsserted, std::move(value)};
}

VerifyInput input_with(std::vector<ver::Claim> claims) {
  VerifyInput input;
  input.request_id[0] = 1;
  input.claims = std::move(claims);
  input.channel = "kiosk";
  input.purpose = "boarding_check";
  return input;
}

std::string body_of(const VerifyInput& input) {
  const auto policy = ver::Policy::parse(ver::default_policy_toml());
  ver::VerdictReport report;
  report.reasons.push_back({"X", PersonalText("ERIKSSON"), PersonalText("ERIKSSON"), 1.5, {}});
  return record_body(input, kToday, ver::sort_claims(input.claims, kToday), {}, report,
                     english_of(report), *policy, "0.1.0+00000000");
}

TEST(RecordBody, IsCanonicalJson) {
  const VerifyInput input = input_with(
      {claim(ver::Source::kBooking, ver::BookingNameClaim{PersonalText("ERIKSSON/ANNA")}),
       claim(ver::Source::kMrz, ver::ZoneClaim{PersonalText(kZone)})});
  const std::string text = body_of(input);
  const json body = json::parse(text);
  EXPECT_EQ(body.dump(), text);
  EXPECT_EQ(body_of(input), text);
  EXPECT_EQ(body["version"], 2);
  EXPECT_EQ(body["claims"][0]["booking_name"], "ERIKSSON/ANNA");
  EXPECT_EQ(body["read"]["identity"]["names"][0]["surname"], "ERIKSSON");
  EXPECT_EQ(body["read"]["identity"]["birth_date"], "1974-08-12");
  EXPECT_EQ(body["read"]["identity"]["issuer"], "UTO");
  EXPECT_EQ(body["answer"]["reasons"][0]["bits"], 1.5);
  EXPECT_EQ(body["station_date"], "2026-11-22");
  EXPECT_EQ(body["policy"]["sha256"].get<std::string>().size(), 64U);
}

// The keys of a claim sort differently for every kind; nlohmann::json sorts them all.
TEST(RecordBody, IsCanonicalForEveryKindOfClaim) {
  const PersonalText text("A\"B\\C\n\xFF\xC3\x9C");
  ver::PersonName name;
  name.full = name.given = name.surname = text;
  name.language = "de";
  std::vector<ver::Claim> claims;
  for (ver::ClaimValue value : std::initializer_list<ver::ClaimValue>{
           ver::NameClaim{name}, ver::UsageNameClaim{name}, ver::ZoneClaim{text},
           ver::PassClaim{text}, ver::PassNameClaim{text}, ver::BookingNameClaim{text},
           ver::BirthDateClaim{kToday}, ver::SexClaim{ver::Sex::kFemale},
           ver::NationalityClaim{"UTO"}, ver::DocumentNumberClaim{PersonalText("L898902C3")},
           ver::IssuerClaim{"UTO"}, ver::DocumentTypeClaim{"P"}, ver::DocsClaim{text},
           ver::PassengerTypeClaim{"ADT"}, ver::ExpiryDateClaim{kToday}}) {
    claims.push_back(claim(ver::Source::kVisual, std::move(value)));
  }
  EXPECT_EQ(claims.size(), std::variant_size_v<ver::ClaimValue>);
  const std::string body = body_of(input_with(std::move(claims)));
  const json read = json::parse(body);
  EXPECT_EQ(read.dump(), body);
  EXPECT_EQ(read["claims"].size(), std::variant_size_v<ver::ClaimValue>);
  EXPECT_EQ(read["claims"][4]["pass_name"], "A\"B\\C\n\xEF\xBF\xBD\xC3\x9C");
  EXPECT_EQ(read["claims"][1]["usage_name"]["language"], "de");
}

TEST(RecordBody, HoldsNoDocumentNumber) {
  const std::string text = body_of(input_with(
      {claim(ver::Source::kMrz, ver::ZoneClaim{PersonalText(kZone)}),
       claim(ver::Source::kVisual, ver::DocumentNumberClaim{PersonalText(kNumber)}),
       claim(ver::Source::kBooking, ver::DocumentNumberClaim{PersonalText("K7614771")})}));
  EXPECT_EQ(text.find(kNumber), std::string::npos);
  EXPECT_EQ(text.find("L898902"), std::string::npos);
  EXPECT_EQ(text.find("K7614771"), std::string::npos);
  const json body = json::parse(text);
  EXPECT_EQ(body["read"]["identity"]["document_number_tail"], "2C3");
  EXPECT_EQ(body["claims"][1]["document_number_tail"], "2C3");
  EXPECT_EQ(body["claims"][2]["document_number_tail"], "771");
}

TEST(RecordBody, KeepsNoTailOfAShortNumber) {
  const json body = json::parse(body_of(
      input_with({claim(ver::Source::kVisual, ver::DocumentNumberClaim{PersonalText("12345")})})));
  EXPECT_EQ(body["claims"][0]["document_number_tail"], "");
}

TEST(RecordBody, TakesBytesThatAreNoUtf8) {
  const json body = json::parse(body_of(input_with(
      {claim(ver::Source::kBoardingPass, ver::PassClaim{PersonalText("M1\xFF\x01\"")})})));
  EXPECT_EQ(body["claims"][0]["boarding_pass"], "M1\uFFFD\x01\"");
}

TEST(Subject, IsTheDocument) {
  const auto subject = [](const VerifyInput& input) {
    return subject_of(input, ver::sort_claims(input.claims, kToday));
  };
  const auto from_zone =
      subject(input_with({claim(ver::Source::kMrz, ver::ZoneClaim{PersonalText(kZone)})}));
  const auto from_print = subject(
      input_with({claim(ver::Source::kVisual, ver::DocumentNumberClaim{PersonalText(kNumber)}),
                  claim(ver::Source::kVisual, ver::IssuerClaim{"UTO"})}));
  EXPECT_EQ(from_zone.kind, static_cast<std::uint8_t>(SubjectKind::kDocument));
  EXPECT_EQ(std::string(from_zone.value.begin(), from_zone.value.end()), "UTO|L898902C3");
  EXPECT_EQ(from_print.value, from_zone.value);
}

// Two states may give the same number to two people.
TEST(Subject, IsTheRecordWithoutAnIssuer) {
  const VerifyInput input =
      input_with({claim(ver::Source::kVisual, ver::DocumentNumberClaim{PersonalText(kNumber)})});
  const auto subject = subject_of(input, ver::sort_claims(input.claims, kToday));
  EXPECT_EQ(subject.kind, static_cast<std::uint8_t>(SubjectKind::kSingleRecord));
  EXPECT_EQ(subject.value, audit::Bytes(input.request_id.begin(), input.request_id.end()));
}

TEST(Subject, IsTheRecordWithoutADocument) {
  const VerifyInput input =
      input_with({claim(ver::Source::kBooking, ver::DocumentNumberClaim{PersonalText(kNumber)})});
  const auto subject = subject_of(input, ver::sort_claims(input.claims, kToday));
  EXPECT_EQ(subject.kind, static_cast<std::uint8_t>(SubjectKind::kSingleRecord));
  EXPECT_EQ(subject.value, audit::Bytes(input.request_id.begin(), input.request_id.end()));
}

}  // namespace
}  // namespace paxid::server
