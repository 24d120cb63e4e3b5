#pragma once

#include <vector>

#include "verification/engine.h"
#include "verification/name_rules.h"
#include "verification/rule.h"

namespace paxid::verification {

// The rules on who else is on board. `evidence` is the comparison of the booking with the
// document. Search stays within the peers given: one flight.
std::vector<RuleOutcome> flight_rules(const FlightContext& context, const NameEvidence& evidence,
                                      const std::vector<matcher::PreparedName>& document_names,
                                      const AttributeRelations& attributes);

// Whether the pass, when its flights could be read, is for the flight the client states. Only
// what both say is compared; a marketing carrier is as good as the operating one.
bool is_for_flight(const std::vector<PassFlight>& pass_flights, const Flight& flight);

}  // namespace paxid::verification
