#include "matcher/letters.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"
#include "matcher/bounded.h"
#include "matcher/tables.h"

namespace paxid::matcher {
namespace {

constexpr std::size_t kWidth = kMaxPartLetters + 1;
constexpr float kDoubledCost = 0.12F;  // a letter written twice
constexpr float kVowelCost = 0.6F;     // one vowel for another
constexpr float kVowelDropCost = 0.7F;
constexpr float kLetterCost = 1.0F;
constexpr float kSwapCost = 1.0F;  // two neighbours exchanged
// Added to a rule of a language when the language of the names is another one or unknown.
constexpr float kOtherLanguageCost = 0.15F;
constexpr float kUnknownLanguageCost = 0.03F;
// The same for habits of one language that would join different names of others.
constexpr float kNarrowLanguageCost = 0.25F;

constexpr std::uint32_t set_of(std::string_view letters) {
  std::uint32_t set = 0;
  for (const char c : letters) set |= 1U << (c - 'A');
  return set;
}

bool is_vowel(char c) { return (set_of("AEIOUY") >> (c - 'A') & 1U) != 0; }

// Letters that names double. HH or JJ is a slip.
bool is_doubled_in_names(char c) { return (set_of("ABCDEFGIKLMNOPRSTUZ") >> (c - 'A') & 1U) != 0; }

std::string_view head(std::string_view text) { return text.substr(0, kMaxPartLetters); }

// Rows and columns of the letters on a QWERTY keyboard, for A-Z.
struct Key {
  int row;
  int column;  // in half keys
};
constexpr std::array<Key, 26> kKeys = {{
    {1, 1},  {2, 10}, {2, 6},  {1, 5},  {0, 4},  {1, 7},  {1, 9},  {1, 11}, {0, 14},
    {1, 13}, {1, 15}, {1, 17}, {2, 14}, {2, 12}, {0, 16}, {0, 18}, {0, 0},  {0, 6},
    {1, 3},  {0, 8},  {0, 12}, {2, 8},  {0, 2},  {2, 4},  {0, 10}, {2, 2},
}};

bool are_neighbouring_keys(char x, char y) {
  const Key& a = kKeys[static_cast<std::size_t>(x - 'A')];
  const Key& b = kKeys[static_cast<std::size_t>(y - 'A')];
  return std::abs(a.row - b.row) <= 1 && std::abs(a.column - b.column) <= 2;
}

// A habit that names of many countries share. A letter that comes or goes in the middle of
// a name is one only where the language has it.
bool is_broad(const VariantRule& rule) {
  constexpr std::array<std::string_view, 14> kBroad = {
      "ALL", "en", "ar", "ru", "uk", "de", "fa", "ur", "hi", "he", "el", "tr", "es", "nordic"};
  if (std::find(kBroad.begin(), kBroad.end(), rule.scope) == kBroad.end()) return false;
  return (!rule.a.empty() && !rule.b.empty()) || rule.where == Where::kEnd;
}

// Up to twelve letters in one word, five bits each, the last one lowest.
using Packed = std::uint64_t;
constexpr std::size_t kPackedLetters = 12;
constexpr Packed kEveryLetter = (Packed{1} << (5 * kPackedLetters)) - 1;

constexpr Packed code_of(char c) { return static_cast<Packed>(c) - 'A' + 1; }

Packed packed(std::string_view text) {
  Packed out = 0;
  for (const char c : text) out = out << 5 | code_of(c);
  return out;
}

Packed mask_of(std::size_t letters) { return (Packed{1} << (5 * letters)) - 1; }

// tails[i]: the letters before place i. A place before the first letter has code 0, so no side
// of a rule reaches beyond the start.
using Tails = std::array<Packed, kWidth>;

void fill_tails(std::string_view text, Tails& tails) {
  tails[0] = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    tails[i + 1] = (tails[i] << 5 | code_of(text[i])) & kEveryLetter;
  }
}

// A text that rules replace or put.
struct Side {
  Packed letters = 0;
  Packed mask = 0;
  std::uint8_t size = 0;

