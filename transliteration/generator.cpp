// Compiles the tables of transliteration/data into C++.
//   paxid_transliteration_generator OUTPUT LATIN CYRILLIC ARABIC CHANCE STANDARDS LETTERS
//                                   NAMES LEARNED RULES...
// LATIN, CYRILLIC, ARABIC: Doc 9303-3 section 6 (codepoint, char, preferred, alternatives, …).
// CHANCE: language, letter before, then the bits of A to Z after it. LEARNED and RULES: spellings
// of native letters (language, left, letter, right, spellings as "LETTERS:BITS …" with "-" for
// none). A rule adds the spellings that the learned contexts it covers lack. STANDARDS and LETTERS:
// published standards and what each writes for a letter. NAMES: Japanese names with all their
// spellings (name, kind, spellings).
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tables/generation.h"

namespace {

using paxid::tables::code_points;
using paxid::tables::Generation;
using paxid::tables::is_latin_capitals;
using paxid::tables::Row;
using paxid::tables::stop;

constexpr std::size_t kSection6Tables = 3;
constexpr std::size_t kChanceTable = 3;
constexpr std::size_t kStandardTable = 4;
constexpr std::size_t kStandardLettersTable = 5;
constexpr std::size_t kNamesTable = 6;
constexpr std::size_t kLearnedTable = 7;
constexpr std::size_t kMaxLetters = 12;
constexpr double kMostBits = 15.9;
// What a spelling of the wider context costs more where a rule knows better.
constexpr double kInheritedBits = 1;
// What a standard's own spelling costs where nothing else knows it.
constexpr double kStandardBits = 5;
// The background of all languages; sorts first.
const std::string kEverybody = "*";

void write_icao(Generation& run) {
  std::vector<std::tuple<std::uint32_t, std::string, std::string>> rows;
  for (std::size_t table = 0; table < kSection6Tables; ++table) {
    for (const Row& row : run.rows(table, 4)) {
      // Rows of more than one code point (the Arabic article) are rules of words, not letters.
      // Nor is the sign that doubles the letter before it ("[DOUBLE]").
      if (row[0].find(' ') != std::string::npos || row[2].starts_with('[')) continue;
      if (!is_latin_capitals(row[2])) stop("a preferred spelling is not A-Z: " + row[2]);
      rows.emplace_back(std::stoul(row[0].substr(2), nullptr, 16), row[2], row[3]);
    }
  }
  std::sort(rows.begin(), rows.end());
  run.out() << "constexpr IcaoRow kIcaoRows[] = {\n";
  for (const auto& [letter, preferred, alternatives] : rows) {
    run.out() << "    {0x" << std::hex << letter << std::dec << ", \"" << preferred << "\", \""
              << alternatives << "\"},\n";
  }
  run.out() << "};\n\n";
}

struct Place {
  std::uint32_t left = 0;
  std::uint32_t letter = 0;
  std::uint32_t right = 0;

  std::uint64_t key() const {
    return std::uint64_t{letter} << 42 | std::uint64_t{right} << 21 | left;
  }
  bool covers(const Place& other) const {
    return letter == other.letter && (left == 0 || left == other.left) &&
           (right == 0 || right == other.right);
  }
};

using Spellings = std::map<std::string, double>;  // letters -> bits

struct Entry {
  Place place;
  Spellings spellings;
};

using Table = std::map<std::uint64_t, Entry>;

std::uint32_t one_letter(const std::string& text, bool may_be_empty) {
  const auto points = code_points(text);
  if (points.empty() && may_be_empty) return 0;
  if (points.size() != 1) stop("not one letter: " + text);
  return points[0];
}

Spellings spellings_of(const std::string& text) {
  Spellings spellings;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto colon = word.find(':');
    if (colon == std::string::npos) stop("a spelling without bits: " + text);
    const std::string letters = word.substr(0, colon) == "-" ? "" : word.substr(0, colon);
    if (!is_latin_capitals(letters) || letters.size() > kMaxLetters) stop("no A-Z: " + word);
    const double bits = std::stod(word.substr(colon + 1));
    if (bits < 0) stop("negative bits: " + word);
    const auto [entry, is_new] = spellings.emplace(letters, bits);
    if (!is_new) entry->second = std::min(entry->second, bits);
  }
  if (spellings.empty()) stop("no spelling");
  return spellings;
}

