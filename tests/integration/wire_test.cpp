// What the client library never sends: raw stubs against the real program.

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <paxid/v1/audit_service.grpc.pb.h>
#include <paxid/v1/verification_service.grpc.pb.h>
#include <signal.h>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "audit/sqlite_store.h"
#include "audit/verify_log.h"
#include "base/clock.h"
#include "clients/sdk/client.h"
#include "tests/integration/server_process.h"

namespace paxid::integration {
namespace {

using grpc::StatusCode;

v1::VerifyRequest good_request() {
  v1::VerifyRequest request;
  request.set_request_id(sdk::new_request_id());
  request.set_channel(v1::CHANNEL_GATE);
  request.set_purpose(v1::PURPOSE_BOARDING_CHECK);
  v1::Claim* booking = request.add_claims();
  booking->set_source(v1::SOURCE_BOOKING);
  booking->set_capture_method(v1::CAPTURE_METHOD_RECEIVED);
  booking->set_booking_name("MUELLER/HANS MR");
  v1::Claim* document = request.add_claims();
  document->set_source(v1::SOURCE_TYPED);
  document->set_capture_method(v1::CAPTURE_METHOD_TYPED);
  document->mutable_person_name()->set_surname("MUELLER");
  document->mutable_person_name()->set_given_names("HANS");
  return request;
}

class Wire : public testing::Test {
 protected:
  std::shared_ptr<grpc::ChannelCredentials> credentials(const std::string& principal) const {
    grpc::SslCredentialsOptions pem;
    pem.pem_root_certs = read_text(site_.tls("ca.pem"));
    if (!principal.empty()) {
      pem.pem_cert_chain = read_text(site_.tls(principal + ".pem"));
      pem.pem_private_key = read_text(site_.tls(principal + ".key"));
    }
    return grpc::SslCredentials(pem);
  }

  std::unique_ptr<v1::VerificationService::Stub> stub(
      const std::shared_ptr<grpc::ChannelCredentials>& with) const {
    return v1::VerificationService::NewStub(grpc::CreateChannel(server_.address(), with));
  }

  static grpc::Status verify(v1::VerificationService::Stub& stub, const v1::VerifyRequest& request,
                             bool wait_for_connection = false) {
    grpc::ClientContext context;
    // After a connection was given up the next call waits for a new one.
    context.set_wait_for_ready(wait_for_connection);
    v1::VerifyResponse response;
    return stub.Verify(&context, request, &response);
  }