  bool ends(Packed tail) const { return ((tail & mask) ^ letters) == 0; }
};

// A rule as the distance uses it: x ends with `from`, y with `to`, both numbers of sides. The
// same two texts may be a habit of several languages, each with its cost.
struct DirectedRule {
  std::uint16_t from = 0;
  std::uint16_t to = 0;
  Where where = Where::kAny;
  float unknown_cost = 0;  // the language of the names is not known
  float other_cost = 0;    // it is none of `own`
  std::vector<std::pair<std::string_view, float>> own;
};

constexpr std::size_t kMaxDirectedRules = 1280;
constexpr std::size_t kMaxInsertions = 64;  // directed rules of which `from` is empty

template <class Visit>
void for_each_bit(std::uint64_t set, Visit visit) {
  for (; set != 0; set &= set - 1) visit(static_cast<std::size_t>(std::countr_zero(set)));
}

// The sides of all rules (the empty one is number 0), and for each the
// rules that replace it.
class RuleIndex {
 public:
  RuleIndex() {
    number_sides();
    for (const VariantRule& rule : variant_rules()) {
      add(rule, rule.a, rule.b);
      if (rule.a != rule.b) add(rule, rule.b, rule.a);
    }
    std::stable_sort(rules_.begin(), rules_.end(), [](const auto& r, const auto& s) {
      return std::pair(r.from, r.to) < std::pair(s.from, s.to);
    });
    for (std::size_t side = 0; side < sides_.size(); ++side) {
      first_rule_[side + 1] = static_cast<std::uint16_t>(
          std::find_if(rules_.begin(), rules_.end(), [&](const auto& r) { return r.from > side; }) -
          rules_.begin());
      for (const DirectedRule& rule : rules_of(side)) {
        partners_[side][rule.to / 64U] |= std::uint64_t{1} << rule.to % 64U;
      }
    }
    PAXID_CHECK(rules_.size() <= kMaxDirectedRules && rules_of(0).size() <= kMaxInsertions);
  }

  const Side& side(std::size_t number) const { return sides_[number]; }
  // By rising `to`.
  std::span<const DirectedRule> rules_of(std::size_t from) const {
    return {rules_.data() + first_rule_[from], rules_.data() + first_rule_[from + 1]};
  }
  template <class Use>
  void for_each_rule(const Use& use) const {
    for (const DirectedRule& rule : rules_) use(rule);
  }
  // The sides that a rule puts in place of `from`.
  const RuleSides& partners_of(std::size_t from) const { return partners_[from]; }

  // See edge_letters_by_rules().
  EdgeLetters edge_letters(std::string_view text) const {
    Tails tails;
    fill_tails(text, tails);
    EdgeLetters found;
    // Bit i: the first, or the last, i letters of the text may have come to nothing.
    std::uint64_t gone_first = 1;
    std::uint64_t gone_last = 1;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((gone_first >> i & 1U) != 0) found.first |= letters_at(text, tails, i, gone_first, false);
      if ((gone_last >> i & 1U) != 0) found.last |= letters_at(text, tails, i, gone_last, true);
    }
    if ((gone_first >> text.size() & 1U) != 0) found.first = ~std::uint32_t{0};
    if ((gone_last >> text.size() & 1U) != 0) found.last = ~std::uint32_t{0};
    return found;
  }

