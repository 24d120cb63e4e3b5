#include "server/refusal.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <set>

namespace paxid::server {
namespace {

using base::ErrorCode;

constexpr ErrorCode kEveryCode[] = {
    ErrorCode::kInvalidArgument,  ErrorCode::kNotFound,          ErrorCode::kAlreadyExists,
    ErrorCode::kPermissionDenied, ErrorCode::kResourceExhausted, ErrorCode::kFailedPrecondition,
    ErrorCode::kUnavailable,      ErrorCode::kDataLoss,          ErrorCode::kInternal};

TEST(Refusal, CodesAreThoseOfGrpc) {
  EXPECT_EQ(grpc_code_of(ErrorCode::kInvalidArgument), 3);
  EXPECT_EQ(grpc_code_of(ErrorCode::kAlreadyExists), 6);
  EXPECT_EQ(grpc_code_of(ErrorCode::kPermissionDenied), 7);
  EXPECT_EQ(grpc_code_of(ErrorCode::kResourceExhausted), 8);
  EXPECT_EQ(grpc_code_of(ErrorCode::kUnavailable), 14);
  std::set<int> codes;
  for (ErrorCode code : kEveryCode) codes.insert(grpc_code_of(code));
  EXPECT_EQ(codes.size(), std::size(kEveryCode));
}

TEST(Refusal, OfTheStoreSaysNothingOfItsOwnMessage) {
  for (ErrorCode code : kEveryCode) {
    const Refusal refusal = refusal_from({code, "/var/lib/secret path", "field"});
    EXPECT_FALSE(refusal.reason.empty());
    EXPECT_EQ(refusal.message.find("secret"), std::string::npos);
    EXPECT_FALSE(refusal.message.empty());
  }
}

TEST(Refusal, PacksTheDetailsOfTheErrorModel) {
  Refusal refusal;
  refusal.code = ErrorCode::kInvalidArgument;
  refusal.reason = "NAME_TOO_LONG";
  refusal.message = "m";
  refusal.metadata = {{"limit", "256"}};
  refusal.violations = {{"claims[0].person_name.surname", "must be at most 256 code points"}};
  const google::rpc::Status status = to_rpc_status(refusal);
  EXPECT_EQ(status.code(), 3);
  ASSERT_EQ(status.details_size(), 2);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(status.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "NAME_TOO_LONG");
  EXPECT_EQ(info.domain(), "paxid");
  EXPECT_EQ(info.metadata().at("limit"), "256");
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(status.details(1).UnpackTo(&bad_request));
  EXPECT_EQ(bad_request.field_violations(0).field(), "claims[0].person_name.surname");
  EXPECT_EQ(status.details(1).type_url(), "type.googleapis.com/google.rpc.BadRequest");
}

TEST(Refusal, ResourceExhaustedSaysWhenToComeBack) {
  const google::rpc::Status status =
      to_rpc_status(refusal_from({ErrorCode::kResourceExhausted, "", ""}));
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(status.details(status.details_size() - 1).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().nanos(), 250'000'000);
}

TEST(Refusal, ListsABoundedNumberOfViolations) {
  Refusal refusal;
  refusal.reason = "X";
  refusal.violations.resize(1000, {"f", "d"});
  const google::rpc::Status status = to_rpc_status(refusal);
  google::rpc::BadRequest bad_request;
  ASSERT_TRUE(status.details(1).UnpackTo(&bad_request));
  EXPECT_EQ(static_cast<std::size_t>(bad_request.field_violations_size()), kMaxViolations);
}

}  // namespace
}  // namespace paxid::server
