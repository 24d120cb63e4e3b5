#include "matcher/letters.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"
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

constexpr Packed code_of(char c) { return static_cast<Packed>(c - 'A' + 1); }

Packed packed(std::string_view text) {
  Packed out = 0;
  for (const char c : text) out = out << 5 | code_of(c);
  return out;
}

Packed mask_of(std::size_t letters) { return (Packed{1} << (5 * letters)) - 1; }

// A rule as the distance uses it: x ends with `from`, y with `to`. The same two texts may be a
// habit of several languages, each with its cost.
struct DirectedRule {
  Packed from = 0;
  Packed to = 0;
  Packed from_mask = 0;
  Packed to_mask = 0;
  std::uint8_t from_size = 0;
  std::uint8_t to_size = 0;
  Where where = Where::kAny;
  float unknown_cost = 0;  // the language of the names is not known
  float other_cost = 0;    // it is none of `own`
  std::vector<std::pair<std::string_view, float>> own;
};

constexpr std::size_t kNoLetter = 26;

// The rules by the last letters of both sides; kNoLetter stands for an empty side.
class RuleIndex {
 public:
  RuleIndex() {
    std::vector<std::vector<DirectedRule>> buckets(kBuckets);
    for (const VariantRule& rule : variant_rules()) {
      add(buckets, rule, rule.a, rule.b);
      if (rule.a != rule.b) add(buckets, rule, rule.b, rule.a);
    }
    for (std::size_t i = 0; i < kBuckets; ++i) {
      first_[i] = static_cast<std::uint16_t>(rules_.size());
      rules_.insert(rules_.end(), buckets[i].begin(), buckets[i].end());
    }
    first_[kBuckets] = static_cast<std::uint16_t>(rules_.size());
  }
  std::span<const DirectedRule> at(std::size_t from, std::size_t to) const {
    const std::size_t bucket = from * 27 + to;
    return {rules_.data() + first_[bucket], rules_.data() + first_[bucket + 1]};
  }

 private:
  static constexpr std::size_t kBuckets = std::size_t{27} * 27;

  static std::size_t last_letter(std::string_view text) {
    return text.empty() ? kNoLetter : static_cast<std::size_t>(text.back() - 'A');
  }

  static void add(std::vector<std::vector<DirectedRule>>& buckets, const VariantRule& rule,
                  std::string_view from, std::string_view to) {
    PAXID_CHECK(from.size() <= kPackedLetters && to.size() <= kPackedLetters);
    auto& bucket = buckets[last_letter(from) * 27 + last_letter(to)];
    const auto same = std::find_if(bucket.begin(), bucket.end(), [&](const DirectedRule& r) {
      return r.from == packed(from) && r.to == packed(to) && r.where == rule.where;
    });
    const bool all = rule.scope == "ALL";
    const bool broad = is_broad(rule);
    const float unknown = rule.cost + (all     ? 0
                                       : broad ? kUnknownLanguageCost
                                               : kNarrowLanguageCost);
    const float other = rule.cost + (all ? 0 : broad ? kOtherLanguageCost : kNarrowLanguageCost);
    if (same == bucket.end()) {
      bucket.push_back({packed(from),
                        packed(to),
                        mask_of(from.size()),
                        mask_of(to.size()),
                        static_cast<std::uint8_t>(from.size()),
                        static_cast<std::uint8_t>(to.size()),
                        rule.where,
                        unknown,
                        other,
                        {{rule.scope, rule.cost}}});
      return;
    }
    same->unknown_cost = std::min(same->unknown_cost, unknown);
    same->other_cost = std::min(same->other_cost, other);
    same->own.emplace_back(rule.scope, rule.cost);
  }

  std::vector<DirectedRule> rules_;
  std::array<std::uint16_t, kBuckets + 1> first_{};
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

using Row = std::array<float, kWidth>;

class VariantTable {
 public:
  VariantTable(std::string_view x, std::string_view y, std::string_view language)
      : x_(x), y_(y), language_(language), rules_(rule_index()) {
    fill_tails(x_, x_tail_);
    fill_tails(y_, y_tail_);
    fill_drops(x_, x_drop_);
    fill_drops(y_, y_drop_);
    for (std::size_t i = 0; i <= x_.size(); ++i) {
      for (std::size_t j = 0; j <= y_.size(); ++j) cell_[i][j] = cheapest(i, j);
    }
  }
  float distance() const { return cell_[x_.size()][y_.size()]; }

 private:
  // tails[i]: the letters before place i.
  static void fill_tails(std::string_view text, std::array<Packed, kWidth>& tails) {
    tails[0] = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      tails[i + 1] = (tails[i] << 5 | code_of(text[i])) & kEveryLetter;
    }
  }

