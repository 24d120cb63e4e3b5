#include "matcher/letters.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <vector>

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

bool is_vowel(char c) {
  return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U' || c == 'Y';
}

// Letters that names double. HH or JJ is a slip.
bool is_doubled_in_names(char c) {
  return std::string_view("ABCDEFGIKLMNOPRSTUZ").find(c) != std::string_view::npos;
}

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

// A rule as the distance uses it: x ends with `from`, y with `to`.
struct DirectedRule {
  std::string_view scope;
  std::string_view from;
  std::string_view to;
  Where where;
  float cost;
  bool broad;  // see is_broad()
};

// The rules by the last letters of both sides; index 26 stands for an empty side.
class RuleIndex {
 public:
  RuleIndex() {
    for (const VariantRule& rule : variant_rules()) {
      add({rule.scope, rule.a, rule.b, rule.where, rule.cost, is_broad(rule)});
      add({rule.scope, rule.b, rule.a, rule.where, rule.cost, is_broad(rule)});
    }
  }
  const std::vector<DirectedRule>& at(std::size_t from, std::size_t to) const {
    return rules_[from * 27 + to];
  }

 private:
  static std::size_t last_letter(std::string_view text) {
    return text.empty() ? 26 : static_cast<std::size_t>(text.back() - 'A');
  }
  void add(const DirectedRule& rule) {
    rules_[last_letter(rule.from) * 27 + last_letter(rule.to)].push_back(rule);
  }
  std::array<std::vector<DirectedRule>, std::size_t{27} * 27> rules_;
};

const RuleIndex& rule_index() {
  static const RuleIndex index;
  return index;
}

float scoped_cost(const DirectedRule& rule, std::string_view language) {
  if (rule.scope == "ALL" || rule.scope == language) return rule.cost;
  if (!rule.broad) return rule.cost + kNarrowLanguageCost;
  return rule.cost + (language.empty() ? kUnknownLanguageCost : kOtherLanguageCost);
}

using Row = std::array<float, kWidth>;

class VariantTable {
 public:
  VariantTable(std::string_view x, std::string_view y, std::string_view language)
      : x_(x), y_(y), language_(language) {
    for (std::size_t i = 0; i <= x_.size(); ++i) {
      for (std::size_t j = 0; j <= y_.size(); ++j) cell_[i][j] = cheapest(i, j);
    }
  }
  float distance() const { return cell_[x_.size()][y_.size()]; }

 private:
  float drop_cost(std::string_view text, std::size_t i) const {
    const char c = text[i - 1];
    const bool doubled = (i >= 2 && text[i - 2] == c) || (i < text.size() && text[i] == c);
    if (doubled && is_doubled_in_names(c)) return kDoubledCost;
    return is_vowel(c) ? kVowelDropCost : kLetterCost;
  }

  bool fits(const DirectedRule& rule, std::size_t i, std::size_t j) const {
    if (rule.from.size() > i || rule.to.size() > j) return false;
    const std::size_t bi = i - rule.from.size();
    const std::size_t bj = j - rule.to.size();
    switch (rule.where) {
      case Where::kAny:
        break;
      case Where::kStart:
        if (bi != 0 || bj != 0) return false;
        break;
      case Where::kEnd:
        if (i != x_.size() || j != y_.size()) return false;
        break;
      case Where::kWhole:
        if (bi != 0 || bj != 0 || i != x_.size() || j != y_.size()) return false;
        break;
    }
    return x_.substr(bi, rule.from.size()) == rule.from && y_.substr(bj, rule.to.size()) == rule.to;
  }

  float by_rules(std::size_t i, std::size_t j, float best) const {
    const std::size_t lx = i == 0 ? 26 : static_cast<std::size_t>(x_[i - 1] - 'A');
    const std::size_t ly = j == 0 ? 26 : static_cast<std::size_t>(y_[j - 1] - 'A');
    const auto try_bucket = [&](std::size_t from, std::size_t to) {
      for (const DirectedRule& rule : rule_index().at(from, to)) {
        if (!fits(rule, i, j)) continue;
        best = std::min(
            best, cell_[i - rule.from.size()][j - rule.to.size()] + scoped_cost(rule, language_));
      }
    };
    if (lx != 26 && ly != 26) try_bucket(lx, ly);
    if (lx != 26) try_bucket(lx, 26);
    if (ly != 26) try_bucket(26, ly);
    return best;
  }

  float cheapest(std::size_t i, std::size_t j) const {
    if (i == 0 && j == 0) return 0;
    float best = std::numeric_limits<float>::infinity();
    if (i > 0) best = std::min(best, cell_[i - 1][j] + drop_cost(x_, i));
    if (j > 0) best = std::min(best, cell_[i][j - 1] + drop_cost(y_, j));
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
  std::array<Row, kWidth> cell_;
};

}  // namespace

int letter_edits(std::string_view x, std::string_view y) {
  x = head(x);
  y = head(y);
  std::array<std::array<std::uint8_t, kWidth>, 3> rows;
  for (std::size_t j = 0; j <= y.size(); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= x.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = static_cast<std::uint8_t>(i);
    for (std::size_t j = 1; j <= y.size(); ++j) {
      int best = above[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
      best = std::min({best, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
        best = std::min(best, two_above[j - 2] + 1);
      }
      row[j] = static_cast<std::uint8_t>(best);
    }
  }
  return rows[x.size() % 3][y.size()];
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
