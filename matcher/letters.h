#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace paxid::matcher {

// Parts longer than this are compared by their head.
inline constexpr std::size_t kMaxPartLetters = 40;

// Restricted Damerau-Levenshtein distance (optimal string alignment): letters changed,
// added, dropped, or two neighbours exchanged, each 1.
int letter_edits(std::string_view x, std::string_view y);

// The places of each letter in a text, a bit for each place: found once for a text that is
// compared many times.
struct LetterPlaces {
  std::array<std::uint64_t, 26> places{};
  std::size_t size = 0;  // letters, of which the first kMaxPartLetters count
};
LetterPlaces letter_places(std::string_view text);

// The same distance.
int letter_edits(const LetterPlaces& x, std::string_view y);

// Whether the one edit between two texts of distance 1 is one that fingers make: a doubled
// or undoubled letter, an exchange of neighbours, a neighbouring key (QWERTY).
bool is_finger_slip(std::string_view x, std::string_view y);

// Whether two texts differ in one place alone, by letters that look alike in print or to a
// scanner (RN, M; I, L).
bool is_scan_slip(std::string_view x, std::string_view y);

// The cheapest way to write x as y with the spelling rules of data/variants.tsv, doubled
// letters and single letters changed (1 each; vowels among each other less). Symmetric.
// `language` ("" unknown) makes the rules of other languages dearer.
double variant_distance(std::string_view x, std::string_view y, std::string_view language);

// One step of the cheapest way that variant_distance() finds from x to y, as an explanation.
struct SpellingStep {
  std::string_view a;  // what stands in x, maybe nothing; a view of it
  std::string_view b;
  std::string_view scope;  // of the rule (column of data/variants.tsv), or "" of a letter's own
  double cost = 0;
};
// Left to right, without letters that are the same. Slow beside variant_distance(); for display.
std::vector<SpellingStep> spelling_steps(std::string_view x, std::string_view y,
                                         std::string_view language);

// Which texts of the rules occur in a text, a bit for each: found once for a text that is
// compared many times. `letters` are A-Z, of which the first kMaxPartLetters count.
inline constexpr std::size_t kMaxRuleSides = 256;
using RuleSides = std::array<std::uint64_t, kMaxRuleSides / 64>;
RuleSides rule_sides_of(std::string_view letters);

// The letters, bit 0 for A, that a text begins and ends with which is written from another by
// rules and doubled letters alone, whatever they cost; a superset.
struct EdgeLetters {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  // No when the text has a variant_distance() of at least the cheapest letter that no rule
  // explains. Not empty.
  bool allow(std::string_view text) const;
};
EdgeLetters edge_letters_by_rules(std::string_view text);

// The same distance; the sides are rule_sides_of() of the texts.
double variant_distance(std::string_view x, const RuleSides& x_sides, std::string_view y,
                        const RuleSides& y_sides, std::string_view language);

}  // namespace paxid::matcher
