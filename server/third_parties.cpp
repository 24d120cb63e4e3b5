#include "server/third_parties.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/json_member.h"

namespace paxid::server {
namespace {

using nlohmann::json;

bool is_of_the_booking(const json& claim) {
  const std::string source = base::text_at(claim, "source");
  return source == "booking" || source == "boarding_pass";
}

bool names_another_passenger(const json& answer) {
  if (base::text_at(answer, "verdict") == "MISMATCH") return true;
  const auto reasons = answer.find("reasons");
  if (reasons == answer.end() || !reasons->is_array()) return false;
  return std::any_of(reasons->begin(), reasons->end(), [](const json& reason) {
    return base::text_at(reason, "code").starts_with("DOCUMENT_OF_PEER");
  });
}

void take_out_of_each(json& object, const char* list, std::initializer_list<const char*> keys) {
  const auto found = object.find(list);
  if (found == object.end() || !found->is_array()) return;
  for (json& one : *found) {
    if (!one.is_object()) continue;
    for (const char* key : keys) one.erase(key);
  }
}

// Of a suggestion.
bool take_out_of_suggestion(json& body) {
  const auto answer = body.find("answer");
  if (answer == body.end() || !answer->is_object() || !names_another_passenger(*answer)) {
    return false;
  }
  answer->erase("sentence");
  take_out_of_each(*answer, "reasons", {"text", "booking_part"});
  take_out_of_each(*answer, "counterfactuals", {"text"});
  take_out_of_each(*answer, "alignment", {"booking_part", "booking_differences"});
  if (const auto claims = body.find("claims"); claims != body.end() && claims->is_array()) {
    claims->erase(std::remove_if(claims->begin(), claims->end(), is_of_the_booking), claims->end());
  }
  if (const auto read = body.find("read"); read != body.end() && read->is_object()) {
    read->erase("travel");
  }
  body.erase("flight_passenger");
  return true;
}

// Of a decision of a person on such a suggestion.
bool take_out_of_decision(json& body) {
  const auto decided = body.find("decided");
  if (decided == body.end() || base::text_at(*decided, "verdict") != "MISMATCH") return false;
  body.erase("passenger");
  take_out_of_each(body, "resolves", {"booking_part"});
  return true;
}

}  // namespace

bool take_out_third_parties(json& body) {
  if (!body.is_object()) return false;
  const bool suggestion = take_out_of_suggestion(body);
  const bool decision = take_out_of_decision(body);
  if (suggestion || decision) body["redacted"] = true;
  return suggestion || decision;
}

}  // namespace paxid::server
