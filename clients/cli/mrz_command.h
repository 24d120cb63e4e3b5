#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/date.h"
#include "mrz/zone.h"

namespace paxid::cli {

// Answers one request of the line protocol's row `mrz` (docs/line_protocol.md):
//   lines           array of strings, the lines of the zone; or
//   raw             the zone as one string; or
//   raw_base64      the same for bytes that are no UTF-8;
//   reference_date  "YYYY-MM-DD", decides centuries; default `today`;
//   strict          refuse every tolerance; default false.
// A request that is not of this form is answered with a refusal: NO_ZONE (none or several of
// the first three), BAD_LINES, BAD_RAW, BAD_BASE64, BAD_REFERENCE_DATE, BAD_STRICT. Never
// throws, whatever the object holds.
nlohmann::json answer_mrz(const nlohmann::json& request, base::Date today);

// A card for people: format, fields, one mark for each check digit, what was found. Several
// lines, each ended by a newline. Holds personal data.
std::string mrz_card(const mrz::Reading& reading);

}  // namespace paxid::cli
