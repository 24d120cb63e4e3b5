#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/error.h"

namespace paxid::cli {

// Answers one `boarding-pass` request of the line protocol: `raw` or `raw_base64`, optional
// `reference_date` ("YYYY" or "YYYY-MM-DD", else `today`), `public_key_pem`, `keys` (the text of
// a key table, bcbp/key_table.h), `strict`. A value of the wrong kind is refused. Never throws.
nlohmann::json answer_boarding_pass(const nlohmann::json& request, base::Date today);

// What a written pass of one leg says; every text as people say it ("834", "1A", "25").
struct PassArguments {
  std::string name;  // SURNAME/GIVEN with or without a title; cut at 20 bytes
  std::string locator;
  std::string from;  // airports
  std::string to;
  std::string carrier;
  std::string flight;
  std::string date;  // YYYY-MM-DD
  std::string booking_class = "Y";
  std::string seat;      // blank: none
  std::string sequence;  // blank: not checked in
  std::string status = "0";
};
// The barcode text of a pass with the mandatory items only (IATA Resolution 792).
// kInvalidArgument with the option's name in `field` when an item cannot say this.
base::Result<std::string> written_boarding_pass(const PassArguments& pass);

// The answer to such a request, for people.
std::string boarding_pass_card(const nlohmann::json& answer);

}  // namespace paxid::cli
