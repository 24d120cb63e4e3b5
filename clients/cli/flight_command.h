#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "clients/sdk/client.h"

// `paxid flight ...`: flights as arguments, for programs and for eyes.
namespace paxid::cli {

// "LH400/2026-11-22/FRA"; INVALID_ARGUMENT says the form.
base::Result<sdk::FlightKey> flight_key(std::string_view text);
std::string to_text(const sdk::FlightKey& key);
// "LH400" or "DLH400"; false when it is none. An empty text is no flight, and right.
bool read_flight(std::string_view text, std::string& carrier, std::string& number);
// "2026-11-22" as the first second of that day in UTC; false when it is none. An empty text leaves
// `to` as it is.
bool read_day(std::string_view text, std::optional<std::int64_t>& to);

// Whether a list is a CSV or a PNL or ADL message: by the file's name, then by its first line.
sdk::ListFormat format_of(std::string_view file_name, std::string_view text);

// Seconds since 1970 of "2026-11-22T12:00:00Z".
std::optional<std::int64_t> parse_utc(std::string_view text);

nlohmann::json flight_json(const sdk::FlightSummary& flight);
nlohmann::json flight_json(const sdk::FlightManifest& flight);
nlohmann::json load_json(const sdk::LoadOutcome& loaded);
nlohmann::json change_json(const sdk::FlightChange& change);
// Personal data; every control character is made visible.
std::string flight_card(const sdk::FlightManifest& flight);
// One line each.
std::string flight_line(const sdk::FlightSummary& flight);
std::string change_line(const sdk::FlightChange& change);
std::string load_card(const sdk::LoadOutcome& loaded);

}  // namespace paxid::cli
