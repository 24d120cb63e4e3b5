#include <algorithm>
#include <optional>
#include <utility>

#include "bcbp/passenger_list_reader.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

bool is_same_passenger(const ListedPassenger& a, const ListedPassenger& b) {
  const bool locators_differ = !a.locator.empty() && !b.locator.empty() && a.locator != b.locator;
  const auto same = [](const std::string& x, const std::string& y) {
    return without_separators(x) == without_separators(y);
  };
  return !locators_differ && same(a.passenger.surname, b.passenger.surname) &&
         same(a.passenger.given, b.passenger.given) &&
         (a.type == TravellerType::kInfant) == (b.type == TravellerType::kInfant);
}

// One operation after the other. Infants are known by the place of their adult, which moves.
class Changes {
 public:
  Changes(PassengerList& list, const PassengerList& changes)
      : list_(list), changes_(changes), places_(changes.passengers.size()) {}

  std::vector<ListFinding> carry_out() {
    for (std::size_t i = 0; i < changes_.passengers.size(); ++i) {
      const ListedPassenger& listed = changes_.passengers[i];
      switch (listed.change) {
        case ListChange::kListed:
        case ListChange::kAdded:
          add(i);
          break;
        case ListChange::kDeleted:
          remove(listed);
          break;
        case ListChange::kChanged:
          replace(i);
          break;
      }
    }
    return std::move(findings_);
  }

 private:
  void find(ListFindingCode code, std::size_t line) { findings_.push_back({code, line}); }

  // The one of this locator and name. Where a locator is not stated, the name has to be enough:
  // of two such passengers, neither is known to be the one.
  std::optional<std::size_t> place_of(const ListedPassenger& wanted) const {
    std::optional<std::size_t> possible;
    int count = 0;
    for (std::size_t i = 0; i < list_.passengers.size(); ++i) {
      const ListedPassenger& listed = list_.passengers[i];
      if (!is_same_passenger(listed, wanted)) continue;
      if (listed.locator == wanted.locator) return i;
      possible = i;
      ++count;
    }
    return count == 1 ? possible : std::nullopt;
  }

  ListedPassenger as_listed(const ListedPassenger& change) const {
    ListedPassenger listed = change;
    listed.change = ListChange::kListed;
    listed.adult = change.adult ? places_[*change.adult] : std::nullopt;
    return listed;
  }

  void add(std::size_t i) {
    const ListedPassenger& change = changes_.passengers[i];
    places_[i] = place_of(change);
    if (places_[i]) return find(ListFindingCode::kAlreadyListed, change.line);
    if (list_.passengers.size() == kMaxListedPassengers) {
      return find(ListFindingCode::kTooManyPassengers, change.line);
    }
    places_[i] = list_.passengers.size();
    list_.passengers.push_back(as_listed(change));
  }

  void replace(std::size_t i) {
    const ListedPassenger& change = changes_.passengers[i];
    places_[i] = place_of(change);
    if (!places_[i]) return find(ListFindingCode::kNotListed, change.line);
    list_.passengers[*places_[i]] = as_listed(change);
  }

  // An infant goes with its adult, whether or not the ADL says so.
  void remove(const ListedPassenger& change) {
    const auto place = place_of(change);
    if (!place) {
      const bool infant = change.type == TravellerType::kInfant;
      if (!infant) find(ListFindingCode::kNotListed, change.line);
      return;
    }
    std::vector<std::size_t> leaving{*place};
    for (std::size_t i = 0; i < list_.passengers.size(); ++i) {
      if (list_.passengers[i].adult == place) leaving.push_back(i);
    }
    std::sort(leaving.rbegin(), leaving.rend());
    for (const std::size_t each : leaving) erase(each);
  }

  void erase(std::size_t place) {
    list_.passengers.erase(list_.passengers.begin() + static_cast<std::ptrdiff_t>(place));
    const auto move = [place](std::optional<std::size_t>& index) {
      if (index == place) {
        index.reset();
      } else if (index && *index > place) {
        --*index;
      }
    };
    for (ListedPassenger& listed : list_.passengers) move(listed.adult);
    for (std::optional<std::size_t>& index : places_) move(index);
  }

  PassengerList& list_;
  const PassengerList& changes_;
  std::vector<std::optional<std::size_t>> places_;  // of the changes' passengers, in the list
  std::vector<ListFinding> findings_;
};

}  // namespace

std::vector<ListFinding> apply_changes(PassengerList& list, const PassengerList& changes) {
  const bool same_flight = list.carrier == changes.carrier &&
                           list.flight_number == changes.flight_number &&
                           list.departure == changes.departure && list.board == changes.board;
  if (!same_flight) return {{ListFindingCode::kOtherFlight, 1}};
  return Changes(list, changes).carry_out();
}

}  // namespace paxid::bcbp
