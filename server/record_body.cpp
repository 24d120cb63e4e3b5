#include "server/record_body.h"

#include <algorithm>
#include <variant>

#include "audit/bytes.h"
#include "base/hex.h"
#include "server/json_text.h"
#include "verification/sides.h"

namespace paxid::server {
namespace {

namespace ver = verification;
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

void put_name(JsonText& to, std::string_view key, const ver::PersonName& name) {
  to.object(key, [&] {
    if (!name.full.empty()) to.put("full", name.full.reveal());
    if (!name.given.empty()) to.put("given", name.given.reveal());
    if (!name.language.empty()) to.put("language", name.language);
    if (!name.surname.empty()) to.put("surname", name.surname.reveal());
  });
}

// The key that a claim's value stands under.
struct ClaimKey {
  std::string_view operator()(const ver::NameClaim&) const { return "person_name"; }
  std::string_view operator()(const ver::UsageNameClaim&) const { return "usage_name"; }
  std::string_view operator()(const ver::ZoneClaim&) const { return "mrz_zone_bytes"; }
  std::string_view operator()(const ver::PassClaim&) const { return "boarding_pass"; }
  std::string_view operator()(const ver::PassNameClaim&) const { return "pass_name"; }
  std::string_view operator()(const ver::BookingNameClaim&) const { return "booking_name"; }
  std::string_view operator()(const ver::BirthDateClaim&) const { return "birth_date"; }
  std::string_view operator()(const ver::SexClaim&) const { return "sex"; }
  std::string_view operator()(const ver::NationalityClaim&) const { return "nationality"; }
  std::string_view operator()(const ver::DocumentNumberClaim&) const {
    return "document_number_tail";
  }
  std::string_view operator()(const ver::IssuerClaim&) const { return "issuer"; }
  std::string_view operator()(const ver::DocumentTypeClaim&) const { return "document_type"; }
  std::string_view operator()(const ver::DocsClaim&) const { return "docs_bytes"; }
  std::string_view operator()(const ver::PassengerTypeClaim&) const { return "passenger_type"; }
  std::string_view operator()(const ver::ExpiryDateClaim&) const { return "expiry_date"; }
};

// The value of a claim under its key.
struct ClaimWriter {
  JsonText& to;
  std::string_view key;

