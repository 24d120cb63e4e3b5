#pragma once

// Private to this library: what the generator wrote, and the searches in it.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "transliteration/icao.h"

namespace paxid::transliteration {

// The row of a letter (upper case), or nullptr.
const IcaoRow* find_icao_row(char32_t letter);

// What section 6 makes of a letter in a document of a language, or nothing without a row.
std::optional<std::string_view> zone_letters(char32_t letter, std::string_view language,
                                             bool at_start);

// One row of a standard: a run of native letters between certain neighbours (empty: any; '^'
// and '$' stand for the ends of the word).
struct StandardLetters {
  std::string_view standard;
  std::u32string_view left;
  std::u32string_view letters;
  std::u32string_view right;
  std::string_view latin;
};
std::span<const StandardLetters> letters_of_standard(std::string_view standard);

// A language with a unit table, by its place in the sorted list of them.
using LanguageIndex = std::uint8_t;
std::optional<LanguageIndex> find_language(std::string_view language);

// Neighbours of a native letter that are no letters.
inline constexpr char32_t kAny = 0;
inline constexpr char32_t kWordStart = '^';
inline constexpr char32_t kWordEnd = '$';

// One way to write a native letter, packed: where the letters stand in the pool (20 bits),
// how many they are (4), and the cost in sixteenths of a bit (8).
struct Outcome {
  std::uint32_t packed;

  std::string_view letters() const;
  // Which letters: the same for all outcomes of the same letters and for no others.
  std::uint32_t text() const { return packed & 0xFFFFFFU; }
  float bits() const { return static_cast<float>(packed >> 24) / 16; }
};

// The spellings of `letter` between two letters, cheapest first: those of the closest
// context the table has (both neighbours, the right one, the left one, none).
std::span<const Outcome> find_outcomes(LanguageIndex language, char32_t left, char32_t letter,
                                       char32_t right);

// A Japanese name in characters with all its spellings, the usual ones first.
struct NameReadings {
  std::span<const Outcome> spellings;
  bool surname = false;
  bool given = false;
};
// Of the dictionary of readings; nothing when it lacks the name.
std::optional<NameReadings> find_japanese_name(std::u32string_view name);

// Which chance table a language is measured with: its own, or that of all languages (0).
std::uint8_t background_of(LanguageIndex language);
// The chances of such a table.
class Chances {
 public:
  static constexpr std::size_t kLetters = 27;
  explicit Chances(const std::uint8_t (&table)[kLetters * kLetters]) : table_(table) {}
  // -log2 of the chance of a letter after another; letters are 1-26, 0 is the word's start.
  float of(std::size_t before, std::size_t letter) const {
    return static_cast<float>(table_[before * kLetters + letter]) / 16;
  }

 private:
  const std::uint8_t* table_;
};
Chances chances_of(std::uint8_t background);

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