  static void fill_drops(std::string_view text, Row& drops) {
    for (std::size_t i = 1; i <= text.size(); ++i) {
      const char c = text[i - 1];
      const bool doubled = (i >= 2 && text[i - 2] == c) || (i < text.size() && text[i] == c);
      drops[i] = doubled && is_doubled_in_names(c) ? kDoubledCost
                 : is_vowel(c)                     ? kVowelDropCost
                                                   : kLetterCost;
    }
  }

  bool stands_right(const DirectedRule& rule, std::size_t i, std::size_t j) const {
    const bool at_start = i == rule.from_size && j == rule.to_size;
    const bool at_end = i == x_.size() && j == y_.size();
    switch (rule.where) {
      case Where::kAny:
        return true;
      case Where::kStart:
        return at_start;
      case Where::kEnd:
        return at_end;
      case Where::kWhole:
        return at_start && at_end;
    }
    return false;
  }

  void try_rules(std::span<const DirectedRule> rules, std::size_t i, std::size_t j,
                 float& best) const {
    for (const DirectedRule& rule : rules) {
      // A place before the first letter has code 0, so no rule reaches beyond the start.
      if (((x_tail_[i] & rule.from_mask) ^ rule.from) != 0 ||
          ((y_tail_[j] & rule.to_mask) ^ rule.to) != 0 || !stands_right(rule, i, j)) {
        continue;
      }
      best = std::min(best,
                      cell_[i - rule.from_size][j - rule.to_size] + scoped_cost(rule, language_));
    }
  }

  float by_rules(std::size_t i, std::size_t j, float best) const {
    const std::size_t lx = i == 0 ? kNoLetter : static_cast<std::size_t>(x_[i - 1] - 'A');
    const std::size_t ly = j == 0 ? kNoLetter : static_cast<std::size_t>(y_[j - 1] - 'A');
    if (i != 0 && j != 0) try_rules(rules_.at(lx, ly), i, j, best);
    if (i != 0) try_rules(rules_.at(lx, kNoLetter), i, j, best);
    if (j != 0) try_rules(rules_.at(kNoLetter, ly), i, j, best);
    return best;
  }

  float cheapest(std::size_t i, std::size_t j) const {
    if (i == 0 && j == 0) return 0;
    float best = std::numeric_limits<float>::infinity();
    if (i > 0) best = std::min(best, cell_[i - 1][j] + x_drop_[i]);
    if (j > 0) best = std::min(best, cell_[i][j - 1] + y_drop_[j]);
    if (i > 0 && j > 0) {
      const char a = x_[i - 1];
      const char b = y_[j - 1];
      const float change = a == b ? 0 : is_vowel(a) && is_vowel(b) ? kVowelCost : kLetterCost;
      best = std::min(best, cell_[i - 1][j - 1] + change);
      if (i > 1 && j > 1 && a == y_[j - 2] && b == x_[i - 2]) {
        best = std::min(best, cell_[i - 2][j - 2] + kSwapCost);
      }
    }
    return by_rules(i, j, best);
  }

  std::string_view x_;
  std::string_view y_;
  std::string_view language_;
  const RuleIndex& rules_;
  std::array<Packed, kWidth> x_tail_;
  std::array<Packed, kWidth> y_tail_;
  Row x_drop_;
  Row y_drop_;
  std::array<Row, kWidth> cell_;
};

}  // namespace

int letter_edits(std::string_view x, std::string_view y) {
  x = head(x);
  y = head(y);
  if (x.empty()) return static_cast<int>(y.size());
  // The bit-parallel form of the table (Hyyrö 2003): one column a step, a bit a row.
  std::array<std::uint64_t, 26> places{};
  for (std::size_t i = 0; i < x.size(); ++i) {
    places[static_cast<std::size_t>(x[i] - 'A')] |= std::uint64_t{1} << i;
  }
  std::uint64_t up = ~std::uint64_t{0};
  std::uint64_t down = 0;
  std::uint64_t diagonal = 0;
  std::uint64_t before = 0;
  auto edits = static_cast<int>(x.size());
  const std::uint64_t last = std::uint64_t{1} << (x.size() - 1);
  for (const char c : y) {
    const std::uint64_t here = places[static_cast<std::size_t>(c - 'A')];
    const std::uint64_t swapped = ((~diagonal & here) << 1) & before;
    diagonal = (((here & up) + up) ^ up) | here | down | swapped;
    std::uint64_t plus = down | ~(diagonal | up);
    std::uint64_t minus = diagonal & up;
    edits += (plus & last) != 0 ? 1 : 0;
    edits -= (minus & last) != 0 ? 1 : 0;
    plus = plus << 1 | 1;
    minus <<= 1;
    up = minus | ~(diagonal | plus);
    down = plus & diagonal;
    before = here;
  }
  return edits;
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

double variant_distance(std::string_view x, std::string_view y, std::string_view language) {
  // The sum of floats along a path depends on nothing but the path, but among equal paths of
  // different length rounding could differ with the side; one order makes it symmetric.
  if (y < x) std::swap(x, y);
  return VariantTable(head(x), head(y), language).distance();
}

}  // namespace paxid::matcher
