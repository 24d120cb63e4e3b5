#include "clients/cli/mrz_command.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/request.h"
#include "clients/cli/terminal.h"
#include "mrz/aamva.h"
#include "mrz/layout.h"
#include "mrz/writer.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

struct Request {
  std::string raw;
  mrz::ReadOptions options;
};

base::Result<std::string> joined_lines(const json& lines) {
  if (!lines.is_array()) return refused("BAD_LINES");
  std::string raw;
  for (const json& line : lines) {
    if (!line.is_string()) return refused("BAD_LINES");
    raw += line.get_ref<const std::string&>();
    raw += '\n';
  }
  return raw;
}

base::Result<std::string> zone_of(const json& request) {
  const bool lines = request.contains("lines");
  if (lines + request.contains("raw") + request.contains("raw_base64") != 1) {
    return refused("NO_ZONE");
  }
  return lines ? joined_lines(request.at("lines")) : raw_of(request);
}

base::Result<Request> parse(const json& request, base::Date today) {
  Request result;
  auto raw = zone_of(request);
  if (!raw) return tl::unexpected(raw.error());
  result.raw = std::move(*raw);
  const auto reference_date = reference_date_of(request, today);
  if (!reference_date) return tl::unexpected(reference_date.error());
  result.options.reference_date = *reference_date;
  const auto strict = strict_of(request);
  if (!strict) return tl::unexpected(strict.error());
  result.options.strict = *strict;
  return result;
}

struct NamedText {
  std::string_view name;
  std::string_view text;
};

std::array<NamedText, 11> fields_of(const mrz::Document& document) {
  return {{{"document_code", document.document_code},
           {"issuer", document.issuer},
           {"surname", document.surname},
           {"given_names", document.given_names},
           {"document_number", document.document_number},
           {"nationality", document.nationality},
           {"birth_date", document.birth_date},
           {"sex", document.sex},
           {"expiry_date", document.expiry_date},
           {"optional1", document.optional1},
           {"optional2", document.optional2}}};
}

struct NamedCheck {
  std::string_view name;
  mrz::Check check;
};

std::array<NamedCheck, 5> checks_of(const mrz::Checks& checks) {
  return {{{"document_number", checks.document_number},
           {"birth_date", checks.birth_date},
           {"expiry_date", checks.expiry_date},
           {"optional", checks.optional},
           {"composite", checks.composite}}};
}

json date_json(const mrz::ZoneDate& date) {
  json result = json::object();
  result["date"] = date.date ? json(base::to_iso(*date.date)) : json(nullptr);
  result["other"] = date.other ? json(base::to_iso(*date.other)) : json(nullptr);
  result["century_ambiguous"] = date.century_ambiguous;
  return result;
}

json finding_json(const mrz::Finding& finding) {
  return {{"code", mrz::name_of(finding.code)},
          {"severity", mrz::name_of(finding.severity)},
          {"field", mrz::name_of(finding.field)},
          {"line", finding.line},
          {"column", finding.column},
          {"expected", finding.expected.view()},
          {"found", finding.found.view()}};
}

json reading_json(const mrz::Reading& reading) {
  json document = json::object();
  for (const NamedText& field : fields_of(reading.document)) {
    document[std::string(field.name)] = field.text;
  }
  json checks = json::object();
  for (const NamedCheck& check : checks_of(reading.checks)) {
    checks[std::string(check.name)] = mrz::name_of(check.check);
  }
  json findings = json::array();
  for (const mrz::Finding& finding : reading.findings) findings.push_back(finding_json(finding));
  return {{"ok", reading.ok},
          {"ok_repaired", reading.ok_repaired},
          {"format", mrz::name_of(reading.format)},
          {"document", std::move(document)},
          {"checks", std::move(checks)},
          {"long_number", mrz::name_of(reading.long_number)},
          {"maybe_truncated", reading.maybe_truncated},
          {"birth", date_json(reading.birth)},
          {"expiry", date_json(reading.expiry)},
          {"findings", std::move(findings)}};
}

std::string_view mark_of(mrz::Check check) {
  switch (check) {
    case mrz::Check::kConsistent:
      return "\u2713";
    case mrz::Check::kContradicted:
      return "\u2717";
    case mrz::Check::kUncovered:
      return "\u00b7";
  }
  return "";
}

// What the field's check digit says of it; nothing where it has none.
std::string_view tick_of(std::string_view field, const mrz::Checks& checks) {
  const mrz::Check check = field == "document_number" ? checks.document_number
                           : field == "birth_date"    ? checks.birth_date
                           : field == "expiry_date"   ? checks.expiry_date
                           : field == "optional1"     ? checks.optional
                                                      : mrz::Check::kUncovered;
  return check == mrz::Check::kUncovered ? std::string_view() : mark_of(check);
}

void append_row(std::string& card, std::string_view name, std::string_view text) {
  card += "  ";
  card += name;
  card.append(name.size() < 18 ? 18 - name.size() : 1, ' ');
  card += text;
  card += '\n';
}

std::string place_text(const mrz::Finding& finding) {
  std::string text(mrz::name_of(finding.code));
  if (finding.line != 0) text += " line " + std::to_string(finding.line);
  if (finding.column != 0) text += " column " + std::to_string(finding.column);
  if (!finding.expected.empty()) text += ", expected " + std::string(finding.expected.view());
  if (!finding.found.empty()) text += ", found " + std::string(finding.found.view());
  return text;
}

