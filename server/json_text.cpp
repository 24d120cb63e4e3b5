#include "server/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace paxid::server {
namespace {

bool is_plain(char c) { return c >= 0x20 && c <= 0x7E && c != '"' && c != '\\'; }

}  // namespace

void JsonText::key(std::string_view name) {
  PAXID_CHECK(name > last_key_);
  last_key_ = name;
  begin_value();
  text_ += '"';
  text_ += name;
  text_ += "\":";
}

void JsonText::append_string(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) {
    text_ += '"';
    text_ += text;
    text_ += '"';
    return;
  }
  text_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void JsonText::append_number(double number) { text_ += nlohmann::json(number).dump(); }

}  // namespace paxid::server
