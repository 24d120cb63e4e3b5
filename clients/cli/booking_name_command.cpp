#include "clients/cli/booking_name_command.h"

#include <array>
#include <optional>
#include <utility>

#include "bcbp/edifact.h"
#include "bcbp/text.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/request.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

template <class Findings>
json findings_of(const Findings& findings) {
  json out = json::array();
  for (const auto finding : findings) {
    out.push_back({{"code", bcbp::name_of(finding)},
                   {"severity", bcbp::refuses(finding) ? "error" : "note"}});
  }
  return out;
}

// Only what is there: a key that a line does not speak of is left out.
void put(json& out, std::string_view key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}
void put(json& out, std::string_view key, const std::optional<base::Date>& date) {
  if (date) out[key] = base::to_iso(*date);
}
template <class Number>
void put(json& out, std::string_view key, const std::optional<Number>& number) {
  if (number) out[key] = *number;
}

json answer_name_element(const std::string& raw, base::Date today) {
  const auto reading = bcbp::read_name_element(raw, today);
  json out{{"ok", reading.ok},
           {"system", bcbp::name_of(reading.system)},
           {"findings", findings_of(reading.findings)},
           {"passengers", json::array()}};
  for (const auto& passenger : reading.passengers) out["passengers"].push_back(to_json(passenger));
  return out;
}

json answer_ssr(const std::string& raw, base::Date today) {
  const auto reading = bcbp::read_ssr(raw, today);
  json out{{"ok", reading.ok}, {"findings", findings_of(reading.findings)}};
  if (!reading.docs && !reading.doco && !reading.doca) return out;
  out["type"] = bcbp::name_of(reading.type);
  put(out, "status", reading.status);
  put(out, "carrier", reading.carrier);
  put(out, "board", reading.board);
  put(out, "off", reading.off);
  put(out, "traveller_ref", reading.traveller_ref);
  if (reading.docs) out.update(to_json(*reading.docs));
  if (reading.doco) out.update(to_json(*reading.doco));
  if (reading.doca) out.update(to_json(*reading.doca));
  return out;
}

json answer_name_segment(const std::string& raw) {
  const auto reading = bcbp::read_name_segment(raw);
  json out{{"ok", reading.ok}, {"findings", findings_of(reading.findings)}};
  put(out, "tag", reading.tag);
  put(out, "role", reading.role);
  if (!reading.group.empty()) {
    out["group"] = reading.group;
    return out;
  }
  out["surname"] = reading.surname;
  out["given"] = reading.given;
  put(out, "given2", reading.given2);
  put(out, "title", reading.title);
  put(out, "suffix", reading.suffix);
  put(out, "ptc", reading.ptc);
  put(out, "traveller_ref", reading.traveller_ref);
  put(out, "street", reading.street);
  put(out, "city", reading.city);
  put(out, "state", reading.state);
  put(out, "zip", reading.zip);
  put(out, "country", reading.country);
  for (const auto& traveller : reading.further_travellers) {
    json further{{"surname", traveller.surname}, {"given", traveller.given}};
    put(further, "title", traveller.title);
    put(further, "suffix", traveller.suffix);
    put(further, "ptc", traveller.ptc);
    put(further, "traveller_ref", traveller.traveller_ref);
    out["further_travellers"].push_back(std::move(further));
  }
  return out;
}

bool is_name_segment(std::string_view raw) {
  return raw.starts_with("NAD+") || raw.starts_with("TIF+");
}

// The request code stands within the first bytes, behind a command at most.
bool is_ssr(std::string_view raw) {
  constexpr std::size_t kLongestCommand = 16;
  const std::string_view head = raw.substr(0, kLongestCommand);
  if (head.starts_with("SSR+") || head.starts_with("SSR ")) return true;
  for (const std::string_view type : {"DOCS", "DOCO", "DOCA"}) {
    const std::size_t at = head.find(type);
    if (at == std::string_view::npos) continue;
    const std::string_view command = head.substr(0, at);
    for (const std::string_view known : {"", "SSR", "SSR ", "SR", "SR ", "3", "4"}) {
      // A surname may begin like a request (DOCSON/ANN): what follows decides.
      const std::string_view behind = raw.substr(at + type.size());
      if (command == known && (!known.empty() || behind.starts_with(' ') ||
                               behind.starts_with('/') || behind.starts_with('-'))) {
        return true;
      }
    }
    if (command.starts_with("SI.P")) return true;
  }
  return false;
}

