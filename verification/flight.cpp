#include "verification/flight.h"

#include <algorithm>
#include <map>
#include <tuple>
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
  prepared.readings = read_name(prepared.data->booked_name);
  for (const TravelName& name : prepared.readings) {
    prepared.bigrams.add(name.reading.surname);
    prepared.bigrams.add(name.reading.given);
  }
  prepared.bigram_count = prepared.bigrams.count();
}

PreparedPassenger prepare_passenger(const Passenger& passenger, const PreparedPassenger* known) {
  PreparedPassenger prepared;
  if (known != nullptr) prepared = *known;
  prepared.data = &passenger;
  if (known == nullptr) prepare_booked_name(prepared);
  prepared.earlier_readings.clear();
  for (const base::PersonalText& name : passenger.earlier_names) {
    prepared.earlier_readings.push_back(read_name(name));
  }
  return prepared;
}

using ByName = std::map<std::string_view, const PreparedPassenger*>;

ByName by_name(const std::vector<PreparedPassenger>& passengers) {
  ByName known;
  for (const PreparedPassenger& old : passengers) {
    known.emplace(old.data->booked_name.reveal(), &old);
  }
  return known;
}

void index(PreparedFlight::Content& content) {
  std::map<std::string, int> surnames;
  for (std::size_t i = 0; i < content.passengers.size(); ++i) {
    const PreparedPassenger& one = content.passengers[i];
    const auto place = static_cast<std::uint32_t>(i);
    if (!one.data->locator.empty()) content.by_locator.push_back(place);
    for (const bcbp::Docs& docs : one.data->documents) {
      std::string number = bare_text(docs.number);
      if (!number.empty()) content.by_document_number.emplace_back(std::move(number), place);
    }
    std::string surname = bare_text(one.readings.front().reading.surname);
    if (!surname.empty()) ++surnames[std::move(surname)];
  }
  const auto by_locator = [&content](std::uint32_t a, std::uint32_t b) {
    const Passenger& first = *content.passengers[a].data;
    const Passenger& second = *content.passengers[b].data;
    return std::tie(first.locator, a) < std::tie(second.locator, b);
  };
  std::sort(content.by_locator.begin(), content.by_locator.end(), by_locator);
  std::sort(content.by_document_number.begin(), content.by_document_number.end());
  content.surnames.assign(surnames.begin(), surnames.end());
  content.by_locator.shrink_to_fit();
  content.by_document_number.shrink_to_fit();
}

// Orders a passenger's place by his locator.
struct ByLocator {
  const PreparedFlight::Content& content;

  const std::string& of(std::uint32_t place) const {
    return content.passengers[place].data->locator;
  }
  bool operator()(std::uint32_t a, std::string_view b) const { return of(a) < b; }
  bool operator()(std::string_view a, std::uint32_t b) const { return a < of(b); }
};

}  // namespace

base::Result<PreparedFlight> PreparedFlight::prepare(std::vector<Passenger> passengers,
                                                     const PreparedFlight& previous) {
  const auto kept = std::make_shared<const std::vector<Passenger>>(std::move(passengers));
  std::vector<const Passenger*> all;
  all.reserve(kept->size());
  for (const Passenger& passenger : *kept) all.push_back(&passenger);
  return prepare(all, kept, previous);
}

base::Result<PreparedFlight> PreparedFlight::prepare(
    const std::vector<const Passenger*>& passengers, std::shared_ptr<const void> keeper,
    const PreparedFlight& previous) {
  if (passengers.size() > kMaxFlightPassengers) {
    return base::fail(
        base::ErrorCode::kInvalidArgument,
        "a flight has at most " + std::to_string(kMaxFlightPassengers) + " passengers");
  }
  if (passengers.empty()) return PreparedFlight();
  const ByName known = previous.content_ ? by_name(previous.content_->passengers) : ByName();
  auto content = std::make_shared<Content>();
  content->keeper = std::move(keeper);
  content->passengers.reserve(passengers.size());
  for (const Passenger* passenger : passengers) {
    if (passenger->earlier_names.size() > kMaxEarlierNames) {
      return base::fail(
          base::ErrorCode::kInvalidArgument,
          "a passenger has at most " + std::to_string(kMaxEarlierNames) + " earlier names");
    }
    const auto old = known.find(passenger->booked_name.reveal());
    content->passengers.push_back(
        prepare_passenger(*passenger, old == known.end() ? nullptr : old->second));
  }
  index(*content);
  PreparedFlight flight;
  flight.content_ = std::move(content);
  return flight;
}

std::size_t PreparedFlight::size() const { return content_ ? content_->passengers.size() : 0; }

const Passenger& PreparedFlight::passenger(std::size_t index) const {
  PAXID_CHECK(index < size());
  return *content_->passengers[index].data;
}

std::optional<std::size_t> PreparedFlight::find_booking(std::string_view locator,
                                                        std::string_view sequence) const {
  if (!content_ || locator.empty()) return std::nullopt;
  const auto& places = content_->by_locator;
  const auto [first, last] =
      std::equal_range(places.begin(), places.end(), locator, ByLocator{*content_});
  const std::string wanted = without_leading_zeros(sequence);
  std::optional<std::size_t> of_sequence;
  bool sequences_known = false;
  int with_sequence = 0;
  for (auto at = first; at != last; ++at) {
    const std::string known = without_leading_zeros(passenger(*at).sequence);
    sequences_known = sequences_known || !known.empty();
    if (known.empty() || known != wanted) continue;
    of_sequence = *at;
    ++with_sequence;
  }
  if (with_sequence == 1) return of_sequence;
  const bool only_one = first != last && std::next(first) == last;
  return only_one && (wanted.empty() || !sequences_known) ? std::optional<std::size_t>(*first)
                                                          : std::nullopt;
}

}  // namespace paxid::verification
