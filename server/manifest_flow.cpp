#include "server/manifest_flow.h"

#include <paxid/v1/manifest_service.pb.h>

#include <algorithm>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "audit/crypto.h"
#include "base/hex.h"
#include "bcbp/ssr.h"
#include "server/conversion.h"
#include "server/decision_words.h"
#include "server/record_body.h"
#include "verification/sides.h"
#include "verification/station.h"

namespace paxid::server {
namespace {

namespace ver = verification;
using base::ErrorCode;
using nlohmann::json;

constexpr std::size_t kMaxDocsBytes = bcbp::kMaxSsrBytes;
constexpr std::uint64_t kMicrosecondsPerDay = 86'400'000'000;
// The day is over everywhere 12 hours after it is over in Greenwich.
constexpr std::uint64_t kLatestZoneMicroseconds = kMicrosecondsPerDay / 2;

// Beside the ones for this file.
using server::refuse;

tl::unexpected<Refusal> refuse(const Violations& violations) {
  return tl::unexpected(violations.refusal());
}

// What a limit of the flights' state becomes.
tl::unexpected<Refusal> refuse(const base::Error& error) {
  if (error.code == ErrorCode::kResourceExhausted) {
    return refuse(error.code, "FLIGHTS_FULL", error.field + ": " + error.message);
  }
  if (error.code == ErrorCode::kFailedPrecondition) {
    return refuse(error.code, error.field, error.message);
  }
  return tl::unexpected(refusal_from(error));
}

std::uint64_t midnight_utc(base::Date date) {
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::microseconds(days).count());
}

std::optional<ver::Sex> sex_from(v1::Sex sex) {
  switch (sex) {
    case v1::SEX_MALE:
      return ver::Sex::kMale;
    case v1::SEX_FEMALE:
      return ver::Sex::kFemale;
    default:
      return std::nullopt;
  }
}

v1::Sex to_proto(std::optional<ver::Sex> sex) {
  if (sex == ver::Sex::kMale) return v1::SEX_MALE;
  if (sex == ver::Sex::kFemale) return v1::SEX_FEMALE;
  return v1::SEX_UNSPECIFIED;
}

// One streamed passenger.
class PassengerReader {
 public:
  PassengerReader(const v1::ManifestPassenger& from, std::string place, base::Date today,
                  Violations& violations)
      : from_(from), place_(std::move(place)), today_(today), violations_(violations) {}

  RosterEdit read() {
    RosterEdit edit;
    ver::Passenger& data = edit.data;
    if (from_.booking_name().empty() || from_.booking_name().size() > ver::kMaxBookingNameBytes) {
      violate("booking_name", "must be 1 to 256 bytes");
    }
    data.booked_name = base::PersonalText(from_.booking_name());
    check(from_.locator(), "locator", is_locator, "must be 5 to 7 of A-Z, 0-9, or empty");
    check(from_.sequence(), "sequence", is_short_code, "must be 1 to 8 of A-Z, 0-9, or empty");
    check(from_.seat(), "seat", is_short_code, "must be 1 to 8 of A-Z, 0-9, or empty");
    check(from_.ticket(), "ticket", is_ticket, "must be 13 digits or empty");
    check(from_.passenger_type(), "passenger_type", is_short_code,
          "must be 1 to 8 of A-Z, 0-9, or empty");
    data.locator = from_.locator();
    data.sequence = from_.sequence();
    data.seat = from_.seat();
    edit.ticket = from_.ticket();
    data.passenger_type = from_.passenger_type();
    data.sex = sex_from(from_.sex());
    data.birth_date = date(from_.birth_date(), "birth_date");
    data.booked_on = date(from_.booked_on(), "booked_on");
    read_docs(data);
    return edit;
  }

 private:
  void violate(const char* field, const char* description) {
    violations_.add("PASSENGER_MALFORMED", place_ + field, description);
  }

  template <class Fits>
  void check(const std::string& text, const char* field, Fits fits, const char* description) {
    if (!text.empty() && !fits(text)) violate(field, description);
  }

