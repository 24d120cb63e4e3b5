#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/date.h"
#include "bcbp/booking_name.h"
#include "bcbp/ssr.h"

namespace paxid::cli {

// Answers one `booking-name` request of the line protocol: `raw` is a name element of a
// reservation, an SSR DOCS, DOCO or DOCA line, or an EDIFACT NAD or TIF segment. `today`
// decides the century of two-digit years. Never throws.
nlohmann::json answer_booking_name(const nlohmann::json& request, base::Date today);

// The keys of one passenger and of one document; passenger lists have the same.
nlohmann::json to_json(const bcbp::Passenger& passenger);
nlohmann::json to_json(const bcbp::Docs& docs);
nlohmann::json to_json(const bcbp::Doco& doco);
nlohmann::json to_json(const bcbp::Doca& doca);

// The answer to such a request, for people.
std::string booking_name_card(const nlohmann::json& answer);

}  // namespace paxid::cli