void append_date(std::string& card, std::string_view name, const mrz::ZoneDate& date) {
  if (!date.date) return;
  std::string text = base::to_iso(*date.date);
  if (date.century_ambiguous && date.other) text += " or " + base::to_iso(*date.other);
  append_row(card, name, text);
}

json licence_json(const mrz::Licence& licence) {
  const auto day = [](const std::optional<base::Date>& date) {
    return date ? json(base::to_iso(*date)) : json(nullptr);
  };
  json findings = json::array();
  for (const mrz::LicenceFinding& finding : licence.findings) {
    findings.push_back({{"code", mrz::name_of(finding.code)},
                        {"severity", mrz::name_of(mrz::severity_of(finding.code))},
                        {"element", finding.element}});
  }
  return {{"ok", licence.ok},
          {"format", "AAMVA"},
          {"licence",
           {{"issuer", licence.issuer},
            {"version", licence.version},
            {"document", licence.document},
            {"surname", licence.surname},
            {"given_names", licence.given_names},
            {"suffix", licence.suffix},
            {"number", licence.number},
            {"birth_date", day(licence.birth_date)},
            {"expiry_date", day(licence.expiry_date)},
            {"sex", std::string(1, licence.sex)},
            {"country", licence.country},
            {"region", licence.region}}},
          {"maybe_truncated", licence.maybe_truncated},
          {"findings", std::move(findings)}};
}

std::string licence_card(const json& answer) {
  std::string card =
      answer["ok"] == true ? "AAMVA: readable, nothing in it is proven\n" : "AAMVA: NOT in order\n";
  for (const auto& [name, value] : answer["licence"].items()) {
    if (value.is_string() && value != "") {
      append_row(card, name, printable(value.get<std::string>()));
    }
  }
  if (answer["maybe_truncated"] == true) append_row(card, "names", "may be cut");
  for (const json& finding : answer["findings"]) {
    append_row(card, finding["severity"].get<std::string>(),
               finding["code"].get<std::string>() + " " + finding["element"].get<std::string>());
  }
  return card;
}

// A date as a zone prints it: YYMMDD as it is, YYYY-MM-DD without its century.
std::string zone_date_of(const std::string& text) {
  if (!base::parse_iso_date(text)) return text;
  return text.substr(2, 2) + text.substr(5, 2) + text.substr(8, 2);
}

std::optional<mrz::Format> format_of(std::string_view name) {
  for (const mrz::Layout* layout : mrz::kLayouts) {
    if (mrz::name_of(layout->format) == name) return layout->format;
  }
  return std::nullopt;
}

}  // namespace

base::Result<std::string> written_zone(const ZoneArguments& arguments) {
  const auto format = format_of(arguments.format);
  if (!format) return base::fail(base::ErrorCode::kInvalidArgument, "names no format", "--format");
  const std::string birth_date = zone_date_of(arguments.birth_date);
  const std::string expiry_date = zone_date_of(arguments.expiry_date);
  mrz::ZoneContent content;
  content.format = *format;
  content.document_code = arguments.document_code;
  content.issuer = arguments.issuer;
  content.primary = arguments.primary;
  content.secondary = arguments.secondary;
  content.document_number = arguments.document_number;
  content.nationality = arguments.nationality;
  content.birth_date = birth_date;
  content.sex = arguments.sex;
  content.expiry_date = expiry_date;
  content.optional1 = arguments.optional1;
  content.optional2 = arguments.optional2;
  const auto zone = mrz::write_transliterated(content, arguments.language);
  if (zone) return zone->text();
  base::Error error = zone.error();
  std::replace(error.field.begin(), error.field.end(), '_', '-');
  error.field.insert(0, "--");
  return tl::unexpected<base::Error>(std::move(error));
}

json answer_mrz(const json& request, base::Date today) {
  const auto parsed = parse(request, today);
  if (!parsed) return refusal(parsed.error().message);
  if (mrz::is_licence_text(parsed->raw)) {
    return licence_json(mrz::read_licence(parsed->raw, parsed->options.reference_date));
  }
  return reading_json(mrz::read(parsed->raw, parsed->options));
}

std::string mrz_card(const json& request, const json& answer, base::Date today) {
  if (answer.value("format", "") == "AAMVA") return licence_card(answer);
  const auto parsed = parse(request, today);
  return parsed ? mrz_card(mrz::read(parsed->raw, parsed->options)) : std::string();
}

std::string mrz_card(const mrz::Reading& reading) {
  std::string card(reading.format == mrz::Format::kNone ? "no zone" : mrz::name_of(reading.format));
  card += reading.ok            ? ": in order\n"
          : reading.ok_repaired ? ": one cell mended\n"
                                : ": NOT in order\n";
  if (reading.format != mrz::Format::kNone) {
    for (const NamedText& field : fields_of(reading.document)) {
      if (field.text.empty()) continue;
      const std::string_view tick = tick_of(field.name, reading.checks);
      append_row(card, field.name,
                 std::string(field.text) + (tick.empty() ? "" : "  " + std::string(tick)));
    }
    append_date(card, "born", reading.birth);
    append_date(card, "expires", reading.expiry);
    if (reading.maybe_truncated) append_row(card, "names", "may be cut");
    card += "  check digits     ";
    for (const NamedCheck& check : checks_of(reading.checks)) {
      card += ' ';
      card += mark_of(check.check);
      card += ' ';
      card += check.name;
    }
    card += '\n';
  }
  for (const mrz::Finding& finding : reading.findings) {
    append_row(card, mrz::name_of(finding.severity), place_text(finding));
  }
  return card;
}

}  // namespace paxid::cli
