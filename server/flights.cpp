#include "server/flights.h"

#include <algorithm>
#include <utility>

#include "verification/sides.h"

namespace paxid::server {
namespace {

namespace ver = verification;
using base::ErrorCode;

bool same_text(std::string_view known, std::string_view wanted) {
  return !wanted.empty() && ver::without_leading_zeros(known) == ver::without_leading_zeros(wanted);
}

tl::unexpected<base::Error> forbidden(std::string message, std::string reason) {
  return base::fail(ErrorCode::kFailedPrecondition, std::move(message), std::move(reason));
}

void board_passenger(Board& board, const FlightDecision& decision, std::uint64_t now) {
  const Boarding boarding{now, decision.request, decision.document};
  const auto [at, first] = board.boarded.emplace(decision.passenger, boarding);
  if (!first) {
    auto& before = board.boarded_before[decision.passenger];
    if (before.size() == kMaxBoardingsBefore) before.erase(before.begin());
    before.push_back(std::exchange(at->second, boarding));
  }
  if (decision.document) board.documents[*decision.document] = decision.passenger;
}

// What a decision changes on a board.
void apply(Board& board, const FlightDecision& decision, std::uint64_t now) {
  board.last_action[decision.passenger] = decision.action;
  if (decision.boards) board_passenger(board, decision, now);
  if (decision.resolution && board.resolutions.size() < kMaxResolutionsPerFlight) {
    board.resolutions.push_back(*decision.resolution);
    board.resolutions.back().time_unix_us = now;
  }
}

// Who boarded last on each document.
std::map<audit::Id16, int> documents_of(const std::map<int, Boarding>& boarded) {
  std::map<audit::Id16, int> documents;
  for (const auto& [passenger, boarding] : boarded) {
    if (!boarding.document) continue;
    const auto [at, first] = documents.emplace(*boarding.document, passenger);
    if (!first && boarding.time_unix_us > boarded.at(at->second).time_unix_us)
      at->second = passenger;
  }
  return documents;
}

void take_back(Board& board, const FlightDecision& undo) {
  board.undone.insert(*undo.undoes);
  board.last_action[undo.passenger] = DecisionAction::kUndo;
  auto& before = board.boarded_before[undo.passenger];
  std::erase_if(before, [&](const Boarding& earlier) { return earlier.decision == *undo.undoes; });
  const auto boarded = board.boarded.find(undo.passenger);
  if (boarded != board.boarded.end() && boarded->second.decision == *undo.undoes) {
    if (before.empty()) {
      board.boarded.erase(boarded);
    } else {
      boarded->second = std::move(before.back());
      before.pop_back();
    }
  }
  board.documents = documents_of(board.boarded);
  std::erase_if(board.resolutions,
                [&](const Resolution& resolution) { return resolution.decision == *undo.undoes; });
}

FlightEvent event_of(const FlightDecision& decision) {
  if (decision.undoes) return FlightEvent::kUndone;
  return decision.boards ? FlightEvent::kBoarded : FlightEvent::kDecided;
}

}  // namespace

std::set<int> Board::boarded_passengers() const {
  std::set<int> passengers;
  for (const auto& [passenger, boarding] : boarded) passengers.insert(passenger);
  return passengers;
}

const RosterPassenger* FlightSnapshot::passenger(int ref) const {
  const auto& all = *roster->passengers;
  const auto found = std::lower_bound(
      all.begin(), all.end(), ref,
      [](const RosterPassenger& passenger, int wanted) { return passenger.ref < wanted; });
  return found != all.end() && found->ref == ref ? &*found : nullptr;
}

std::optional<std::size_t> FlightSnapshot::find_booking(std::string_view locator,
                                                        std::string_view sequence,
                                                        std::string_view seat,
                                                        std::string_view ticket) const {
  if (auto found = roster->prepared.find_booking(locator, sequence)) return found;
  const auto only = [this](const auto& fits) -> std::optional<std::size_t> {
    const auto& all = *roster->passengers;
    std::optional<std::size_t> one;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!fits(all[i])) continue;
      if (one) return std::nullopt;
      one = i;
    }
    return one;
  };
  if (!ticket.empty()) {
    const auto found =
        only([&](const RosterPassenger& passenger) { return passenger.ticket == ticket; });
    if (found) return found;
  }
  // A seat alone says too little once seats are changed: the locator must agree where both know it.
  return only([&](const RosterPassenger& passenger) {
    const bool locator_fits =
        locator.empty() || passenger.data.locator.empty() || passenger.data.locator == locator;
    return locator_fits && same_text(passenger.data.seat, seat);
  });
}

