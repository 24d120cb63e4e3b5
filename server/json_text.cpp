#include "server/json_text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_plain.h"

namespace paxid::server {
namespace {

char* put_quoted(std::string_view text, char* to) {
  *to++ = '"';
  to = std::copy(text.begin(), text.end(), to);
  *to++ = '"';
  return to;
}

}  // namespace

void JsonText::put(std::string_view name, std::string_view text) {
  key(name);
  append_string(text);
}

void JsonText::put(std::string_view name, double number) {
  key(name);
  append_number(number);
}

void JsonText::add(std::string_view text) {
  begin_value();
  append_string(text);
}

void JsonText::key(std::string_view name) {
  PAXID_CHECK(name > last_key_);
  last_key_ = name;
  char* to = room(name.size() + std::string_view(",\"\":").size());
  if (!first_) *to++ = ',';
  first_ = false;
  to = put_quoted(name, to);
  *to++ = ':';
  written_to(to);
}

void JsonText::append_string(std::string_view text) {
  if (base::json_plain_prefix(text) == text.size()) {
    written_to(put_quoted(text, room(text.size() + std::string_view("\"\"").size())));
    return;
  }
  const std::string escaped =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  written_to(std::copy(escaped.begin(), escaped.end(), room(escaped.size())));
}

void JsonText::append_number(double number) {
  char* to = room(kMostOfNumber);
  if (!std::isfinite(number)) {
    constexpr std::string_view kNull = "null";
    written_to(std::copy(kNull.begin(), kNull.end(), to));
  } else {
    written_to(nlohmann::detail::to_chars(to, to + kMostOfNumber, number));
  }
}

}  // namespace paxid::server
