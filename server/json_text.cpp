#include "server/json_text.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

namespace paxid::server {
namespace {

using Word = std::uint64_t;
constexpr Word kOnes = 0x0101'0101'0101'0101;
constexpr Word kHighBits = kOnes << 7;

// Whether one of the eight bytes is below `limit`, which is 0x80 at most.
constexpr bool any_below(Word bytes, Word limit) {
  return ((bytes - kOnes * limit) & ~bytes & kHighBits) != 0;
}
constexpr bool any_is(Word bytes, Word byte) { return any_below(bytes ^ (kOnes * byte), 1); }

constexpr bool is_plain(Word bytes) {
  return (bytes & kHighBits) == 0 && !any_below(bytes, 0x20) && !any_is(bytes, 0x7F) &&
         !any_is(bytes, '"') && !any_is(bytes, '\\');
}

// Eight letters at a time: most of a record is plain text.
bool is_plain(std::string_view text) {
  for (; text.size() >= sizeof(Word); text.remove_prefix(sizeof(Word))) {
    Word bytes = 0;
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if (!is_plain(bytes)) return false;
  }
  Word rest = kOnes * 'a';
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  return is_plain(rest);
}

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
  if (is_plain(text)) {
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