std::string text_of(const json& object, std::string_view key) {
  return text_at(object, key).value_or("");
}

std::string passenger_line(const json& passenger) {
  std::string line = "  " + text_of(passenger, "surname") + " / " + text_of(passenger, "given");
  for (const std::string_view key : {"suffix", "title", "ptc", "dob"}) {
    if (const std::string text = text_of(passenger, key); !text.empty()) line += "  " + text;
  }
  if (const std::string kind = text_of(passenger, "kind"); kind != "person") line += "  " + kind;
  return line + "\n";
}

}  // namespace

json to_json(const bcbp::Passenger& passenger) {
  json out{{"surname", passenger.surname}, {"given", passenger.given},
           {"title", passenger.title},     {"ptc", passenger.ptc},
           {"suffix", passenger.suffix},   {"kind", bcbp::name_of(passenger.kind)}};
  put(out, "id", passenger.id);
  put(out, "dob", passenger.birth_date);
  put(out, "age", passenger.age_years);
  put(out, "age_months", passenger.age_months);
  put(out, "infant_of", passenger.infant_of);
  return out;
}

json to_json(const bcbp::Docs& docs) {
  json out;
  out["doc_type"] = docs.document_type;
  out["issuer"] = docs.issuer;
  out["number"] = docs.number;
  out["nationality"] = docs.nationality;
  put(out, "dob", docs.birth_date);
  out["gender"] = docs.gender;
  put(out, "expiry", docs.expiry_date);
  out["surname"] = docs.surname;
  out["surname_raw"] = docs.surname_raw;
  out["given"] = docs.given;
  put(out, "given2", docs.second_given);
  put(out, "title", docs.title);
  put(out, "suffix", docs.suffix);
  out["infant"] = docs.infant;
  out["multi_passenger_holder"] = docs.multi_passenger_holder;
  return out;
}

json to_json(const bcbp::Doco& doco) {
  json out;
  out["place_of_birth"] = doco.place_of_birth;
  out["doc_type"] = doco.document_type;
  out["number"] = doco.number;
  out["place_of_issue"] = doco.place_of_issue;
  put(out, "issue_date", doco.issue_date);
  out["applicable"] = doco.applicable;
  out["infant"] = doco.infant;
  return out;
}

json to_json(const bcbp::Doca& doca) {
  json out;
  out["kind"] = doca.kind;
  out["country"] = doca.country;
  out["street"] = doca.street;
  out["city"] = doca.city;
  out["state"] = doca.state;
  out["zip"] = doca.zip;
  out["infant"] = doca.infant;
  return out;
}

json answer_booking_name(const json& request, base::Date today) {
  const auto raw = raw_of(request);
  if (!raw) return refusal(raw.error().message);
  // Every system's elements tell themselves apart; the hint is only checked to be one.
  const auto system = optional_text(request, "system", "BAD_SYSTEM");
  if (!system) return refusal(system.error().message);
  const std::size_t start = raw->find_first_not_of(' ');
  if (start == std::string::npos) return refusal("EMPTY");
  const std::string text = raw->substr(start);
  // What is typed by hand may be in lower case; names are answered as they stand in the element.
  const std::string kind = bcbp::upper(text);
  if (is_name_segment(kind)) return answer_name_segment(text);
  if (is_ssr(kind)) return answer_ssr(text, today);
  return answer_name_element(text, today);
}

std::string booking_name_card(const json& answer) {
  const auto ok = answer.find("ok");
  const bool readable = ok != answer.end() && ok->is_boolean() && ok->get<bool>();
  std::string card = readable ? "booking name: readable\n" : "booking name: refused\n";
  const auto passengers = answer.find("passengers");
  if (passengers != answer.end() && passengers->is_array()) {
    for (const json& passenger : *passengers) card += passenger_line(passenger);
  } else {
    for (const auto& [key, value] : answer.items()) {
      if (value.is_string()) card += "  " + key + ": " + value.get<std::string>() + "\n";
    }
  }
  if (const auto findings = answer.find("findings");
      findings != answer.end() && findings->is_array()) {
    for (const json& finding : *findings) card += "  " + text_of(finding, "code") + "\n";
  }
  return card;
}

}  // namespace paxid::cli
