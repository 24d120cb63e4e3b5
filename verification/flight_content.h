#pragma once

#include <map>
#include <string>
#include <vector>

#include "verification/bigrams.h"
#include "verification/flight.h"
#include "verification/name_rules.h"
#include "verification/sides.h"

namespace paxid::verification {

// A passenger with his booked name read and looked up.
struct PreparedPassenger {
  Passenger passenger;
  std::vector<TravelName> readings;                       // most likely first, at least one
  std::vector<std::vector<TravelName>> earlier_readings;  // one list for each earlier name
  Bigrams bigrams;                                        // of all readings
  int bigram_count = 0;
  TravelSide travel;                   // what the booking states
  std::string surname_key;             // letters of the first reading's surname
  std::vector<std::string> documents;  // numbers, letters and digits alone
};

// What a PreparedFlight shares.
struct PreparedFlight::Content {
  std::vector<PreparedPassenger> passengers;
  std::multimap<std::string, std::size_t> by_locator;
  std::multimap<std::string, std::size_t> by_document_number;
  std::map<std::string, int> surnames;  // how many passengers bear a surname
};

}  // namespace paxid::verification
