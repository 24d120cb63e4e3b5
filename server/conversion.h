#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "server/refusal.h"
#include "verification/claim.h"
#include "verification/engine.h"
#include "verification/verdict.h"

namespace paxid::v1 {
class VerifyRequest;
class VerifyResponse;
}  // namespace paxid::v1

namespace paxid::server {

inline constexpr std::size_t kMaxLanguageLength = 35;  // RFC 5646 section 4.4.1
inline constexpr std::size_t kMaxPassNameBytes = 20;   // IATA Resolution 792 item 11

using RequestId = std::array<std::uint8_t, 16>;

// A request that was found right.
struct VerifyInput {
  RequestId request_id{};
  std::vector<verification::Claim> claims;
  verification::Flight flight;
  std::string station;
  std::string_view channel;  // "kiosk", "gate", ...; static lifetime
  std::string_view purpose;  // "boarding_check", "api_accuracy"; static lifetime
  std::optional<std::int64_t> client_unix_seconds;
};

// Checks every field against its limit and converts. The refusal lists every violation; its
// reason is the first one's.
tl::expected<VerifyInput, Refusal> read_verify_request(const v1::VerifyRequest& request);

// RFC 9562 in 36 characters, either case; not the nil UUID.
std::optional<RequestId> parse_request_id(std::string_view text);

// What makes two requests the same: all of the message but client_time, which a client sets
// anew for a retry, and the letter case of the request id, in protobuf's deterministic
// serialisation.
std::string canonical_request(const v1::VerifyRequest& request);

// The verdict's part of a response. Text that is no UTF-8 (cells of a damaged zone) becomes
// U+FFFD, one for each byte, so that a message can carry it and positions stay.
void write_report(const verification::VerdictReport& report, v1::VerifyResponse* response);

}  // namespace paxid::server
