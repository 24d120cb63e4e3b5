#include "clients/cli/boarding_pass_command.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "bcbp/boarding_pass.h"
#include "bcbp/name_field.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/request.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// A year alone, or a day.
struct ReferenceDate {
  base::Date day;
  bool year_only = false;
};

// Years in which passes exist; also keeps every inferred year printable.
constexpr std::chrono::year kFirstYear{1950};
constexpr std::chrono::year kLastYear{2999};

base::Result<ReferenceDate> read_reference_date(const json& request, base::Date today) {
  const auto value = request.find("reference_date");
  if (value == request.end() || value->is_null()) return ReferenceDate{today};
  std::string text;
  if (value->is_string()) text = value->get<std::string>();
  if (value->is_number_integer()) text = value->dump();
  const bool year_only = text.size() == 4;
  const auto day = base::parse_iso_date(year_only ? text + "-12-31" : text);
  if (!day || day->year() < kFirstYear || day->year() > kLastYear) {
    return refused("BAD_REFERENCE_DATE");
  }
  return ReferenceDate{*day, year_only};
}

struct Request {
  std::string raw;
  ReferenceDate reference;
  bool strict = false;
  std::optional<bcbp::PublicKey> key;
  bcbp::KeyTable keys;
};

base::Result<Request> read_request(const json& request, base::Date today) {
  Request out;
  auto raw = raw_of(request);
  if (!raw) return tl::unexpected(raw.error());
  out.raw = std::move(*raw);
  const auto reference = read_reference_date(request, today);
  if (!reference) return tl::unexpected(reference.error());
  out.reference = *reference;
  const auto strict = strict_of(request);
  if (!strict) return tl::unexpected(strict.error());
  out.strict = *strict;
  const auto pem = optional_text(request, "public_key_pem", "BAD_PUBLIC_KEY");
  if (!pem) return tl::unexpected(pem.error());
  if (*pem) {
    auto key = bcbp::PublicKey::from_pem(**pem);
    if (!key) return refused("BAD_PUBLIC_KEY");
    out.key = std::move(*key);
  }
  const auto toml = optional_text(request, "keys", "BAD_KEYS");
  if (!toml) return tl::unexpected(toml.error());
  auto keys = bcbp::KeyTable::parse(toml->value_or(""));
  if (!keys) return refused("BAD_KEYS");
  out.keys = std::move(*keys);
  return out;
}

// The day that a flight without a date of issue is nearest to, so that it falls in the year.
base::Date middle_of(std::chrono::year year) {
  return year / std::chrono::July / (year.is_leap() ? 1 : 2);
}

bool is_true(const json& request, std::string_view key) {
  const auto value = request.find(key);
  return value != request.end() && value->is_boolean() && value->get<bool>();
}

template <class Part>
void put_fields(json& out, const Part& part, std::span<const bcbp::ItemSpec> items) {
  for (const bcbp::ItemSpec& spec : items) {
    if (part.field(spec.item)) out[spec.key] = part.text(spec.item);
  }
}

json date_or_null(const std::optional<base::Date>& date) {
  return date ? json(base::to_iso(*date)) : json();
}

json to_json(const bcbp::Leg& leg) {
  json out = json::object();
  put_fields(out, leg, bcbp::kMandatoryRepeatedItems);
  put_fields(out, leg, bcbp::kRepeatedItems);
  if (leg.airline_use) out["airline_use"] = leg.text(bcbp::Item::kAirlineUse);
  if (leg.repeated_extra) out["unknown"] = *leg.repeated_extra;
  out["flight_date"] = date_or_null(leg.flight_date);
  return out;
}

json to_json(const bcbp::NameCandidate& name) {
  const bool cut_title = name.convention == bcbp::NameConvention::kCutTitle;
  return {{"surname", name.surname},
          {"given", name.given},
          {"title", cut_title ? name.title + "?" : name.title},
          {"suffix", name.suffix},
          {"ptc", name.ptc},
          {"kind", bcbp::name_of(name.kind)},
          {"convention", bcbp::name_of(name.convention)},
          {"maybe_cut", name.maybe_cut}};
}

