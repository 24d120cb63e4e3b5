#include "matcher/flight.h"

#include <utility>

#include "matcher/evidence.h"

namespace paxid::matcher {

std::optional<std::size_t> FlightNames::add(PreparedName name) {
  if (names_.size() == kMaxPassengers) return std::nullopt;
  names_.push_back(std::move(name));
  return names_.size() - 1;
}

FlightNames::Found FlightNames::find(const PreparedName& asked) const {
  Found found;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::optional<double> log_odds = score(asked, names_[i]);
    if (!log_odds) continue;
    const Hit hit = {i, *log_odds};
    if (!found.best || hit.log_odds > found.best->log_odds) {
      found.runner_up = found.best;
      found.best = hit;
    } else if (!found.runner_up || hit.log_odds > found.runner_up->log_odds) {
      found.runner_up = hit;
    }
  }
  return found;
}

}  // namespace paxid::matcher
