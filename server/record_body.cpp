#include "server/record_body.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "audit/bytes.h"
#include "base/hex.h"
#include "messages/catalogue.h"
#include "verification/sides.h"

namespace paxid::server {
namespace {

namespace ver = verification;
using nlohmann::json;

constexpr std::size_t kKeptNumberCharacters = 3;
// Of a short number three characters would be most of it.
constexpr std::size_t kMinNumberWithTail = 6;

std::string_view name_of(ver::CaptureMethod method) {
  switch (method) {
    case ver::CaptureMethod::kReceived:
      return "received";
    case ver::CaptureMethod::kScanned:
      return "scanned";
    case ver::CaptureMethod::kChipRead:
      return "chip_read";
    case ver::CaptureMethod::kTyped:
      return "typed";
  }
  return "";
}

std::string_view name_of(ver::Assurance assurance) {
  switch (assurance) {
    case ver::Assurance::kAsserted:
      return "asserted";
    case ver::Assurance::kInspected:
      return "inspected";
    case ver::Assurance::kAuthenticated:
      return "authenticated";
  }
  return "";
}

std::string_view name_of(ver::Sex sex) {
  switch (sex) {
    case ver::Sex::kMale:
      return "M";
    case ver::Sex::kFemale:
      return "F";
    case ver::Sex::kNotStated:
      return "X";
  }
  return "";
}

std::string_view name_of(ver::Severity severity) {
  switch (severity) {
    case ver::Severity::kInfo:
      return "info";
    case ver::Severity::kWarning:
      return "warning";
    case ver::Severity::kError:
      return "error";
  }
  return "";
}

std::string number_tail(std::string_view number) {
  if (number.size() < kMinNumberWithTail) return "";
  return std::string(number.substr(number.size() - kKeptNumberCharacters));
}

json name_json(const ver::PersonName& name) {
  json to = json::object();
  if (!name.full.empty()) to["full"] = name.full.reveal();
  if (!name.surname.empty()) to["surname"] = name.surname.reveal();
  if (!name.given.empty()) to["given"] = name.given.reveal();
  if (!name.language.empty()) to["language"] = name.language;
  return to;
}

// The value of a claim under the name of its kind.
struct ClaimWriter {
  json& to;

