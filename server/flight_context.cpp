#include "server/flight_context.h"

#include <algorithm>
#include <array>
#include <variant>

#include "bcbp/boarding_pass.h"
#include "verification/rule.h"
#include "verification/sides.h"

namespace paxid::server {
namespace {

namespace ver = verification;
using bcbp::Item;
using ver::RuleCode;

// Said by the state of the flight at this moment, not by booking and document: true again only
// when somebody looks again.
constexpr std::array kNeverCovered{
    RuleCode::kAlreadyBoarded,   RuleCode::kDocumentAlreadyUsed, RuleCode::kDocumentOfPeer,
    RuleCode::kSeatTaken,        RuleCode::kNotOnFlight,         RuleCode::kOffline,
    RuleCode::kDocumentReported, RuleCode::kClockSkew,           RuleCode::kPassOfOtherFlight};

constexpr std::int64_t kMicrosecondsPerMinute = 60'000'000;

// Points to a booking; empty texts are not known.
struct Pointer {
  std::string locator;
  std::string sequence;
  std::string seat;
  std::string ticket;

  bool points() const { return !(locator.empty() && seat.empty() && ticket.empty()); }
};

Pointer pointer_of(const bcbp::Leg& leg) {
  const std::string airline(leg.text(Item::kAirlineNumericCode));
  const std::string serial(leg.text(Item::kDocumentSerial));
  return {std::string(leg.text(Item::kOperatingCarrierPnr)),
          std::string(leg.text(Item::kCheckInSequence)), std::string(leg.text(Item::kSeat)),
          airline.size() == 3 && serial.size() == 10 ? airline + serial : std::string()};
}

// The flight of a leg, as it flies and as it is sold.
std::vector<FlightKey> keys_of(const bcbp::Leg& leg) {
  std::vector<FlightKey> keys;
  if (!leg.flight_date) return keys;
  for (const Item carrier : {Item::kOperatingCarrier, Item::kMarketingCarrier}) {
    if (leg.text(carrier).empty()) continue;
    keys.push_back({std::string(leg.text(carrier)),
                    ver::without_leading_zeros(leg.text(Item::kFlightNumber)), *leg.flight_date,
                    std::string(leg.text(Item::kFromAirport))});
  }
  return keys;
}

// The first loaded flight that a pass is for, or null.
SharedFlight flight_of(const Flights& flights, std::string_view tenant,
                       const std::vector<ver::ReadPass>& passes) {
  for (const ver::ReadPass& pass : passes) {
    for (const bcbp::Leg& leg : pass.reading.pass.legs) {
      for (const FlightKey& key : keys_of(leg)) {
        if (auto flight = flights.find(tenant, key)) return flight;
      }
    }
  }
  return nullptr;
}

std::optional<FlightKey> stated_key(const VerifyInput& input) {
  const ver::Flight& flight = input.flight;
  const std::string& from = flight.from.empty() ? input.station : flight.from;
  if (flight.carrier.empty() || flight.number.empty() || !flight.departure_date || from.empty()) {
    return std::nullopt;
  }
  return FlightKey{flight.carrier, ver::without_leading_zeros(flight.number),
                   *flight.departure_date, from};
}

// An infant travels on somebody's lap; INS has a seat.
bool has_own_seat(const RosterPassenger& passenger) {
  return !passenger.data.seat.empty() && passenger.data.passenger_type != "INF";
}

bool same_seat(std::string_view a, std::string_view b) {
  return ver::without_leading_zeros(a) == ver::without_leading_zeros(b);
}

bool contradict(const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && a != b;
}

std::optional<RuleCode> rule_of(std::string_view code) {
  for (int i = 0; i < ver::kRuleCodeCount; ++i) {
    const auto rule = static_cast<RuleCode>(i);
    if (ver::name_of(rule) == code) return rule;
  }
  return std::nullopt;
}

// The bits of the rules whose every reason in `report` stands in `resolution`.
Coverage covered_by(const Resolution& resolution, const ver::VerdictReport& report) {
  Coverage coverage;
  std::uint64_t other = 0;
  for (const ver::Reason& reason : report.reasons) {
    const auto rule = rule_of(reason.code);
    if (!rule) continue;
    const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(*rule);
    const bool never =
        std::find(kNeverCovered.begin(), kNeverCovered.end(), *rule) != kNeverCovered.end();
    const ResolvedReason seen{std::string(reason.code), reason.booking_part, reason.document_part};
    const auto& known = resolution.reasons;
    const bool accepted = std::find(known.begin(), known.end(), seen) != known.end();
    (accepted && !never ? coverage.bits : other) |= bit;
  }
  coverage.bits &= ~other;
  return coverage;
}

}  // namespace

const RosterPassenger* FlightSight::passenger() const {
  return place ? &(*flight->roster->passengers)[*place] : nullptr;
}

FlightSight sight_of(const Flights& flights, std::string_view tenant, const VerifyInput& input,
                     const std::vector<ver::ReadPass>& passes) {
  FlightSight sight;
  const auto key = stated_key(input);
  sight.flight = key ? flights.find(tenant, *key) : flight_of(flights, tenant, passes);
  if (!sight.flight) return sight;
  Pointer pointer{input.booking.locator, input.booking.sequence, input.booking.seat,
                  input.booking.ticket};
  for (const ver::ReadPass& pass : passes) {
    for (const bcbp::Leg& leg : pass.reading.pass.legs) {
      if (pointer.points()) break;
      const std::vector<FlightKey> keys = keys_of(leg);
      if (std::find(keys.begin(), keys.end(), sight.flight->key) != keys.end())
        pointer = pointer_of(leg);
    }
  }
  if (!pointer.points()) return sight;
  sight.place =
      sight.flight->find_booking(pointer.locator, pointer.sequence, pointer.seat, pointer.ticket);
  sight.not_on_flight = !sight.place.has_value();
  return sight;
}

ver::FlightContext context_of(const FlightSight& sight, const std::optional<audit::Id16>& document,
                              std::uint64_t now_unix_us) {
  ver::FlightContext context;
  if (!sight.flight) return context;
  const FlightSnapshot& flight = *sight.flight;
  const Board& board = *flight.board;
  context.flight = flight.roster->prepared;
  context.passenger = sight.place;
  context.not_on_flight = sight.not_on_flight;
  // A departure that nobody stated is only the end of its day.
  if (flight.departure_is_stated) {
    const auto left = static_cast<std::int64_t>(flight.departure_unix_us) -
                      static_cast<std::int64_t>(now_unix_us);
    context.minutes_to_departure = static_cast<int>(left / kMicrosecondsPerMinute);
  }
  const RosterPassenger* passenger = sight.passenger();
  const int ref = passenger == nullptr ? 0 : passenger->ref;
  context.already_boarded = board.boarded.contains(ref);
  if (passenger != nullptr && has_own_seat(*passenger)) {
    context.seat_taken =
        std::any_of(board.boarded.begin(), board.boarded.end(), [&](const auto& boarded) {
          const RosterPassenger* other = flight.passenger(boarded.first);
          return other != nullptr && other->ref != ref && has_own_seat(*other) &&
                 same_seat(passenger->data.seat, other->data.seat);
        });
  }
  const auto used = document ? board.documents.find(*document) : board.documents.end();
  if (used != board.documents.end() && used->second != ref) {
    const RosterPassenger* other = flight.passenger(used->second);
    context.document_used_by =
        other == nullptr ? base::PersonalText("a passenger taken off") : other->data.booked_name;
  }
  return context;
}

Coverage coverage_of(const FlightSight& sight, const std::optional<audit::Id16>& document,
                     const Holder& holder, const ver::VerdictReport& report) {
  const RosterPassenger* passenger = sight.passenger();
  if (passenger == nullptr || !document) return {};
  Coverage best;
  for (const Resolution& resolution : sight.flight->board->resolutions) {
    const bool about_this = resolution.passenger == passenger->ref &&
                            resolution.document == *document &&
                            resolution.booked_name == passenger->data.booked_name &&
                            !contradict(resolution.holder_birth_date, holder.birth_date) &&
                            !contradict(resolution.holder_nationality, holder.nationality);
    if (!about_this) continue;
    Coverage coverage = covered_by(resolution, report);
    // The newest of those that cover anything.
    if (coverage.bits == 0) continue;
    coverage.resolution = &resolution;
    best = std::move(coverage);
  }
  for (int i = 0; i < ver::kRuleCodeCount; ++i) {
    if ((best.bits >> i & 1U) != 0) best.codes.emplace_back(name_of(static_cast<RuleCode>(i)));
  }
  return best;
}

bool is_rule(std::string_view code) { return rule_of(code).has_value(); }

}  // namespace paxid::server
