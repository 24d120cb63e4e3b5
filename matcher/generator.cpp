// Compiles the tables of matcher/data into C++.
//   paxid_matcher_generator OUTPUT LEXICON VOCABULARY NICKNAMES VARIANTS WEIGHTS CALIBRATION
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "matcher/name_hash.h"
#include "tables/generation.h"

namespace {

using paxid::tables::Generation;
using paxid::tables::Row;
using paxid::tables::stop;
using Rows = std::vector<Row>;

// Sorted 64-bit entries: 48 bits of the name's hash, then given and surname rarity (5 bits
// each), gender (2 bits), level (2 bits); bit 14 for the names of the table of nicknames, which
// get an entry of level 0 where no source attests them. Read by look_up() of tables.cpp.
void write_lexicon(std::ostream& out, const Rows& rows, const Rows& nicknames) {
  std::map<std::uint64_t, std::uint64_t> entries;
  for (const Row& row : rows) {
    const std::uint64_t gender = row[3] == "m" ? 1 : row[3] == "f" ? 2 : row[3] == "b" ? 3 : 0;
    const std::uint64_t entry = std::min(31UL, std::stoul(row[1])) << 9 |
                                std::min(31UL, std::stoul(row[2])) << 4 | gender << 2 |
                                std::stoul(row[4]);
    const std::uint64_t key = paxid::matcher::hash_of_name(row[0]) & ~0xFFFFULL;
    if (!entries.emplace(key, entry).second) stop("two names with one hash: " + row[0]);
  }
  for (const Row& row : nicknames) {
    for (const std::string& side : row) {
      std::istringstream names(side);
      for (std::string name; names >> name;) {
        entries[paxid::matcher::hash_of_name(name) & ~0xFFFFULL] |= 1ULL << 14;
      }
    }
  }
  out << "constexpr std::uint64_t kLexicon[] = {\n" << std::hex;
  std::size_t column = 0;
  for (const auto& [key, entry] : entries) {
    out << "0x" << (key | entry) << "ULL," << (++column % 6 == 0 ? '\n' : ' ');
  }
  out << std::dec << "};\n\n";
}

void write_vocabulary(std::ostream& out, const Rows& rows) {
  std::map<std::string, std::string> words;
  for (const Row& row : rows) {
    if (!words.emplace(row[0], row[1]).second) stop("a word twice: " + row[0]);
  }
  out << "constexpr VocabularyWord kVocabulary[] = {\n";
  const std::map<std::string, std::string> kinds = {{"title", "Title"},
                                                    {"suffix", "Suffix"},
                                                    {"honorific", "Honorific"},
                                                    {"placeholder", "Placeholder"},
                                                    {"particle", "Particle"},
                                                    {"prefix", "Prefix"},
                                                    {"particle_or_name", "ParticleOrName"},
                                                    {"honorific_or_name", "HonorificOrName"}};
  for (const auto& [word, name] : words) {
    const auto found = kinds.find(name);
    if (found == kinds.end()) stop("no class of words: " + name);
    const std::string& kind = found->second;
    out << "    {\"" << word << "\", WordClass::k" << kind << "},\n";
  }
  out << "};\n\n";
}

// Pairs of the high halves of hashes (smaller first), sorted. Two short forms of one name are no
// pair.
void write_nicknames(std::ostream& out, const Rows& rows) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const Row& row : rows) {
    std::istringstream names(row[0]);
    for (std::string name; names >> name;) {
      std::istringstream shorts(row[1]);
      for (std::string one; shorts >> one;) {
        const auto x = paxid::matcher::high_half(paxid::matcher::hash_of_name(name));
        const auto y = paxid::matcher::high_half(paxid::matcher::hash_of_name(one));
        pairs.emplace(std::min(x, y), std::max(x, y));
      }
    }
  }
  out << "constexpr NicknamePair kNicknames[] = {\n" << std::hex;
  for (const auto& [x, y] : pairs) out << "    {0x" << x << ", 0x" << y << "},\n";
  out << std::dec << "};\n\n";
}

// A habit that the same two texts have already, there or anywhere, for no more.
void refuse_what_says_nothing(const Rows& rows) {
  struct Habit {
    std::string where;
    double cost;
  };
  std::map<std::array<std::string, 3>, std::vector<Habit>> known;
  for (const Row& row : rows) {
    const auto [a, b] = std::minmax(row[1], row[2]);
    std::vector<Habit>& habits = known[{row[0], a, b}];
    const Habit added = {row[3], std::stod(row[4])};
    for (const Habit& habit : habits) {
      const auto covers = [](const Habit& one, const Habit& other) {
        return one.where == other.where || (one.where == "any" && one.cost <= other.cost);
      };
      if (!covers(habit, added) && !covers(added, habit)) continue;
      stop("a habit twice: " + row[0] + ' ' + row[1] + ' ' + row[2]);
    }
    habits.push_back(added);
  }
}

void write_variants(std::ostream& out, const Rows& rows) {
  refuse_what_says_nothing(rows);
  out << "constexpr VariantRule kVariants[] = {\n";
  for (const Row& row : rows) {
    std::string where = row[3];
    where[0] = static_cast<char>(where[0] - 'a' + 'A');
    out << "    {\"" << row[0] << "\", \"" << row[1] << "\", \"" << row[2] << "\", Where::k"
        << where << ", " << row[4] << "F},\n";
  }
  out << "};\n\n";
}

void write_weights(std::ostream& out, const Rows& rows) {
  out << "constexpr WeightRow kWeights[] = {\n";
  for (const Row& row : rows) {
    out << "    {\"" << row[0] << "\", {";
    for (std::size_t i = 1; i < row.size(); ++i) out << (i == 1 ? "" : ", ") << row[i];
    out << "}},\n";
  }
  out << "};\n\n";
}

void write_calibration(std::ostream& out, const Rows& rows) {
  out << "constexpr CalibrationPoint kCalibration[] = {\n";
  for (const Row& row : rows) {
    out << "    {\"" << row[0] << "\", " << row[1] << ", " << row[2] << "},\n";
  }
  out << "};\n\n";
}

}  // namespace

int main(int argc, char** argv) {
  Generation run(argc, argv, 6);
  write_lexicon(run.out(), run.rows(0, 5), run.rows(2, 2));
  write_vocabulary(run.out(), run.rows(1, 2));
  write_nicknames(run.out(), run.rows(2, 2));
  write_variants(run.out(), run.rows(3, 5));
  write_weights(run.out(), run.rows(4, 17));
  write_calibration(run.out(), run.rows(5, 3));
  return run.finish();
}
