#include "matcher/tables.h"

#include <algorithm>
#include <bitset>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "transliteration/icao.h"

#include "base/check.h"
#include "matcher/hash_index.h"
#include "matcher/name_hash.h"
#include "matcher/origins.h"

namespace paxid::matcher {
namespace {

struct VocabularyWord {
  std::string_view word;
  WordClass kind;
};
using NicknamePair = std::pair<std::uint32_t, std::uint32_t>;
struct WeightRow {
  std::string_view code;
  Features weights;
};

#include "matcher_tables.inc"

// Rarity of a name that only a list without kinds has, and of one that nobody has.
constexpr double kListedBits = 16;
constexpr double kUnknownBits = 18;
constexpr int kRarestOfASex = 17;

using LexiconIndex = HashIndex<15>;
const LexiconIndex& lexicon_index() {
  static const LexiconIndex index(kLexicon);
  return index;
}

// A bit for each of the words, at a place that its hash tells: a quick no for most names.
constexpr std::size_t kVocabularyBits = 1024;
std::size_t vocabulary_bit(std::uint64_t hash) { return hash % kVocabularyBits; }
const std::bitset<kVocabularyBits>& vocabulary_bits() {
  static const std::bitset<kVocabularyBits> bits = [] {
    std::bitset<kVocabularyBits> set;
    for (const VocabularyWord& row : kVocabulary) set.set(vocabulary_bit(hash_of_name(row.word)));
    return set;
  }();
  return bits;
}

// The same for pairs of names, the same both ways: a quick no for nine in ten.
constexpr std::size_t kNicknameBits = std::size_t{1} << 19;
std::size_t nickname_bit(std::uint32_t x, std::uint32_t y) {
  return (std::uint64_t{x} ^ y) * 0x9E3779B97F4A7C15U >> 45;
}
const std::bitset<kNicknameBits>& nickname_bits() {
  static const std::unique_ptr<const std::bitset<kNicknameBits>> bits = [] {
    auto set = std::make_unique<std::bitset<kNicknameBits>>();
    for (const auto& [x, y] : kNicknames) set->set(nickname_bit(x, y));
    return set;
  }();
  return *bits;
}

constexpr std::size_t kReasonCodes = static_cast<std::size_t>(ReasonCode::kTooLong) + 1;

std::array<Features, kReasonCodes> make_weights() {
  std::array<Features, kReasonCodes> weights{};
  for (std::size_t i = 0; i < kReasonCodes; ++i) {
    for (const WeightRow& row : kWeights) {
      if (row.code == name_of(static_cast<ReasonCode>(i))) weights[i] = row.weights;
    }
  }
  return weights;
}

}  // namespace

double Attestation::rarity() const {
  if (level == 0) return kUnknownBits;
  if (given_bits == 0 && surname_bits == 0) return kListedBits;
  if (given_bits == 0) return surname_bits;
  if (surname_bits == 0) return std::min<double>(given_bits, kUnknownBits);
  return std::min(given_bits, surname_bits);
}

Attestation look_up(std::uint64_t hash_of_name) {
  const std::uint64_t key = hash_of_name & ~0xFFFFULL;
  const auto around = lexicon_index().around(key);
  const auto entry = std::lower_bound(around.begin(), around.end(), key);
  if (entry == around.end() || (*entry & ~0xFFFFULL) != key) return {};
  Attestation found;
  found.level = static_cast<int>(*entry & 3);
  found.has_short_forms = (*entry >> 14 & 1) != 0;
  found.surname_bits = static_cast<int>(*entry >> 4 & 31);
  found.given_bits = static_cast<int>(*entry >> 9 & 31);
  // The few bearers of a very rare given name do not make it a man's or a woman's.
  const bool sexed = found.given_bits != 0 && found.given_bits <= kRarestOfASex;
  found.male = sexed && (*entry >> 2 & 1) != 0;
  found.female = sexed && (*entry >> 3 & 1) != 0;
  return found;
}

WordClass class_of(std::string_view letters) {
  const auto* word =
      std::lower_bound(std::begin(kVocabulary), std::end(kVocabulary), letters,
                       [](const VocabularyWord& w, std::string_view l) { return w.word < l; });
  return word != std::end(kVocabulary) && word->word == letters ? word->kind : WordClass::kName;
}

WordClass class_of(std::string_view letters, std::uint64_t hash) {
  return vocabulary_bits()[vocabulary_bit(hash)] ? class_of(letters) : WordClass::kName;
}

bool is_nickname_pair(std::uint64_t x_hash, std::uint64_t y_hash) {
  const std::uint32_t x = high_half(x_hash);
  const std::uint32_t y = high_half(y_hash);
  if (!nickname_bits()[nickname_bit(x, y)]) return false;
  return std::binary_search(std::begin(kNicknames), std::end(kNicknames),
                            NicknamePair{std::min(x, y), std::max(x, y)});
}

std::span<const VariantRule> variant_rules() { return kVariants; }

const Features& weights_of(ReasonCode code) {
  static const std::array<Features, kReasonCodes> weights = make_weights();
  return weights[static_cast<std::size_t>(code)];
}

std::string_view curve_of(Family family, bool one_of_two) {
  return family == Family::kLatin && one_of_two ? "latin_one_of_two" : name_of(family);
}

std::span<const CalibrationPoint> calibration_of(std::string_view curve) {
  const auto is_of = [&](const CalibrationPoint& p) { return p.curve == curve; };
  const auto* first = std::find_if(std::begin(kCalibration), std::end(kCalibration), is_of);
  const auto* last = std::find_if_not(first, std::end(kCalibration), is_of);
  PAXID_CHECK(last - first >= 2);
  return {first, last};
}

std::string_view tables_digest() {
  static const std::string all = std::string(transliteration::tables_digest()) +
                                 std::string(kTablesDigest) + std::string(origins_digest());
  return all;
}

std::size_t tables_bytes() {
  return sizeof kLexicon + sizeof(LexiconIndex) + kNicknameBits / 8 + sizeof kVocabulary +
         sizeof kNicknames + sizeof kVariants + sizeof kWeights + sizeof kCalibration +
         origins_bytes();
}

}  // namespace paxid::matcher