Entry entry_of(const Row& row) {
  return {{one_letter(row[1], true), one_letter(row[2], false), one_letter(row[3], true)},
          spellings_of(row[4])};
}

void add_missing(Spellings& to, const Spellings& from) { to.insert(from.begin(), from.end()); }

// The closest learned spellings take precedence; a rule's own context gets what the wider
// learned context has, so that a rule never hides what was learned.
void add_rule(Table& table, const Entry& rule) {
  Spellings wider;
  const auto begin = table.lower_bound(Place{0, rule.place.letter, 0}.key());
  const auto end = table.lower_bound(Place{0, rule.place.letter + 1, 0}.key());
  for (auto entry = begin; entry != end; ++entry) {
    if (entry->second.place.covers(rule.place)) add_missing(wider, entry->second.spellings);
    if (rule.place.covers(entry->second.place)) {
      add_missing(entry->second.spellings, rule.spellings);
    }
  }
  const auto [own, is_new] = table.emplace(rule.place.key(), rule);
  for (auto& [letters, bits] : wider) bits += kInheritedBits;
  if (is_new) add_missing(own->second.spellings, wider);
}

// What a standard writes for a letter is a spelling of its language, however rare it was learned
// to be. The neighbours that a row asks for are left out: people do not keep to them.
void add_standards(const Generation& run, std::map<std::string, Table>& languages) {
  std::map<std::string, std::string> language_of;
  for (const Row& row : run.rows(kStandardTable, 8)) language_of[row[0]] = row[1];
  for (const Row& row : run.rows(kStandardLettersTable, 5)) {
    const auto language = languages.find(language_of[row[0]]);
    const auto letter = code_points(row[2]);
    if (language == languages.end() || letter.size() != 1) continue;
    add_rule(language->second, {{0, letter[0], 0}, {{row[4], kStandardBits}}});
  }
}

std::map<std::string, Table> read_units(const Generation& run) {
  std::map<std::string, Table> languages;
  for (const Row& row : run.rows(kLearnedTable, 5)) {
    const Entry entry = entry_of(row);
    if (!languages[row[0]].emplace(entry.place.key(), entry).second) {
      stop("a learned context twice: " + row[0] + " " + row[2]);
    }
  }
  for (std::size_t t = kLearnedTable + 1; t < run.count(); ++t) {
    std::vector<std::pair<std::string, Entry>> rules;
    for (const Row& row : run.rows(t, 5)) {
      std::istringstream names(row[0]);
      for (std::string name; std::getline(names, name, ',');) {
        rules.emplace_back(name, entry_of(row));
      }
    }
    // The widest first, so that a closer one inherits from it.
    std::stable_sort(rules.begin(), rules.end(), [](const auto& x, const auto& y) {
      const auto closeness = [](const Entry& e) {
        return (e.place.left != 0 ? 1 : 0) + (e.place.right != 0 ? 1 : 0);
      };
      return closeness(x.second) < closeness(y.second);
    });
    for (const auto& [name, rule] : rules) add_rule(languages[name], rule);
  }
  add_standards(run, languages);
  return languages;
}

