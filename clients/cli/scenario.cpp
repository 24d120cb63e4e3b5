#include "clients/cli/scenario.h"

#include <optional>
#include <utility>

#include "base/check.h"
#include "base/date.h"
#include "base/utf8.h"

namespace paxid::cli {
namespace {

namespace ver = verification;
using base::ErrorCode;
using base::PersonalText;
using nlohmann::json;

// What only a server knows.
constexpr const char* kServerKeys[] = {
    "flight_peers",  "already_boarded", "seat_taken",    "doc_already_used_by",  "doc_reported",
    "not_on_flight", "offline",         "earlier_names", "minutes_to_departure", "booking_seat"};

constexpr ver::Assurance kAsserted = ver::Assurance::kAsserted;

// Letters and digits, upper case.
std::string bare(const std::string& text) {
  std::string kept;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) kept += c;
  }
  return kept;
}

// Reads the members of one object; remembers the first that is of the wrong kind.
class Fields {
 public:
  Fields(const json& object, std::string prefix) : object_(object), prefix_(std::move(prefix)) {}

  // Nothing when missing, null or empty.
  std::optional<std::string> text(const char* key) {
    const json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) return wrong<std::string>(key, "must be a text");
    auto text = value->get<std::string>();
    if (text.empty()) return std::nullopt;
    return text;
  }

  std::optional<PersonalText> bytes(const char* key, std::size_t max) {
    const auto stated = text(key);
    if (!stated) return std::nullopt;
    if (stated->size() > max) {
      return wrong<PersonalText>(key, "must be at most " + std::to_string(max) + " bytes");
    }
    return PersonalText(*stated);
  }

  std::optional<std::string> name(const char* key) {
    auto stated = text(key);
    if (!stated) return std::nullopt;
    const auto length = base::count_code_points(*stated);
    if (!length) return wrong<std::string>(key, "must be UTF-8");
    if (*length > ver::kMaxNameCodePoints) {
      return wrong<std::string>(
          key, "must be at most " + std::to_string(ver::kMaxNameCodePoints) + " code points");
    }
    return stated;
  }

  // Blanks and hyphens of a printed number are no part of it.
  std::optional<PersonalText> number(const char* key) {
    const auto printed = text(key);
    if (!printed) return std::nullopt;
    std::string number = bare(*printed);
    if (number.size() > ver::kMaxDocumentNumberLength) {
      return wrong<PersonalText>(key, "must be at most " +
                                          std::to_string(ver::kMaxDocumentNumberLength) +
                                          " letters and digits");
    }
    return PersonalText(std::move(number));
  }

  std::optional<base::Date> date(const char* key) {
    const auto printed = text(key);
    if (!printed) return std::nullopt;
    auto date = base::parse_iso_date(*printed);
    return date ? date : wrong<base::Date>(key, "must be a day of the calendar, YYYY-MM-DD");
  }

  std::optional<ver::Sex> sex(const char* key) {
    const auto printed = text(key);
    if (!printed) return std::nullopt;
    if (*printed == "M") return ver::Sex::kMale;
    if (*printed == "F") return ver::Sex::kFemale;
    if (*printed == "X" || *printed == "<") return ver::Sex::kNotStated;
    return wrong<ver::Sex>(key, "must be M, F, X or <");
  }

  bool flag(const char* key) {
    const json* value = find(key);
    if (value == nullptr) return false;
    if (value->is_boolean()) return value->get<bool>();
    wrong<bool>(key, "must be true or false");
    return false;
  }

  std::vector<PersonalText> texts(const char* key, std::size_t max) {
    std::vector<PersonalText> list;
    const json* value = find(key);
    if (value == nullptr) return list;
    if (!value->is_array() || value->size() > max) {
      wrong<bool>(key, "must be a list of texts, not longer than " + std::to_string(max));
      return list;
    }
    for (const json& item : *value) {
      if (!item.is_string()) {
        wrong<bool>(key, "must be a list of texts");
        return list;
      }
      list.emplace_back(item.get<std::string>());
    }
    return list;
  }

  // A list of anything.
  json items(const char* key, std::size_t max) {
    const json* value = find(key);
    if (value == nullptr) return json::array();
    if (!value->is_array() || value->size() > max) {
      complain(key, "must be a list, not longer than " + std::to_string(max));
      return json::array();
    }
    return *value;
  }

  std::optional<int> integer(const char* key) {
    const json* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number_integer()) return wrong<int>(key, "must be a whole number");
    return static_cast<int>(value->get<std::int64_t>());
  }

  void complain(const char* key, std::string message) { wrong<bool>(key, std::move(message)); }

  bool has(const char* key) const { return find(key) != nullptr; }
  const std::optional<base::Error>& error() const { return error_; }

 private:
  const json* find(const char* key) const {
    const auto value = object_.find(key);
    return value == object_.end() || value->is_null() ? nullptr : &*value;
  }

  template <class T>
  std::optional<T> wrong(const char* key, std::string message) {
    if (!error_)
      error_ = base::Error{ErrorCode::kInvalidArgument, std::move(message), prefix_ + key};
    return std::nullopt;
  }

  const json& object_;
  std::string prefix_;
  std::optional<base::Error> error_;
};