Flights::OpenFlight* Flights::open_flight(std::string_view tenant, const FlightKey& key) {
  const auto flights = by_tenant_.find(tenant);
  if (flights == by_tenant_.end()) return nullptr;
  const auto found = flights->second.find(key);
  return found == flights->second.end() || is_over(*found->second.now) ? nullptr : &found->second;
}

const Flights::OpenFlight* Flights::open_flight(std::string_view tenant,
                                                const FlightKey& key) const {
  return const_cast<Flights*>(this)->open_flight(tenant, key);
}

bool Flights::is_over(const FlightSnapshot& flight) const {
  return clock_.unix_microseconds() >= flight.drop_unix_us;
}

std::uint64_t Flights::drop_time(std::uint64_t departure_unix_us) const {
  const std::chrono::microseconds keep = limits_.keep_after_departure;
  return departure_unix_us + static_cast<std::uint64_t>(keep.count());
}

SharedFlight Flights::find(std::string_view tenant, const FlightKey& key) const {
  const std::lock_guard lock(mutex_);
  const OpenFlight* flight = open_flight(tenant, key);
  return flight == nullptr ? nullptr : flight->now;
}

std::size_t Flights::size() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [tenant, flights] : by_tenant_) count += flights.size();
  return count;
}

std::vector<SharedFlight> Flights::list(std::string_view tenant) const {
  const std::lock_guard lock(mutex_);
  std::vector<SharedFlight> all;
  const auto flights = by_tenant_.find(tenant);
  if (flights == by_tenant_.end()) return all;
  for (const auto& [key, flight] : flights->second) {
    if (!is_over(*flight.now)) all.push_back(flight.now);
  }
  return all;
}

base::Result<void> Flights::room_for(const std::string& tenant, const FlightKey& key,
                                     const SharedRoster& roster, const Departure& departure) const {
  if (clock_.unix_microseconds() >= drop_time(departure.unix_us)) {
    return forbidden("the flight has departed", "FLIGHT_IS_OVER");
  }
  const OpenFlight* known = open_flight(tenant, key);
  const auto flights = by_tenant_.find(tenant);
  if (known == nullptr && flights != by_tenant_.end() &&
      flights->second.size() >= limits_.flights_per_tenant) {
    return base::fail(ErrorCode::kResourceExhausted, "too many flights are loaded", "flights");
  }
  if (known != nullptr && known->loads.size() >= kMaxLoadsPerFlight) {
    return base::fail(ErrorCode::kResourceExhausted, "too many lists of one flight", "loads");
  }
  const std::size_t freed = known == nullptr ? 0 : known->now->roster->bytes;
  if (bytes_ - freed + roster->bytes > kMaxFlightBytes) {
    return base::fail(ErrorCode::kResourceExhausted, "the flights take too much memory", "bytes");
  }
  return {};
}

base::Result<void> Flights::has_room(const std::string& tenant, const FlightKey& key,
                                     const SharedRoster& roster, const Departure& departure) const {
  const std::lock_guard lock(mutex_);
  return room_for(tenant, key, roster, departure);
}

void Flights::change(OpenFlight& flight, FlightSnapshot next, FlightEvent event, int passenger,
                     std::optional<DecisionAction> action) {
  ++next.revision;
  flight.now = std::make_shared<const FlightSnapshot>(std::move(next));
  const FlightChange told{event, clock_.unix_microseconds(), flight.now, passenger, action};
  for (const auto& [id, watcher] : flight.watchers) watcher(told);
}

base::Result<SharedFlight> Flights::load(const std::string& tenant, const FlightKey& key,
                                         SharedRoster roster, const Departure& departure,
                                         const audit::Id16& load) {
  drop_departed();
  const std::lock_guard lock(mutex_);
  if (auto room = room_for(tenant, key, roster, departure); !room) {
    return tl::unexpected(room.error());
  }
  OpenFlight& flight = by_tenant_[tenant][key];
  FlightSnapshot next =
      flight.now ? *flight.now
                 : FlightSnapshot{key, 0, false, 0, 0, nullptr, std::make_shared<const Board>()};
  bytes_ += roster->bytes - (next.roster ? next.roster->bytes : 0);
  next.roster = std::move(roster);
  next.departure_unix_us = departure.unix_us;
  next.departure_is_stated = departure.is_stated;
  next.drop_unix_us = drop_time(departure.unix_us);
  flight.loads.insert(load);
  change(flight, std::move(next), FlightEvent::kLoaded, 0, std::nullopt);
  return flight.now;
}

bool Flights::has_loaded(std::string_view tenant, const FlightKey& key,
                         const audit::Id16& load) const {
  const std::lock_guard lock(mutex_);
  const OpenFlight* flight = open_flight(tenant, key);
  return flight != nullptr && flight->loads.contains(load);
}

