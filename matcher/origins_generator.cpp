// Compiles data/origins.tsv into C++: how each native name is written in A-Z.
//   paxid_origins_generator OUTPUT ORIGINS LEXICON
#include <algorithm>
#include <cstdint>
#include <map>
#include <ostream>
#include <queue>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "matcher/name_hash.h"
#include "matcher/origin_entry.h"
#include "tables/generation.h"
#include "transliteration/lattice.h"
#include "transliteration/word.h"

namespace {

using paxid::matcher::hash_of_name;
using paxid::matcher::kOriginWindow;
using paxid::matcher::likely_place;
using paxid::matcher::OriginEntry;
using paxid::matcher::SyllableBits;
using paxid::tables::Generation;
using paxid::tables::Row;
using paxid::tables::stop;
using paxid::transliteration::Lattice;
using paxid::transliteration::Spelling;

// Spellings dearer than this over the word's usual one are left to the rules of variants.tsv.
constexpr float kMaxBits = 9;
constexpr std::size_t kMaxForms = 300;
// Of these so many are kept however they look, the others where the lexicon attests them.
constexpr std::size_t kUsualForms = 8;
// A word is no origin of a text that another word explains by so many bits better.
constexpr float kOtherOriginBits = 2;
// A name that is not among the usual ones is the less likely origin.
constexpr float kRareNameBits = 1;
// How much of a spelling's own bits counts beside those over the text's likeliest origin.
constexpr float kStrangenessShare = 0.2F;
constexpr float kMaxSyllableBits = 6;  // of half of a compound
// A single letter is an initial.
constexpr std::size_t kShortest = 2;
// A Korean who is met by the Chinese reading of the surname, or the other way round.
constexpr float kKoreanReadingBits = 2.5F;

using Forms = std::map<std::string, float>;

// The cheapest spellings of a word within kMaxBits of the very cheapest, by their bits over it.
// Best first: `rest` is exactly what the way to the end costs, so texts come out in order.
Forms cheapest_forms(const Lattice& lattice) {
  std::vector<float> rest(lattice.length + 1U, 1e9F);
  rest.back() = 0;
  for (auto edge = lattice.edges.rbegin(); edge != lattice.edges.rend(); ++edge) {
    rest[edge->from] = std::min(rest[edge->from], edge->bits + rest[edge->to]);
  }
  struct Way {
    float whole = 0;  // of the cheapest text that begins so, over the cheapest one
    std::size_t at = 0;
    std::string letters;
    bool operator<(const Way& other) const {
      return std::tie(whole, letters, at) > std::tie(other.whole, other.letters, other.at);
    }
  };
  std::priority_queue<Way> ways;
  ways.push({});
  Forms forms;
  while (!ways.empty() && forms.size() < kMaxForms) {
    const Way way = ways.top();
    ways.pop();
    if (way.at == lattice.length) {
      forms.emplace(way.letters, way.whole);
      continue;
    }
    for (const Spelling& edge : lattice.edges) {
      if (edge.from != way.at) continue;
      const float whole = way.whole - rest[way.at] + edge.bits + rest[edge.to];
      if (whole <= kMaxBits) ways.push({whole, edge.to, way.letters + std::string(edge.letters)});
    }
  }
  return forms;
}

void add_forms(const std::string& name, std::string_view language, float extra_bits, Forms& forms) {
  const auto read = paxid::transliteration::read_words(name, language);
  if (read.words.size() != 1 || read.words[0].lattice.length == 0) stop("no native word: " + name);
  if (!read.words[0].lattice.certain) return;
  for (const auto& [letters, bits] : cheapest_forms(read.words[0].lattice)) {
    if (letters.size() < kShortest) continue;
    const auto [form, is_new] = forms.emplace(letters, bits + extra_bits);
    if (!is_new) form->second = std::min(form->second, bits + extra_bits);
  }
}

// Each text with the origins that may have been written so: number and bits.
using Texts = std::map<std::string, std::vector<std::pair<std::size_t, float>>>;

void add_origin(std::size_t origin, const Forms& forms, const std::set<std::string>& attested,
                Texts& texts) {
  std::vector<std::pair<float, std::string>> sorted;
  for (const auto& [letters, bits] : forms) sorted.emplace_back(bits, letters);
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& [bits, letters] = sorted[i];
    if (bits > kMaxBits) break;
    if (i < kUsualForms || attested.contains(letters)) texts[letters].emplace_back(origin, bits);
  }
}

