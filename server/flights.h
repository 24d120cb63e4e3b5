#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/bytes.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/error.h"
#include "server/roster.h"

// The flights that are open for boarding: the server's own knowledge of who is booked, who has
// boarded and what people have resolved. docs/flights.md.
namespace paxid::server {

// Estimated bytes of all flights of the process; a load above it is refused.
inline constexpr std::size_t kMaxFlightBytes = 1024UL * 1024 * 1024;
// Resolutions that one flight remembers; further ones are recorded but not remembered.
inline constexpr std::size_t kMaxResolutionsPerFlight = 4 * kMaxPassengersPerFlight;
// Earlier boardings of a passenger that are kept, for an undo of the later one.
inline constexpr std::size_t kMaxBoardingsBefore = 8;
inline constexpr std::size_t kMaxWatchersPerFlight = 32;
inline constexpr std::size_t kMaxLoadsPerFlight = 10'000;

struct FlightLimits {
  std::size_t flights_per_tenant = 200;
  std::chrono::minutes keep_after_departure{120};
};

// A departure from one airport.
struct FlightKey {
  std::string carrier;
  std::string number;  // without leading zeros, "400", "400A"
  base::Date date;     // local date of departure
  std::string from;

  friend auto operator<=>(const FlightKey&, const FlightKey&) = default;
};

enum class DecisionAction : std::uint8_t {  // values are the record's `decision` field
  kConfirm = 1,
  kAccept = 2,
  kRefuse = 3,
  kHandOver = 4,
  kUndo = 5,
};

// A reason that limited a verdict, as a person saw it. Personal data.
struct ResolvedReason {
  std::string code;
  base::PersonalText booking_part;
  base::PersonalText document_part;

  friend bool operator==(const ResolvedReason&, const ResolvedReason&) = default;
};

// What a person accepted: it holds for this booking under this name and this document only.
struct Resolution {
  int passenger = 0;
  audit::Id16 document{};
  base::PersonalText booked_name;
  std::string holder_birth_date;   // as read then; empty: not known
  std::string holder_nationality;  // the same
  std::vector<ResolvedReason> reasons;
  audit::Id16 decision{};  // request id
  std::uint64_t time_unix_us = 0;
  std::string operator_pseudonym;
  std::string channel;   // "desk", ...
  std::string station;   // may be empty
  std::string reason;    // "name_change", ...
  std::string evidence;  // may be empty
};

struct Boarding {
  std::uint64_t time_unix_us = 0;
  audit::Id16 decision{};
  std::optional<audit::Id16> document;
};

// What happened on a flight so far. Immutable.
struct Board {
  std::map<int, Boarding> boarded;  // by passenger
  // Of who boarded again, what stands when the later boarding is undone; oldest first.
  std::map<int, std::vector<Boarding>> boarded_before;
  std::map<audit::Id16, int> documents;  // who boarded on which
  std::vector<Resolution> resolutions;   // in the order of their decisions
  std::map<int, DecisionAction> last_action;
  std::set<audit::Id16> undone;

  std::set<int> boarded_passengers() const;
};

// When a flight departs: as stated, or the end of its local day.
struct Departure {
  std::uint64_t unix_us = 0;
  bool is_stated = false;
};

// One state of a flight. Immutable: a reader that has one is not disturbed by whatever changes.
struct FlightSnapshot {
  FlightKey key;
  std::uint64_t departure_unix_us = 0;
  bool departure_is_stated = false;
  std::uint64_t drop_unix_us = 0;
  std::int64_t revision = 0;
  SharedRoster roster;
  std::shared_ptr<const Board> board;

