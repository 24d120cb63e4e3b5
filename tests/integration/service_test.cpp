// The service as its clients see it: the real program, mTLS, the C++ client library.

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/merkle.h"
#include "clients/cli/audit_command.h"
#include "tests/integration/fixture.h"

namespace paxid::integration {
namespace {

using base::ErrorCode;
using verification::Verdict;

// Before the first verdict of a run a log names the policy that judges.
constexpr std::uint64_t kPolicyRecord = 1;

class Service : public testing::Test {
 protected:
  int stop() { return server_.stop(); }

  Site site_;
  ServerProcess server_{site_};
  std::optional<sdk::Client> kiosk_ = client_for(site_, server_, "k1");
};

TEST_F(Service, AnswersWithAVerdictAndItsRecord) {
  const sdk::Request request = matching_request();
  const auto answer = kiosk_->verify(request);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->request_id, request.request_id);
  EXPECT_EQ(answer->report.verdict, Verdict::kMatch);
  EXPECT_GT(answer->report.confidence, 0.9);
  EXPECT_FALSE(answer->report.sentence.empty());
  ASSERT_FALSE(answer->report.reasons.empty());
  EXPECT_FALSE(answer->report.alignment.empty());
  EXPECT_EQ(answer->record.log_origin, "test.example/log/demo");
  EXPECT_EQ(answer->record.leaf_index, kPolicyRecord);
  EXPECT_FALSE(answer->replayed);
}

TEST_F(Service, TheSameRequestGetsTheStoredAnswer) {
  const sdk::Request request = matching_request();
  const auto first = kiosk_->verify(request);
  ASSERT_TRUE(kiosk_->verify(matching_request()).has_value());
  const auto again = kiosk_->verify(request);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->record.leaf_index, first->record.leaf_index);
  EXPECT_EQ(again->record.leaf_hash, first->record.leaf_hash);
  EXPECT_EQ(again->report.log_odds, first->report.log_odds);
  EXPECT_EQ(again->report.sentence, first->report.sentence);
  EXPECT_EQ(kiosk_->checkpoint()->tree_size, kPolicyRecord + 2);
}

TEST_F(Service, OtherContentUnderTheSameIdIsRefused) {
  sdk::Request request = matching_request();
  ASSERT_TRUE(kiosk_->verify(request).has_value());
  request.station = "FRA";
  const auto other = kiosk_->verify(request);
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::kAlreadyExists);
  EXPECT_TRUE(other.error().message.starts_with("REQUEST_ID_REUSED")) << other.error().message;
  EXPECT_EQ(kiosk_->checkpoint()->tree_size, kPolicyRecord + 1);
}

TEST_F(Service, TenantsDoNotShareALog) {
  const sdk::Request request = matching_request();
  ASSERT_TRUE(kiosk_->verify(request).has_value());
  const auto other = client_for(site_, server_, "k2").verify(request);
  ASSERT_TRUE(other.has_value()) << other.error().message;
  EXPECT_FALSE(other->replayed);
  EXPECT_EQ(other->record.log_origin, "test.example/log/other");
  EXPECT_EQ(other->record.leaf_index, kPolicyRecord);
}