std::string without_fillers(std::string text) {
  for (char& c : text) {
    if (c == '<') c = ' ';
  }
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The name field of a zone: primary and secondary identifier are separated by two fillers
// (Doc 9303-3 section 4.6).
ver::PersonName split_zone_name(const std::string& field) {
  const auto separator = field.find("<<");
  ver::PersonName name;
  name.surname = PersonalText(without_fillers(field.substr(0, separator)));
  if (separator != std::string::npos) {
    name.given = PersonalText(without_fillers(field.substr(separator)));
  }
  return name;
}

class ScenarioReader {
 public:
  ScenarioReader(const json& request, Origin origin)
      : origin_(origin), top_(request, ""), context_(context_of(request), "context.") {}

  base::Result<Scenario> read() {
    read_names();
    read_attributes();
    read_flight();
    read_flight_context();
    for (const Fields* fields : {&top_, &context_}) {
      if (fields->error()) return tl::unexpected(*fields->error());
    }
    return std::move(scenario_);
  }

 private:
  static const json& context_of(const json& request) {
    static const json kEmpty = json::object();
    const auto context = request.find("context");
    return context != request.end() && context->is_object() ? *context : kEmpty;
  }

  void claim(ver::Source source, ver::CaptureMethod capture, ver::ClaimValue value) {
    if (origin_ == Origin::kArguments) capture = ver::CaptureMethod::kTyped;
    scenario_.claims.push_back({source, capture, kAsserted, std::move(value)});
  }
  void booked(ver::ClaimValue value) {
    claim(ver::Source::kBooking, ver::CaptureMethod::kReceived, std::move(value));
  }
  void on_pass(ver::ClaimValue value) {
    claim(ver::Source::kBoardingPass, ver::CaptureMethod::kScanned, std::move(value));
  }
  void in_zone(ver::ClaimValue value) {
    claim(ver::Source::kMrz, ver::CaptureMethod::kScanned, std::move(value));
  }
  void printed(ver::ClaimValue value) {
    claim(ver::Source::kVisual, ver::CaptureMethod::kScanned, std::move(value));
  }

  void read_names() {
    if (auto text = top_.bytes("booking", ver::kMaxBookingNameBytes)) {
      booked(ver::BookingNameClaim{*text});
    }
    if (auto text = top_.bytes("docs", ver::kMaxDocsBytes)) booked(ver::DocsClaim{*text});
    if (auto text = top_.text("passenger_type")) booked(ver::PassengerTypeClaim{bare(*text)});
    if (auto text = top_.bytes("pass", ver::kMaxPassBytes)) on_pass(ver::PassClaim{*text});
    if (auto text = top_.name("bcbp_name")) on_pass(ver::PassNameClaim{PersonalText(*text)});
    if (auto text = top_.bytes("zone", ver::kMaxZoneBytes)) in_zone(ver::ZoneClaim{*text});
    if (auto text = top_.name("doc_mrz_name")) in_zone(ver::NameClaim{split_zone_name(*text)});
    const auto surname = top_.name("doc_surname");
    const auto given = top_.name("doc_given");
    if (surname || given) {
      ver::PersonName name;
      name.surname = PersonalText(surname.value_or(""));
      name.given = PersonalText(given.value_or(""));
      printed(ver::NameClaim{std::move(name)});
    }
    if (auto text = context_.name("doc_usage_name")) {
      ver::PersonName name;
      name.surname = PersonalText(*text);
      printed(ver::UsageNameClaim{std::move(name)});
    }
  }

  void read_attributes() {
    if (auto date = context_.date("booking_birth_date")) booked(ver::BirthDateClaim{*date});
    if (auto date = context_.date("doc_birth_date")) printed(ver::BirthDateClaim{*date});
    if (auto sex = context_.sex("sex_booking")) booked(ver::SexClaim{*sex});
    if (auto sex = context_.sex("sex_doc")) printed(ver::SexClaim{*sex});
    if (auto number = context_.number("booking_doc_number")) {
      booked(ver::DocumentNumberClaim{*number});
    }
    if (auto number = context_.number("doc_number")) printed(ver::DocumentNumberClaim{*number});
    if (auto text = context_.text("booking_nationality"))
      booked(ver::NationalityClaim{bare(*text)});
    if (auto text = context_.text("doc_nationality")) printed(ver::NationalityClaim{bare(*text)});
    if (auto text = context_.text("doc_issuer")) printed(ver::IssuerClaim{bare(*text)});
    if (auto text = context_.text("doc_type")) printed(ver::DocumentTypeClaim{bare(*text)});
    if (auto date = context_.date("doc_expiry_date")) printed(ver::ExpiryDateClaim{*date});
  }

  void read_flight() {
    ver::Flight& flight = scenario_.flight;
    flight.carrier = top_.text("carrier").value_or("");
    flight.number = top_.text("flight_number").value_or("");
    flight.departure_date = top_.date("departure_date");
    flight.from = top_.text("from").value_or("");
    flight.to = top_.text("to").value_or("");
    scenario_.station = top_.text("station").value_or("");
    scenario_.request_id = top_.text("request_id").value_or("");
    scenario_.channel = top_.text("channel").value_or("");
    scenario_.purpose = top_.text("purpose").value_or("");
    scenario_.locator = top_.text("locator").value_or("");
    scenario_.sequence = top_.text("sequence").value_or("");
    scenario_.seat = top_.text("seat").value_or("");
  }

  void read_flight_context() {
    for (const char* key : kServerKeys) {
      if (context_.has(key)) scenario_.states_flight_context = true;
    }
    if (top_.has("station_date")) scenario_.states_flight_context = true;
    scenario_.station_date = top_.date("station_date");
    ver::FlightContext& context = scenario_.context;
    context.already_boarded = context_.flag("already_boarded");
    context.seat_taken = context_.flag("seat_taken");
    context.document_reported = context_.flag("doc_reported");
    context.not_on_flight = context_.flag("not_on_flight");
    if (auto text = context_.text("doc_already_used_by")) {
      context.document_used_by = PersonalText(*text);
    }
    context.offline = context_.flag("offline");
    context.minutes_to_departure = context_.integer("minutes_to_departure");
    read_passengers();
  }

  // The peers, and before them the passenger himself where the server would know more of his
  // booking than a client does.
  void read_passengers() {
    ver::FlightContext& context = scenario_.context;
    std::vector<ver::Passenger> passengers;
    const auto booking = top_.text("booking");
    const auto earlier = context_.texts("earlier_names", ver::kMaxEarlierNames);
    const auto seat = context_.text("booking_seat");
    if (booking && (!earlier.empty() || seat)) {
      ver::Passenger& self = passengers.emplace_back();
      self.booked_name = PersonalText(*booking);
      self.earlier_names = earlier;
      self.seat = seat.value_or("");
      context.passenger = 0;
    }
    for (const json& peer : context_.items("flight_peers", ver::kMaxFlightPassengers - 1)) {
      read_peer(peer, passengers.emplace_back());
    }
    auto flight = ver::PreparedFlight::prepare(std::move(passengers));
    PAXID_CHECK(flight.has_value());  // within the limits that were read
    context.flight = std::move(*flight);
  }

  void read_peer(const json& peer, ver::Passenger& passenger) {
    if (peer.is_string()) {
      passenger.booked_name = PersonalText(peer.get<std::string>());
      return;
    }
    if (!peer.is_object()) return context_.complain("flight_peers", "must be names or objects");
    Fields fields(peer, "context.flight_peers.");
    passenger.booked_name = PersonalText(fields.text("name").value_or(""));
    passenger.seat = fields.text("seat").value_or("");
    passenger.birth_date = fields.date("birth_date");
    passenger.sex = fields.sex("sex");
    if (auto number = fields.number("doc_number")) {
      passenger.documents.emplace_back().number = number->reveal();
    }
    if (fields.error()) context_.complain("flight_peers", fields.error()->message);
  }

  Origin origin_;
  Scenario scenario_;
  Fields top_;
  Fields context_;
};

}  // namespace

base::Result<Scenario> read_scenario(const json& request, Origin origin) {
  const auto context = request.find("context");
  if (context != request.end() && !context->is_object() && !context->is_null()) {
    return base::fail(ErrorCode::kInvalidArgument, "must be an object", "context");
  }
  return ScenarioReader(request, origin).read();
}

}  // namespace paxid::cli