  Site site_;
  ServerProcess server_{site_};
  std::unique_ptr<v1::VerificationService::Stub> kiosk_ = stub(credentials("k1"));
};

TEST_F(Wire, WithoutACertificateThereIsNoConnection) {
  EXPECT_EQ(verify(*stub(credentials("")), good_request()).error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(verify(*stub(grpc::InsecureChannelCredentials()), good_request()).error_code(),
            StatusCode::UNAVAILABLE);
  EXPECT_TRUE(verify(*kiosk_, good_request()).ok());
}

TEST_F(Wire, OversizeIsRefusedByTheTransport) {
  v1::VerifyRequest request = good_request();
  request.set_station(std::string(65 * 1024, 'A'));
  EXPECT_EQ(verify(*kiosk_, request).error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(verify(*kiosk_, good_request()).ok());
}

TEST_F(Wire, OversizeMetadataIsRefusedByTheTransport) {
  grpc::ClientContext context;
  context.AddMetadata("x-filler", std::string(10 * 1024, 'a'));
  v1::VerifyResponse response;
  EXPECT_FALSE(kiosk_->Verify(&context, good_request(), &response).ok());
  // The connection is given up for it, so the next call may meet its end; the server goes on,
  // and a client that repeats the request, as the contract says, gets its answer.
  const v1::VerifyRequest request = good_request();
  grpc::Status next = verify(*kiosk_, request, /*wait_for_connection=*/true);
  if (next.error_code() == StatusCode::UNAVAILABLE) {
    next = verify(*kiosk_, request, /*wait_for_connection=*/true);
  }
  EXPECT_TRUE(next.ok()) << next.error_code() << " " << next.error_message();
}

TEST_F(Wire, CompressedMessagesAreNotUnpacked) {
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::VerifyRequest request = good_request();
  request.mutable_claims(0)->set_booking_name(std::string(250, 'A'));
  v1::VerifyResponse response;
  EXPECT_FALSE(kiosk_->Verify(&context, request, &response).ok());
  EXPECT_TRUE(verify(*kiosk_, good_request()).ok());
}

TEST_F(Wire, ErrorDetailsAreThoseOfTheErrorModel) {
  v1::VerifyRequest request = good_request();
  request.mutable_claims(1)->set_source(static_cast<v1::Source>(77));
  request.clear_purpose();
  const grpc::Status status = verify(*kiosk_, request);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), StatusCode::INVALID_ARGUMENT);
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  ASSERT_EQ(details.details_size(), 2);
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  ASSERT_TRUE(details.details(1).UnpackTo(&bad_request));
  EXPECT_EQ(info.reason(), "ENUM_VALUE_UNKNOWN");
  EXPECT_EQ(info.domain(), "paxid");
  ASSERT_EQ(bad_request.field_violations_size(), 2);
  EXPECT_EQ(bad_request.field_violations(0).field(), "claims[1].source");
  EXPECT_EQ(bad_request.field_violations(1).field(), "purpose");
}

TEST_F(Wire, AClientThatIsGoneLeavesNoHalfRecord) {
  std::uint64_t answered = 1;
  for (int i = 0; i < 50; ++i) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::microseconds(i * 100));
    v1::VerifyResponse response;
    answered += kiosk_->Verify(&context, good_request(), &response).ok() ? 1 : 0;
  }
  ASSERT_TRUE(verify(*kiosk_, good_request()).ok());
  kiosk_.reset();
  EXPECT_EQ(server_.stop(), 0);

  audit::SqliteStoreOptions options;
  options.directory = site_.path("store");
  options.origin_prefix = "test.example/log";
  options.signing_key_file = site_.path("keys/signing.key");
  options.kek = site_.path("keys/kek.bin");
  const base::SystemClock clock;
  const auto store = audit::open_sqlite_store(options, clock);
  ASSERT_TRUE(store.has_value()) << store.error().message;
  const auto report = audit::verify_log(**store, "demo");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  for (const audit::LogProblem& problem : report->problems) {
    ADD_FAILURE() << audit::name_of(problem.kind) << " at " << problem.index;
  }
  // And the record of the policy.
  EXPECT_GE(report->size, answered + 1);
  EXPECT_LE(report->size, 52U);
  EXPECT_EQ(report->bodies_opened, report->size);
}

