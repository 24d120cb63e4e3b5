#pragma once

// Private to this library: what the generator wrote, and the searches in it.

#include <span>
#include <string_view>

#include "transliteration/icao.h"

namespace paxid::transliteration {

// A run of one or two native letters and one way to write it. `second` is 0 for one letter.
struct Unit {
  std::string_view language;
  char32_t first = 0;
  char32_t second = 0;
  std::string_view latin;
  float bits = 0;
};

// The row of a letter (upper case), or nullptr.
const IcaoRow* find_icao_row(char32_t letter);

// All units of a language for a run of letters, cheapest first.
std::span<const Unit> find_units(std::string_view language, char32_t first, char32_t second);
bool has_units(std::string_view language);

// Calls use(letters, conditions) for each "|"-separated alternative of a row; `language` is
// "" for an unconditional one, `at_start` tells "uk^:".
template <class Use>
void for_each_alternative(const IcaoRow& row, const Use& use) {
  std::string_view rest = row.alternatives;
  while (!rest.empty()) {
    const auto bar = rest.find('|');
    std::string_view one = rest.substr(0, bar);
    rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
    std::string_view language;
    bool at_start = false;
    if (const auto colon = one.find(':'); colon != std::string_view::npos) {
      language = one.substr(0, colon);
      one.remove_prefix(colon + 1);
      at_start = language.ends_with('^');
      if (at_start) language.remove_suffix(1);
    }
    use(one, language, at_start);
  }
}

}  // namespace paxid::transliteration
