#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "audit/store.h"
#include "base/clock.h"
#include "bcbp/passenger_list.h"
#include "server/access.h"
#include "server/flights.h"
#include "server/recorded_decisions.h"
#include "server/refusal.h"

namespace paxid::v1 {
class DropFlightRequest;
class FlightKey;
class FlightSummary;
class LoadFlightResponse;
class LoadFlightStart;
class ManifestPassenger;
class WatchFlightResponse;
}  // namespace paxid::v1

namespace paxid::server {

// What arrived of a load, within its limits.
struct LoadInput {
  audit::Id16 request_id{};
  FlightKey flight;
  std::optional<std::uint64_t> departure_unix_us;
  bool complete = false;
  std::string kind;  // "PNL", "ADL", "CSV", "passengers"
  std::vector<RosterEdit> edits;
  std::vector<bcbp::ListFinding> findings;
  audit::Hash sha256{};  // of the bytes, or of the passengers in their order
  audit::Bytes canonical_request;
  audit::Id16 trace_id{};  // of the call
};

// Reads what was sent. `list` and `passengers` are within kMaxListBytes and
// kMaxPassengersPerFlight. A list that names no flight, or another one than the start, is
// refused; so is a complete load of which a line was lost: it would take off whoever stands in it.
tl::expected<LoadInput, Refusal> read_load(const v1::LoadFlightStart& start,
                                           const std::string& list,
                                           const std::vector<v1::ManifestPassenger>& passengers,
                                           base::Date today);

// The end of the local date of departure at the airport.
std::uint64_t end_of_day(const FlightKey& flight);

// The key in a request; violations go into `violations`.
std::optional<FlightKey> read_key(const v1::FlightKey& from, class Violations& violations,
                                  const std::string& field);

// Loads and drops flights, each with its record. Waits for the disk: for one worker alone, which
// makes it the only one that changes rosters.
class ManifestFlow {
 public:
  ManifestFlow(Flights& flights, audit::Store& store, const base::Clock& clock)
      : flights_(flights), store_(store), clock_(clock), recorded_(store) {}

  tl::expected<v1::LoadFlightResponse, Refusal> load(const Principal& caller, LoadInput input);
  struct Dropped {
    audit::Receipt receipt;
  };
  tl::expected<Dropped, Refusal> drop(const Principal& caller, const audit::Id16& request_id,
                                      const FlightKey& flight, const audit::Id16& trace_id = {});

 private:
  base::Result<audit::Receipt> append(audit::Record record);
  // Decisions that the log holds for a flight that was not loaded until now.
  void recover(const std::string& tenant, const FlightKey& flight);

  Flights& flights_;
  audit::Store& store_;
  const base::Clock& clock_;
  RecordedDecisions recorded_;
};

void write_key(const FlightKey& key, v1::FlightKey* to);
void write_summary(const FlightSnapshot& flight, v1::FlightSummary* to);
void write_passenger(const FlightSnapshot& flight, const RosterPassenger& passenger,
                     v1::ManifestPassenger* to);
void write_change(const FlightChange& change, v1::WatchFlightResponse* to);

}  // namespace paxid::server
