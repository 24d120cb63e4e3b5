#include "clients/cli/passenger_list_command.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "bcbp/passenger_list.h"
#include "clients/cli/booking_name_command.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/request.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// Only what is there: a key that the list does not speak of is left out.
void put(json& out, std::string_view key, const std::string& text) {
  if (!text.empty()) out[key] = text;
}
void put(json& out, std::string_view key, const std::optional<base::Date>& date) {
  if (date) out[key] = base::to_iso(*date);
}

template <class Documents>
void put_all(json& out, std::string_view key, const Documents& documents) {
  for (const auto& document : documents) out[key].push_back(cli::to_json(document));
}

json to_json(const bcbp::ListedPassenger& listed) {
  json out = cli::to_json(listed.passenger);
  out.erase("infant_of");  // of the name element; `adult` is of the list
  out["type"] = bcbp::name_of(listed.type);
  out["change"] = bcbp::name_of(listed.change);
  out["line"] = listed.line;
  out["name"] = listed.name;
  if (listed.adult) out["adult"] = *listed.adult;
  put(out, "locator", listed.locator);
  put(out, "class", listed.booking_class);
  put(out, "destination", listed.destination);
  put(out, "party", listed.party);
  if (listed.party_size > 0) out["party_size"] = listed.party_size;
  put(out, "group", listed.group);
  put(out, "seat", listed.seat);
  put(out, "sequence", listed.sequence);
  put_all(out, "documents", listed.documents);
  put_all(out, "visas", listed.visas);
  put_all(out, "addresses", listed.addresses);
  if (!listed.remarks.empty()) out["remarks"] = listed.remarks;
  return out;
}

json to_json(const bcbp::PassengerList& list) {
  json out{{"ok", list.ok},
           {"kind", bcbp::name_of(list.kind)},
           {"flight", list.carrier + list.flight_number},
           {"board", list.board},
           {"part", list.part},
           {"parts", list.parts},
           {"whole", list.is_whole()},
           {"findings", json::array()},
           {"passengers", json::array()}};
  put(out, "departure", list.departure);
  for (const bcbp::ClassTotal& total : list.totals) {
    out["totals"].push_back({{"destination", total.destination},
                             {"class", total.booking_class},
                             {"passengers", total.passengers},
                             {"line", total.line}});
  }
  for (const auto& listed : list.passengers) out["passengers"].push_back(to_json(listed));
  for (const bcbp::OtherLine& other : list.other_lines) {
    out["other_lines"].push_back({{"line", other.line}, {"text", other.text}});
  }
  for (const bcbp::ListFinding& finding : list.findings) {
    out["findings"].push_back({{"code", bcbp::name_of(finding.code)},
                               {"severity", bcbp::loses_lines(finding.code) ? "error" : "warning"},
                               {"line", finding.line}});
  }
  return out;
}

std::string text_of(const json& object, std::string_view key) {
  if (!object.is_object()) return "";
  const auto value = object.find(key);
  if (value == object.end()) return "";
  if (value->is_string()) return value->get<std::string>();
  return value->is_number() ? value->dump() : "";
}

const json& list_at(const json& object, std::string_view key) {
  static const json kNone = json::array();
  const auto value = object.find(key);
  return value != object.end() && value->is_array() ? *value : kNone;
}

// As many columns of a terminal as there are letters.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

using Row = std::array<std::string, 9>;

Row row_of(const json& passenger, std::size_t number) {
  std::string type = text_of(passenger, "type");
  if (const std::string adult = text_of(passenger, "adult"); !adult.empty()) {
    type += " of " + std::to_string(std::stoul(adult) + 1);
  }
  const std::string change = text_of(passenger, "change");
  std::string documents;
  for (const json& document : list_at(passenger, "documents")) {
    documents += (documents.empty() ? "" : " ") + text_of(document, "doc_type") + "/" +
                 text_of(document, "issuer");
  }
  std::string title = text_of(passenger, "title");
  if (const std::string suffix = text_of(passenger, "suffix"); !suffix.empty()) {
    title += (title.empty() ? "" : " ") + suffix;
  }
  return {std::to_string(number) + (change == "LISTED" ? "" : " " + change),
          text_of(passenger, "surname") + " / " + text_of(passenger, "given"),
          title,
          type,
          text_of(passenger, "locator"),
          text_of(passenger, "class"),
          text_of(passenger, "destination"),
          text_of(passenger, "seat"),
          documents};
}

// Columns as wide as what stands in them; those without anything are left out.
std::string in_columns(const std::vector<Row>& rows) {
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (std::size_t column = 0; column < widths.size(); ++column) {
    bool used = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      used |= i > 0 && !rows[i][column].empty();
      widths[column] = std::max(widths[column], width_of(rows[i][column]));
    }
    if (!used) widths[column] = 0;
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (widths[column] == 0) continue;
      line += "  " + row[column] + std::string(widths[column] - width_of(row[column]), ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string summary(const json& answer, std::size_t passengers) {
  std::string line = text_of(answer, "kind");
  for (const char* key : {"flight", "departure", "board"}) {
    if (const std::string text = text_of(answer, key); !text.empty()) line += "  " + text;
  }
  std::size_t infants = 0;
  for (const json& passenger : list_at(answer, "passengers")) {
    infants += text_of(passenger, "type") == "infant";
  }
  line += "  passengers: " + std::to_string(passengers - infants);
  if (infants > 0) line += ", infants: " + std::to_string(infants);
  const bool whole = answer.contains("whole") && answer["whole"] == true;
  if (!whole) {
    line += ", not the whole list (part " + text_of(answer, "part") +
            ", parts read: " + text_of(answer, "parts") + ")";
  }
  return line + "\n";
}

}  // namespace

json answer_passenger_list(const json& request, base::Date today) {
  const auto raw = raw_of(request);
  if (!raw) return refusal(raw.error().message);
  const auto reference = reference_date_of(request, today);
  if (!reference) return refusal(reference.error().message);
  return to_json(bcbp::read_passenger_list(*raw, *reference));
}

std::string passenger_list_table(const json& answer) {
  std::string text;
  const json& passengers = list_at(answer, "passengers");
  if (text_of(answer, "kind").empty()) {
    text = "passenger list: refused\n";
  } else {
    text = summary(answer, passengers.size());
  }
  if (!passengers.empty()) {
    std::vector<Row> rows{
        {"", "name", "title", "type", "locator", "class", "to", "seat", "documents"}};
    for (const json& passenger : passengers) rows.push_back(row_of(passenger, rows.size()));
    text += in_columns(rows);
  }
  for (const json& finding : list_at(answer, "findings")) {
    const std::string line = text_of(finding, "line");
    text += (line.empty() ? "" : "line " + line + ": ") + text_of(finding, "code") + " (" +
            text_of(finding, "severity") + ")\n";
  }
  return text;
}

}  // namespace paxid::cli