std::vector<std::uint64_t> entries_of(const Texts& texts) {
  std::vector<std::uint64_t> entries;
  for (const auto& [letters, origins] : texts) {
    const float least = std::min_element(origins.begin(), origins.end(), [](auto& x, auto& y) {
                          return x.second < y.second;
                        })->second;
    for (const auto& [origin, bits] : origins) {
      const float more = bits - least;
      if (more > kOtherOriginBits) continue;
      entries.push_back(
          OriginEntry::pack(hash_of_name(letters), origin, more + kStrangenessShare * bits));
    }
  }
  std::sort(entries.begin(), entries.end());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t guess = likely_place(entries[i] & OriginEntry::kHash, entries.size());
    if (std::max(i, guess) - std::min(i, guess) >= kOriginWindow)
      stop("an entry out of its window");
  }
  return entries;
}

// A single character of Chinese or Korean.
bool is_syllable(const Row& row) {
  return (row[0] == "zh" || row[0] == "ko") && paxid::tables::code_points(row[1]).size() == 1;
}

void add_syllables(const Forms& forms, SyllableBits& syllables) {
  for (const auto& [letters, bits] : forms) {
    const std::size_t bit = paxid::matcher::syllable_bit(hash_of_name(letters));
    if (bits <= kMaxSyllableBits) syllables[bit / 64] |= 1ULL << bit % 64;
  }
}

void write(std::ostream& out, const std::vector<Row>& rows, const std::set<std::string>& attested) {
  if (rows.size() > OriginEntry::kMaxOrigins) stop("too many origins");
  Texts texts;
  SyllableBits syllables{};
  std::ostringstream words;
  std::size_t word_at = 0;
  std::vector<std::string> languages;
  out << "constexpr Origin kOrigins[] = {\n";
  for (std::size_t origin = 0; origin < rows.size(); ++origin) {
    const Row& row = rows[origin];
    if (languages.empty() || languages.back() != row[0]) languages.push_back(row[0]);
    out << '{' << word_at << ',' << row[1].size() << ',' << languages.size() - 1 << "},\n";
    words << "    \"" << row[1] << "\"\n";
    word_at += row[1].size();
    Forms forms;
    add_forms(row[1], row[0], 0, forms);
    if (row[0] == "zh") add_forms(row[1], "ko", kKoreanReadingBits, forms);
    if (is_syllable(row)) add_syllables(forms, syllables);
    if (row[2] != "1") {
      for (auto& [letters, bits] : forms) bits += kRareNameBits;
    }
    add_origin(origin, forms, attested, texts);
  }
  out << "};\n\nconstexpr std::string_view kOriginLanguages[] = {";
  for (const std::string& language : languages) out << '"' << language << "\", ";
  out << "};\n\nconstexpr char kOriginWords[] =\n"
      << words.str() << ";\n\nconstexpr std::uint64_t kSyllables[] = {\n"
      << std::hex;
  for (const std::uint64_t word : syllables) out << "0x" << word << "ULL,\n";
  out << "};\n\nconstexpr std::uint64_t kOriginSpellings[] = {\n";
  std::size_t column = 0;
  for (const std::uint64_t entry : entries_of(texts)) {
    out << "0x" << entry << "ULL," << (++column % 6 == 0 ? '\n' : ' ');
  }
  out << std::dec << "};\n\n";
}

}  // namespace

int main(int argc, char** argv) {
  Generation run(argc, argv, 2);
  std::set<std::string> attested;
  for (const Row& row : run.rows(1, 5)) attested.insert(row[0]);
  write(run.out(), run.rows(0, 3), attested);
  return run.finish();
}
