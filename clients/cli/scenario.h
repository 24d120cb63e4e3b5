#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "verification/claim.h"
#include "verification/engine.h"

namespace paxid::cli {

// One case of `verify`: what a kiosk would send, and what a server would know.
struct Scenario {
  std::vector<verification::Claim> claims;
  verification::Flight flight;
  verification::FlightContext context;
  // Something was given that is the server's own knowledge and never part of a request.
  bool states_flight_context = false;
  std::optional<base::Date> station_date;
  std::string station;
  std::string request_id;  // empty: none given
  // For a server alone: the channel by its word (empty: kiosk), and the booking on a loaded
  // flight. Judging here looks at neither.
  std::string channel;
  std::string purpose;  // boarding_check (empty) or api_accuracy
  std::string locator;
  std::string sequence;
  std::string seat;
};

// Who says what a scenario holds: the devices of a kiosk, or a person at the command line,
// whose every word counts as typed.
enum class Origin { kDevices, kArguments };

// Reads a request of the line protocol's row `verify` (docs/line_protocol.md):
//   booking, bcbp_name, doc_surname, doc_given, doc_mrz_name, carrier, context{…}; and
//   zone        the machine-readable zone, its lines separated by line feeds
//   pass        the text of the boarding pass barcode
//   flight_number, departure_date, from, to, station, request_id
//   channel; locator, sequence, seat: of the booking on a flight that the server has loaded
//   docs        an SSR DOCS line of the booking; passenger_type: ADT, CHD, INF, INS, UNN
// Known to the server alone: station_date, and in context flight_peers (names, or objects with
//   name, seat, birth_date, sex, doc_number), earlier_names, booking_seat, already_boarded,
//   seat_taken, doc_already_used_by, doc_reported, not_on_flight, offline,
//   minutes_to_departure
// Empty texts and nulls state nothing. INVALID_ARGUMENT with `field` for a value of the wrong
// kind, for text that is no UTF-8, and above the limits of verification/claim.h.
base::Result<Scenario> read_scenario(const nlohmann::json& request,
                                     Origin origin = Origin::kDevices);

}  // namespace paxid::cli
