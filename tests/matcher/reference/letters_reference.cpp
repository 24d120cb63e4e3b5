#include "tests/matcher/reference/letters_reference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "matcher/letters.h"
#include "matcher/tables.h"

namespace paxid::matcher::reference {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string head(const std::string& text) { return text.substr(0, kMaxPartLetters); }

bool is_vowel(char c) { return std::string("AEIOUY").find(c) != std::string::npos; }

// What is known of all pairs of tails, so that each is worked out once.
template <class T>
class Memory {
 public:
  Memory(const std::string& x, const std::string& y)
      : width_(y.size() + 1), values_((x.size() + 1) * width_) {}
  std::optional<T>& at(std::size_t i, std::size_t j) { return values_[i * width_ + j]; }

 private:
  std::size_t width_;
  std::vector<std::optional<T>> values_;
};

class Edits {
 public:
  Edits(const std::string& x, const std::string& y) : x_(x), y_(y), known_(x, y) {}

  int between(std::size_t i, std::size_t j) {
    if (i == x_.size()) return static_cast<int>(y_.size() - j);
    if (j == y_.size()) return static_cast<int>(x_.size() - i);
    if (const auto known = known_.at(i, j)) return *known;
    int best = between(i + 1, j + 1) + (x_[i] == y_[j] ? 0 : 1);
    best = std::min({best, between(i + 1, j) + 1, between(i, j + 1) + 1});
    if (i + 1 < x_.size() && j + 1 < y_.size() && x_[i] == y_[j + 1] && x_[i + 1] == y_[j]) {
      best = std::min(best, between(i + 2, j + 2) + 1);
    }
    known_.at(i, j) = best;
    return best;
  }

 private:
  std::string x_;
  std::string y_;
  Memory<int> known_;
};

// One key touches another, or is the same.
bool touches(char x, char y) {
  const std::vector<std::string> rows = {"QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"};
  const auto place_of = [&rows](char c) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto at = rows[row].find(c);
      // Each row begins half a key further to the right.
      if (at != std::string::npos) {
        return std::pair(static_cast<double>(row),
                         static_cast<double>(at) + 0.5 * static_cast<double>(row));
      }
    }
    return std::pair(-9.0, -9.0);
  };
  const auto [row_x, column_x] = place_of(x);
  const auto [row_y, column_y] = place_of(y);
  return std::abs(row_x - row_y) <= 1 && std::abs(column_x - column_y) <= 1;
}

double rule_cost(const VariantRule& rule, const std::string& language) {
  if (rule.scope == "ALL" || rule.scope == language) return rule.cost;
  const std::set<std::string_view> wide = {"ALL", "en", "ar", "ru", "uk", "de", "fa",
                                           "ur",  "hi", "he", "el", "tr", "es", "nordic"};
  const bool letter_comes_or_goes = rule.a.empty() || rule.b.empty();
  if (!wide.contains(rule.scope) || (letter_comes_or_goes && rule.where != Where::kEnd)) {
    return rule.cost + 0.25;
  }
  return rule.cost + (language.empty() ? 0.03 : 0.15);
}

struct Step {
  std::string_view from;
  std::string_view to;
  Where where;
  double cost;
};

class Variants {
 public:
  Variants(const std::string& x, const std::string& y, const std::string& language)
      : x_(x), y_(y), known_(x, y) {
    for (const VariantRule& rule : variant_rules()) {
      for (const auto& [from, to] : {std::pair(rule.a, rule.b), std::pair(rule.b, rule.a)}) {
        if (x_.find(from) == std::string::npos || y_.find(to) == std::string::npos) continue;
        rules_.push_back({from, to, rule.where, rule_cost(rule, language)});
      }
    }
  }

  // The cheapest way to write x from place i on as y from place j on.
  double between(std::size_t i, std::size_t j) {
    if (i == x_.size() && j == y_.size()) return 0;
    if (const auto known = known_.at(i, j)) return *known;
    double best = kInfinity;
    if (i < x_.size()) best = std::min(best, drop(x_, i) + between(i + 1, j));
    if (j < y_.size()) best = std::min(best, drop(y_, j) + between(i, j + 1));
    if (i < x_.size() && j < y_.size()) {
      best = std::min(best, change(x_[i], y_[j]) + between(i + 1, j + 1));
      const bool swapped =
          x_.substr(i, 2).size() == 2 && x_[i + 1] == y_[j] && y_.substr(j, 2) == x_swapped(i);
      if (swapped) best = std::min(best, 1.0 + between(i + 2, j + 2));
    }
    for (const Step& rule : rules_) {
      if (fits(rule, i, j)) {
        best = std::min(best, rule.cost + between(i + rule.from.size(), j + rule.to.size()));
      }
    }
    known_.at(i, j) = best;
    return best;
  }

 private:
  std::string x_swapped(std::size_t i) const { return {x_[i + 1], x_[i]}; }

  static double change(char a, char b) {
    if (a == b) return 0;
    return is_vowel(a) && is_vowel(b) ? 0.6 : 1.0;
  }

  // A letter that only one side has; beside its like it is one written twice.
  static double drop(const std::string& text, std::size_t at) {
    const char c = text[at];
    const bool twice = (at > 0 && text[at - 1] == c) || (at + 1 < text.size() && text[at + 1] == c);
    if (twice && std::string("HJQVWXY").find(c) == std::string::npos) return 0.12;
    return is_vowel(c) ? 0.7 : 1.0;
  }

  bool fits(const Step& rule, std::size_t i, std::size_t j) const {
    if (x_.compare(i, rule.from.size(), rule.from) != 0) return false;
    if (y_.compare(j, rule.to.size(), rule.to) != 0) return false;
    const bool starts = i == 0 && j == 0;
    const bool ends = i + rule.from.size() == x_.size() && j + rule.to.size() == y_.size();
    if (rule.where == Where::kStart) return starts;
    if (rule.where == Where::kEnd) return ends;
    return rule.where == Where::kAny || (starts && ends);
  }

  std::string x_;
  std::string y_;
  std::vector<Step> rules_;
  Memory<double> known_;
};

}  // namespace

int letter_edits(const std::string& x, const std::string& y) {
  return Edits(head(x), head(y)).between(0, 0);
}

bool is_finger_slip(const std::string& x, const std::string& y) {
  if (x.size() < y.size()) return is_finger_slip(y, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x.size() > y.size()) {
      // Without the letter hit too much it is the other text; the finger hit it with a neighbour.
      std::string without = x;
      without.erase(i, 1);
      const bool beside =
          (i > 0 && touches(x[i], x[i - 1])) || (i + 1 < x.size() && touches(x[i], x[i + 1]));
      if (without == y && beside) return true;
      continue;
    }
    std::string changed = x;
    changed[i] = y[i];
    if (x[i] != y[i] && changed == y && touches(x[i], y[i])) return true;
    if (i + 1 == x.size()) continue;
    std::string swapped = x;
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped == y) return true;
  }
  return false;
}

double variant_distance(const std::string& x, const std::string& y, const std::string& language) {
  return Variants(head(x), head(y), language).between(0, 0);
}

}  // namespace paxid::matcher::reference
