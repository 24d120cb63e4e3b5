// Learns how native letters are written in Latin personal names, and measures it.
//
//   paxid_transliteration_learn PAIRS.tsv UNITS.tsv CHANCE.tsv [HELD_OUT FOLDS]
//   paxid_transliteration_learn --report FOLDS PAIRS.tsv
//
// PAIRS.tsv (word_pairs.py): language, native word, Latin word A-Z, the whole native name, weight.
// The model: each native letter is written with 0 to 4 Latin letters (characters of Han with up
// to 9), with a probability that depends on the letter before and after it; found by
// expectation-maximisation, closer contexts smoothed by wider ones. UNITS.tsv is what
// ../generator.cpp reads; CHANCE.tsv the bits of a Latin letter after another in the names of a
// language ("*" of all). Both hold statistics of spellings and no name. With HELD_OUT the names
// whose hash falls into that fold are left out. --report prints, a language a line, the share
// of held-out spellings found at a false match rate of 1e-3: for each native word its attested
// spellings against up to 8 spellings of other words drawn from the same pool. Deterministic.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/utf8.h"
#include "transliteration/likelihood.h"
#include "transliteration/native.h"
#include "transliteration/tables.h"

namespace {

using namespace paxid::transliteration;

constexpr int kFlatRounds = 4;
constexpr int kContextRounds = 3;
constexpr double kSmoothing = 10;          // how much evidence a wider context counts as
constexpr double kLeastExpected = 0.3;     // expected uses below which a spelling is noise
constexpr double kLeastContext = 4;        // uses below which a context has no row of its own
constexpr double kRarestInContext = 9;     // bits
constexpr double kRarest = 12;             // bits, in the row without neighbours
constexpr double kMostBitsALetter = 7;     // pairs dearer than this teach nothing
constexpr std::size_t kLeastPairs = 60;    // of a language
constexpr std::size_t kLeastChance = 300;  // words for a chance table of its own
constexpr std::size_t kMostWordLetters = 24;

struct Pair {
  std::u32string native;
  std::string latin;
  std::string name;  // the whole native name; what folds go by
  double weight = 1;
};

bool is_han(char32_t c) { return script_of(c) == Script::kHan; }

std::size_t most_letters(char32_t c) { return is_han(c) ? 9 : 4; }

// A flat start: one Latin letter for a letter, about three for a character.
double start_probability(char32_t c, std::size_t letters) {
  const double usual = is_han(c) ? 3.5 : 1;
  return std::pow(10.0, -2 - std::abs(static_cast<double>(letters) - usual) * (is_han(c) ? .3 : 1));
}

struct Uses {
  double total = 0;
  std::unordered_map<std::string, double> of;
};
using Level = std::unordered_map<std::uint64_t, Uses>;

constexpr std::size_t kLevels = 4;
using Places = std::array<std::uint64_t, kLevels>;

// From the widest to the closest: the letter; with whether it starts or ends the word; with the
// letter after it; with both neighbours.
Places places_of(const std::u32string& word, std::size_t i) {
  const auto key = [](std::uint64_t left, std::uint64_t letter, std::uint64_t right) {
    return letter << 42 | right << 21 | left;
  };
  const char32_t left = i == 0 ? kWordStart : word[i - 1];
  const char32_t right = i + 1 == word.size() ? kWordEnd : word[i + 1];
  return {key(0, word[i], 0),
          key(left == kWordStart ? kWordStart : 0, word[i], right == kWordEnd ? kWordEnd : 1),
          key(0, word[i], right), key(left, word[i], right)};
}

class Model {
 public:
  void learn(std::vector<const Pair*> pairs) {
    for (int round = 0; round < kFlatRounds + kContextRounds; ++round) {
      std::array<Level, kLevels> next;
      for (const Pair* pair : pairs) count(*pair, next);
      levels_ = std::move(next);
      for (auto& [key, uses] : levels_[0]) drop_noise(uses);
      depth_ = round + 1 < kFlatRounds ? 1 : kLevels;
    }
  }

