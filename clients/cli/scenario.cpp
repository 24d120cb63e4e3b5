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
  }

  void read_flight_context() {
    for (const char* key : {"flight_peers", "already_boarded", "doc_already_used_by", "offline"}) {
      if (context_.has(key)) scenario_.states_flight_context = true;
    }
    std::vector<ver::Passenger> peers;
    for (const PersonalText& name : context_.texts("flight_peers", ver::kMaxFlightPassengers)) {
      peers.emplace_back().booked_name = name;
    }
    auto flight = ver::PreparedFlight::prepare(std::move(peers));
    PAXID_CHECK(flight.has_value());  // within the limits that were read
    scenario_.context.flight = std::move(*flight);
    scenario_.context.already_boarded = context_.flag("already_boarded");
    if (auto text = context_.text("doc_already_used_by")) {
      scenario_.context.document_used_by = PersonalText(*text);
    }
    scenario_.context.offline = context_.flag("offline");
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
