#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "audit/store.h"
#include "server/refusal.h"
#include "verification/claim.h"
#include "verification/engine.h"
#include "verification/verdict.h"

namespace google::protobuf {
class MessageLite;
}

namespace paxid::v1 {
class RecordReference;
class VerifyRequest;
class VerifyResponse;
}  // namespace paxid::v1

namespace paxid::server {

inline constexpr std::size_t kMaxLanguageLength = 35;  // RFC 5646 section 4.4.1
inline constexpr std::size_t kMaxPassNameBytes = 20;   // IATA Resolution 792 item 11

using RequestId = std::array<std::uint8_t, 16>;

// Points to a booking on a loaded flight; empty texts are not known.
struct BookingPointer {
  std::string locator;
  std::string sequence;
  std::string seat;
  std::string ticket;
};

// A request that was found right.
struct VerifyInput {
  RequestId request_id{};
  std::vector<verification::Claim> claims;
  verification::Flight flight;
  std::string station;
  std::string_view channel;  // "kiosk", "gate", ...; static lifetime
  std::string_view purpose;  // "boarding_check", "api_accuracy"; static lifetime
  std::optional<std::int64_t> client_unix_seconds;
  BookingPointer booking;
};

// Keeps every violation of a request; the first one gives the refusal its reason.
class Violations {
 public:
  void add(std::string reason, std::string field, std::string description,
           std::optional<std::size_t> limit = std::nullopt);
  bool none() const { return refusal_.violations.empty(); }
  const Refusal& refusal() const { return refusal_; }

 private:
  Refusal refusal_;
};

// The forms of the fields that several requests share.
bool is_airport(std::string_view text);        // 3 letters A-Z
bool is_carrier(std::string_view text);        // 2 or 3 of A-Z, 0-9
bool is_flight_number(std::string_view text);  // 1 to 4 digits and at most one letter A-Z
bool is_locator(std::string_view text);        // 5 to 7 of A-Z, 0-9
bool is_ticket(std::string_view text);         // 13 digits
bool is_short_code(std::string_view text);     // 1 to 8 of A-Z, 0-9: a seat, a sequence

// A request id, with its violation when it is none.
RequestId read_request_id(const std::string& text, Violations& violations,
                          const char* field = "request_id");

// Checks every field against its limit and converts. The refusal lists every violation; its
// reason is the first one's.
tl::expected<VerifyInput, Refusal> read_verify_request(const v1::VerifyRequest& request);

// RFC 9562 in 36 characters, either case; not the nil UUID.
std::optional<RequestId> parse_request_id(std::string_view text);

// In the one letter case that makes equal ids equal texts (RFC 9562 section 4).
std::string lower_request_id(std::string text);

// Protobuf's deterministic serialisation: the same bytes for the same message.
std::string deterministic_bytes(const google::protobuf::MessageLite& message);

// What makes two requests the same: all of the message but client_time, which a client sets
// anew for a retry, and the letter case of the request id, in protobuf's deterministic
// serialisation.
std::string canonical_request(const v1::VerifyRequest& request);

// Where a record stands.
void write_place(const audit::Receipt& receipt, v1::RecordReference* to);

// What a report says in English: record and answer hold it beside its keys and arguments.
struct ReportTexts {
  std::string sentence;
  std::vector<std::string> reasons;          // in the order of the report's
  std::vector<std::string> counterfactuals;  // likewise
};
ReportTexts english_of(const verification::VerdictReport& report);

// The verdict's part of a response. `texts` are english_of() the report. Text that is no UTF-8
// (cells of a damaged zone) becomes U+FFFD, one for each byte, so that a message can carry it and
// positions stay.
void write_report(const verification::VerdictReport& report, ReportTexts texts,
                  v1::VerifyResponse* response);

}  // namespace paxid::server