  double probability(const Places& places, const std::string& letters, std::size_t depth) const {
    const auto widest = levels_[0].find(places[0]);
    if (widest == levels_[0].end()) return 0;
    const auto base = widest->second.of.find(letters);
    if (base == widest->second.of.end()) return 0;
    double p = base->second / widest->second.total;
    for (std::size_t level = 1; level < depth; ++level) {
      const auto uses = levels_[level].find(places[level]);
      if (uses == levels_[level].end()) continue;
      const auto own = uses->second.of.find(letters);
      const double seen = own == uses->second.of.end() ? 0 : own->second;
      p = (seen + kSmoothing * p) / (uses->second.total + kSmoothing);
    }
    return p;
  }

  // The lattice the compiled tables would give; its letters point into this model.
  Lattice lattice(const std::u32string& word, std::uint8_t background) const {
    Lattice lattice;
    lattice.length = static_cast<std::uint8_t>(word.size());
    lattice.background = background;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const Places places = places_of(word, i);
      const auto from = static_cast<std::uint8_t>(i);
      const auto to = static_cast<std::uint8_t>(i + 1);
      if (const auto widest = levels_[0].find(places[0]); widest != levels_[0].end()) {
        for (const auto& [letters, uses] : widest->second.of) {
          const double bits = -std::log2(probability(places, letters, kLevels));
          if (bits < kRarestInContext) {
            lattice.edges.push_back({from, to, letters, static_cast<float>(bits)});
          }
        }
      }
    }
    return lattice;
  }

  void write(std::ostream& out, const std::string& language,
             const std::vector<const Pair*>& pairs) const {
    std::map<std::array<char32_t, 3>, Places> rows;  // letter, left, right
    for (const Pair* pair : pairs) {
      for (std::size_t i = 0; i < pair->native.size(); ++i) {
        const Places places = places_of(pair->native, i);
        const char32_t c = pair->native[i];
        const char32_t left = i == 0 ? kWordStart : pair->native[i - 1];
        const char32_t right = i + 1 == pair->native.size() ? kWordEnd : pair->native[i + 1];
        rows[{c, kAny, kAny}] = places;
        if (enough(2, places)) rows[{c, kAny, right}] = places;
        if (enough(3, places)) rows[{c, left, right}] = places;
      }
    }
    for (const auto& [row, places] : rows) {
      const auto& [letter, left, right] = row;
      const std::size_t depth = left != kAny ? kLevels : right != kAny ? kLevels - 1 : 1;
      write_row(out, language, row, places, depth);
    }
  }

 private:
  bool enough(std::size_t level, const Places& places) const {
    const auto uses = levels_[level].find(places[level]);
    return uses != levels_[level].end() && uses->second.total >= kLeastContext;
  }

  void write_row(std::ostream& out, const std::string& language, const std::array<char32_t, 3>& row,
                 const Places& places, std::size_t depth) const {
    const auto widest = levels_[0].find(places[0]);
    if (widest == levels_[0].end()) return;
    std::map<double, std::set<std::string>> by_bits;
    for (const auto& [letters, uses] : widest->second.of) {
      const double bits = -std::log2(probability(places, letters, depth));
      if (bits < (depth == 1 ? kRarest : kRarestInContext)) by_bits[bits].insert(letters);
    }
    if (by_bits.empty()) return;
    out << language << '\t' << utf8(row[1]) << '\t' << utf8(row[0]) << '\t' << utf8(row[2]);
    char separator = '\t';
    for (const auto& [bits, spellings] : by_bits) {
      for (const std::string& letters : spellings) {
        out << separator << (letters.empty() ? "-" : letters) << ':' << bits;
        separator = ' ';
      }
    }
    out << '\n';
  }

  static std::string utf8(char32_t c) {
    std::string text;
    if (c != kAny) paxid::base::append_utf8(text, c);
    return text;
  }

  static void drop_noise(Uses& uses) {
    for (auto it = uses.of.begin(); it != uses.of.end();) {
      if (it->second < kLeastExpected) {
        uses.total -= it->second;
        it = uses.of.erase(it);
      } else {
        ++it;
      }
    }
  }

  double step_probability(const Places& places, char32_t c, const std::string& letters) const {
    return depth_ == 0 ? start_probability(c, letters.size())
                       : probability(places, letters, depth_);
  }

