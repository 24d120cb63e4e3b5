#include "server/verification_flow.h"

#include <gtest/gtest.h>
#include <paxid/v1/verification_service.pb.h>

#include <algorithm>
#include <string>

#include "server/record_body.h"
#include "tests/temporary_store.h"

namespace paxid::server {
namespace {

namespace ver = verification;

constexpr std::uint64_t kNoon = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z

class Flow : public testing::Test {
 protected:
  Flow() {
    caller_.tenant = "demo";
    caller_.actor.fill(7);
    request_.set_request_id("01890a5d-ac96-774b-bcce-b302099a8057");
    request_.set_channel(v1::CHANNEL_KIOSK);
    request_.set_purpose(v1::PURPOSE_BOARDING_CHECK);
    v1::Claim* booking = request_.add_claims();
    booking->set_source(v1::SOURCE_BOOKING);
    booking->set_capture_method(v1::CAPTURE_METHOD_RECEIVED);
    booking->set_booking_name("MUELLER/HANS MR");
    v1::Claim* document = request_.add_claims();
    document->set_source(v1::SOURCE_VISUAL);
    document->set_capture_method(v1::CAPTURE_METHOD_SCANNED);
    document->mutable_person_name()->set_surname("MUELLER");
    document->mutable_person_name()->set_given_names("HANS");
  }

  audit::Receipt receipt_for(const audit::Record& record) const {
    audit::Receipt receipt;
    receipt.origin = "test/demo";
    receipt.index = 41;
    receipt.leaf_hash.fill(9);
    receipt.response = record.response;
    return receipt;
  }

  auto judge() {
    response_.Clear();
    return flow_.judge(caller_, request_, response_);
  }
  // What the caller gets: `draft` completed, or why not.
  tl::expected<v1::VerifyResponse, Refusal> answer(const base::Result<audit::Receipt>& receipt,
                                                   v1::VerifyResponse draft) const {
    if (auto refusal = VerificationFlow::complete(request_, receipt, draft)) {
      return tl::unexpected(std::move(*refusal));
    }
    return draft;
  }

  base::ManualClock clock_{kNoon};
  TemporaryStore store_{clock_};
  Flights flights_{FlightLimits{}, clock_};
  Policies policies_{*PolicyBook::load("", ""), "", ""};
  bcbp::KeyTable pass_keys_;
  VerificationFlow flow_{policies_, pass_keys_, flights_, *store_, clock_};
  Principal caller_;
  v1::VerifyRequest request_;
  v1::VerifyResponse response_;  // as judge() drafts it
};

TEST_F(Flow, MakesTheRecordOfTheAnswer) {
  const auto judged = judge();
  ASSERT_TRUE(judged.has_value());
  const audit::Record& record = judged->record;
  EXPECT_EQ(record.tenant, "demo");
  EXPECT_EQ(record.actor, caller_.actor);
  EXPECT_EQ(record.request_id[0], 0x01);
  EXPECT_EQ(record.type, audit::RecordType::kDecision);
  EXPECT_EQ(record.decision, static_cast<std::uint16_t>(ver::Verdict::kMatch));
  EXPECT_GT(record.score, 32768);
  EXPECT_EQ(record.ruleset, policies_.on(clock_.utc_date())->policy().sha256);
  EXPECT_TRUE(std::equal(record.software.begin(), record.software.end(),
                         ver::Engine::software_digest().begin()));
  EXPECT_NE(std::string(record.body.begin(), record.body.end()).find("\"MATCH\""),
            std::string::npos);
  ASSERT_TRUE(record.subject.has_value());
}

TEST_F(Flow, ARetryIsTheSameRequestAtAnyTime) {
  const auto first = judge();
  clock_.set(kNoon + 5'000'000);
  request_.mutable_client_time()->set_seconds(1);
  const auto retry = judge();
  EXPECT_EQ(first->record.canonical_request, retry->record.canonical_request);
  EXPECT_EQ(first->record.request_id, retry->record.request_id);
}

TEST_F(Flow, AnswersFromTheReceipt) {
  const auto judged = judge();
  auto receipt = receipt_for(judged->record);
  const auto answer = this->answer(receipt, response_);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->request_id(), request_.request_id());
  EXPECT_EQ(answer->verdict(), v1::VERDICT_MATCH);
  EXPECT_EQ(answer->decided_by(), v1::DECIDED_BY_AUTOMATIC_SUGGESTION);
  EXPECT_EQ(answer->engine_version(), ver::Engine::version());
  EXPECT_EQ(answer->policy().sha256().size(), 32U);
  EXPECT_EQ(answer->record().placed().leaf_index(), 41);
  EXPECT_EQ(answer->record().placed().log_origin(), "test/demo");
  EXPECT_FALSE(answer->replayed());

