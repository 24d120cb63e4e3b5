#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "base/date.h"
#include "server/conversion.h"
#include "server/flights.h"
#include "verification/engine.h"
#include "verification/sides.h"
#include "verification/verdict.h"

// What the loaded flights know about a request: which booking it is about, who has boarded, what
// people have resolved.
namespace paxid::server {

// Where a request stands on the loaded flights.
struct FlightSight {
  SharedFlight flight;               // nothing: not loaded
  std::optional<std::size_t> place;  // of the booking in the roster
  bool not_on_flight = false;        // pass or request point to a booking that is not there

  // Nothing when there is no such booking.
  const RosterPassenger* passenger() const;
};

// The flight is the one the request states (boarding at its `from`, or at the station); where it
// states none, one that the pass is for. The booking is the one that the request points to, else
// the one of the pass's leg of that flight. `passes` are those of the request's claims.
FlightSight sight_of(const Flights& flights, std::string_view tenant, const VerifyInput& input,
                     const std::vector<verification::ReadPass>& passes);

// What the engine is told. `document` is the blind index of the document, when it was read.
verification::FlightContext context_of(const FlightSight& sight,
                                       const std::optional<audit::Id16>& document,
                                       std::uint64_t now_unix_us);

// The findings of a report that a person has resolved before.
struct Coverage {
  std::uint64_t bits = 0;  // of RuleCode; 0: nothing is covered
  std::vector<std::string> codes;
  const Resolution* resolution = nullptr;  // of `sight.flight`
};

// The holder of the document, as far as a second document under the same number would differ.
struct Holder {
  std::string birth_date;   // ISO; empty: not known
  std::string nationality;  // empty: not known
};

// A rule is covered when everything that the report says under its code was accepted before for
// this passenger under this booked name, on this document in the hands of this holder. What the
// flight's state says (boarded, seat taken) is never covered.
Coverage coverage_of(const FlightSight& sight, const std::optional<audit::Id16>& document,
                     const Holder& holder, const verification::VerdictReport& report);

// Whether `code` names a rule (and not an addend of the evidence).
bool is_rule(std::string_view code);

}  // namespace paxid::server
