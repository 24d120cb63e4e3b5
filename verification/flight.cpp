#include "verification/flight.h"

#include <utility>

#include "base/check.h"
#include "bcbp/name_candidate.h"
#include "verification/flight_content.h"
#include "verification/sides.h"

namespace paxid::verification {
namespace {

std::vector<TravelName> read_name(const base::PersonalText& booked_name) {
  return prepare_readings(booking_readings(booked_name.reveal()), matcher::Source::kBooking);
}

void prepare_booked_name(PreparedPassenger& prepared) {
  prepared.readings = read_name(prepared.passenger.booked_name);
  for (const TravelName& name : prepared.readings) {
    prepared.bigrams.add(name.reading.surname);
    prepared.bigrams.add(name.reading.given);
  }
  prepared.bigram_count = prepared.bigrams.count();
  prepared.surname_key = bare_text(prepared.readings.front().reading.surname);
}

PreparedPassenger prepare_passenger(Passenger passenger, const PreparedPassenger* known) {
  PreparedPassenger prepared;
  if (known != nullptr) prepared = *known;
  prepared.passenger = std::move(passenger);
  if (known == nullptr) prepare_booked_name(prepared);
  prepared.earlier_readings.clear();
  for (const base::PersonalText& name : prepared.passenger.earlier_names) {
    prepared.earlier_readings.push_back(read_name(name));
  }
  prepared.travel = sort_claims({}, {}, &prepared.passenger).travel;
  prepared.documents.clear();
  for (const bcbp::Docs& docs : prepared.passenger.documents) {
    if (std::string number = bare_text(docs.number); !number.empty()) {
      prepared.documents.push_back(std::move(number));
    }
  }
  return prepared;
}

using ByName = std::map<std::string_view, const PreparedPassenger*>;

ByName by_name(const std::vector<PreparedPassenger>& passengers) {
  ByName known;
  for (const PreparedPassenger& old : passengers) {
    known.emplace(old.passenger.booked_name.reveal(), &old);
  }
  return known;
}

}  // namespace

base::Result<PreparedFlight> PreparedFlight::prepare(std::vector<Passenger> passengers,
                                                     const PreparedFlight& previous) {
  if (passengers.size() > kMaxFlightPassengers) {
    return base::fail(
        base::ErrorCode::kInvalidArgument,
        "a flight has at most " + std::to_string(kMaxFlightPassengers) + " passengers");
  }
  const ByName known = previous.content_ ? by_name(previous.content_->passengers) : ByName();
  auto content = std::make_shared<Content>();
  content->passengers.reserve(passengers.size());
  for (Passenger& passenger : passengers) {
    if (passenger.earlier_names.size() > kMaxEarlierNames) {
      return base::fail(
          base::ErrorCode::kInvalidArgument,
          "a passenger has at most " + std::to_string(kMaxEarlierNames) + " earlier names");
    }
    const std::size_t index = content->passengers.size();
    const auto old = known.find(passenger.booked_name.reveal());
    content->passengers.push_back(
        prepare_passenger(std::move(passenger), old == known.end() ? nullptr : old->second));
    const PreparedPassenger& last = content->passengers.back();
    if (!last.passenger.locator.empty()) content->by_locator.emplace(last.passenger.locator, index);
    for (const std::string& number : last.documents)
      content->by_document_number.emplace(number, index);
    if (!last.surname_key.empty()) ++content->surnames[last.surname_key];
  }
  PreparedFlight flight;
  if (!content->passengers.empty()) flight.content_ = std::move(content);
  return flight;
}

std::size_t PreparedFlight::size() const { return content_ ? content_->passengers.size() : 0; }

const Passenger& PreparedFlight::passenger(std::size_t index) const {
  PAXID_CHECK(index < size());
  return content_->passengers[index].passenger;
}

std::optional<std::size_t> PreparedFlight::find_booking(std::string_view locator,
                                                        std::string_view sequence) const {
  if (!content_ || locator.empty()) return std::nullopt;
  const auto [first, last] = content_->by_locator.equal_range(std::string(locator));
  const std::string wanted = without_leading_zeros(sequence);
  std::optional<std::size_t> of_sequence;
  bool sequences_known = false;
  int with_sequence = 0;
  for (auto at = first; at != last; ++at) {
    const std::string known = without_leading_zeros(passenger(at->second).sequence);
    sequences_known = sequences_known || !known.empty();
    if (known.empty() || known != wanted) continue;
    of_sequence = at->second;
    ++with_sequence;
  }
  if (with_sequence == 1) return of_sequence;
  const bool only_one = first != last && std::next(first) == last;
  return only_one && (wanted.empty() || !sequences_known) ? std::optional(first->second)
                                                          : std::nullopt;
}

}  // namespace paxid::verification
