#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "matcher/ceiling.h"
#include "matcher/compare.h"

namespace paxid::matcher {

// The passengers of one flight, prepared, to find whose name an asked one is. Reading is safe
// from any number of threads, adding is not.
class FlightNames {
 public:
  static constexpr std::size_t kMaxPassengers = 1000;

  // The passenger's number, counted from 0 in the order of adding; nothing when the flight is
  // full.
  std::optional<std::size_t> add(PreparedName name);
  std::size_t size() const { return names_.size(); }

  struct Hit {
    std::size_t passenger = 0;
    double log_odds = 0;  // as compare() sums them
  };
  struct Found {
    std::optional<Hit> best;       // nothing when no comparison has an opinion
    std::optional<Hit> runner_up;  // the next best passenger
  };
  // The same as by comparing with each: only those are left out whom a ceiling proves to be
  // neither. Among equals the passenger added first is the better one. Allocates nothing that
  // comparing does not.
  Found find(const PreparedName& asked) const;

 private:
  std::vector<PreparedName> names_;
  std::vector<PartOutline> parts_;  // of all names that have an opinion
  std::vector<std::size_t> first_part_;
};

}  // namespace paxid::matcher