  // Adds the expected uses of every spelling in one pair (forward-backward).
  void count(const Pair& pair, std::array<Level, kLevels>& to) const {
    struct Step {
      std::size_t i, j, size;
      double p;
    };
    const std::size_t n = pair.native.size();
    const std::size_t m = pair.latin.size();
    std::vector<std::vector<double>> forward(n + 1, std::vector<double>(m + 1, 0));
    forward[0][0] = 1;
    std::vector<Step> steps;
    for (std::size_t i = 0; i < n; ++i) {
      const Places places = places_of(pair.native, i);
      for (std::size_t j = 0; j <= m; ++j) {
        if (forward[i][j] == 0) continue;
        for (std::size_t size = 0; size <= most_letters(pair.native[i]) && j + size <= m; ++size) {
          const double p = step_probability(places, pair.native[i], pair.latin.substr(j, size));
          if (p <= 0) continue;
          forward[i + 1][j + size] += forward[i][j] * p;
          steps.push_back({i, j, size, p});
        }
      }
    }
    const double total = forward[n][m];
    if (total <= 0) return;
    const auto longer = static_cast<double>(std::max(n, m));
    if (depth_ != 0 && -std::log2(total) > kMostBitsALetter * longer + 8) return;
    std::vector<std::vector<double>> backward(n + 1, std::vector<double>(m + 1, 0));
    backward[n][m] = 1;
    for (std::size_t s = steps.size(); s-- > 0;) {
      const auto& [i, j, size, p] = steps[s];
      const double rest = backward[i + 1][j + size];
      if (rest == 0) continue;
      backward[i][j] += p * rest;
      const double uses = pair.weight * forward[i][j] * p * rest / total;
      if (uses < 1e-4) continue;
      const Places places = places_of(pair.native, i);
      for (std::size_t level = 0; level < kLevels; ++level) {
        Uses& here = to[level][places[level]];
        here.total += uses;
        here.of[pair.latin.substr(j, size)] += uses;
      }
    }
  }

  std::array<Level, kLevels> levels_;
  std::size_t depth_ = 0;  // levels in use; 0 before the first round
};

// FNV-1a; the fold of a name must not depend on the standard library.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash ^ hash >> 32;
}

Script script_of_language(const std::u32string& word) {
  for (const char32_t c : word) {
    if (const Script script = script_of(c); script != Script::kNone) return script;
  }
  return Script::kNone;
}

std::map<std::string, std::vector<Pair>> read_pairs(const char* path) {
  std::map<std::string, std::vector<Pair>> languages;
  std::set<std::string> seen;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::istringstream columns(line);
    std::string language, native, weight;
    Pair pair;
    std::getline(columns, language, '\t');
    std::getline(columns, native, '\t');
    std::getline(columns, pair.latin, '\t');
    std::getline(columns, pair.name, '\t');
    std::getline(columns, weight, '\t');
    const std::u32string word = upper_case_composed(native);
    pair.native = native_letters(word, script_of_language(word));
    pair.weight = std::stod(weight);
    if (pair.native.empty() || pair.latin.empty() || pair.native.size() > kMostWordLetters ||
        pair.latin.size() > kMostWordLetters ||
        !seen.insert(language + native + pair.latin).second) {
      continue;
    }
    languages[language].push_back(std::move(pair));
  }
  return languages;
}

// Bigrams, smoothed by single letters.
void write_chance(std::ostream& out, const std::string& language,
                  const std::vector<std::string>& words) {
  constexpr double kBigramSmoothing = 5;
  std::array<std::array<double, 27>, 27> after{};
  std::array<double, 27> single{};
  double total = 0;
  for (const std::string& word : words) {
    std::size_t before = 0;
    for (const char c : word) {
      const auto letter = static_cast<std::size_t>(c) - 'A' + 1;
      ++after[before][letter];
      ++single[letter];
      ++total;
      before = letter;
    }
  }
  for (std::size_t before = 0; before < 27; ++before) {
    double sum = 0;
    for (const double uses : after[before]) sum += uses;
    out << language << '\t' << (before == 0 ? '^' : static_cast<char>('A' + before - 1));
    for (std::size_t letter = 1; letter < 27; ++letter) {
      const double alone = (single[letter] + 1) / (total + 26);
      const double p =
          (after[before][letter] + kBigramSmoothing * alone) / (sum + kBigramSmoothing);
      out << '\t' << -std::log2(p);
    }
    out << '\n';
  }
}

