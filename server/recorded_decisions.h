#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "audit/store.h"
#include "server/decision_flow.h"
#include "server/flights.h"

namespace paxid::server {

// How far back the log is read for decisions on a flight that is opened (again).
inline constexpr std::chrono::hours kRecoveryWindow{48};
inline constexpr std::uint64_t kMaxRecoveredLeaves = 1'000'000;
// Decisions of a tenant whose places are remembered; the oldest are forgotten first.
inline constexpr std::size_t kMaxRememberedDecisions = 1'000'000;

// Finds the decisions on a flight in the log. It remembers where decisions stand, 24 bytes for
// each, so that each call reads what the log has grown by since the one before; only the first one
// of a tenant reads back as far as the limits above. Waits for the store; not thread-safe.
class RecordedDecisions {
 public:
  // `store` must outlive it.
  explicit RecordedDecisions(audit::Store& store) : store_(store) {}

  // In the order of the log. What cannot be read is left out: the bodies of who was erased.
  std::vector<RecordedDecision> on(const std::string& tenant, const FlightKey& flight,
                                   std::uint64_t now_unix_us);

 private:
  struct Place {
    std::uint64_t index = 0;
    std::uint64_t time_unix_us = 0;
    std::size_t flight = 0;  // hash of its key
  };
  struct Known {
    std::uint64_t read = 0;  // leaves below it have been looked at, or are too old
    std::deque<Place> places;
  };
  void read_on(const std::string& tenant, std::uint64_t oldest_unix_us, Known& known);

  audit::Store& store_;
  std::map<std::string, Known, std::less<>> of_tenants_;
};

}  // namespace paxid::server
