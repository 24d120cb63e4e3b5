#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/personal.h"
#include "bcbp/passenger_list.h"
#include "verification/flight.h"

namespace paxid::server {

inline constexpr std::size_t kMaxPassengersPerFlight = 1'000;
// Corrections of one booking that are kept. A booking with more is not one passenger's.
inline constexpr std::size_t kMaxNameCorrections = 32;
inline constexpr std::size_t kMaxDocsPerPassenger = 4;

// A name that was corrected. Personal data.
struct EarlierName {
  base::PersonalText name;
  std::uint64_t until_unix_us = 0;  // when the correction was loaded
};

// One passenger of a loaded flight. `data.earlier_names` has the newest of `history`, as many as
// the engine reads.
struct RosterPassenger {
  int ref = 0;  // from 1; does not change while the flight is loaded
  verification::Passenger data;
  std::string ticket;                // 13 digits; empty: not known
  std::vector<EarlierName> history;  // oldest first; grows, never changes
};

// Who is booked on a flight. Immutable; `prepared` has the same passengers in the same order.
struct Roster {
  using Passengers = std::vector<RosterPassenger>;
  std::shared_ptr<const Passengers> passengers = std::make_shared<Passengers>();  // by ref
  verification::PreparedFlight prepared;
  int next_ref = 1;
  std::size_t bytes = 0;  // an estimate of what it keeps in memory
};
using SharedRoster = std::shared_ptr<const Roster>;

enum class RosterAction : std::uint8_t { kUpsert, kChange, kDelete };

// What a list says about one passenger.
struct RosterEdit {
  RosterAction action = RosterAction::kUpsert;
  verification::Passenger data;
  std::string ticket;
};

struct RosterMerge {
  SharedRoster roster;
  int added = 0;
  int changed = 0;
  int removed = 0;
  int kept_boarded = 0;  // taken off by the list, but they have boarded
};

// Applies a list to a roster (null: a new flight). A passenger is found again by locator and the
// letters of the name; what the list does not state is kept. A name under a locator that replaces
// another one of it (deleted and added in one list, or changed) is the same passenger corrected:
// the old name goes into the history. With `complete`, who is not listed is taken off. Who has
// boarded is never taken off.
// RESOURCE_EXHAUSTED above kMaxPassengersPerFlight or kMaxNameCorrections.
base::Result<RosterMerge> merge(const SharedRoster& roster, std::vector<RosterEdit> edits,
                                bool complete, const std::set<int>& boarded,
                                std::uint64_t now_unix_us);

// The passenger of a booking under the name it has or had; nothing when there is none, or more
// than one.
const RosterPassenger* find_booked(const Roster& roster, std::string_view locator,
                                   std::string_view booked_name);

// What a passenger list says, one edit for each passenger.
std::vector<RosterEdit> edits_of(const bcbp::PassengerList& list);

}  // namespace paxid::server