  receipt.replayed = true;
  // The stored answer counts, not the one that was judged again.
  v1::VerifyResponse other;
  other.set_sentence("another one");
  v1::VerifyResponse replay = *this->answer(receipt, other);
  EXPECT_TRUE(replay.replayed());
  replay.set_replayed(false);
  EXPECT_EQ(replay.SerializeAsString(), answer->SerializeAsString());
}

// tests/data/bcbp, sig-ok-der, with another sequence number: signed, but not like this.
TEST_F(Flow, APassThatItsIssuerDidNotSignIsNoMatch) {
  pass_keys_ = *bcbp::KeyTable::parse(
      "[[key]]\nissuer = \"AC\"\ntype = \"4\"\npublic_key = \"\"\"\n-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESnSqZ8z2GmGJpc3FW+UA1QBCdQsb\n"
      "P5U5J76HKqtJ0/q/bMhe0jHIVbWh2iVIOxPzvT95C3YthuLy1JqbUFof7A==\n"
      "-----END PUBLIC KEY-----\n\"\"\"\n");
  v1::Claim* pass = request_.add_claims();
  pass->set_source(v1::SOURCE_BOARDING_PASS);
  pass->set_capture_method(v1::CAPTURE_METHOD_SCANNED);
  pass->set_boarding_pass(
      "M2DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0026 14D>6181WW6225BAC 00141234560032A01"
      "41234567890 1AC AC 1234567890123    20KYLX58ZDEF456 FRAGVALH 3664 227C012C0002 "
      "12E2A014098765"
      "4321 1AC AC 1234567890123    "
      "2PCNWQ^460MEUCIDVafiSlUtNMcdRfw9KfiUVOChPOvw3fSy3faq8wWOkpAiEAwg"
      "Sp2JrhScgL+hR1kzFoBdiPMMbsCkG00notJdUrcAY=");
  request_.mutable_claims(0)->set_booking_name("DESMARAIS/LUC");
  request_.mutable_claims(1)->mutable_person_name()->set_surname("DESMARAIS");
  request_.mutable_claims(1)->mutable_person_name()->set_given_names("LUC");
  const auto judged = judge();
  const auto answer = this->answer(receipt_for(judged->record), response_);
  EXPECT_EQ(answer->verdict(), v1::VERDICT_REVIEW);
  EXPECT_TRUE(std::any_of(answer->findings().begin(), answer->findings().end(),
                          [](const auto& f) { return f.code() == "SIGNATURE_INVALID"; }));
}

TEST_F(Flow, ReasonsAddUpToTheLogOdds) {
  const auto judged = judge();
  const auto answer = this->answer(receipt_for(judged->record), response_);
  double sum = 0;
  for (const auto& reason : answer->reasons()) sum += reason.bits();
  EXPECT_NEAR(sum, answer->log_odds(), 1e-9);
}

TEST_F(Flow, ErrorsOfTheStoreBecomeRefusals) {
  const auto refused =
      answer(base::fail(base::ErrorCode::kAlreadyExists, "detail", "request_id"), response_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(refused.error().code, base::ErrorCode::kAlreadyExists);
}

TEST_F(Flow, AStoredAnswerThatCannotBeReadIsDataLoss) {
  audit::Receipt receipt;
  receipt.replayed = true;
  receipt.response = {0xFF, 0xFF};
  const auto refused = answer(receipt, response_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kDataLoss);
}

TEST_F(Flow, TellsHowFarTheClientsClockIsOff) {
  EXPECT_EQ(judge()->client_clock_offset_seconds, 0);
  request_.mutable_client_time()->set_seconds(static_cast<std::int64_t>(kNoon / 1'000'000) - 3600);
  EXPECT_EQ(judge()->client_clock_offset_seconds, -3600);
}

TEST_F(Flow, RefusesWhatWouldNotFitARecord) {
  // Control characters take six bytes each in JSON.
  request_.clear_claims();
  for (std::size_t i = 0; i < ver::kMaxClaims; ++i) {
    v1::Claim* claim = request_.add_claims();
    claim->set_source(v1::SOURCE_BOARDING_PASS);
    claim->set_capture_method(v1::CAPTURE_METHOD_SCANNED);
    claim->set_boarding_pass(std::string(ver::kMaxPassBytes, '\x01'));
  }
  const auto judged = judge();
  ASSERT_FALSE(judged.has_value());
  EXPECT_EQ(judged.error().reason, "RECORD_TOO_LARGE");
  EXPECT_EQ(judged.error().code, base::ErrorCode::kInvalidArgument);
}

TEST_F(Flow, InvalidRequestsMakeNoRecord) {
  request_.clear_request_id();
  const auto judged = judge();
  ASSERT_FALSE(judged.has_value());
  EXPECT_EQ(judged.error().reason, "REQUEST_ID_MISSING");
}

}  // namespace
}  // namespace paxid::server
