#pragma once

#include <optional>
#include <vector>

#include "verification/attributes.h"
#include "verification/flight.h"
#include "verification/name_rules.h"
#include "verification/rule.h"
#include "verification/sides.h"

namespace paxid::verification {

// What the server's state says of pass, seat and document.
std::vector<RuleOutcome> state_rules(const FlightContext& context);

// The rules on who else is on board. `evidence` is the comparison of the booking with the
// document. Search stays within one flight.
std::vector<RuleOutcome> peer_rules(const FlightContext& context, const Sides& sides,
                                    const NameEvidence& evidence,
                                    const std::vector<TravelName>& booking,
                                    const std::vector<matcher::PreparedName>& document_names,
                                    const AttributeRelations& attributes);

}  // namespace paxid::verification
