#pragma once

#include <map>
#include <string>
#include <vector>

#include "verification/flight.h"
#include "verification/name_rules.h"

namespace paxid::verification {

// A passenger with his booked name read and looked up.
struct PreparedPassenger {
  Passenger passenger;
  std::vector<TravelName> readings;                       // most likely first, at least one
  std::vector<std::vector<TravelName>> earlier_readings;  // one list for each earlier name
};

// What a PreparedFlight shares.
struct PreparedFlight::Content {
  std::vector<PreparedPassenger> passengers;
  std::multimap<std::string, std::size_t> by_locator;
  std::multimap<std::string, std::size_t> by_document_number;  // letters and digits alone
};

}  // namespace paxid::verification