  RuleSides sides_in(std::string_view text) const {
    RuleSides found{1};
    Packed tail = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      tail = (tail << 5 | code_of(text[i])) & kEveryLetter;
      add_sides(bucket_of(text[i]), tail, found);
      if (i != 0) add_sides(bucket_of(text[i], text[i - 1]), tail, found);
    }
    return found;
  }

 private:
  void number_sides() {
    std::vector<std::string_view> texts = {""};
    for (const VariantRule& rule : variant_rules()) {
      texts.push_back(rule.a);
      texts.push_back(rule.b);
    }
    const auto from_behind = [](std::string_view a, std::string_view b) {
      return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
    };
    std::sort(texts.begin(), texts.end(), from_behind);
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    PAXID_CHECK(texts.size() <= kMaxRuleSides);
    std::size_t bucket = 0;
    for (const std::string_view text : texts) {
      PAXID_CHECK(text.size() <= kPackedLetters);
      while (!text.empty() && bucket <= bucket_of(text)) {
        first_side_[bucket++] = static_cast<std::uint16_t>(sides_.size());
      }
      sides_.push_back(
          {packed(text), mask_of(text.size()), static_cast<std::uint8_t>(text.size())});
    }
    while (bucket <= kBuckets) first_side_[bucket++] = static_cast<std::uint16_t>(sides_.size());
  }

  // The letters that may stand at place `at` from the start, or from the end; `gone` takes the
  // places that a rule may leave empty.
  std::uint32_t letters_at(std::string_view text, const Tails& tails, std::size_t at,
                           std::uint64_t& gone, bool from_end) const {
    const auto place = [&](std::size_t i) { return from_end ? text.size() - 1 - i : i; };
    std::uint32_t letters = 1U << (text[place(at)] - 'A');
    const auto doubles = [&](std::size_t i) {
      return i < text.size() && text[place(i)] == text[place(at)];
    };
    if (doubles(at + 1) || (at > 0 && doubles(at - 1))) {
      gone |= std::uint64_t{1} << (at + 1);
    }
    for (std::size_t from = 0; from < sides_.size(); ++from) {
      const std::size_t size = sides_[from].size;
      if (at + size > text.size()) continue;
      if (!sides_[from].ends(tails[from_end ? text.size() - at : at + size])) continue;
      for (const DirectedRule& rule : rules_of(from)) {
        const Side& to = sides_[rule.to];
        if (to.size == 0) {
          gone |= std::uint64_t{1} << (at + size);
        } else {
          letters |= 1U << ((to.letters >> (from_end ? 0 : 5 * (to.size - 1)) & 31U) - 1);
        }
      }
    }
    return letters;
  }

  // Sides are kept by their last two letters, those of one letter by themselves.
  static constexpr std::size_t kBuckets = std::size_t{26} * 27;
  static std::size_t bucket_of(char last) { return static_cast<std::size_t>(last - 'A') * 27; }
  static std::size_t bucket_of(char last, char before) {
    return bucket_of(last) + static_cast<std::size_t>(before - 'A') + 1;
  }
  static std::size_t bucket_of(std::string_view text) {
    return text.size() == 1 ? bucket_of(text[0]) : bucket_of(text.back(), text[text.size() - 2]);
  }

  void add_sides(std::size_t bucket, Packed tail, RuleSides& found) const {
    for (std::size_t s = first_side_[bucket]; s < first_side_[bucket + 1]; ++s) {
      if (sides_[s].ends(tail)) found[s / 64] |= std::uint64_t{1} << s % 64;
    }
  }

  std::uint16_t number_of(std::string_view text) const {
    std::size_t number = 0;
    while (sides_[number].letters != packed(text)) ++number;
    return static_cast<std::uint16_t>(number);
  }

  void add(const VariantRule& rule, std::string_view from_text, std::string_view to_text) {
    const std::uint16_t from = number_of(from_text);
    const std::uint16_t to = number_of(to_text);
    const auto same = std::find_if(rules_.begin(), rules_.end(), [&](const DirectedRule& r) {
      return r.from == from && r.to == to && r.where == rule.where;
    });
    const bool all = rule.scope == "ALL";
    const bool broad = is_broad(rule);
    const float unknown = rule.cost + (all     ? 0
                                       : broad ? kUnknownLanguageCost
                                               : kNarrowLanguageCost);
    const float other = rule.cost + (all ? 0 : broad ? kOtherLanguageCost : kNarrowLanguageCost);
    if (same == rules_.end()) {
      rules_.push_back({from, to, rule.where, unknown, other, {{rule.scope, rule.cost}}});
      return;
    }
    same->unknown_cost = std::min(same->unknown_cost, unknown);
    same->other_cost = std::min(same->other_cost, other);
    same->own.emplace_back(rule.scope, rule.cost);
  }

  std::vector<Side> sides_;
  std::array<std::uint16_t, kBuckets + 1> first_side_{};
  std::vector<DirectedRule> rules_;
  std::array<std::uint16_t, kMaxRuleSides + 1> first_rule_{};
  std::array<RuleSides, kMaxRuleSides> partners_{};
};