double share_found(std::vector<float> same, std::vector<float> other) {
  if (same.empty() || other.empty()) return 0;
  std::sort(other.rbegin(), other.rend());
  const float threshold = other[other.size() / 1000];
  const auto found =
      std::count_if(same.begin(), same.end(), [&](float s) { return s > threshold; });
  return static_cast<double>(found) / static_cast<double>(same.size());
}

void report(const std::string& language, const std::vector<Pair>& pairs, unsigned folds) {
  constexpr std::size_t kImpostors = 8;
  const auto table = find_language(language);
  const std::uint8_t background = table ? background_of(*table) : 0;
  std::vector<float> same;
  std::vector<float> other;
  for (unsigned fold = 0; fold < folds; ++fold) {
    std::vector<const Pair*> taught;
    std::map<std::u32string, std::set<std::string>> truth;
    std::set<std::u32string> known;
    for (const Pair& pair : pairs) {
      if (hash_of(pair.name) % folds != fold) {
        taught.push_back(&pair);
        known.insert(pair.native);
      }
    }
    for (const Pair& pair : pairs) {
      if (pair.weight == 1 && !known.contains(pair.native)) truth[pair.native].insert(pair.latin);
    }
    std::set<std::string> spellings;
    for (const auto& [native, latins] : truth) spellings.insert(latins.begin(), latins.end());
    const std::vector<std::string> pool(spellings.begin(), spellings.end());
    Model model;
    model.learn(taught);
    std::mt19937 random(fold);
    for (const auto& [native, latins] : truth) {
      const Lattice lattice = model.lattice(native, background);
      for (const std::string& latin : latins) same.push_back(likelihood_ratio(lattice, latin));
      for (std::size_t k = 0; k < kImpostors; ++k) {
        const std::string& latin = pool[random() % pool.size()];
        if (!latins.contains(latin)) other.push_back(likelihood_ratio(lattice, latin));
      }
    }
  }
  const std::size_t told = same.size();
  std::cout << language << '\t' << told << '\t' << std::setprecision(3)
            << share_found(std::move(same), std::move(other)) << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--report") {
    std::cout << "language\tspellings\ttpr_at_fmr_1e-3\n";
    for (const auto& [language, pairs] : read_pairs(argv[3])) {
      if (pairs.size() >= kLeastPairs) {
        report(language, pairs, static_cast<unsigned>(std::stoul(argv[2])));
      }
    }
    return 0;
  }
  if (argc != 4 && argc != 6) {
    std::cerr << "usage: PAIRS.tsv UNITS.tsv CHANCE.tsv [HELD_OUT FOLDS] | --report FOLDS PAIRS\n";
    return 2;
  }
  const auto languages = read_pairs(argv[1]);
  std::ofstream units(argv[2]);
  std::ofstream chance(argv[3]);
  units << std::fixed << std::setprecision(1) << "language\tleft\tletter\tright\tspellings\n";
  chance << std::fixed << std::setprecision(1) << "language\tbefore";
  for (char letter = 'A'; letter <= 'Z'; ++letter) chance << '\t' << letter;
  chance << '\n';
  std::vector<std::string> all;
  for (const auto& [language, pairs] : languages) {
    std::vector<const Pair*> taught;
    std::vector<std::string> words;
    for (const Pair& pair : pairs) {
      if (argc == 6 && hash_of(pair.name) % std::stoul(argv[5]) == std::stoul(argv[4])) continue;
      taught.push_back(&pair);
      if (pair.weight == 1) words.push_back(pair.latin);
    }
    all.insert(all.end(), words.begin(), words.end());
    if (pairs.size() < kLeastPairs) continue;
    Model model;
    model.learn(taught);
    model.write(units, language, taught);
    if (words.size() >= kLeastChance) write_chance(chance, language, words);
    std::cerr << language << ": " << taught.size() << " pairs\n";
  }
  write_chance(chance, "*", all);
  return units.flush() && chance.flush() ? 0 : 1;
}
