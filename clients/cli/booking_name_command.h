#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/date.h"

namespace paxid::cli {

// Answers one `booking-name` request of the line protocol: `raw` is a name element of a
// reservation, an SSR DOCS, DOCO or DOCA line, or an EDIFACT NAD or TIF segment. `today`
// decides the century of two-digit years. Never throws.
nlohmann::json answer_booking_name(const nlohmann::json& request, base::Date today);

// The answer to such a request, for people.
std::string booking_name_card(const nlohmann::json& answer);

}  // namespace paxid::cli
