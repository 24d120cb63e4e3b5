#include "server/json_text.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_plain.h"

namespace paxid::server {

void JsonText::key(std::string_view name) {
  PAXID_CHECK(name > last_key_);
  last_key_ = name;
  begin_value();
  text_ += '"';
  text_ += name;
  text_ += "\":";
}

void JsonText::append_string(std::string_view text) {
  if (base::json_plain_prefix(text) == text.size()) {
    text_ += '"';
    text_ += text;
    text_ += '"';
    return;
  }
  text_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void JsonText::append_number(double number) {
  if (!std::isfinite(number)) {
    text_ += "null";
    return;
  }
  std::array<char, 64> text;
  text_.append(text.data(),
               nlohmann::detail::to_chars(text.data(), text.data() + text.size(), number));
}

}  // namespace paxid::server
