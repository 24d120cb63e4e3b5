#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/date.h"
#include "base/error.h"
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
// throws, whatever the object holds. A text that begins as the symbol of a North American
// licence does (mrz/aamva.h) is read as one: format AAMVA, `licence` in place of `document`,
// findings with their `element`.
nlohmann::json answer_mrz(const nlohmann::json& request, base::Date today);

// A card for people: format, fields with a tick where a check digit agrees, what was found. Several
// lines, each ended by a newline. Holds personal data.
std::string mrz_card(const mrz::Reading& reading);
// The same for any request and the answer to it.
std::string mrz_card(const nlohmann::json& request, const nlohmann::json& answer, base::Date today);

// The options of `paxid mrz write`, as they are given.
struct ZoneArguments {
  std::string format = "TD3";  // a name as in answers
  std::string document_code = "P";
  std::string issuer;
  std::string primary;  // any script that ICAO Doc 9303-3 section 6 transliterates
  std::string secondary;
  std::string language;  // decides between transliterations; BCP 47, may be ""
  std::string document_number;
  std::string nationality;
  std::string birth_date;  // YYMMDD or YYYY-MM-DD
  std::string sex;
  std::string expiry_date;
  std::string optional1;
  std::string optional2;
};

// The lines of the zone, each ended by a newline. INVALID_ARGUMENT with the option's name.
base::Result<std::string> written_zone(const ZoneArguments& arguments);

}  // namespace paxid::cli
