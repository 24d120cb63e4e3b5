#pragma once

#include <vector>

#include "verification/engine.h"
#include "verification/flight_content.h"
#include "verification/rule.h"
#include "verification/sides.h"

namespace paxid::verification {

// The rules on the boarding pass: against the booking (and what it was before corrections),
// against the flight, and what it can carry where no booking is known. `booked` is the booking
// on the loaded flight, or null; `booking` the readings of the booked name, or empty.
std::vector<RuleOutcome> pass_rules(const Sides& sides, const std::vector<TravelName>& booking,
                                    const PreparedPassenger* booked, const Evidence& evidence,
                                    const Rules& rules);

// Whether the pass, when its flights could be read, is for the flight the client states. Only
// what both say is compared; a marketing carrier is as good as the operating one.
bool is_for_flight(const std::vector<PassFlight>& pass_flights, const Flight& flight);

}  // namespace paxid::verification