  void operator()(const ver::NameClaim& c) const { put_name(to, key, c.name); }
  void operator()(const ver::UsageNameClaim& c) const { put_name(to, key, c.name); }
  void operator()(const ver::ZoneClaim& c) const { to.put(key, c.text.reveal().size()); }
  void operator()(const ver::PassClaim& c) const { to.put(key, c.text.reveal()); }
  void operator()(const ver::PassNameClaim& c) const { to.put(key, c.text.reveal()); }
  void operator()(const ver::BookingNameClaim& c) const { to.put(key, c.text.reveal()); }
  void operator()(const ver::BirthDateClaim& c) const { to.put(key, base::to_iso(c.date)); }
  void operator()(const ver::SexClaim& c) const { to.put(key, name_of(c.sex)); }
  void operator()(const ver::NationalityClaim& c) const { to.put(key, c.code); }
  void operator()(const ver::DocumentNumberClaim& c) const {
    to.put(key, number_tail(c.number.reveal()));
  }
  void operator()(const ver::IssuerClaim& c) const { to.put(key, c.code); }
  void operator()(const ver::DocumentTypeClaim& c) const { to.put(key, c.code); }
  // Holds the whole number of the document: what was read of it stands under "read".
  void operator()(const ver::DocsClaim& c) const { to.put(key, c.text.reveal().size()); }
  void operator()(const ver::PassengerTypeClaim& c) const { to.put(key, c.code); }
  void operator()(const ver::ExpiryDateClaim& c) const { to.put(key, base::to_iso(c.date)); }
};

void put_claim(JsonText& to, const ver::Claim& claim) {
  const std::string_view key = std::visit(ClaimKey{}, claim.value);
  const auto value_between = [&](std::string_view after, std::string_view before) {
    if (key > after && key < before) std::visit(ClaimWriter{to, key}, claim.value);
  };
  to.object([&] {
    to.put("assurance", name_of(claim.assurance));
    value_between("assurance", "capture_method");
    to.put("capture_method", name_of(claim.capture));
    value_between("capture_method", "source");
    to.put("source", ver::name_of(claim.source));
    value_between("source", "~");
  });
}

void put_names(JsonText& to, std::string_view key, const std::vector<ver::SourcedName>& names) {
  to.array(key, [&] {
    for (const ver::SourcedName& name : names) {
      to.object([&] {
        to.put("full", name.text.full);
        to.put("given", name.text.given);
        to.put("source", ver::name_of(name.source));
        to.put("surname", name.text.surname);
      });
    }
  });
}

void put_readings(JsonText& to, std::string_view key,
                  const std::vector<bcbp::NameCandidate>& readings) {
  to.array(key, [&] {
    for (const bcbp::NameCandidate& reading : readings) {
      to.object([&] {
        to.put("given", reading.given);
        to.put("surname", reading.surname);
      });
    }
  });
}

void put(JsonText& to, std::string_view key, const ver::Attribute<std::string>& attribute) {
  if (attribute.value) to.put(key, *attribute.value);
}

void put(JsonText& to, const ver::Attribute<ver::BirthDate>& birth_date) {
  if (birth_date.value && birth_date.value->date) {
    to.put("birth_date", base::to_iso(*birth_date.value->date));
  }
}

void put_read(JsonText& to, const ver::Sides& sides) {
  to.object("identity", [&] {
    const ver::IdentitySide& identity = sides.identity;
    put(to, identity.birth_date);
    if (identity.document_number.value) {
      to.put("document_number_tail", number_tail(*identity.document_number.value));
    }
    if (identity.expiry_date.value) {
      to.put("expiry_date", base::to_iso(*identity.expiry_date.value));
    }
    put(to, "issuer", identity.issuer);
    put_names(to, "names", identity.names);
    put(to, "nationality", identity.nationality);
    put_names(to, "usage_names", identity.usage_names);
  });
  to.object("travel", [&] {
    put(to, sides.travel.birth_date);
    put_readings(to, "booking_names", sides.travel.booking_readings);
    put(to, "nationality", sides.travel.nationality);
    put_readings(to, "pass_names", sides.travel.pass_readings);
  });
}

void put_differences(JsonText& to, std::string_view key, const std::vector<int>& places) {
  to.array(key, [&] {
    for (const int place : places) to.add(place);
  });
}

void put_alignment(JsonText& to, const std::vector<ver::AlignedPart>& alignment) {
  to.array("alignment", [&] {
    for (const ver::AlignedPart& part : alignment) {
      to.object([&] {
        put_differences(to, "booking_differences", part.booking_differences);
        to.put("booking_part", part.booking_part.reveal());
        put_differences(to, "document_differences", part.document_differences);
        to.put("document_part", part.document_part.reveal());
      });
    }
  });
}

void put_counterfactuals(JsonText& to, const ver::VerdictReport& report, const ReportTexts& texts) {
  to.array("counterfactuals", [&] {
    for (std::size_t i = 0; i < report.counterfactuals.size(); ++i) {
      to.object([&] {
        to.put("code", report.counterfactuals[i].code);
        to.put("text", texts.counterfactuals[i]);
        to.put("verdict", ver::name_of(report.counterfactuals[i].verdict));
      });
    }
  });
}

void put_findings(JsonText& to, const std::vector<ver::Finding>& findings) {
  to.array("findings", [&] {
    for (const ver::Finding& finding : findings) {
      to.object([&] {
        to.put("claim_index", finding.claim_index);
        to.put("code", finding.code);
        to.put("place", finding.place);
        to.put("severity", name_of(finding.severity));
      });
    }
  });
}

void put_reasons(JsonText& to, const ver::VerdictReport& report, const ReportTexts& texts) {
  to.array("reasons", [&] {
    for (std::size_t i = 0; i < report.reasons.size(); ++i) {
      const ver::Reason& reason = report.reasons[i];
      to.object([&] {
        to.put("bits", reason.bits);
        to.put("booking_part", reason.booking_part.reveal());
        to.put("code", reason.code);
        to.put("document_part", reason.document_part.reveal());
        to.put("text", texts.reasons[i]);
      });
    }
  });
}

void put_answer(JsonText& to, const ver::VerdictReport& report, const ReportTexts& texts) {
  put_alignment(to, report.alignment);
  to.put("confidence", report.confidence);
  put_counterfactuals(to, report, texts);
  put_findings(to, report.findings);
  to.put("log_odds", report.log_odds);
  put_reasons(to, report, texts);
  to.put("sentence", texts.sentence);
  to.put("verdict", ver::name_of(report.verdict));
}

// The loaded flight, whose key may come from the pass; else the flight as it was sent.
void put_flight(JsonText& to, const ver::Flight& sent, const FlightSight* sight) {
  if (sight != nullptr && sight->flight) {
    const FlightKey& key = sight->flight->key;
    to.put("carrier", key.carrier);
    to.put("departure_date", base::to_iso(key.date));
    to.put("flight_number", key.number);
    to.put("from", key.from);
    return;
  }
  to.put("carrier", sent.carrier);
  if (sent.departure_date) to.put("departure_date", base::to_iso(*sent.departure_date));
  to.put("flight_number", sent.number);
  to.put("from", sent.from);
  to.put("to", sent.to);
}

void put_passenger(JsonText& to, const FlightSight& sight) {
  const RosterPassenger& passenger = *sight.passenger();
  to.put("booked_name", passenger.data.booked_name.reveal());
  to.put("locator", passenger.data.locator);
  to.put("passenger_ref", passenger.ref);
  to.put("revision", sight.flight->revision);
  to.put("seat", passenger.data.seat);
  to.put("sequence", passenger.data.sequence);
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
                        const ReportTexts& texts, const ver::Policy& policy,
                        std::string_view engine_version) {
  JsonText body;
  const FlightSight* sight = flight.sight;
  body.object([&] {
    body.object("answer", [&] { put_answer(body, report, texts); });
    body.put("channel", input.channel);
    body.array("claims", [&] {
      for (const ver::Claim& claim : input.claims) put_claim(body, claim);
    });
    if (flight.document) body.put("document_index", base::to_hex(*flight.document));
    body.put("engine", engine_version);
    body.object("flight", [&] { put_flight(body, input.flight, sight); });
    if (sight != nullptr && sight->flight && sight->place) {
      body.object("flight_passenger", [&] { put_passenger(body, *sight); });
    }
    body.object("policy", [&] {
      body.put("id", policy.reference());
      body.put("sha256", base::to_hex(policy.sha256));
    });
    body.put("purpose", input.purpose);
    body.object("read", [&] { put_read(body, sides); });
    body.put("request_id", base::to_hex(input.request_id));
    if (const auto* resolution = flight.coverage.resolution; resolution != nullptr) {
      body.object("resolution", [&] {
        body.array("codes", [&] {
          for (const auto& code : flight.coverage.codes) body.add(code);
        });
        body.put("decision_request_id", base::to_hex(resolution->decision));
      });
    }
    body.put("station", input.station);
    body.put("station_date", base::to_iso(station_date));
    body.put("version", 2);
  });
  return std::move(body).take();
}

}  // namespace paxid::server