  std::optional<base::Date> date(const std::string& text, const char* field) {
    if (text.empty()) return std::nullopt;
    const auto read = base::parse_iso_date(text);
    if (!read) violate(field, "must be YYYY-MM-DD or empty");
    return read;
  }

  void read_docs(ver::Passenger& data) {
    if (static_cast<std::size_t>(from_.docs_size()) > kMaxDocsPerPassenger) {
      return violate("docs", "must be at most 4");
    }
    for (const std::string& line : from_.docs()) {
      const bcbp::SsrReading reading =
          line.size() > kMaxDocsBytes ? bcbp::SsrReading() : bcbp::read_ssr(line, today_);
      if (!reading.ok || !reading.docs) {
        violate("docs", "must be lines of SSR DOCS");
        continue;
      }
      data.documents.push_back(*reading.docs);
    }
  }

  const v1::ManifestPassenger& from_;
  const std::string place_;
  const base::Date today_;
  Violations& violations_;
};

bool is_more_than_a_note(const bcbp::ListFinding& finding) {
  return bcbp::loses_lines(finding.code);
}

// Takes a list apart; false when it was refused into `violations`.
void read_list(LoadInput& input, const std::string& text, bool is_table,
               const std::optional<FlightKey>& stated, base::Date today, Violations& violations) {
  const bcbp::PassengerList list = bcbp::read_passenger_list(text, today);
  input.kind = bcbp::name_of(list.kind);
  input.findings = list.findings;
  if (is_table != (list.kind == bcbp::ListKind::kCsv)) {
    return violations.add("LIST_FORMAT_UNFIT", "list", "must be of the format that is stated");
  }
  const bool has_flight = !list.carrier.empty() && list.departure && !list.board.empty();
  if (has_flight) {
    const FlightKey key{list.carrier, ver::without_leading_zeros(list.flight_number),
                        *list.departure, list.board};
    if (stated && *stated != key) {
      return violations.add("LIST_OF_OTHER_FLIGHT", "start.flight",
                            "must be the flight that the list names");
    }
    input.flight = key;
  } else if (stated) {
    input.flight = *stated;
  } else {
    return violations.add("LIST_UNREADABLE", "list",
                          "must name its flight, or the start must name it");
  }
  const bool nothing = list.passengers.empty() && !list.ok;
  if (nothing) return violations.add("LIST_UNREADABLE", "list", "must hold a passenger list");
  const bool lossy = !list.is_whole() ||
                     std::any_of(list.findings.begin(), list.findings.end(), is_more_than_a_note);
  if (input.complete && (lossy || list.kind == bcbp::ListKind::kAdl)) {
    return violations.add("LIST_NOT_COMPLETE", "start.complete",
                          "must be false for an ADL, a part of a list, or one with lost lines");
  }
  input.edits = edits_of(list);
}

json key_json(const FlightKey& key) {
  return {{"carrier", key.carrier},
          {"flight_number", key.number},
          {"departure_date", base::to_iso(key.date)},
          {"from", key.from}};
}

audit::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

audit::Record event_record(const Principal& caller, const audit::Id16& request_id, json body) {
  body["version"] = 1;
  body["request_id"] = base::to_hex(request_id);
  audit::Record record;
  record.tenant = caller.tenant;
  record.request_id = request_id;
  record.type = audit::RecordType::kServiceEvent;
  record.actor = caller.actor;
  record.software = software_of_engine();
  record.body = bytes_of(body.dump());
  return record;
}

void set_time(google::protobuf::Timestamp* to, std::uint64_t unix_us) {
  to->set_seconds(static_cast<std::int64_t>(unix_us / 1'000'000));
  to->set_nanos(static_cast<std::int32_t>(unix_us % 1'000'000 * 1'000));
}

v1::FlightEvent to_proto(FlightEvent event) {
  switch (event) {
    case FlightEvent::kBegun:
      return v1::FLIGHT_EVENT_BEGUN;
    case FlightEvent::kLoaded:
      return v1::FLIGHT_EVENT_LOADED;
    case FlightEvent::kBoarded:
      return v1::FLIGHT_EVENT_BOARDED;
    case FlightEvent::kDecided:
      return v1::FLIGHT_EVENT_DECIDED;
    case FlightEvent::kUndone:
      return v1::FLIGHT_EVENT_UNDONE;
    case FlightEvent::kDropped:
      return v1::FLIGHT_EVENT_DROPPED;
  }
  return v1::FLIGHT_EVENT_UNSPECIFIED;
}

v1::LoadFlightResponse response_of(const LoadInput& input, const RosterMerge& merged) {
  v1::LoadFlightResponse response;
  response.set_request_id(uuid_text(input.request_id));
  response.set_added(merged.added);
  response.set_changed(merged.changed);
  response.set_removed(merged.removed);
  response.set_kept_boarded(merged.kept_boarded);
  for (const bcbp::ListFinding& from : input.findings) {
    v1::ListFinding* to = response.add_findings();
    to->set_code(std::string(bcbp::name_of(from.code)));
    to->set_line(static_cast<std::int32_t>(from.line));
  }
  return response;
}

}  // namespace

std::uint64_t end_of_day(const FlightKey& flight) {
  std::uint64_t end = midnight_utc(flight.date) + kMicrosecondsPerDay + kLatestZoneMicroseconds;
  // Back to the first moment at which the airport has another date, by quarters of an hour.
  constexpr std::uint64_t kQuarter = 900'000'000;
  const bool known = !ver::time_zone_of_airport(flight.from).empty();
  while (known && ver::station_date(end - kQuarter, flight.from) > flight.date) end -= kQuarter;
  return end;
}

std::optional<FlightKey> read_key(const v1::FlightKey& from, Violations& violations,
                                  const std::string& field) {
  const auto check = [&](bool right, const char* name, const char* description) {
    if (!right) violations.add("FLIGHT_MALFORMED", field + name, description);
    return right;
  };
  const auto date = base::parse_iso_date(from.departure_date());
  bool right = check(is_carrier(from.carrier()), ".carrier", "must be 2 or 3 of A-Z, 0-9");
  right &= check(is_flight_number(from.flight_number()), ".flight_number",
                 "must be 1 to 4 digits and at most one letter A-Z");
  right &= check(date.has_value(), ".departure_date", "must be YYYY-MM-DD");
  right &= check(is_airport(from.from()), ".from", "must be 3 letters A-Z");
  if (!right) return std::nullopt;
  return FlightKey{from.carrier(), ver::without_leading_zeros(from.flight_number()), *date,
                   from.from()};
}

tl::expected<LoadInput, Refusal> read_load(const v1::LoadFlightStart& start,
                                           const std::string& list,
                                           const std::vector<v1::ManifestPassenger>& passengers,
                                           base::Date today) {
  Violations violations;
  LoadInput input;
  input.request_id = read_request_id(start.request_id(), violations, "start.request_id");
  input.complete = start.complete();
  std::optional<FlightKey> stated;
  if (start.has_flight()) stated = read_key(start.flight(), violations, "start.flight");
  if (start.has_departure_time() && start.departure_time().seconds() > 0) {
    input.departure_unix_us =
        static_cast<std::uint64_t>(start.departure_time().seconds()) * 1'000'000;
  }
  const bool one_by_one = start.format() == v1::LIST_FORMAT_PASSENGERS;
  if (one_by_one != list.empty() || (!one_by_one && !passengers.empty())) {
    violations.add("LIST_FORMAT_UNFIT", "start.format", "must be what follows, and not empty");
  }
  if (!violations.none()) return refuse(violations);

  std::string content = list;
  if (one_by_one) {
    input.kind = "passengers";
    if (!stated) violations.add("FLIGHT_MISSING", "start.flight", "is required");
    if (stated) input.flight = *stated;
    for (std::size_t i = 0; i < passengers.size(); ++i) {
      const std::string place = "passengers[" + std::to_string(i) + "].";
      input.edits.push_back(PassengerReader(passengers[i], place, today, violations).read());
      content += deterministic_bytes(passengers[i]) + "\n";
    }
  } else {
    const bool is_table = start.format() == v1::LIST_FORMAT_CSV;
    if (!is_table && start.format() != v1::LIST_FORMAT_PNL_ADL) {
      violations.add("ENUM_VALUE_UNKNOWN", "start.format", "must be one of the contract's values");
    } else {
      read_list(input, list, is_table, stated, today, violations);
    }
  }
  if (!violations.none()) return refuse(violations);
  input.sha256 = audit::sha256({audit::bytes_of(content)});
  v1::LoadFlightStart canonical = start;
  canonical.set_request_id(lower_request_id(start.request_id()));
  input.canonical_request = bytes_of(deterministic_bytes(canonical));
  input.canonical_request.insert(input.canonical_request.end(), input.sha256.begin(),
                                 input.sha256.end());
  return input;
}

base::Result<audit::Receipt> ManifestFlow::append(audit::Record record) {
  auto promise = std::make_shared<std::promise<base::Result<audit::Receipt>>>();
  auto future = promise->get_future();
  store_.append(std::move(record), [promise](base::Result<audit::Receipt> receipt) {
    promise->set_value(std::move(receipt));
  });
  return future.get();
}

tl::expected<v1::LoadFlightResponse, Refusal> ManifestFlow::load(const Principal& caller,
                                                                 LoadInput input) {
  const SharedFlight known = flights_.find(caller.tenant, input.flight);
  Departure departure{end_of_day(input.flight), false};
  if (known) departure = {known->departure_unix_us, known->departure_is_stated};
  if (input.departure_unix_us) departure = {*input.departure_unix_us, true};
  const std::size_t listed = input.edits.size();
  const bool again = flights_.has_loaded(caller.tenant, input.flight, input.request_id);
  if (again) input.edits.clear();
  auto merged = merge(
      known ? known->roster : nullptr, std::move(input.edits), input.complete && !again,
      known ? known->board->boarded_passengers() : std::set<int>(), clock_.unix_microseconds());
  if (!merged) return refuse(merged.error());
  const auto room = flights_.has_room(caller.tenant, input.flight, merged->roster, departure);
  if (!room) return refuse(room.error());

  audit::Record record = event_record(caller, input.request_id,
                                      {{"event", "flight_loaded"},
                                       {"flight", key_json(input.flight)},
                                       {"list",
                                        {{"kind", input.kind},
                                         {"sha256", base::to_hex(input.sha256)},
                                         {"passengers", listed},
                                         {"added", merged->added},
                                         {"changed", merged->changed},
                                         {"removed", merged->removed},
                                         {"kept_boarded", merged->kept_boarded}}},
                                       {"passengers", merged->roster->passengers->size()}});
  record.canonical_request = std::move(input.canonical_request);
  record.trace_id = input.trace_id;
  record.response = bytes_of(response_of(input, *merged).SerializeAsString());
  const auto receipt = append(std::move(record));
  if (!receipt) return tl::unexpected(refusal_from(receipt.error()));

  SharedFlight flight = known;
  if (!again) {
    auto loaded =
        flights_.load(caller.tenant, input.flight, merged->roster, departure, input.request_id);
    if (!loaded) return refuse(loaded.error());
    flight = std::move(*loaded);
    if (!known) {
      recover(caller.tenant, input.flight);
      flight = flights_.find(caller.tenant, input.flight);
    }
  }
  v1::LoadFlightResponse response;
  const bool right =
      response.ParseFromArray(receipt->response.data(), static_cast<int>(receipt->response.size()));
  if (!right) return tl::unexpected(refusal_from({ErrorCode::kDataLoss, {}, {}}));
  response.set_replayed(receipt->replayed);
  if (flight) write_summary(*flight, response.mutable_flight());
  write_place(*receipt, response.mutable_record());
  return response;
}

void ManifestFlow::recover(const std::string& tenant, const FlightKey& flight) {
  auto decisions = recorded_.on(tenant, flight, clock_.unix_microseconds());
  const SharedFlight opened = flights_.find(tenant, flight);
  if (!opened) return;
  for (RecordedDecision& recorded : decisions) {
    const RosterPassenger* passenger =
        find_booked(*opened->roster, recorded.locator, recorded.booked_name.reveal());
    if (passenger == nullptr) continue;
    recorded.decision.passenger = passenger->ref;
    if (recorded.decision.resolution) recorded.decision.resolution->passenger = passenger->ref;
    if (flights_.hold(tenant, flight, recorded.decision).value_or(false)) {
      flights_.settle(tenant, flight, recorded.decision, recorded.time_unix_us);
    }
  }
}

tl::expected<ManifestFlow::Dropped, Refusal> ManifestFlow::drop(const Principal& caller,
                                                                const audit::Id16& request_id,
                                                                const FlightKey& flight,
                                                                const audit::Id16& trace_id) {
  const SharedFlight known = flights_.find(caller.tenant, flight);
  const auto earlier = store_.index_of(caller.tenant, request_id);
  const bool repeated = earlier && *earlier;
  if (!known && !repeated) {
    return refuse(ErrorCode::kNotFound, "FLIGHT_NOT_LOADED", "the flight is not loaded");
  }
  audit::Record record =
      event_record(caller, request_id,
                   {{"event", "flight_dropped"},
                    {"flight", key_json(flight)},
                    {"passengers", known ? known->roster->passengers->size() : 0}});
  const std::string what = "drop " + key_json(flight).dump();
  record.canonical_request = bytes_of(what);
  record.trace_id = trace_id;
  auto receipt = append(std::move(record));
  if (!receipt) return tl::unexpected(refusal_from(receipt.error()));
  // A late repetition must not drop what was loaded since.
  if (!receipt->replayed) flights_.drop(caller.tenant, flight);
  return Dropped{std::move(*receipt)};
}

void write_key(const FlightKey& key, v1::FlightKey* to) {
  to->set_carrier(key.carrier);
  to->set_flight_number(key.number);
  to->set_departure_date(base::to_iso(key.date));
  to->set_from(key.from);
}

void write_summary(const FlightSnapshot& flight, v1::FlightSummary* to) {
  write_key(flight.key, to->mutable_flight());
  to->set_passengers(static_cast<std::int32_t>(flight.roster->passengers->size()));
  to->set_boarded(static_cast<std::int32_t>(flight.board->boarded.size()));
  set_time(to->mutable_departure_time(), flight.departure_unix_us);
  set_time(to->mutable_drop_time(), flight.drop_unix_us);
  to->set_revision(flight.revision);
}

void write_passenger(const FlightSnapshot& flight, const RosterPassenger& passenger,
                     v1::ManifestPassenger* to) {
  const ver::Passenger& data = passenger.data;
  to->set_booking_name(data.booked_name.reveal());
  to->set_locator(data.locator);
  to->set_sequence(data.sequence);
  to->set_seat(data.seat);
  to->set_ticket(passenger.ticket);
  if (data.birth_date) to->set_birth_date(base::to_iso(*data.birth_date));
  to->set_sex(to_proto(data.sex));
  to->set_passenger_type(data.passenger_type);
  if (data.booked_on) to->set_booked_on(base::to_iso(*data.booked_on));
  to->set_passenger_ref(passenger.ref);
  for (const EarlierName& earlier : passenger.history) {
    v1::EarlierName* name = to->add_earlier_names();
    name->set_booking_name(earlier.name.reveal());
    set_time(name->mutable_until(), earlier.until_unix_us);
  }
  const Board& board = *flight.board;
  if (const auto boarded = board.boarded.find(passenger.ref); boarded != board.boarded.end()) {
    set_time(to->mutable_boarded_at(), boarded->second.time_unix_us);
  }
  if (const auto last = board.last_action.find(passenger.ref); last != board.last_action.end()) {
    to->set_last_action(static_cast<v1::DecisionAction>(last->second));
  }
}

void write_change(const FlightChange& change, v1::WatchFlightResponse* to) {
  to->set_event(to_proto(change.event));
  set_time(to->mutable_time(), change.time_unix_us);
  write_summary(*change.flight, to->mutable_summary());
  to->set_passenger_ref(change.passenger);
  if (const RosterPassenger* passenger = change.flight->passenger(change.passenger)) {
    to->set_seat(passenger->data.seat);
  }
  if (change.action) to->set_action(static_cast<v1::DecisionAction>(*change.action));
}

}  // namespace paxid::server
