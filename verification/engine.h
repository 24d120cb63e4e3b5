#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "verification/claim.h"
#include "verification/flight.h"
#include "verification/policy.h"
#include "verification/sides.h"
#include "verification/verdict.h"

namespace paxid::verification {

// The flight the passenger wants to board, as the client states it. Empty: not stated.
struct Flight {
  std::string carrier;
  std::string number;
  std::optional<base::Date> departure_date;
  std::string from;
  std::string to;
};

// Everything one verification depends on.
struct Evidence {
  std::vector<Claim> claims;
  Flight flight;
  FlightContext context;
  base::Date station_date;  // today at the station, from the server's clock (station.h)
  // The client's clock minus the server's; nothing when the client stated no time.
  std::optional<std::int64_t> client_clock_offset_seconds = std::nullopt;
  // Who signs whose passes; null: no signature is checked. Must outlive the call.
  const bcbp::KeyTable* pass_keys = nullptr;
};

// A verdict, and what was read out of the claims on the way to it.
struct Judged {
  VerdictReport report;
  Sides sides;
};

// The judge. Pure: no clock, no file, no lock; the same evidence and policy give the same
// verdict, bit for bit. Thread-safe.
class Engine {
 public:
  explicit Engine(Policy policy);

  // Never fails: whatever the claims hold, the answer is a verdict with reasons.
  VerdictReport verify(const Evidence& evidence) const;
  Judged judge(const Evidence& evidence) const;
  // The same of claims that are sorted already: `sides` is what sort_claims() makes of the
  // evidence's claims, day, booking and keys.
  VerdictReport verify(const Evidence& evidence, const Sides& sides) const;

  const Policy& policy() const { return policy_; }

  // "<version>+<first 8 hex digits of software_digest()>"; constant in a build.
  static const std::string& version();
  // SHA-256 over version and table digests, 32 bytes: the record's "software" field.
  static const std::vector<std::uint8_t>& software_digest();

 private:
  Policy policy_;
};

}  // namespace paxid::verification