TEST_F(Wire, OneBadRequestDoesNotEndTheStream) {
  grpc::ClientContext context;
  const auto stream = kiosk_->VerifyStream(&context);
  std::map<std::string, bool> sent;  // id -> is it good
  for (int i = 0; i < 9; ++i) {
    v1::VerifyStreamRequest request;
    *request.mutable_request() = good_request();
    sent[request.request().request_id()] = i % 3 != 1;
    if (i % 3 == 1) request.mutable_request()->clear_channel();
    ASSERT_TRUE(stream->Write(request));
  }
  ASSERT_TRUE(stream->Write(v1::VerifyStreamRequest()));  // nothing in it
  ASSERT_TRUE(stream->WritesDone());
  v1::VerifyStreamResponse response;
  int nameless = 0;
  while (stream->Read(&response)) {
    if (response.request_id().empty()) {
      ++nameless;
      EXPECT_EQ(response.error().code(), StatusCode::INVALID_ARGUMENT);
      continue;
    }
    ASSERT_TRUE(sent.contains(response.request_id()));
    EXPECT_EQ(response.has_response(), sent[response.request_id()]);
    EXPECT_EQ(response.has_error(), !sent[response.request_id()]);
    sent.erase(response.request_id());
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(nameless, 1);
  EXPECT_TRUE(sent.empty());
}

TEST_F(Wire, AStreamCarriesMoreThanItsWindow) {
  constexpr int kRequests = 1000;
  grpc::ClientContext context;
  const auto stream = kiosk_->VerifyStream(&context);
  std::thread writer([&] {
    for (int i = 0; i < kRequests; ++i) {
      v1::VerifyStreamRequest request;
      *request.mutable_request() = good_request();
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
  });
  v1::VerifyStreamResponse response;
  std::map<std::int64_t, int> indices;
  while (stream->Read(&response)) {
    ASSERT_TRUE(response.has_response());
    ++indices[response.response().record().placed().leaf_index()];
  }
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(indices.size(), static_cast<std::size_t>(kRequests));
}

// More streams than a tenant has places for verifications (server/calls.h), each of them open and
// without a question: every further one is answered.
TEST_F(Wire, IdleStreamsTakeNobodysPlace) {
  using Stream = grpc::ClientReaderWriter<v1::VerifyStreamRequest, v1::VerifyStreamResponse>;
  constexpr int kStreams = 1100;
  constexpr int kOfOneConnection = 100;
  struct Open {
    grpc::ClientContext context;
    std::unique_ptr<Stream> stream;
  };
  std::vector<std::unique_ptr<v1::VerificationService::Stub>> stubs;
  std::vector<std::unique_ptr<Open>> streams;
  for (int i = 0; i < kStreams; ++i) {
    if (i % kOfOneConnection == 0) {
      grpc::ChannelArguments own;
      own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      stubs.push_back(v1::VerificationService::NewStub(
          grpc::CreateCustomChannel(server_.address(), credentials("k1"), own)));
    }
    Open& one = *streams.emplace_back(std::make_unique<Open>());
    one.stream = stubs.back()->VerifyStream(&one.context);
    v1::VerifyStreamRequest request;
    *request.mutable_request() = good_request();
    ASSERT_TRUE(one.stream->Write(request));
    v1::VerifyStreamResponse response;
    ASSERT_TRUE(one.stream->Read(&response)) << "stream " << i;
    ASSERT_TRUE(response.has_response()) << "stream " << i;
  }
  EXPECT_TRUE(verify(*kiosk_, good_request()).ok());
  for (const auto& one : streams) {
    one->context.TryCancel();
    one->stream->Finish();
  }
}

TEST_F(Wire, ACancelledStreamDoesNotHurtTheServer) {
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    const auto stream = kiosk_->VerifyStream(&context);
    for (int k = 0; k < i; ++k) {
      v1::VerifyStreamRequest request;
      *request.mutable_request() = good_request();
      stream->Write(request);
    }
    context.TryCancel();
    stream->Finish();
  }
  EXPECT_TRUE(verify(*kiosk_, good_request()).ok());
  kiosk_.reset();
  EXPECT_EQ(server_.stop(), 0);
}

TEST_F(Wire, AnAuditorMayNotOpenAStream) {
  grpc::ClientContext context;
  const auto stream = stub(credentials("a1"))->VerifyStream(&context);
  v1::VerifyStreamResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), StatusCode::PERMISSION_DENIED);
}

TEST_F(Wire, ASecondSignalDoesNotWaitForCalls) {
  grpc::ClientContext context;
  const auto stream = kiosk_->VerifyStream(&context);
  v1::VerifyStreamRequest request;
  *request.mutable_request() = good_request();
  ASSERT_TRUE(stream->Write(request));
  v1::VerifyStreamResponse response;
  ASSERT_TRUE(stream->Read(&response));
  // The stream stays open, so the first signal has something to wait for.
  server_.send(SIGTERM);
  while (read_text(site_.path("server.log")).find("\"draining\"") == std::string::npos) {
    std::this_thread::yield();
  }
  server_.send(SIGTERM);
  EXPECT_EQ(server_.wait(), 0);
  EXPECT_NE(read_text(site_.path("server.log")).find("stopping_at_once"), std::string::npos);

  ServerProcess next(site_);
  const auto again =
      v1::VerificationService::NewStub(grpc::CreateChannel(next.address(), credentials("k1")));
  grpc::ClientContext next_context;
  v1::VerifyResponse replay;
  ASSERT_TRUE(again->Verify(&next_context, request.request(), &replay).ok());
  EXPECT_TRUE(replay.replayed());
}

}  // namespace
}  // namespace paxid::integration
