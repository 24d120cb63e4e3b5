#include "clients/cli/flight_command.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iomanip>
#include <sstream>

#include "base/date.h"
#include "base/hex.h"
#include "clients/cli/record_reference.h"
#include "clients/cli/terminal.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<base::Error> not_a_flight() {
  return base::fail(base::ErrorCode::kInvalidArgument,
                    "a flight is CARRIER NUMBER/DATE/AIRPORT, such as LH400/2026-11-22/FRA",
                    "FLIGHT");
}

json passenger_json(const sdk::FlightPassenger& passenger) {
  json to{{"passenger_ref", passenger.passenger_ref},
          {"booking_name", passenger.booking_name.reveal()},
          {"locator", passenger.locator},
          {"sequence", passenger.sequence},
          {"seat", passenger.seat},
          {"boarded", passenger.boarded_unix_seconds.has_value()}};
  if (passenger.boarded_unix_seconds)
    to["boarded_at"] = base::utc_text(*passenger.boarded_unix_seconds);
  if (!passenger.last_action.empty()) to["last_action"] = passenger.last_action;
  for (const sdk::EarlierName& name : passenger.earlier_names) {
    to["earlier_names"].push_back({{"booking_name", name.booking_name.reveal()},
                                   {"until", base::utc_text(name.until_unix_seconds)}});
  }
  return to;
}

}  // namespace

bool read_flight(std::string_view text, std::string& carrier, std::string& number) {
  if (text.empty()) return true;
  // Designators have two characters, one of them perhaps a digit, or three letters.
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool three = text.size() > 3 && std::all_of(text.begin(), text.begin() + 3, is_letter);
  const std::size_t letters = three ? 3 : 2;
  if (text.size() <= letters || !is_digit(text[letters])) return false;
  carrier = text.substr(0, letters);
  number = text.substr(letters);
  return true;
}

bool read_day(std::string_view text, std::optional<std::int64_t>& to) {
  if (text.empty()) return true;
  const auto date = base::parse_iso_date(text);
  if (!date) return false;
  to = std::chrono::duration_cast<std::chrono::seconds>(
           std::chrono::sys_days(*date).time_since_epoch())
           .count();
  return true;
}

base::Result<sdk::FlightKey> flight_key(std::string_view text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
  if (second == std::string_view::npos) return not_a_flight();
  sdk::FlightKey key;
  const std::string_view flight = text.substr(0, first);
  if (flight.empty() || !read_flight(flight, key.carrier, key.flight_number)) return not_a_flight();
  const std::string date(text.substr(first + 1, second - first - 1));
  const std::string from(text.substr(second + 1));
  if (!base::parse_iso_date(date) || from.size() != 3) return not_a_flight();
  key.departure_date = date;
  key.from = from;
  return key;
}

std::string to_text(const sdk::FlightKey& key) {
  return key.carrier + key.flight_number + "/" + key.departure_date + "/" + key.from;
}

sdk::ListFormat format_of(std::string_view file_name, std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  const bool is_table = file_name.ends_with(".csv") || first.find(',') != std::string_view::npos;
  return is_table ? sdk::ListFormat::kCsv : sdk::ListFormat::kPnlAdl;
}

