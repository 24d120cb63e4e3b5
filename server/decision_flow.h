#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "audit/store.h"
#include "base/clock.h"
#include "server/access.h"
#include "server/flights.h"
#include "server/refusal.h"

namespace paxid::v1 {
class RecordDecisionRequest;
class RecordDecisionResponse;
}  // namespace paxid::v1

namespace paxid::server {

// How long a decision can be taken back.
inline constexpr std::chrono::seconds kUndoTime{30};
// A suggestion that is older than this is no longer decided on: verify again.
inline constexpr std::chrono::minutes kMaxSuggestionAge{60};
inline constexpr std::size_t kMaxOperatorIdLength = 64;
// Whether a person at a device may be called so.
bool is_operator_id(std::string_view text);

// A decision on its way into the log.
struct DraftedDecision {
  audit::Record record;
  // Where it takes effect; nothing: the suggestion was about no loaded flight.
  std::optional<FlightKey> flight;
  FlightDecision decision;
  bool repeated = false;  // the log has a record of this request: nothing takes effect again
};

// Turns a person's decision into its record. What it decides on is read from the log, not from
// memory, so a decision can follow a suggestion that another run of the server has given. Reads
// the store: not for a callback's thread. Thread-safe; the arguments must outlive it.
class DecisionFlow {
 public:
  DecisionFlow(audit::Store& store, const Flights& flights, const base::Clock& clock)
      : store_(store), flights_(flights), clock_(clock) {}

  // Everything but what other decisions on the flight may forbid (Flights::hold).
  tl::expected<DraftedDecision, Refusal> draft(const Principal& caller,
                                               const v1::RecordDecisionRequest& request) const;

  static tl::expected<v1::RecordDecisionResponse, Refusal> answer(
      const v1::RecordDecisionRequest& request, const base::Result<audit::Receipt>& receipt);

 private:
  audit::Store& store_;
  const Flights& flights_;
  const base::Clock& clock_;
};

// What Flights::hold refuses, as a client is told it.
Refusal refusal_from_hold(const base::Error& error);

// A decision that was recorded before this server started, from the body of its record; nothing
// when it does nothing to a flight.
struct RecordedDecision {
  FlightKey flight;
  FlightDecision decision;
  // How the passenger is found again on a flight that is loaded anew.
  std::string locator;
  base::PersonalText booked_name;
  std::uint64_t time_unix_us = 0;
};
std::optional<RecordedDecision> recorded_decision(const audit::Leaf& leaf,
                                                  const audit::Bytes& body);

}  // namespace paxid::server