void Flights::close(Keyed& flights, Keyed::iterator flight) {
  bytes_ -= flight->second.now->roster->bytes;
  change(flight->second, *flight->second.now, FlightEvent::kDropped, 0, std::nullopt);
  flights.erase(flight);
}

bool Flights::drop(std::string_view tenant, const FlightKey& key) {
  const std::lock_guard lock(mutex_);
  const auto flights = by_tenant_.find(tenant);
  if (flights == by_tenant_.end()) return false;
  const auto found = flights->second.find(key);
  if (found == flights->second.end()) return false;
  close(flights->second, found);
  return true;
}

void Flights::drop_departed() {
  const std::lock_guard lock(mutex_);
  for (auto& [tenant, flights] : by_tenant_) {
    for (auto at = flights.begin(); at != flights.end();) {
      const auto here = at++;
      if (is_over(*here->second.now)) close(flights, here);
    }
  }
}

base::Result<bool> Flights::hold(std::string_view tenant, const FlightKey& key,
                                 const FlightDecision& decision) {
  const std::lock_guard lock(mutex_);
  OpenFlight* flight = open_flight(tenant, key);
  if (flight == nullptr || flight->held.contains(decision.request)) return false;
  const Board& board = *flight->now->board;
  if (decision.undoes) {
    if (flight->held.contains(*decision.undoes)) {
      return forbidden("the decision is still being recorded", "DECISION_PENDING");
    }
    if (board.undone.contains(*decision.undoes)) {
      return forbidden("the decision was undone before", "ALREADY_UNDONE");
    }
  }
  if (decision.boards) {
    const auto boarded = board.boarded.find(decision.passenger);
    // A retry of the decision itself is answered from its record.
    if (boarded != board.boarded.end() && boarded->second.decision == decision.request) {
      return false;
    }
    if (boarded != board.boarded.end() && !decision.reboards) {
      return forbidden("the passenger has boarded", "ALREADY_BOARDED");
    }
    const auto user =
        decision.document ? board.documents.find(*decision.document) : board.documents.end();
    if (user != board.documents.end() && user->second != decision.passenger &&
        !decision.document_may_be_used) {
      return forbidden("another passenger has boarded on this document", "DOCUMENT_ALREADY_USED");
    }
    for (const auto& [request, other] : flight->held) {
      const bool same = other.boards && (other.passenger == decision.passenger ||
                                         (other.document && other.document == decision.document));
      if (same) return forbidden("another decision is being recorded", "DECISION_PENDING");
    }
  }
  flight->held.emplace(decision.request, decision);
  return true;
}

void Flights::settle(std::string_view tenant, const FlightKey& key, const FlightDecision& decision,
                     std::uint64_t time_unix_us) {
  const std::lock_guard lock(mutex_);
  OpenFlight* flight = open_flight(tenant, key);
  if (flight == nullptr || flight->held.erase(decision.request) == 0) return;
  if (flight->now->passenger(decision.passenger) == nullptr) return;
  auto board = std::make_shared<Board>(*flight->now->board);
  if (decision.undoes) {
    take_back(*board, decision);
  } else {
    apply(*board, decision, time_unix_us);
  }
  FlightSnapshot next = *flight->now;
  next.board = std::move(board);
  change(*flight, std::move(next), event_of(decision), decision.passenger, decision.action);
}

void Flights::give_up(std::string_view tenant, const FlightKey& key, const audit::Id16& request) {
  const std::lock_guard lock(mutex_);
  if (OpenFlight* flight = open_flight(tenant, key)) flight->held.erase(request);
}

base::Result<std::uint64_t> Flights::watch(std::string_view tenant, const FlightKey& key,
                                           FlightWatcher watcher) {
  const std::lock_guard lock(mutex_);
  OpenFlight* flight = open_flight(tenant, key);
  if (flight == nullptr) return base::fail(ErrorCode::kNotFound, "the flight is not loaded");
  if (flight->watchers.size() >= kMaxWatchersPerFlight) {
    return base::fail(ErrorCode::kResourceExhausted, "too many watch this flight", "watchers");
  }
  watcher({FlightEvent::kBegun, clock_.unix_microseconds(), flight->now, 0, std::nullopt});
  flight->watchers.emplace(next_watch_, std::move(watcher));
  return next_watch_++;
}

void Flights::unwatch(std::uint64_t watch) {
  const std::lock_guard lock(mutex_);
  for (auto& [tenant, flights] : by_tenant_) {
    for (auto& [key, flight] : flights) {
      if (flight.watchers.erase(watch) > 0) return;
    }
  }
}

}  // namespace paxid::server