std::optional<std::int64_t> parse_utc(std::string_view text) {
  // "YYYY-MM-DDTHH:MM" with optional seconds, and Z.
  if (!text.ends_with('Z') || text.size() < 17 || text[10] != 'T') return std::nullopt;
  const auto date = base::parse_iso_date(text.substr(0, 10));
  const std::string time(text.substr(11, text.size() - 12));
  if (!date || (time.size() != 5 && time.size() != 8)) return std::nullopt;
  int parts[3] = {0, 0, 0};
  for (std::size_t i = 0; i < time.size(); ++i) {
    const bool is_colon = i % 3 == 2;
    if (is_colon ? time[i] != ':' : !is_digit(time[i])) return std::nullopt;
    if (!is_colon) parts[i / 3] = parts[i / 3] * 10 + (time[i] - '0');
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const auto midnight = std::chrono::sys_days(*date).time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(midnight).count() + parts[0] * 3600 +
         parts[1] * 60 + parts[2];
}

json flight_json(const sdk::FlightSummary& flight) {
  return {{"flight", to_text(flight.flight)},
          {"passengers", flight.passengers},
          {"boarded", flight.boarded},
          {"departs", base::utc_text(flight.departure_unix_seconds)},
          {"forgotten", base::utc_text(flight.drop_unix_seconds)},
          {"revision", flight.revision}};
}

json flight_json(const sdk::FlightManifest& flight) {
  json to = flight_json(flight.summary);
  to["list"] = json::array();
  for (const auto& passenger : flight.passengers) to["list"].push_back(passenger_json(passenger));
  return to;
}

json load_json(const sdk::LoadOutcome& loaded) {
  json findings = json::array();
  for (const sdk::ListFinding& finding : loaded.findings) {
    findings.push_back({{"code", finding.code}, {"line", finding.line}});
  }
  return {{"flight", flight_json(loaded.flight)},
          {"added", loaded.added},
          {"changed", loaded.changed},
          {"removed", loaded.removed},
          {"kept_boarded", loaded.kept_boarded},
          {"findings", std::move(findings)},
          {"record", record_json(loaded.record)},
          {"replayed", loaded.replayed}};
}

json change_json(const sdk::FlightChange& change) {
  json to{{"event", change.event},
          {"time", base::utc_text(change.unix_seconds)},
          {"flight", flight_json(change.summary)}};
  if (change.passenger_ref != 0) to["passenger_ref"] = change.passenger_ref;
  if (!change.seat.empty()) to["seat"] = change.seat;
  if (!change.action.empty()) to["action"] = change.action;
  return to;
}

std::string flight_line(const sdk::FlightSummary& flight) {
  std::ostringstream out;
  out << std::left << std::setw(24) << to_text(flight.flight) << std::right << std::setw(4)
      << flight.boarded << " of " << std::left << std::setw(4) << flight.passengers
      << " boarded   departs " << base::utc_text(flight.departure_unix_seconds) << "\n";
  return out.str();
}

std::string flight_card(const sdk::FlightManifest& flight) {
  std::ostringstream out;
  out << flight_line(flight.summary);
  for (const sdk::FlightPassenger& passenger : flight.passengers) {
    out << "  " << std::right << std::setw(4) << passenger.passenger_ref << "  " << std::left
        << std::setw(5) << passenger.seat << std::setw(8) << passenger.locator << std::setw(8)
        << (passenger.boarded_unix_seconds ? "boarded" : "")
        << printable(passenger.booking_name.reveal());
    for (auto at = passenger.earlier_names.rbegin(); at != passenger.earlier_names.rend(); ++at) {
      out << "  (was " << printable(at->booking_name.reveal()) << ")";
    }
    out << "\n";
  }
  return out.str();
}

std::string change_line(const sdk::FlightChange& change) {
  std::ostringstream out;
  out << base::utc_text(change.unix_seconds) << "  " << std::left << std::setw(8) << change.event
      << std::right << std::setw(4) << change.summary.boarded << " of "
      << change.summary.passengers;
  if (change.passenger_ref != 0) out << "  passenger " << change.passenger_ref;
  if (!change.seat.empty()) out << "  seat " << change.seat;
  if (!change.action.empty()) out << "  " << change.action;
  out << "\n";
  return out.str();
}

std::string load_card(const sdk::LoadOutcome& loaded) {
  std::ostringstream out;
  out << flight_line(loaded.flight) << "  " << loaded.added << " added, " << loaded.changed
      << " changed, " << loaded.removed << " removed";
  if (loaded.kept_boarded > 0) out << ", " << loaded.kept_boarded << " kept because they boarded";
  out << (loaded.replayed ? " (loaded before)" : "") << "\n";
  for (const sdk::ListFinding& finding : loaded.findings) {
    out << "  line " << finding.line << ": " << printable(finding.code) << "\n";
  }
  return out.str();
}

}  // namespace paxid::cli
