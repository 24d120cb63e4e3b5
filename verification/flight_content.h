#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "verification/bigrams.h"
#include "verification/flight.h"
#include "verification/name_rules.h"

namespace paxid::verification {

// A passenger with his booked name read and looked up. A server keeps tens of thousands: what is
// needed of few of them is found when it is asked for.
struct PreparedPassenger {
  const Passenger* data = nullptr;                        // never null
  std::vector<TravelName> readings;                       // most likely first, at least one
  std::vector<std::vector<TravelName>> earlier_readings;  // one list for each earlier name
  Bigrams bigrams;                                        // of all readings
  int bigram_count = 0;
};

// What a PreparedFlight shares.
struct PreparedFlight::Content {
  std::shared_ptr<const void> keeper;  // of what the passengers point to
  std::vector<PreparedPassenger> passengers;
  std::vector<std::uint32_t> by_locator;  // passengers with one, in its order
  // Letters and digits alone, and the passenger; in their order.
  std::vector<std::pair<std::string, std::uint32_t>> by_document_number;
  // Letters of the first reading's, and how many passengers bear it; in their order.
  std::vector<std::pair<std::string, int>> surnames;
};

}  // namespace paxid::verification
