#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/date.h"

namespace paxid::cli {

// Answers one `boarding-pass` request of the line protocol: `raw` or `raw_base64`, optional
// `reference_date` ("YYYY" or "YYYY-MM-DD", else `today`), `public_key_pem`, `strict`.
// Never throws.
nlohmann::json answer_boarding_pass(const nlohmann::json& request, base::Date today);

// The answer to such a request, for people.
std::string boarding_pass_card(const nlohmann::json& answer);

}  // namespace paxid::cli