TEST_F(Service, RolesAreKeptApart) {
  ASSERT_TRUE(kiosk_->verify(matching_request()).has_value());
  const sdk::Client auditor = client_for(site_, server_, "a1");
  EXPECT_EQ(auditor.verify(matching_request()).error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(auditor.checkpoint().has_value());
  EXPECT_TRUE(auditor.consistency_proof(1).has_value());
  EXPECT_EQ(kiosk_->consistency_proof(1).error().code, ErrorCode::kPermissionDenied);
  EXPECT_TRUE(kiosk_->inclusion_proof(0).has_value());
}

TEST_F(Service, AnUnregisteredCertificateMayDoNothing) {
  const sdk::Client stranger = client_for(site_, server_, "stranger");
  EXPECT_EQ(stranger.verify(matching_request()).error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(stranger.checkpoint().error().code, ErrorCode::kPermissionDenied);
}

TEST_F(Service, AForeignCertificateFailsTheHandshake) {
  const Site elsewhere;  // with an authority of its own
  auto options = options_for(site_, server_, "k1");
  options.certificate_file = elsewhere.tls("k1.pem");
  options.key_file = elsewhere.tls("k1.key");
  const auto client = sdk::Client::connect(options);
  EXPECT_EQ(client->verify(matching_request()).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(stop(), 0);
  // What gRPC has to say of it is a JSON line as well.
  std::istringstream log(read_text(site_.path("server.log")));
  int from_grpc = 0;
  for (std::string line; std::getline(log, line);) {
    EXPECT_TRUE(line.starts_with("{\"time\":")) << line;
    from_grpc += line.find("\"event\":\"grpc\"") != std::string::npos;
  }
  EXPECT_GE(from_grpc, 1);
}

TEST_F(Service, AClientRefusesAForeignServer) {
  const Site elsewhere;
  auto options = options_for(site_, server_, "k1");
  options.ca_file = elsewhere.tls("ca.pem");
  const auto client = sdk::Client::connect(options);
  EXPECT_EQ(client->verify(matching_request()).error().code, ErrorCode::kUnavailable);
}

TEST_F(Service, ErrorsNameReasonAndField) {
  sdk::Request request = matching_request();
  verification::PersonName name;
  name.surname = base::PersonalText(std::string(257, 'A'));
  request.claims.push_back({verification::Source::kVisual, verification::CaptureMethod::kScanned,
                            verification::Assurance::kAsserted,
                            verification::NameClaim{std::move(name)}});
  const auto answer = kiosk_->verify(request);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(answer.error().field, "claims[2].person_name.surname");
  EXPECT_TRUE(answer.error().message.starts_with("NAME_TOO_LONG")) << answer.error().message;
}

TEST_F(Service, AnEmptyLogHasNoCheckpoint) {
  EXPECT_EQ(kiosk_->checkpoint().error().code, ErrorCode::kNotFound);
  EXPECT_EQ(kiosk_->inclusion_proof(0).error().code, ErrorCode::kNotFound);
}

TEST_F(Service, ProofsOutsideTheLogAreRefused) {
  ASSERT_TRUE(kiosk_->verify(matching_request()).has_value());
  const sdk::Client auditor = client_for(site_, server_, "a1");
  EXPECT_EQ(kiosk_->inclusion_proof(2).error().field, "leaf_index");
  EXPECT_EQ(auditor.consistency_proof(0).error().field, "first_tree_size");
  EXPECT_EQ(auditor.consistency_proof(3).error().field, "first_tree_size");
  EXPECT_EQ(auditor.consistency_proof(1, 3).error().field, "second_tree_size");
}

TEST_F(Service, EveryRecordIsProvenOffline) {
  constexpr std::size_t kRecords = 9;
  std::vector<audit::Hash> leaves;
  for (std::size_t i = 0; i < kRecords; ++i) {
    const auto answer = kiosk_->verify(matching_request());
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    leaves.push_back(answer->record.leaf_hash);
  }
  const auto trusted = cli::trusted_keys(site_.path("store/demo.vkey"));
  ASSERT_TRUE(trusted.has_value()) << trusted.error().message;
  for (std::size_t i = 0; i < kRecords; ++i) {
    const std::uint64_t index = kPolicyRecord + i;
    const auto proof = kiosk_->inclusion_proof(index);
    ASSERT_TRUE(proof.has_value()) << proof.error().message;
    const auto file = cli::proof_file(*proof);
    ASSERT_TRUE(file.has_value());
    const auto checked = cli::check_proof(*file, *trusted);
    ASSERT_TRUE(checked.has_value()) << checked.error().message;
    EXPECT_EQ(checked->index, index);
    EXPECT_EQ(checked->leaf_hash, leaves[i]);
    EXPECT_EQ(checked->leaf.decision, static_cast<std::uint16_t>(Verdict::kMatch));
  }
  // The key of another tenant's log proves nothing here.
  const auto others = cli::trusted_keys(site_.path("store/other.vkey"));
  const auto file = cli::proof_file(*kiosk_->inclusion_proof(0));
  EXPECT_FALSE(cli::check_proof(*file, *others).has_value());
}

TEST_F(Service, ARestartKeepsTheRecords) {
  const sdk::Request request = matching_request();
  const auto first = kiosk_->verify(request);
  ASSERT_TRUE(first.has_value());
  const auto before = kiosk_->checkpoint();
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(stop(), 0);

  ServerProcess next(site_);
  const sdk::Client kiosk = client_for(site_, next, "k1");
  const auto again = kiosk.verify(request);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->record.leaf_hash, first->record.leaf_hash);
  ASSERT_TRUE(kiosk.verify(matching_request()).has_value());
  const auto after = kiosk.checkpoint();
  ASSERT_TRUE(after.has_value());
  // Policy, verdict, restart, policy, verdict.
  EXPECT_EQ(after->tree_size, 4U);
  const auto proof = client_for(site_, next, "a1").consistency_proof(2);
  ASSERT_TRUE(proof.has_value()) << proof.error().message;
  EXPECT_TRUE(
      audit::verify_consistency(2, 4, before->root, after->root, proof->hashes).has_value());
}

TEST_F(Service, AStopSignsAFinalCheckpoint) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(kiosk_->verify(matching_request()).has_value());
  EXPECT_EQ(stop(), 0);
  const auto trusted = cli::trusted_keys(site_.path("store/demo.vkey"));
  const auto checkpoint = audit::open_checkpoint(read_text(site_.path("store/demo.checkpoint")),
                                                 *trusted, "test.example/log/demo");
  ASSERT_TRUE(checkpoint.has_value()) << checkpoint.error().message;
  EXPECT_EQ(checkpoint->size, kPolicyRecord + 5);
}

TEST_F(Service, WhatTheServerWritesIsTheOperatorsAlone) {
  using std::filesystem::perms;
  ASSERT_TRUE(kiosk_->verify(matching_request()).has_value());
  ASSERT_TRUE(kiosk_->checkpoint().has_value());
  std::vector<std::filesystem::path> written{site_.path("port")};
  for (const char* directory : {"store", "keys"}) {
    for (const auto& entry : std::filesystem::directory_iterator(site_.path(directory))) {
      written.push_back(entry.path());
    }
  }
  // port; three databases with two files beside each, lock, checkpoint, two public keys; two keys.
  EXPECT_EQ(written.size(), 1U + 13U + 2U);
  for (const auto& path : written) {
    EXPECT_EQ(std::filesystem::status(path).permissions(), perms::owner_read | perms::owner_write)
        << path;
  }
}

TEST_F(Service, TwoServersDoNotShareAStore) {
  const Finished second = run({PAXID_SERVER, "--config", site_.configuration()});
  EXPECT_EQ(second.status, 1);
  EXPECT_NE(second.output.find("start_failed"), std::string::npos) << second.output;
  EXPECT_TRUE(kiosk_->verify(matching_request()).has_value());
}

// Names and numbers that must appear nowhere but in the answer.
TEST_F(Service, NothingPersonalLeaksIntoLogsErrorsOrFiles) {
  const std::string canaries[] = {"CANARYSURNAME", "CANARYGIVEN", "K4N4RYNUM"};
  sdk::Request request = request_of("CANARYSURNAME/CANARYGIVEN MR", "CANARYSURNAME", "CANARYGIVEN");
  request.claims.push_back({verification::Source::kVisual, verification::CaptureMethod::kScanned,
                            verification::Assurance::kAsserted,
                            verification::DocumentNumberClaim{base::PersonalText("K4N4RYNUM")}});
  ASSERT_TRUE(kiosk_->verify(request).has_value());
  ASSERT_TRUE(kiosk_->verify(request).has_value());

  std::string said;
  request.station = "FRA";
  said += kiosk_->verify(request).error().message;  // another request under the same id
  said += client_for(site_, server_, "a1").verify(request).error().message;
  for (const char* wrong : {"CANARYSURNAME", "K4N4RYNUM CANARYGIVEN"}) {
    sdk::Request bad = request;
    bad.request_id = wrong;
    bad.station = wrong;
    bad.flight.carrier = wrong;
    bad.claims.push_back(
        {verification::Source::kVisual, verification::CaptureMethod::kScanned,
         verification::Assurance::kAsserted,
         verification::DocumentNumberClaim{base::PersonalText(std::string("K4N4RYNUM ") + wrong)}});
    const auto refused = kiosk_->verify(bad);
    ASSERT_FALSE(refused.has_value());
    said += refused.error().message + refused.error().field;
  }
  EXPECT_EQ(stop(), 0);

  for (const std::string& canary : canaries) {
    EXPECT_EQ(said.find(canary), std::string::npos) << "in an error";
    EXPECT_EQ(read_text(site_.path("server.log")).find(canary), std::string::npos) << "in the log";
    for (const auto& entry : std::filesystem::directory_iterator(site_.path("store"))) {
      EXPECT_EQ(read_text(entry.path()).find(canary), std::string::npos) << entry.path();
    }
  }
  EXPECT_NE(read_text(site_.path("server.log")).find("call_answered"), std::string::npos);
}

}  // namespace
}  // namespace paxid::integration