  const RosterPassenger* passenger(int ref) const;  // nothing when there is none
  // The place in the roster. Nothing when nobody, or more than one, fits.
  std::optional<std::size_t> find_booking(std::string_view locator, std::string_view sequence,
                                          std::string_view seat, std::string_view ticket) const;
};
using SharedFlight = std::shared_ptr<const FlightSnapshot>;

enum class FlightEvent : std::uint8_t { kBegun, kLoaded, kBoarded, kDecided, kUndone, kDropped };

// One change of a flight, as watchers are told it.
struct FlightChange {
  FlightEvent event;
  std::uint64_t time_unix_us;
  SharedFlight flight;  // afterwards
  int passenger = 0;
  std::optional<DecisionAction> action;
};
// Must be short and must not call Flights.
using FlightWatcher = std::function<void(const FlightChange&)>;

// What a decision does to its flight. A decision is held before its record is appended and
// settled or given up when the record's fate is known.
struct FlightDecision {
  audit::Id16 request{};
  DecisionAction action = DecisionAction::kRefuse;
  int passenger = 0;
  bool boards = false;
  bool reboards = false;              // the passenger may have boarded before
  bool document_may_be_used = false;  // a second person has accepted that another boarded on it
  std::optional<audit::Id16> document;
  std::optional<Resolution> resolution;
  std::optional<audit::Id16> undoes;
};

// Thread-safe. No lock is held while anybody judges: readers take a snapshot.
class Flights {
 public:
  Flights(const FlightLimits& limits, const base::Clock& clock) : limits_(limits), clock_(clock) {}

  // Nothing when the flight is not loaded or its time is over.
  SharedFlight find(std::string_view tenant, const FlightKey& key) const;
  // In the order of the keys.
  std::vector<SharedFlight> list(std::string_view tenant) const;

  // Of all tenants.
  std::size_t size() const;

  // Replaces the roster; the first one opens the flight. Rosters of one flight must be made and
  // loaded one after the other (the caller's worker does). RESOURCE_EXHAUSTED: too many flights
  // or bytes. FAILED_PRECONDITION: the flight's time is over.
  base::Result<SharedFlight> load(const std::string& tenant, const FlightKey& key,
                                  SharedRoster roster, const Departure& departure,
                                  const audit::Id16& load);
  // Whether a list of this request id was loaded into the flight as it is now.
  bool has_loaded(std::string_view tenant, const FlightKey& key, const audit::Id16& load) const;
  // Whether load() would take the roster, without doing it.
  base::Result<void> has_room(const std::string& tenant, const FlightKey& key,
                              const SharedRoster& roster, const Departure& departure) const;
  // False when there is no such flight.
  bool drop(std::string_view tenant, const FlightKey& key);
  // Drops every flight whose time is over. Cheap when there is none.
  void drop_departed();

  // Holds a decision, so that no other one can contradict it meanwhile. FAILED_PRECONDITION with
  // `field` "ALREADY_BOARDED", "DOCUMENT_ALREADY_USED", "ALREADY_UNDONE" or "DECISION_PENDING".
  // True when it is held now by this call, which then must settle or give up; false when it needs
  // not be: held or settled by the same request before, or on no loaded flight.
  base::Result<bool> hold(std::string_view tenant, const FlightKey& key,
                          const FlightDecision& decision);
  // The record is durable: a decision that is held takes effect.
  void settle(std::string_view tenant, const FlightKey& key, const FlightDecision& decision,
              std::uint64_t time_unix_us);
  void give_up(std::string_view tenant, const FlightKey& key, const audit::Id16& request);

  // Tells `watcher` the state (kBegun) and then every change, in order, until the flight is
  // dropped or unwatch(). NOT_FOUND, RESOURCE_EXHAUSTED.
  base::Result<std::uint64_t> watch(std::string_view tenant, const FlightKey& key,
                                    FlightWatcher watcher);
  // Afterwards the watcher is not called any more.
  void unwatch(std::uint64_t watch);

 private:
  struct OpenFlight {
    SharedFlight now;
    std::map<audit::Id16, FlightDecision> held;  // by request
    std::set<audit::Id16> loads;                 // request ids
    std::map<std::uint64_t, FlightWatcher> watchers;
  };
  using Keyed = std::map<FlightKey, OpenFlight>;

  OpenFlight* open_flight(std::string_view tenant, const FlightKey& key);
  const OpenFlight* open_flight(std::string_view tenant, const FlightKey& key) const;
  base::Result<void> room_for(const std::string& tenant, const FlightKey& key,
                              const SharedRoster& roster, const Departure& departure) const;
  std::uint64_t drop_time(std::uint64_t departure_unix_us) const;
  bool is_over(const FlightSnapshot& flight) const;
  void change(OpenFlight& flight, FlightSnapshot next, FlightEvent event, int passenger,
              std::optional<DecisionAction> action);
  void close(Keyed& flights, Keyed::iterator flight);

  const FlightLimits limits_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Keyed, std::less<>> by_tenant_;
  std::size_t bytes_ = 0;
  std::uint64_t next_watch_ = 1;
};

}  // namespace paxid::server