  void operator()(const ver::NameClaim& c) const { to["person_name"] = name_json(c.name); }
  void operator()(const ver::UsageNameClaim& c) const { to["usage_name"] = name_json(c.name); }
  void operator()(const ver::ZoneClaim& c) const { to["mrz_zone_bytes"] = c.text.reveal().size(); }
  void operator()(const ver::PassClaim& c) const { to["boarding_pass"] = c.text.reveal(); }
  void operator()(const ver::PassNameClaim& c) const { to["pass_name"] = c.text.reveal(); }
  void operator()(const ver::BookingNameClaim& c) const { to["booking_name"] = c.text.reveal(); }
  void operator()(const ver::BirthDateClaim& c) const { to["birth_date"] = base::to_iso(c.date); }
  void operator()(const ver::SexClaim& c) const { to["sex"] = name_of(c.sex); }
  void operator()(const ver::NationalityClaim& c) const { to["nationality"] = c.code; }
  void operator()(const ver::DocumentNumberClaim& c) const {
    to["document_number_tail"] = number_tail(c.number.reveal());
  }
  void operator()(const ver::IssuerClaim& c) const { to["issuer"] = c.code; }
  void operator()(const ver::DocumentTypeClaim& c) const { to["document_type"] = c.code; }
  // Holds the whole number of the document: what was read of it stands under "read".
  void operator()(const ver::DocsClaim& c) const { to["docs_bytes"] = c.text.reveal().size(); }
  void operator()(const ver::PassengerTypeClaim& c) const { to["passenger_type"] = c.code; }
  void operator()(const ver::ExpiryDateClaim& c) const { to["expiry_date"] = base::to_iso(c.date); }
};

json claims_json(const std::vector<ver::Claim>& claims) {
  json list = json::array();
  for (const ver::Claim& claim : claims) {
    json to{{"source", ver::name_of(claim.source)},
            {"capture_method", name_of(claim.capture)},
            {"assurance", name_of(claim.assurance)}};
    std::visit(ClaimWriter{to}, claim.value);
    list.push_back(std::move(to));
  }
  return list;
}

json names_json(const std::vector<ver::SourcedName>& names) {
  json list = json::array();
  for (const ver::SourcedName& name : names) {
    list.push_back({{"source", ver::name_of(name.source)},
                    {"full", name.text.full},
                    {"surname", name.text.surname},
                    {"given", name.text.given}});
  }
  return list;
}

json readings_json(const std::vector<bcbp::NameCandidate>& readings) {
  json list = json::array();
  for (const bcbp::NameCandidate& reading : readings) {
    list.push_back({{"surname", reading.surname}, {"given", reading.given}});
  }
  return list;
}

void put(json& to, const char* key, const ver::Attribute<std::string>& attribute) {
  if (attribute.value) to[key] = *attribute.value;
}

void put(json& to, const ver::Attribute<ver::BirthDate>& birth_date) {
  if (birth_date.value && birth_date.value->date) {
    to["birth_date"] = base::to_iso(*birth_date.value->date);
  }
}

json read_json(const ver::Sides& sides) {
  json travel{{"booking_names", readings_json(sides.travel.booking_readings)},
              {"pass_names", readings_json(sides.travel.pass_readings)}};
  put(travel, sides.travel.birth_date);
  put(travel, "nationality", sides.travel.nationality);
  json identity{{"names", names_json(sides.identity.names)},
                {"usage_names", names_json(sides.identity.usage_names)}};
  put(identity, sides.identity.birth_date);
  put(identity, "nationality", sides.identity.nationality);
  put(identity, "issuer", sides.identity.issuer);
  if (sides.identity.expiry_date.value) {
    identity["expiry_date"] = base::to_iso(*sides.identity.expiry_date.value);
  }
  if (sides.identity.document_number.value) {
    identity["document_number_tail"] = number_tail(*sides.identity.document_number.value);
  }
  return {{"travel", std::move(travel)}, {"identity", std::move(identity)}};
}

json answer_json(const ver::VerdictReport& report) {
  json reasons = json::array();
  for (const ver::Reason& reason : report.reasons) {
    reasons.push_back({{"code", reason.code},
                       {"booking_part", reason.booking_part.reveal()},
                       {"document_part", reason.document_part.reveal()},
                       {"bits", reason.bits},
                       {"text", messages::render(reason.text, messages::Language::kEnglish)}});
  }
  json findings = json::array();
  for (const ver::Finding& finding : report.findings) {
    findings.push_back({{"code", finding.code},
                        {"severity", name_of(finding.severity)},
                        {"claim_index", finding.claim_index},
                        {"place", finding.place}});
  }
  json counterfactuals = json::array();
  for (const ver::Counterfactual& counterfactual : report.counterfactuals) {
    counterfactuals.push_back({{"code", counterfactual.code},
                               {"verdict", ver::name_of(counterfactual.verdict)},
                               {"text", messages::render_counterfactual(
                                            ver::name_of(counterfactual.verdict),
                                            counterfactual.wishes, messages::Language::kEnglish)}});
  }
  json alignment = json::array();
  for (const ver::AlignedPart& part : report.alignment) {
    alignment.push_back({{"booking_part", part.booking_part.reveal()},
                         {"document_part", part.document_part.reveal()},
                         {"booking_differences", part.booking_differences},
                         {"document_differences", part.document_differences}});
  }
  return {{"verdict", ver::name_of(report.verdict)},
          {"confidence", report.confidence},
          {"log_odds", report.log_odds},
          {"sentence", messages::render(report.sentence, messages::Language::kEnglish)},
          {"reasons", std::move(reasons)},
          {"findings", std::move(findings)},
          {"counterfactuals", std::move(counterfactuals)},
          {"alignment", std::move(alignment)}};
}

json flight_json(const ver::Flight& flight) {
  json to{{"carrier", flight.carrier},
          {"flight_number", flight.number},
          {"from", flight.from},
          {"to", flight.to}};
  if (flight.departure_date) to["departure_date"] = base::to_iso(*flight.departure_date);
  return to;
}

// The loaded flight, whose key may come from the pass.
json key_json(const FlightSight& sight) {
  const FlightKey& key = sight.flight->key;
  return {{"carrier", key.carrier},
          {"flight_number", key.number},
          {"departure_date", base::to_iso(key.date)},
          {"from", key.from}};
}

json passenger_json(const FlightSight& sight) {
  const RosterPassenger& passenger = *sight.passenger();
  return {{"passenger_ref", passenger.ref},
          {"revision", sight.flight->revision},
          {"booked_name", passenger.data.booked_name.reveal()},
          {"locator", passenger.data.locator},
          {"sequence", passenger.data.sequence},
          {"seat", passenger.data.seat}};
}

}  // namespace

audit::Hash software_of_engine() {
  audit::Hash hash{};
  const auto& digest = ver::Engine::software_digest();
  std::copy_n(digest.begin(), std::min(digest.size(), hash.size()), hash.begin());
  return hash;
}

audit::SubjectLookup subject_of(const VerifyInput& input, const ver::Sides& sides) {
  const ver::IdentitySide& identity = sides.identity;
  const std::string number = identity.document_number.value.value_or("");
  const std::string issuer = identity.issuer.value.value_or("");
  // Numbers are unique within one issuer only: without it two people could share a subject,
  // and the erasure of one would erase the other.
  if (number.empty() || issuer.empty()) {
    return {static_cast<std::uint8_t>(SubjectKind::kSingleRecord),
            audit::Bytes(input.request_id.begin(), input.request_id.end())};
  }
  const std::string value = issuer + "|" + number;
  return {static_cast<std::uint8_t>(SubjectKind::kDocument),
          audit::Bytes(value.begin(), value.end())};
}

std::string record_body(const VerifyInput& input, base::Date station_date, const ver::Sides& sides,
                        const FlightPart& flight, const ver::VerdictReport& report,
                        const ver::Policy& policy, std::string_view engine_version) {
  json body{{"version", 2},
            {"request_id", base::to_hex(input.request_id)},
            {"claims", claims_json(input.claims)},
            {"read", read_json(sides)},
            {"flight", flight_json(input.flight)},
            {"station", input.station},
            {"channel", input.channel},
            {"purpose", input.purpose},
            {"station_date", base::to_iso(station_date)},
            {"answer", answer_json(report)},
            {"policy", {{"id", policy.reference()}, {"sha256", base::to_hex(policy.sha256)}}},
            {"engine", engine_version}};
  if (flight.document) body["document_index"] = base::to_hex(*flight.document);
  if (flight.sight != nullptr && flight.sight->flight) {
    body["flight"] = key_json(*flight.sight);
    if (flight.sight->place) body["flight_passenger"] = passenger_json(*flight.sight);
  }
  if (flight.coverage.resolution != nullptr) {
    body["resolution"] = {
        {"decision_request_id", base::to_hex(flight.coverage.resolution->decision)},
        {"codes", flight.coverage.codes}};
  }
  // Bytes of a pass that are no UTF-8 are replaced; the answer was made from the original.
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace paxid::server
