#include "clients/sdk/wire.h"

#include <gtest/gtest.h>
#include <paxid/v1/verification_service.pb.h>

#include <cstdint>
#include <set>
#include <string>
#include <variant>

namespace paxid::sdk {
namespace {

namespace ver = verification;
using base::PersonalText;

v1::VerifyResponse good_response() {
  v1::VerifyResponse response;
  response.set_request_id("id");
  response.set_verdict(v1::VERDICT_MATCH);
  response.set_confidence(0.75);
  response.mutable_record()->mutable_placed()->set_leaf_hash(std::string(32, 'h'));
  response.mutable_policy()->set_sha256(std::string(32, 'p'));
  response.add_reasons()->set_code("SAME_NAME");
  response.add_reasons()->set_code("BIRTH_DATE_EQUAL");
  response.add_counterfactuals()->set_code("IF");
  return response;
}

TEST(FromWire, TheCodesLiveAsLongAsAnyCopy) {
  Answer copy;
  {
    const auto answer = from_wire(good_response());
    ASSERT_TRUE(answer.has_value());
    copy = *answer;
  }
  EXPECT_EQ(copy.report.reasons[0].code, "SAME_NAME");
  EXPECT_EQ(copy.report.reasons[1].code, "BIRTH_DATE_EQUAL");
  EXPECT_EQ(copy.report.counterfactuals[0].code, "IF");
  EXPECT_EQ(copy.record.leaf_index, 0U);
}

TEST(FromWire, SentencesComeWithKeyArgumentsAndTheEnglishText) {
  v1::VerifyResponse response = good_response();
  response.set_sentence("The document expired on 2026-01-02.");
  v1::Sentence* sentence = response.mutable_localizable_sentence();
  sentence->set_key("DOCUMENT_EXPIRED");
  sentence->add_arguments()->set_name("date");
  sentence->mutable_arguments(0)->set_text("2026-01-02");
  sentence->add_arguments()->set_name("months");
  sentence->mutable_arguments(1)->set_number(6);
  response.mutable_reasons(0)->set_text("The same.");
  Answer copy;
  {
    const auto answer = from_wire(response);
    ASSERT_TRUE(answer.has_value());
    copy = *answer;
  }
  const base::Message& read = copy.report.sentence;
  EXPECT_EQ(read.key, "DOCUMENT_EXPIRED");
  EXPECT_EQ(read.literal.reveal(), "The document expired on 2026-01-02.");
  ASSERT_EQ(read.arguments.size(), 2U);
  EXPECT_EQ(read.arguments[0], (base::Argument{"date", PersonalText("2026-01-02")}));
  EXPECT_EQ(read.arguments[1], (base::Argument{"months", std::int64_t{6}}));
  // From a server that says no keys.
  EXPECT_EQ(copy.report.reasons[0].text, base::literal_message("The same."));
}

TEST(FromWire, TakesAPromisedRecord) {
  v1::VerifyResponse response = good_response();
  auto* promised = response.mutable_record()->mutable_promised();
  promised->set_leaf_hash(std::string(32, 'h'));
  promised->set_signed_promise("note");
  const auto answer = from_wire(response);
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE(answer->record.leaf_index.has_value());
  EXPECT_EQ(answer->record.signed_promise, "note");
}

TEST(FromWire, AnAnswerThatBreaksTheContractIsNotShown) {
  const auto refused = [](auto spoil) {
    v1::VerifyResponse response = good_response();
    spoil(response);
    const auto answer = from_wire(response);
    return !answer && answer.error().code == base::ErrorCode::kInternal;
  };
  EXPECT_TRUE(refused([](auto& r) { r.clear_verdict(); }));
  EXPECT_TRUE(refused([](auto& r) { r.set_verdict(static_cast<v1::Verdict>(9)); }));
  EXPECT_TRUE(refused([](auto& r) { r.set_confidence(std::stod("nan")); }));
  EXPECT_TRUE(refused([](auto& r) { r.clear_record(); }));
  EXPECT_TRUE(refused([](auto& r) { r.mutable_record()->mutable_placed()->set_leaf_hash("x"); }));
  EXPECT_TRUE(refused([](auto& r) { r.mutable_record()->mutable_placed()->set_leaf_index(-1); }));
  EXPECT_TRUE(refused([](auto& r) { r.clear_policy(); }));
}

TEST(ToWire, SendsEveryKindOfClaim) {
  const ver::PersonName name{PersonalText("Full"), {}, {}, "de"};
  const ver::ClaimValue values[] = {ver::NameClaim{name},
                                    ver::UsageNameClaim{name},
                                    ver::ZoneClaim{PersonalText("zone")},
                                    ver::PassClaim{PersonalText("pass")},
                                    ver::PassNameClaim{PersonalText("pass name")},
                                    ver::BookingNameClaim{PersonalText("booking")},
                                    ver::BirthDateClaim{*base::parse_iso_date("1974-08-12")},
                                    ver::SexClaim{ver::Sex::kFemale},
                                    ver::NationalityClaim{"UTO"},
                                    ver::DocumentNumberClaim{PersonalText("L898902C3")},
                                    ver::IssuerClaim{"UTO"},
                                    ver::DocumentTypeClaim{"P"},
                                    ver::ExpiryDateClaim{*base::parse_iso_date("2032-04-15")},
                                    ver::DocsClaim{PersonalText("docs")},
                                    ver::PassengerTypeClaim{"ADT"}};
  static_assert(std::size(values) == std::variant_size_v<ver::ClaimValue>);
  Request request;
  for (const ver::ClaimValue& value : values) {
    request.claims.push_back(
        {ver::Source::kChip, ver::CaptureMethod::kChipRead, ver::Assurance::kAuthenticated, value});
  }
  const v1::VerifyRequest wire = to_wire(request);
  std::set<int> kinds;
  for (const v1::Claim& claim : wire.claims()) {
    kinds.insert(claim.value_case());
    EXPECT_EQ(claim.source(), v1::SOURCE_CHIP);
    EXPECT_EQ(claim.capture_method(), v1::CAPTURE_METHOD_CHIP_READ);
    EXPECT_EQ(claim.assurance(), v1::ASSURANCE_AUTHENTICATED);
  }
  EXPECT_EQ(kinds.size(), std::size(values));
  EXPECT_FALSE(kinds.contains(v1::Claim::VALUE_NOT_SET));
  EXPECT_EQ(wire.claims(0).person_name().full_name(), "Full");
  EXPECT_EQ(wire.claims(12).expiry_date(), "2032-04-15");
}

TEST(RequestId, IsAUuidOfVersion7) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = new_request_id();
    ASSERT_EQ(id.size(), 36U);
    EXPECT_EQ(id[14], '7');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace paxid::sdk