const RuleIndex& rule_index() {
  static const RuleIndex index;
  return index;
}

float scoped_cost(const DirectedRule& rule, std::string_view language) {
  if (language.empty()) return rule.unknown_cost;
  float cost = rule.other_cost;
  for (const auto& [scope, own] : rule.own) {
    if (scope == language) cost = std::min(cost, own);
  }
  return cost;
}

// The language's own habit, else the cheapest one.
std::string_view scope_of(const DirectedRule& rule, std::string_view language) {
  const std::pair<std::string_view, float>* best = &rule.own.front();
  for (const auto& own : rule.own) {
    if (own.first == language) return own.first;
    if (own.second < best->second) best = &own;
  }
  return best->first;
}

using Row = std::array<float, kWidth>;

float change_cost(char a, char b) {
  return a == b ? 0 : is_vowel(a) && is_vowel(b) ? kVowelCost : kLetterCost;
}

// What one letter costs in place of another, by the letters' numbers.
using Changes = std::array<std::array<float, 26>, 26>;
const Changes& changes() {
  static const Changes table = [] {
    Changes all{};
    for (std::size_t a = 0; a < all.size(); ++a) {
      for (std::size_t b = 0; b < all.size(); ++b) {
        all[a][b] = change_cost(static_cast<char>('A' + a), static_cast<char>('A' + b));
      }
    }
    return all;
  }();
  return table;
}

// A rule of which both sides occur: it may end at the places of x and y in the sets of bits.
struct StandingRule {
  std::uint64_t x_ends = 0;
  std::uint64_t y_ends = 0;
  float cost = 0;
  std::uint8_t from_size = 0;
  std::uint8_t to_size = 0;
};

// Row by row. Most rules have no side in either text, so those that have are found first and
// the rows ask only for these.
class VariantTable {
 public:
  VariantTable(std::string_view x, const RuleSides& x_sides, std::string_view y,
               const RuleSides& y_sides, std::string_view language)
      : x_(x), y_(y), language_(language), rules_(rule_index()) {
    fill_drops(x_, x_drop_);
    fill_drops(y_, y_drop_);
    find_rules(x_sides, y_sides);
    std::fill_n(cell_[0].begin(), y_.size() + 1, std::numeric_limits<float>::infinity());
    cell_[0][0] = 0;
    insert_letters(0);
    for (std::size_t i = 1; i <= x_.size(); ++i) {
      change_letters(i);
      replace_by_rules(i);
      insert_letters(i);
    }
  }
  float distance() const { return cell_[x_.size()][y_.size()]; }

