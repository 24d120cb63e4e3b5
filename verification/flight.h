#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "bcbp/ssr.h"
#include "verification/claim.h"

namespace paxid::verification {

inline constexpr std::size_t kMaxFlightPassengers = 2000;
inline constexpr std::size_t kMaxEarlierNames = 8;

// One passenger of a flight, as the departure control system knows him. Personal data.
struct Passenger {
  base::PersonalText booked_name;  // as the reservation system prints it, "MUELLER/HANS MR"
  // What the name was before corrections, in any order. A pass that is a legal cut of one of
  // these is stale, not somebody else's.
  std::vector<base::PersonalText> earlier_names;
  std::string locator;         // "ABC123"
  std::string sequence;        // check-in sequence number, "25"; leading zeros do not count
  std::string seat;            // "14B"; leading zeros do not count; empty: none
  std::string passenger_type;  // ADT, CHD, INF, INS, UNN (or UM); empty: the name says it
  std::optional<base::Date> birth_date;
  std::optional<Sex> sex;
  std::vector<bcbp::Docs> documents;    // SSR DOCS: the data given in advance
  std::optional<base::Date> booked_on;  // day of the booking, for correction windows
};

// Everybody booked on one flight, names read and looked up once. An immutable snapshot:
// copies are cheap (shared), any number of threads may read one. An addition or a deletion
// makes a new snapshot.
class PreparedFlight {
 public:
  PreparedFlight() = default;  // nobody is known

  // What `previous` has prepared under the same booked name is taken over, so that a change of
  // a few passengers costs little. INVALID_ARGUMENT above kMaxFlightPassengers passengers or
  // kMaxEarlierNames names.
  static base::Result<PreparedFlight> prepare(std::vector<Passenger> passengers,
                                              const PreparedFlight& previous = {});
  // The same of passengers that `keeper` keeps, so that nothing of them is copied.
  static base::Result<PreparedFlight> prepare(const std::vector<const Passenger*>& passengers,
                                              std::shared_ptr<const void> keeper,
                                              const PreparedFlight& previous);

  std::size_t size() const;
  const Passenger& passenger(std::size_t index) const;  // requires index < size()

  // The passenger of a pass: locator and sequence as the barcode prints them. Without a sequence,
  // there or on the flight, the only passenger of the locator. Nothing when there is none, or more
  // than one.
  std::optional<std::size_t> find_booking(std::string_view locator,
                                          std::string_view sequence) const;

  struct Content;
  const Content* content() const { return content_.get(); }  // null when nobody is known

 private:
  std::shared_ptr<const Content> content_;
};

// What the server knows of the flight from its own state; never asserted by a client.
struct FlightContext {
  PreparedFlight flight;  // everybody on board, the passenger in question among them or not
  // Whose booking this request is about: an index into `flight`. It is then the booking, before
  // whatever the request claims.
  std::optional<std::size_t> passenger;
  // The flight is loaded, and has nobody with the locator and sequence of the pass.
  bool not_on_flight = false;
  bool already_boarded = false;                        // this pass was used before
  bool seat_taken = false;                             // somebody else has boarded on this seat
  std::optional<base::PersonalText> document_used_by;  // who boarded on this document already
  bool document_reported = false;  // the carrier's own answer says lost, stolen or void
  bool offline = false;            // no booking could be fetched
  // From now to the scheduled departure; negative after it. Nothing: not known.
  std::optional<int> minutes_to_departure;
  // Rules (bits of RuleCode) at REVIEW that a person has accepted before for the very same
  // booked name and document: they do not alarm again. A MISMATCH is never cleared so.
  std::uint64_t cleared_bits = 0;
};

}  // namespace paxid::verification