// The letters of all spellings, each once, as parts of one text.
class Pool {
 public:
  std::uint32_t place_of(const std::string& letters) {
    const auto known = places_.find(letters);
    if (known != places_.end()) return known->second;
    std::size_t at = text_.find(letters);
    if (at == std::string::npos) {
      at = text_.size();
      text_ += letters;
    }
    if (at >> 20 != 0) stop("too many different spellings");
    return places_[letters] = static_cast<std::uint32_t>(at);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::map<std::string, std::uint32_t> places_;
};

std::uint32_t packed(Pool& pool, const std::string& letters, double bits) {
  const auto sixteenths = static_cast<std::uint32_t>(std::lround(std::min(bits, kMostBits) * 16));
  return pool.place_of(letters) | static_cast<std::uint32_t>(letters.size()) << 20 |
         sixteenths << 24;
}

void write_units(Generation& run, const std::vector<std::string>& backgrounds, Pool& pool) {
  std::ostringstream languages;
  std::ostringstream contexts;
  std::ostringstream begins;
  std::ostringstream outcomes;
  std::size_t context_count = 0;
  std::size_t outcome_count = 0;
  for (const auto& [name, table] : read_units(run)) {
    const auto own = std::find(backgrounds.begin(), backgrounds.end(), name);
    languages << "    {\"" << name << "\", " << context_count << ", "
              << (own == backgrounds.end() ? 0 : own - backgrounds.begin()) << "},\n";
    for (const auto& [key, entry] : table) {
      contexts << "0x" << std::hex << key << "ULL,";
      begins << outcome_count << ',';
      if (++context_count % 6 == 0) {
        contexts << '\n';
        begins << '\n';
      }
      std::vector<std::pair<double, std::string>> sorted;
      for (const auto& [letters, bits] : entry.spellings) sorted.emplace_back(bits, letters);
      std::sort(sorted.begin(), sorted.end());
      for (const auto& [bits, letters] : sorted) {
        outcomes << "{0x" << std::hex << packed(pool, letters, bits) << std::dec << "},"
                 << (++outcome_count % 12 == 0 ? "\n" : "");
      }
    }
  }
  run.out() << "constexpr Language kLanguages[] = {\n"
            << languages.str() << "    {\"~\", " << context_count << ", 0},\n};\n\n"
            << "constexpr std::uint64_t kContexts[] = {\n"
            << contexts.str() << "~0ULL};\n\n"
            << "constexpr std::uint32_t kFirstOutcomes[] = {\n"
            << begins.str() << outcome_count << "};\n\n"
            << "constexpr Outcome kOutcomes[] = {\n"
            << outcomes.str() << "};\n\n";
}

// Up to four UTF-16 units in one number; as key_of_name() of ../tables.cpp.
std::uint64_t name_key(const std::string& name) {
  std::uint64_t key = 0;
  const auto points = code_points(name);
  if (points.size() > 4) stop("a long name: " + name);
  for (const char32_t point : points) {
    if (point > 0xFFFF) stop("a character beyond the first plane: " + name);
    key = key << 16 | point;
  }
  return key;
}

void write_names(Generation& run, Pool& pool) {
  std::map<std::uint64_t, const Row*> sorted;
  const auto rows = run.rows(kNamesTable, 3);
  for (const Row& row : rows) {
    if (!sorted.emplace(name_key(row[0]), &row).second) stop("a name twice: " + row[0]);
  }
  std::ostringstream outcomes;
  std::size_t count = 0;
  run.out() << "constexpr NameEntry kNames[] = {\n" << std::hex;
  for (const auto& [key, row] : sorted) {
    const bool surname = (*row)[1] != "g";
    const bool given = (*row)[1] != "s";
    run.out() << "{0x" << key << "ULL,0x" << count << ',' << surname << ',' << given << "},\n";
    std::vector<std::pair<double, std::string>> cheapest;
    for (const auto& [letters, bits] : spellings_of((*row)[2]))
      cheapest.emplace_back(bits, letters);
    std::sort(cheapest.begin(), cheapest.end());
    for (const auto& [bits, letters] : cheapest) {
      outcomes << "{0x" << std::hex << packed(pool, letters, bits) << "},"
               << (++count % 12 == 0 ? "\n" : "");
    }
  }
  run.out() << "{~0ULL,0x" << count << ",false,false}};\n\n"
            << std::dec << "constexpr Outcome kNameOutcomes[] = {\n"
            << outcomes.str() << "};\n\n";
}

void write_pool(Generation& run, const Pool& pool) {
  run.out() << "constexpr char kPool[] =";
  constexpr std::size_t kLine = 80;
  for (std::size_t at = 0; at < pool.text().size(); at += kLine) {
    run.out() << "\n    \"" << pool.text().substr(at, kLine) << '"';
  }
  run.out() << ";\n\n";
}

// Returns the languages in the order of the rows of kChance.
std::vector<std::string> write_chance(Generation& run) {
  std::map<std::string, std::vector<long>> tables;
  for (const Row& row : run.rows(kChanceTable, 28)) {
    auto& table = tables[row[0]];
    table.resize(27 * 27, 255);
    const std::size_t before = row[1] == "^" ? 0 : static_cast<std::size_t>(row[1][0] - 'A' + 1);
    for (std::size_t letter = 1; letter < 27; ++letter) {
      const double bits = std::min(kMostBits, std::stod(row[letter + 1]));
      table[before * 27 + letter] = std::lround(bits * 16);
    }
  }
  if (!tables.contains(kEverybody)) stop("no chance of letters for all languages");
  std::vector<std::string> names;
  run.out() << "constexpr std::uint8_t kChance[][27 * 27] = {\n";
  for (const auto& [name, table] : tables) {
    names.push_back(name);
    run.out() << "    {";
    for (std::size_t i = 0; i < table.size(); ++i) {
      run.out() << table[i] << (i % 27 == 26 ? ",\n     " : ",");
    }
    run.out() << "},\n";
  }
  run.out() << "};\n\n";
  return names;
}

// Every text of the two tables is written as it is; a quote or a backslash would break it.
std::string quoted(const std::string& text) {
  if (text.find_first_of("\"\\") != std::string::npos) stop("a quote in a table: " + text);
  return '"' + text + '"';
}

void write_standards(Generation& run) {
  auto standards = run.rows(kStandardTable, 8);
  std::sort(standards.begin(), standards.end(),
            [](const Row& x, const Row& y) { return std::tie(x[1], x[0]) < std::tie(y[1], y[0]); });
  std::map<std::string, bool> known;
  run.out() << "constexpr Standard kStandards[] = {\n";
  for (const Row& row : standards) {
    known[row[0]] = true;
    run.out() << "    {";
    for (std::size_t i = 0; i < row.size(); ++i)
      run.out() << (i == 0 ? "" : ", ") << quoted(row[i]);
    run.out() << "},\n";
  }
  for (const Row& row : standards) {
    if (!row[5].empty() && row[5][0] != '=' && !known.contains(row[5])) stop("no base " + row[5]);
  }
  auto letters = run.rows(kStandardLettersTable, 5);
  std::stable_sort(letters.begin(), letters.end(),
                   [](const Row& x, const Row& y) { return x[0] < y[0]; });
  run.out() << "};\n\nconstexpr StandardLetters kStandardLetters[] = {\n";
  for (const Row& row : letters) {
    if (!known.contains(row[0])) stop("no standard " + row[0]);
    if (row[2].empty() || !is_latin_capitals(row[4])) stop("a wrong row of " + row[0]);
    run.out() << "    {" << quoted(row[0]) << ", U" << quoted(row[1]) << ", U" << quoted(row[2])
              << ", U" << quoted(row[3]) << ", " << quoted(row[4]) << "},\n";
  }
  run.out() << "};\n\n";
}

}  // namespace

int main(int argc, char** argv) {
  Generation run(argc, argv, kLearnedTable + 2);
  write_icao(run);
  write_standards(run);
  Pool pool;
  write_units(run, write_chance(run), pool);
  write_names(run, pool);
  write_pool(run, pool);
  return run.finish();
}