  // Back from the end over the cells that gave the distance.
  std::vector<SpellingStep> steps() const {
    std::vector<SpellingStep> steps;
    const std::vector<const DirectedRule*> rules = possible_rules();
    std::size_t i = x_.size();
    std::size_t j = y_.size();
    while (i != 0 || j != 0) {
      const SpellingStep step = step_to(i, j, rules);
      i -= step.a.size();
      j -= step.b.size();
      if (step.a != step.b) steps.push_back(step);
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

 private:
  static void fill_drops(std::string_view text, Row& drops) {
    for (std::size_t i = 1; i <= text.size(); ++i) {
      const char c = text[i - 1];
      const bool doubled = (i >= 2 && text[i - 2] == c) || (i < text.size() && text[i] == c);
      drops[i] = doubled && is_doubled_in_names(c) ? kDoubledCost
                 : is_vowel(c)                     ? kVowelDropCost
                                                   : kLetterCost;
    }
  }

  // The places behind which a side ends.
  static std::uint64_t ends_of(const Side& side, const LetterPlaces& text) {
    std::uint64_t ends = (std::uint64_t{2} << text.size) - 1;
    for (unsigned k = 0; k < side.size; ++k) {
      ends &= text.places[(side.letters >> 5 * k & 31U) - 1] << (k + 1);
    }
    return ends;
  }

  void find_rules(const RuleSides& x_sides, const RuleSides& y_sides) {
    const LetterPlaces x_places = letter_places(x_);
    const LetterPlaces y_places = letter_places(y_);
    for (std::size_t w = 0; w < x_sides.size(); ++w) {
      for_each_bit(x_sides[w], [&](std::size_t bit) {
        const std::size_t from = w * 64 + bit;
        const RuleSides& partners = rules_.partners_of(from);
        std::uint64_t met = 0;
        for (std::size_t v = 0; v < partners.size(); ++v) met |= partners[v] & y_sides[v];
        if (met == 0) return;
        const std::uint64_t x_ends = ends_of(rules_.side(from), x_places);
        for (const DirectedRule& rule : rules_.rules_of(from)) {
          if ((y_sides[rule.to / 64U] >> rule.to % 64U & 1U) == 0) continue;
          stand(rule, x_ends, ends_of(rules_.side(rule.to), y_places));
        }
      });
    }
  }

  void stand(const DirectedRule& rule, std::uint64_t x_ends, std::uint64_t y_ends) {
    const std::uint8_t from_size = rules_.side(rule.from).size;
    const std::uint8_t to_size = rules_.side(rule.to).size;
    if (rule.where == Where::kStart || rule.where == Where::kWhole) {
      x_ends &= std::uint64_t{1} << from_size;
      y_ends &= std::uint64_t{1} << to_size;
    }
    if (rule.where == Where::kEnd || rule.where == Where::kWhole) {
      x_ends &= std::uint64_t{1} << x_.size();
      y_ends &= std::uint64_t{1} << y_.size();
    }
    if (x_ends == 0 || y_ends == 0) return;
    const StandingRule standing = {x_ends, y_ends, scoped_cost(rule, language_), from_size,
                                   to_size};
    if (from_size != 0) {
      replacements_.push_back(standing);
    } else {
      insertions_.push_back(standing);
      inserted_ends_ |= y_ends;
    }
  }

  // Those of which both sides occur.
  std::vector<const DirectedRule*> possible_rules() const {
    const RuleSides x_sides = rules_.sides_in(x_);
    const RuleSides y_sides = rules_.sides_in(y_);
    const auto has = [](const RuleSides& sides, std::size_t side) {
      return (sides[side / 64] >> side % 64 & 1U) != 0;
    };
    std::vector<const DirectedRule*> possible;
    rules_.for_each_rule([&](const DirectedRule& rule) {
      if (has(x_sides, rule.from) && has(y_sides, rule.to)) possible.push_back(&rule);
    });
    return possible;
  }

  SpellingStep step_to(std::size_t i, std::size_t j,
                       const std::vector<const DirectedRule*>& rules) const {
    constexpr float kRounding = 1e-5F;
    std::optional<SpellingStep> best;
    float best_excess = 0;
    const auto offer = [&](std::size_t a, std::size_t b, std::string_view scope, float cost) {
      if (a > i || b > j) return;
      const float excess = cell_[i - a][j - b] + cost - cell_[i][j];
      if (best && excess >= best_excess - kRounding) return;
      best_excess = excess;
      best = SpellingStep{x_.substr(i - a, a), y_.substr(j - b, b), scope, cost};
    };
    if (i > 0 && j > 0) offer(1, 1, {}, change_cost(x_[i - 1], y_[j - 1]));
    for (const DirectedRule* one : rules) {
      const DirectedRule& rule = *one;
      const Side& from = rules_.side(rule.from);
      const Side& to = rules_.side(rule.to);
      if (from.size > i || to.size > j) continue;
      const std::string_view a = x_.substr(i - from.size, from.size);
      const std::string_view b = y_.substr(j - to.size, to.size);
      if (packed(a) != from.letters || packed(b) != to.letters) continue;
      const bool starts = i == from.size && j == to.size;
      const bool ends = i == x_.size() && j == y_.size();
      if ((rule.where == Where::kStart || rule.where == Where::kWhole) && !starts) continue;
      if ((rule.where == Where::kEnd || rule.where == Where::kWhole) && !ends) continue;
      offer(from.size, to.size, scope_of(rule, language_), scoped_cost(rule, language_));
    }
    if (i > 0) offer(1, 0, {}, x_drop_[i]);
    if (j > 0) offer(0, 1, {}, y_drop_[j]);
    if (i > 1 && j > 1 && x_[i - 2] == y_[j - 1] && x_[i - 1] == y_[j - 2]) {
      offer(2, 2, {}, kSwapCost);
    }
    PAXID_CHECK(best.has_value());
    return *best;
  }

  // Row i from the rows above it by single letters: one dropped, one changed, two exchanged.
  void change_letters(std::size_t i) {
    float* row = cell_[i].data();
    const float* above = cell_[i - 1].data();
    const float drop = x_drop_[i];
    const char a = x_[i - 1];
    const float* change = changes()[static_cast<std::size_t>(a - 'A')].data();
    const char* y = y_.data();
    row[0] = above[0] + drop;
    for (std::size_t j = 1; j <= y_.size(); ++j) {
      row[j] = std::min(above[j] + drop, above[j - 1] + change[y[j - 1] - 'A']);
    }
    if (i < 2) return;
    const float* two_above = cell_[i - 2].data();
    const char before = x_[i - 2];
    for (std::size_t j = 2; j <= y_.size(); ++j) {
      if (y[j - 2] == a && y[j - 1] == before) {
        row[j] = std::min(row[j], two_above[j - 2] + kSwapCost);
      }
    }
  }

  void replace_by_rules(std::size_t i) {
    float* row = cell_[i].data();
    for (const StandingRule& rule : replacements_) {
      if ((rule.x_ends >> i & 1U) == 0) continue;
      const float* from = cell_[i - rule.from_size].data();
      for_each_bit(rule.y_ends, [&](std::size_t j) {
        row[j] = std::min(row[j], from[j - rule.to_size] + rule.cost);
      });
    }
  }

  // What comes from places further left in the same row.
  void insert_letters(std::size_t i) {
    float* row = cell_[i].data();
    const float* drop = y_drop_.data();
    float left = row[0];
    for (std::size_t j = 1; j <= y_.size(); ++j) {
      left = std::min(row[j], left + drop[j]);
      if ((inserted_ends_ >> j & 1U) != 0) left = std::min(left, by_insertion(i, j));
      row[j] = left;
    }
  }

  float by_insertion(std::size_t i, std::size_t j) const {
    float best = std::numeric_limits<float>::infinity();
    for (const StandingRule& rule : insertions_) {
      if ((rule.x_ends >> i & 1U) == 0 || (rule.y_ends >> j & 1U) == 0) continue;
      best = std::min(best, cell_[i][j - rule.to_size] + rule.cost);
    }
    return best;
  }

  std::string_view x_;
  std::string_view y_;
  std::string_view language_;
  const RuleIndex& rules_;
  Row x_drop_;
  Row y_drop_;
  std::array<Row, kWidth> cell_;
  Bounded<StandingRule, kMaxDirectedRules> replacements_;
  Bounded<StandingRule, kMaxInsertions> insertions_;
  std::uint64_t inserted_ends_ = 0;
};

}  // namespace

LetterPlaces letter_places(std::string_view text) {
  text = head(text);
  LetterPlaces found;
  found.size = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    found.places[static_cast<std::size_t>(text[i] - 'A')] |= std::uint64_t{1} << i;
  }
  return found;
}

