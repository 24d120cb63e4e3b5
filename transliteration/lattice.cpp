#include "transliteration/lattice.h"

#include <algorithm>
#include <limits>

namespace paxid::transliteration {
namespace {

struct Partial {
  std::string letters;
  float bits = 0;
};

// Keeps the `limit` cheapest different texts, cheapest first.
void keep_cheapest(std::vector<Partial>& partials, std::size_t limit) {
  std::stable_sort(partials.begin(), partials.end(), [](const Partial& x, const Partial& y) {
    return x.bits != y.bits ? x.bits < y.bits : x.letters < y.letters;
  });
  std::vector<Partial> kept;
  for (Partial& partial : partials) {
    if (kept.size() == limit) break;
    if (std::none_of(kept.begin(), kept.end(),
                     [&](const Partial& k) { return k.letters == partial.letters; })) {
      kept.push_back(std::move(partial));
    }
  }
  partials = std::move(kept);
}

}  // namespace

std::string cheapest(const Lattice& lattice) {
  const std::size_t n = lattice.length;
  std::vector<float> best(n + 1, std::numeric_limits<float>::infinity());
  std::vector<const Spelling*> by(n + 1, nullptr);
  best[0] = 0;
  for (const Spelling& edge : lattice.edges) {
    const float bits = best[edge.from] + edge.bits;
    if (bits < best[edge.to]) {
      best[edge.to] = bits;
      by[edge.to] = &edge;
    }
  }
  std::string letters;
  for (std::size_t at = n; at > 0 && by[at] != nullptr; at = by[at]->from) {
    letters.insert(0, by[at]->letters);
  }
  return letters;
}

std::vector<WrittenForm> cheapest_forms(const Lattice& lattice, std::size_t limit) {
  std::vector<std::vector<Partial>> at(std::size_t{lattice.length} + 1);
  at[0].push_back({});
  std::size_t settled = 0;
  for (const Spelling& edge : lattice.edges) {
    // Edges come sorted by `from`, so everything that reaches `from` has been added.
    while (settled < edge.from) keep_cheapest(at[++settled], limit);
    for (const Partial& partial : at[edge.from]) {
      at[edge.to].push_back(
          {partial.letters + std::string(edge.letters), partial.bits + edge.bits});
    }
  }
  while (settled < lattice.length) keep_cheapest(at[++settled], limit);
  std::vector<WrittenForm> forms;
  for (Partial& partial : at[lattice.length]) {
    forms.push_back({std::move(partial.letters), partial.bits});
  }
  return forms;
}

}  // namespace paxid::transliteration
