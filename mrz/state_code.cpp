#include "mrz/state_code.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace paxid::mrz {
namespace {

#include "state_code_table.inc"

constexpr unsigned kLetters = 26;

// The place of a letter in the alphabet; kLetters or more for anything else.
constexpr unsigned place_of(char letter) {
  return static_cast<unsigned>(static_cast<unsigned char>(letter)) - unsigned{'A'};
}

constexpr std::size_t index_of(unsigned first, unsigned second, unsigned third) {
  return (std::size_t{first} * kLetters + second) * kLetters + third;
}

// By index_of(), for all codes of three letters.
constexpr auto kKinds = [] {
  std::array<StateCode, std::size_t{kLetters} * kLetters * kLetters> kinds{};
  for (const StateEntry& entry : kStateEntries) {
    if (entry.code.size() != 3) continue;
    kinds[index_of(place_of(entry.code[0]), place_of(entry.code[1]), place_of(entry.code[2]))] =
        entry.kind;
  }
  return kinds;
}();

bool is_british(std::string_view code) {
  return code.size() == 3 && code[0] == 'G' && code[1] == 'B' &&
         std::string_view("RDNOPS").find(code[2]) != std::string_view::npos;
}

bool is_german(std::string_view code) { return code == "D" || code == "DEU"; }

}  // namespace

StateCode state_code(std::string_view code) {
  if (code.size() != 3) return code == "D" ? StateCode::kKnown : StateCode::kUnknown;
  const unsigned first = place_of(code[0]);
  const unsigned second = place_of(code[1]);
  const unsigned third = place_of(code[2]);
  if (first >= kLetters || second >= kLetters || third >= kLetters) return StateCode::kUnknown;
  return kKinds[index_of(first, second, third)];
}

std::optional<StateEntry> state_entry(std::string_view code) {
  const auto* const entry = std::lower_bound(
      std::begin(kStateEntries), std::end(kStateEntries), code,
      [](const StateEntry& row, std::string_view wanted) { return row.code < wanted; });
  if (entry == std::end(kStateEntries) || entry->code != code) return std::nullopt;
  return *entry;
}

bool same_state(std::string_view a, std::string_view b) {
  return a == b || (is_british(a) && is_british(b)) || (is_german(a) && is_german(b));
}

}  // namespace paxid::mrz
