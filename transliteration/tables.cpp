#include "transliteration/tables.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <span>
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

using Contexts = std::span<const std::uint64_t>;

char32_t letter_of(std::uint64_t context) { return static_cast<char32_t>(context >> 42); }

Contexts contexts_of(LanguageIndex language) {
  return {kContexts + kLanguages[language].contexts, kContexts + kLanguages[language + 1].contexts};
}

// Where the contexts of each letter of an alphabet begin, by its code point from the first one on,
// and where the last one's end. Empty for a language of more letters than an alphabet has.
struct Alphabet {
  static constexpr std::size_t kMost = 4096;  // code points between the first and the last letter
  char32_t first = 0;
  std::vector<std::uint32_t> starts;

  explicit Alphabet(Contexts contexts) {
    if (contexts.empty()) return;
    first = letter_of(contexts.front());
    const std::size_t letters = letter_of(contexts.back()) - first + 1;
    if (letters > kMost) return;
    std::uint32_t at = 0;
    for (std::size_t k = 0; k <= letters; ++k) {
      while (at < contexts.size() && letter_of(contexts[at]) < first + k) ++at;
      starts.push_back(at);
    }
  }
};

const std::vector<Alphabet>& alphabets() {
  static const std::vector<Alphabet> all = [] {
    std::vector<Alphabet> found;
    for (std::size_t language = 0; language < kLanguageCount; ++language) {
      found.emplace_back(contexts_of(static_cast<LanguageIndex>(language)));
    }
    return found;
  }();
  return all;
}

Contexts contexts_of(LanguageIndex language, char32_t letter) {
  const Contexts contexts = contexts_of(language);
  const Alphabet& alphabet = alphabets()[language];
  if (!alphabet.starts.empty()) {
    if (letter < alphabet.first) return {};
    const std::size_t at = letter - alphabet.first;
    if (at + 1 >= alphabet.starts.size()) return {};
    return contexts.subspan(alphabet.starts[at], alphabet.starts[at + 1] - alphabet.starts[at]);
  }
  const auto low = std::lower_bound(contexts.begin(), contexts.end(), key_of(kAny, letter, kAny));
  const auto high = std::lower_bound(low, contexts.end(), key_of(kAny, letter + 1, kAny));
  return {low, high};
}

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
  const Contexts contexts = contexts_of(language, letter);
  for (const std::uint64_t key : {key_of(left, letter, right), key_of(kAny, letter, right),
                                  key_of(left, letter, kAny), key_of(kAny, letter, kAny)}) {
    const auto found = std::lower_bound(contexts.begin(), contexts.end(), key);
    if (found != contexts.end() && *found == key) {
      const auto at = std::to_address(found) - kContexts;
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
