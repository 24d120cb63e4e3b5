#include "matcher/origins.h"

#include <algorithm>
#include <iterator>

#include "matcher/hash_index.h"
#include "matcher/name_hash.h"
#include "matcher/origin_entry.h"

namespace paxid::matcher {
namespace {

struct Origin {
  std::uint32_t word;  // where it stands in kOriginWords
  std::uint8_t size;   // of it
  std::uint8_t language;
};

#include "origins_tables.inc"

std::string_view word_of(const Origin& origin) {
  return std::string_view(kOriginWords).substr(origin.word, origin.size);
}

using OriginIndex = HashIndex<14>;
const OriginIndex& origin_index() {
  static const OriginIndex index(kOriginSpellings);
  return index;
}

constexpr std::size_t kShortestSyllable = 2;
constexpr std::size_t kLongestSyllable = 6;

bool may_be_syllable(std::string_view letters) {
  const std::size_t bit = syllable_bit(hash_of_name(letters));
  return (kSyllables[bit / 64] >> bit % 64 & 1) != 0;
}

struct Halves {
  OriginSpellings first;
  OriginSpellings second;
};

template <class Use>
void for_each_cut(std::string_view text, SyllableCuts cuts, const Use& use) {
  for (std::size_t at = kShortestSyllable; at <= kLongestSyllable; ++at) {
    if ((cuts >> at & 1U) == 0) continue;
    use(Halves{origins_of(hash_of_name(text.substr(0, at))),
               origins_of(hash_of_name(text.substr(at)))});
  }
}

}  // namespace

OriginSpellings origins_of(std::uint64_t hash_of_name) {
  const std::uint64_t key = hash_of_name & OriginEntry::kHash;
  const auto around = origin_index().around(key);
  const auto first = std::lower_bound(around.begin(), around.end(), key);
  auto last = first;
  while (last != around.end() && (*last & OriginEntry::kHash) == key) ++last;
  return {first, last};
}

Origins Origins::of(std::string_view letters, std::uint64_t hash_of_name) {
  const OriginSpellings found = origins_of(hash_of_name);
  const auto first = static_cast<std::uint64_t>(found.data() - std::data(kOriginSpellings));
  return Origins(kFound | syllable_cuts(letters) | found.size() << kCountAt | first << kFirstAt);
}

OriginSpellings Origins::spellings() const {
  return OriginSpellings(kOriginSpellings)
      .subspan(packed_ >> kFirstAt & 0xFFFFFFFFU, packed_ >> kCountAt & 0x7FFFU);
}

std::optional<SharedOrigin> shared_origin(OriginSpellings x, OriginSpellings y) {
  std::optional<SharedOrigin> best;
  auto at = y.begin();
  for (const std::uint64_t entry : x) {
    const std::uint32_t origin = OriginEntry::origin(entry);
    while (at != y.end() && OriginEntry::origin(*at) < origin) ++at;
    if (at == y.end()) break;
    if (OriginEntry::origin(*at) != origin) continue;
    const float bits = OriginEntry::bits(entry) + OriginEntry::bits(*at);
    if (!best || bits < best->bits) {
      best = SharedOrigin{
          kOriginLanguages[kOrigins[origin].language], {word_of(kOrigins[origin]), {}}, bits};
    }
  }
  return best;
}

SyllableCuts syllable_cuts(std::string_view letters) {
  SyllableCuts cuts = 0;
  if (letters.size() <= kLongestSyllable && may_be_syllable(letters)) cuts = kOneSyllable;
  if (letters.size() < 2 * kShortestSyllable || letters.size() > 2 * kLongestSyllable) return cuts;
  const std::size_t first =
      std::max(kShortestSyllable, letters.size() - std::min(letters.size(), kLongestSyllable));
  const std::size_t last = std::min(kLongestSyllable, letters.size() - kShortestSyllable);
  for (std::size_t at = first; at <= last; ++at) {
    if (may_be_syllable(letters.substr(0, at)) && may_be_syllable(letters.substr(at))) {
      cuts = static_cast<SyllableCuts>(cuts | 1U << at);
    }
  }
  return cuts;
}

std::optional<SharedOrigin> shared_origins(std::string_view x, SyllableCuts x_cuts,
                                           std::string_view y, SyllableCuts y_cuts) {
  std::optional<SharedOrigin> best;
  for_each_cut(x, x_cuts, [&](const Halves& of_x) {
    for_each_cut(y, y_cuts, [&](const Halves& of_y) {
      const auto first = shared_origin(of_x.first, of_y.first);
      const auto second = shared_origin(of_x.second, of_y.second);
      if (!first || !second || first->language != second->language) return;
      const float bits = first->bits + second->bits;
      if (best && best->bits <= bits) return;
      best = SharedOrigin{first->language, {first->text.word, second->text.word}, bits};
    });
  });
  return best;
}

std::string_view origins_digest() { return kTablesDigest; }

std::size_t origins_bytes() {
  return sizeof kOrigins + sizeof kOriginWords + sizeof kSyllables + sizeof kOriginSpellings +
         sizeof(OriginIndex);
}

}  // namespace paxid::matcher