int letter_edits(const LetterPlaces& x, std::string_view y) {
  y = head(y);
  if (x.size == 0) return static_cast<int>(y.size());
  // The bit-parallel form of the table (Hyyrö 2003): one column a step, a bit a row.
  const std::uint64_t* places = x.places.data();
  std::uint64_t up = ~std::uint64_t{0};
  std::uint64_t down = 0;
  std::uint64_t diagonal = 0;
  std::uint64_t before = 0;
  auto edits = static_cast<int>(x.size);
  const std::size_t last = x.size - 1;
  for (const char c : y) {
    const std::uint64_t here = places[c - 'A'];
    const std::uint64_t swapped = ((~diagonal & here) << 1) & before;
    diagonal = (((here & up) + up) ^ up) | here | down | swapped;
    std::uint64_t plus = down | ~(diagonal | up);
    std::uint64_t minus = diagonal & up;
    edits += static_cast<int>(plus >> last & 1);
    edits -= static_cast<int>(minus >> last & 1);
    plus = plus << 1 | 1;
    minus <<= 1;
    up = minus | ~(diagonal | plus);
    down = plus & diagonal;
    before = here;
  }
  return edits;
}

int letter_edits(std::string_view x, std::string_view y) {
  if (x.size() < y.size()) std::swap(x, y);  // fewer steps
  return letter_edits(letter_places(x), y);
}

