#include "transliteration/tables.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "transliteration/standards.h"

namespace paxid::transliteration {
namespace {

// The contexts of a language (a letter with its neighbours) are sorted by key and follow one
// another. The spellings of each begin where kFirstOutcomes says, and end where the next one's do.
struct Language {
  std::string_view name;
  std::uint32_t contexts;
  std::uint8_t background;
};

// A name of the Japanese dictionary; its spellings end where the next one's begin.
struct NameEntry {
  std::uint64_t key;
  std::uint32_t outcomes;
  bool surname;
  bool given;
};
constexpr std::size_t kMaxNameCharacters = 4;

// As the generator packs it; 0 for what is no such name.
std::uint64_t key_of_name(std::u32string_view name) {
  std::uint64_t key = 0;
  if (name.size() > kMaxNameCharacters) return key;
  for (const char32_t c : name) {
    if (c > 0xFFFF) return 0;
    key = key << 16 | c;
  }
  return key;
}

// As the generator packs it: 21 bits each.
constexpr std::uint64_t key_of(char32_t left, char32_t letter, char32_t right) {
  return std::uint64_t{letter} << 42 | std::uint64_t{right} << 21 | left;
}

#include "transliteration_tables.inc"

// The generator ends both lists with a sentinel.
constexpr std::size_t kLanguageCount = std::size(kLanguages) - 1;

}  // namespace

const std::vector<IcaoRow>& icao_rows() {
  static const std::vector<IcaoRow> rows(std::begin(kIcaoRows), std::end(kIcaoRows));
  return rows;
}

const IcaoRow* find_icao_row(char32_t letter) {
  const auto* row = std::lower_bound(std::begin(kIcaoRows), std::end(kIcaoRows), letter,
                                     [](const IcaoRow& r, char32_t c) { return r.letter < c; });
  return row != std::end(kIcaoRows) && row->letter == letter ? row : nullptr;
}

std::span<const Standard> standards() { return kStandards; }

std::span<const StandardLetters> letters_of_standard(std::string_view standard) {
  const auto [low, high] = std::equal_range(
      std::begin(kStandardLetters), std::end(kStandardLetters),
      StandardLetters{standard, {}, {}, {}, {}},
      [](const StandardLetters& x, const StandardLetters& y) { return x.standard < y.standard; });
  return {low, high};
}

std::string_view tables_digest() { return kTablesDigest; }

std::size_t tables_bytes() {
  return sizeof kIcaoRows + sizeof kStandards + sizeof kStandardLetters + sizeof kChance +
         sizeof kLanguages + sizeof kContexts + sizeof kFirstOutcomes + sizeof kOutcomes +
         sizeof kNames + sizeof kNameOutcomes + sizeof kPool;
}

std::optional<LanguageIndex> find_language(std::string_view language) {
  const Language* end = std::begin(kLanguages) + kLanguageCount;
  const Language* found =
      std::lower_bound(std::begin(kLanguages), end, language,
                       [](const Language& l, std::string_view name) { return l.name < name; });
  if (found == end || found->name != language) return std::nullopt;
  return static_cast<LanguageIndex>(found - std::begin(kLanguages));
}

std::string_view Outcome::letters() const {
  return std::string_view(kPool).substr(packed & 0xFFFFFU, packed >> 20 & 0xFU);
}

std::span<const Outcome> find_outcomes(LanguageIndex language, char32_t left, char32_t letter,
                                       char32_t right) {
  const std::uint64_t* const begin = kContexts + kLanguages[language].contexts;
  const std::uint64_t* const end = kContexts + kLanguages[language + 1].contexts;
  const std::uint64_t first = key_of(kAny, letter, kAny);
  const std::uint64_t* low = std::lower_bound(begin, end, first);
  if (low == end || *low >> 42 != letter) return {};
  const std::uint64_t* high = std::lower_bound(low, end, key_of(kAny, letter + 1, kAny));
  for (const std::uint64_t key : {key_of(left, letter, right), key_of(kAny, letter, right),
                                  key_of(left, letter, kAny), first}) {
    const std::uint64_t* found = std::lower_bound(low, high, key);
    if (found != high && *found == key) {
      const auto at = found - kContexts;
      return {kOutcomes + kFirstOutcomes[at], kOutcomes + kFirstOutcomes[at + 1]};
    }
  }
  return {};
}

std::optional<NameReadings> find_japanese_name(std::u32string_view name) {
  const std::uint64_t key = key_of_name(name);
  const NameEntry* end = std::end(kNames) - 1;  // the sentinel
  const NameEntry* found =
      std::lower_bound(std::begin(kNames), end, key,
                       [](const NameEntry& entry, std::uint64_t k) { return entry.key < k; });
  if (found == end || found->key != key) return std::nullopt;
  return NameReadings{{kNameOutcomes + found->outcomes, kNameOutcomes + found[1].outcomes},
                      found->surname,
                      found->given};
}

std::uint8_t background_of(LanguageIndex language) { return kLanguages[language].background; }

Chances chances_of(std::uint8_t background) { return Chances(kChance[background]); }

}  // namespace paxid::transliteration
