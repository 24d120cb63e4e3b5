#pragma once

#include "base/error.h"
#include "clients/sdk/client.h"

namespace paxid::v1 {
class VerifyRequest;
class VerifyResponse;
}  // namespace paxid::v1

// Between the SDK's types and the wire. Knows no gRPC.
namespace paxid::sdk {

// Without client_time, which belongs to an attempt and not to the request.
v1::VerifyRequest to_wire(const Request& request);

// INTERNAL when the response says what the contract does not allow (no verdict, a hash that
// has not 32 bytes): such an answer must not be shown.
base::Result<Answer> from_wire(const v1::VerifyResponse& response);

}  // namespace paxid::sdk