json to_json(const bcbp::Finding& finding) {
  json out{{"code", bcbp::name_of(finding.code)},
           {"severity", bcbp::name_of(finding.severity)},
           {"offset", finding.offset}};
  out["item"] = finding.item == bcbp::Item::kNone ? json() : json(static_cast<int>(finding.item));
  return out;
}

void put_security(json& out, const bcbp::Reading& reading) {
  const bcbp::Pass& pass = reading.pass;
  if (pass.security.type) out["sec_type"] = pass.text(bcbp::Item::kSecurityType);
  if (pass.security.data) out["sec_data"] = *pass.security.data;
  out["signature"] = bcbp::name_of(reading.signature);
}

void put_pass(json& out, const bcbp::Reading& reading) {
  const bcbp::Pass& pass = reading.pass;
  out["format"] = std::string(1, pass.format);
  put_fields(out, pass, bcbp::kMandatoryUniqueItems);
  if (const auto name = pass.field(bcbp::Item::kPassengerName)) out["name_raw"] = *name;
  out["surname"] = reading.surname();
  const auto given = reading.given_raw();
  out["given_raw"] = given ? json(*given) : json();
  out["name_field_full"] = reading.name_field_full;
  if (pass.version) out["version"] = pass.text(bcbp::Item::kVersionNumber);
  put_fields(out, pass, bcbp::kUniqueItems);
  if (pass.unique_extra) out["unknown"] = *pass.unique_extra;
  if (!pass.trailing.empty()) out["trailing"] = pass.trailing;
  out["issue_date_resolved"] = date_or_null(pass.issue_date);
  out["legs"] = json::array();
  for (const bcbp::Leg& leg : pass.legs) out["legs"].push_back(to_json(leg));
  out["name_candidates"] = json::array();
  for (const auto& name : reading.name_candidates()) {
    out["name_candidates"].push_back(to_json(name));
  }
}

bcbp::Reading read_with(const std::string& raw, const ReferenceDate& reference,
                        bcbp::ReadOptions options) {
  options.reference_date = reference.day;
  bcbp::Reading reading = bcbp::read(raw, options);
  if (reference.year_only && !reading.pass.issue_date) {
    options.reference_date = middle_of(reference.day.year());
    reading = bcbp::read(raw, options);
  }
  return reading;
}

// An item of a pass to be written.
struct PassItem {
  std::string_view option;
  std::string text;
  std::size_t length;
  std::size_t digits;  // zeros are put in front of the number until it has so many
};

std::string upper_ascii(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string printed(const PassItem& item) {
  std::string text = item.text;
  const auto digits = static_cast<std::size_t>(
      std::find_if_not(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) -
      text.begin());
  if (digits > 0 && digits < item.digits) text.insert(0, item.digits - digits, '0');
  if (text.size() < item.length) text.resize(item.length, ' ');
  return text;
}

// The option whose item stands at a byte of the written text.
std::string option_at(std::span<const PassItem> items, std::size_t offset) {
  std::size_t end = 2;
  for (const PassItem& item : items) {
    end += item.length;
    if (offset < end) return std::string(item.option);
  }
  return {};
}

std::string text_of(const json& object, std::string_view key) {
  return text_at(object, key).value_or("");
}

std::string leg_line(const json& leg) {
  return "  " + text_of(leg, "carrier") + text_of(leg, "flight") + "  " + text_of(leg, "from") +
         "-" + text_of(leg, "to") + "  " + text_of(leg, "flight_date") + "  seat " +
         text_of(leg, "seat") + "  sequence " + text_of(leg, "seq") + "  locator " +
         text_of(leg, "pnr") + "\n";
}

std::string finding_line(const json& finding) {
  std::string line = "  " + text_of(finding, "severity") + "  " + text_of(finding, "code");
  if (finding.contains("item") && finding["item"].is_number()) {
    line += "  item " + finding["item"].dump();
  }
  if (finding.contains("offset")) line += "  at byte " + finding["offset"].dump();
  return line + "\n";
}

}  // namespace

