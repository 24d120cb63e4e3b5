#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/error.h"

namespace google::rpc {
class Status;
}

namespace paxid::server {

// At most this many violations are listed in one answer.
inline constexpr std::size_t kMaxViolations = 32;
// When a full queue or disk is worth another try.
inline constexpr std::chrono::milliseconds kRetryDelay{250};

struct FieldViolation {
  std::string field;        // "claims[2].birth_date"
  std::string description;  // what it must be; never the value
};

// Why a call is not answered: an error of the API (AIP-193). Holds no input.
struct Refusal {
  base::ErrorCode code = base::ErrorCode::kInvalidArgument;
  std::string reason;   // UPPER_SNAKE_CASE
  std::string message;  // for developers
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<FieldViolation> violations;
  std::chrono::milliseconds retry_delay{0};
};

// A refusal without metadata and violations.
tl::unexpected<Refusal> refuse(base::ErrorCode code, std::string reason, std::string message);

// The refusal that an error of the store becomes.
Refusal refusal_from(const base::Error& error);

// google.rpc.Status with ErrorInfo, then BadRequest and RetryInfo where they apply.
google::rpc::Status to_rpc_status(const Refusal& refusal);

// The number of the gRPC status code.
int grpc_code_of(base::ErrorCode code);

}  // namespace paxid::server
