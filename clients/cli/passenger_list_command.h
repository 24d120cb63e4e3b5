#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/date.h"

namespace paxid::cli {

// Answers one `passenger-list` request of the line protocol: `raw` or `raw_base64`, a PNL or ADL
// message or a CSV; optional `reference_date` ("YYYY-MM-DD", else `today`), which decides the
// years. Never throws.
nlohmann::json answer_passenger_list(const nlohmann::json& request, base::Date today);

// The answer to such a request, for people: a line about the list, a table of its passengers,
// and what was found, with the lines of the message. Personal data.
std::string passenger_list_table(const nlohmann::json& answer);

}  // namespace paxid::cli
