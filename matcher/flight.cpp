#include "matcher/flight.h"

#include <algorithm>
#include <utility>

#include "matcher/bounded.h"
#include "matcher/evidence.h"

namespace paxid::matcher {
namespace {

struct Candidate {
  double ceiling = 0;
  std::size_t passenger = 0;
};

bool is_better(const FlightNames::Hit& a, const FlightNames::Hit& b) {
  return a.log_odds > b.log_odds || (a.log_odds == b.log_odds && a.passenger < b.passenger);
}

void take(const FlightNames::Hit& hit, FlightNames::Found& found) {
  if (!found.best || is_better(hit, *found.best)) {
    found.runner_up = std::exchange(found.best, hit);
  } else if (!found.runner_up || is_better(hit, *found.runner_up)) {
    found.runner_up = hit;
  }
}

}  // namespace

std::optional<std::size_t> FlightNames::add(PreparedName name) {
  if (names_.size() == kMaxPassengers) return std::nullopt;
  first_part_.push_back(parts_.size());
  if (has_opinion(name.content())) {
    for (const Part& part : name.content()->parts) parts_.push_back(outline_of(part));
  }
  names_.push_back(std::move(name));
  return names_.size() - 1;
}

FlightNames::Found FlightNames::find(const PreparedName& asked) const {
  Found found;
  if (!has_opinion(asked.content())) return found;
  const AskedName name(*asked.content());
  Bounded<Candidate, kMaxPassengers> candidates;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const Prepared* passenger = names_[i].content();
    if (!has_opinion(passenger)) continue;
    candidates.push_back({name.ceiling({passenger, &parts_[first_part_[i]]}), i});
  }
  const auto lower = [](const Candidate& a, const Candidate& b) { return a.ceiling < b.ceiling; };
  std::make_heap(candidates.begin(), candidates.end(), lower);
  for (auto* end = candidates.end(); end != candidates.begin(); --end) {
    const Candidate& next = *candidates.begin();
    if (found.runner_up && next.ceiling < found.runner_up->log_odds) break;
    if (const auto log_odds = score(asked, names_[next.passenger])) {
      take({next.passenger, *log_odds}, found);
    }
    std::pop_heap(candidates.begin(), end, lower);
  }
  return found;
}

}  // namespace paxid::matcher
