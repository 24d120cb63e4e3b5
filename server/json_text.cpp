#include "server/json_text.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_plain.h"

namespace paxid::server {
namespace {

constexpr std::size_t kMostAroundText = 2;  // ""

char* put_quoted(std::string_view text, char* to) {
  *to++ = '"';
  to = std::copy(text.begin(), text.end(), to);
  *to++ = '"';
  return to;
}

}  // namespace

void JsonText::put(std::string_view name, std::string_view text) {
  char* to = key_at(room(name.size() + text.size() + kMostAroundKey + kMostAroundText), name);
  const bool plain = base::is_json_plain(text);
  written_to(plain ? put_quoted(text, to) : to);
  if (!plain) append_escaped(text);
}

void JsonText::put(std::string_view name, double number) {
  key(name);
  append_number(number);
}

void JsonText::add(std::string_view text) {
  begin_value();
  append_string(text);
}

char* JsonText::key_at(char* to, std::string_view name) {
  // Nearly always the first letters tell.
  PAXID_CHECK(last_key_.empty() || last_key_.front() < name.front() || last_key_ < name);
  last_key_ = name;
  if (!first_) *to++ = ',';
  first_ = false;
  to = put_quoted(name, to);
  *to++ = ':';
  return to;
}

void JsonText::append_string(std::string_view text) {
  if (!base::is_json_plain(text)) return append_escaped(text);
  written_to(put_quoted(text, room(text.size() + kMostAroundText)));
}

[[gnu::noinline]] void JsonText::append_escaped(std::string_view text) {
  const std::string escaped =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  written_to(std::copy(escaped.begin(), escaped.end(), room(escaped.size())));
}

[[gnu::noinline]] void JsonText::grow(std::size_t bytes) { text_.resize(2 * text_.size() + bytes); }

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