json answer_boarding_pass(const json& request, base::Date today) {
  const auto asked = read_request(request, today);
  if (!asked) return refusal(asked.error().message);
  const bcbp::ReadOptions options{.reference_date = today,
                                  .strict = asked->strict,
                                  .public_key = asked->key ? &*asked->key : nullptr,
                                  .keys = &asked->keys};
  const bcbp::Reading reading = read_with(asked->raw, asked->reference, options);
  json out{{"ok", reading.ok}, {"findings", json::array()}};
  for (const bcbp::Finding& finding : reading.findings) out["findings"].push_back(to_json(finding));
  if (!reading.pass.legs.empty()) put_pass(out, reading);
  put_security(out, reading);
  return out;
}

base::Result<std::string> written_boarding_pass(const PassArguments& arguments) {
  const auto date = base::parse_iso_date(arguments.date);
  if (!date) return base::fail(base::ErrorCode::kInvalidArgument, "is no YYYY-MM-DD", "--date");
  const int day = base::days_between(date->year() / std::chrono::January / 1, *date) + 1;
  std::string name = upper_ascii(arguments.name);
  name.resize(std::min(name.size(), bcbp::kNameFieldBytes));
  // In the order of the items.
  const std::array<PassItem, 12> items{{
      {"--name", name, 20, 0},
      {"", "E", 1, 0},
      {"--locator", upper_ascii(arguments.locator), 7, 0},
      {"--from", upper_ascii(arguments.from), 3, 0},
      {"--to", upper_ascii(arguments.to), 3, 0},
      {"--carrier", upper_ascii(arguments.carrier), 3, 0},
      {"--flight", upper_ascii(arguments.flight), 5, 4},
      {"--date", std::to_string(day), 3, 3},
      {"--class", upper_ascii(arguments.booking_class), 1, 0},
      {"--seat", upper_ascii(arguments.seat), 4, 3},
      {"--sequence", upper_ascii(arguments.sequence), 5, 4},
      {"--status", upper_ascii(arguments.status), 1, 0},
  }};
  std::string text = "M1";
  for (const PassItem& item : items) {
    const std::size_t offset = text.size();
    text += printed(item);
    if (text.size() != offset + item.length) {
      return base::fail(base::ErrorCode::kInvalidArgument, "is too long", std::string(item.option));
    }
  }
  text += "00";
  const bcbp::Reading reading = bcbp::read(text, {.reference_date = *date, .strict = true});
  for (const bcbp::Finding& finding : reading.findings) {
    if (finding.severity != bcbp::Severity::kError) continue;
    return base::fail(base::ErrorCode::kInvalidArgument, "is not what the item may hold",
                      option_at(items, finding.offset));
  }
  return text;
}

std::string boarding_pass_card(const json& answer) {
  const bool ok = is_true(answer, "ok");
  std::string card = ok ? "boarding pass: readable\n" : "boarding pass: refused\n";
  if (answer.contains("surname")) {
    card += "name: " + text_of(answer, "surname") + " / " + text_of(answer, "given_raw");
    card += is_true(answer, "name_field_full") ? "  (possibly cut)\n" : "\n";
  }
  if (answer.contains("legs") && answer["legs"].is_array()) {
    for (const json& leg : answer["legs"]) card += leg_line(leg);
  }
  if (answer.contains("signature")) card += "signature: " + text_of(answer, "signature") + "\n";
  if (answer.contains("findings") && answer["findings"].is_array()) {
    for (const json& finding : answer["findings"]) card += finding_line(finding);
  }
  return card;
}

}  // namespace paxid::cli