bool is_finger_slip(std::string_view x, std::string_view y) {
  if (x.size() < y.size()) std::swap(x, y);
  std::size_t at = 0;
  while (at < y.size() && x[at] == y[at]) ++at;
  if (x.size() == y.size()) {
    if (at == x.size()) return false;
    const bool swapped = at + 1 < x.size() && x[at] == y[at + 1] && x[at + 1] == y[at];
    return swapped || are_neighbouring_keys(x[at], y[at]);
  }
  // The longer one has one letter more at `at`: a doubled letter, or a key hit with another.
  const char extra = x[at];
  const auto beside = [&](std::size_t i) {
    return i < x.size() && are_neighbouring_keys(extra, x[i]);
  };
  return (at > 0 && beside(at - 1)) || beside(at + 1);
}

bool is_scan_slip(std::string_view x, std::string_view y) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kAlike = {{
      {"I", "L"},
      {"O", "Q"},
      {"D", "O"},
      {"C", "G"},
      {"U", "V"},
      {"E", "F"},
      {"C", "O"},
      {"M", "RN"},
      {"M", "NN"},
      {"M", "IN"},
      {"D", "CL"},
      {"W", "VV"},
      {"U", "LI"},
      {"H", "LI"},
  }};
  if (x.size() > y.size()) std::swap(x, y);
  if (y.size() > x.size() + 1) return false;
  std::size_t same = 0;
  while (same < x.size() && x[same] == y[same]) ++same;
  x.remove_prefix(same);
  y.remove_prefix(same);
  while (!x.empty() && x.back() == y.back()) {
    x.remove_suffix(1);
    y.remove_suffix(1);
  }
  if (x.size() == y.size() && y < x) std::swap(x, y);
  return std::find(kAlike.begin(), kAlike.end(), std::pair(x, y)) != kAlike.end();
}

RuleSides rule_sides_of(std::string_view letters) { return rule_index().sides_in(head(letters)); }

bool EdgeLetters::allow(std::string_view text) const {
  text = head(text);
  const auto has = [](std::uint32_t letters, char c) { return (letters >> (c - 'A') & 1U) != 0; };
  // A doubled letter, both of it, is as cheap as a rule.
  const std::size_t n = text.size();
  return (has(first, text[0]) || (n > 1 && text[0] == text[1])) &&
         (has(last, text[n - 1]) || (n > 1 && text[n - 1] == text[n - 2]));
}

EdgeLetters edge_letters_by_rules(std::string_view text) {
  return rule_index().edge_letters(head(text));
}

double variant_distance(std::string_view x, std::string_view y, std::string_view language) {
  return variant_distance(x, rule_sides_of(x), y, rule_sides_of(y), language);
}

double variant_distance(std::string_view x, const RuleSides& x_sides, std::string_view y,
                        const RuleSides& y_sides, std::string_view language) {
  // The sum of floats along a path depends on nothing but the path, but among equal paths of
  // different length rounding could differ with the side; one order makes it symmetric.
  if (y < x) return VariantTable(head(y), y_sides, head(x), x_sides, language).distance();
  return VariantTable(head(x), x_sides, head(y), y_sides, language).distance();
}

std::vector<SpellingStep> spelling_steps(std::string_view x, std::string_view y,
                                         std::string_view language) {
  x = head(x);
  y = head(y);
  return VariantTable(x, rule_sides_of(x), y, rule_sides_of(y), language).steps();
}

}  // namespace paxid::matcher
