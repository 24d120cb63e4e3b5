#include "transliteration/lattice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace paxid::transliteration {
namespace {

// Every path, written out. Slow and obvious.
void walk(const Lattice& lattice, std::uint8_t at, const std::string& letters, float bits,
          std::map<std::string, float>& out) {
  if (at == lattice.length) {
    const auto [entry, is_new] = out.emplace(letters, bits);
    if (!is_new) entry->second = std::min(entry->second, bits);
    return;
  }
  for (const Spelling& edge : lattice.edges) {
    if (edge.from == at) {
      walk(lattice, edge.to, letters + std::string(edge.letters), bits + edge.bits, out);
    }
  }
}

// All lattices of three letters whose positions carry some of these edges.
std::vector<Lattice> small_lattices() {
  const std::vector<Spelling> optional = {
      {0, 1, "B", 0.5F}, {0, 2, "C", 0.25F}, {1, 2, "", 1}, {1, 3, "AB", 0.75F}, {2, 3, "B", 0}};
  const std::vector<Spelling> always = {{0, 1, "A", 0.25F}, {1, 2, "A", 0.5F}, {2, 3, "A", 0.5F}};
  std::vector<Lattice> lattices;
  for (unsigned chosen = 0; chosen < 32; ++chosen) {
    Lattice lattice;
    lattice.length = 3;
    lattice.edges = always;
    for (unsigned i = 0; i < optional.size(); ++i) {
      if ((chosen >> i & 1U) != 0) lattice.edges.push_back(optional[i]);
    }
    std::stable_sort(lattice.edges.begin(), lattice.edges.end(),
                     [](const Spelling& x, const Spelling& y) { return x.from < y.from; });
    lattices.push_back(lattice);
  }
  return lattices;
}

TEST(Lattice, CheapestFormsAreTheCheapestOfAllPaths) {
  for (const Lattice& lattice : small_lattices()) {
    std::map<std::string, float> all;
    walk(lattice, 0, "", 0, all);
    const auto forms = cheapest_forms(lattice, 100);
    ASSERT_EQ(forms.size(), all.size());
    float last = 0;
    for (const WrittenForm& form : forms) {
      EXPECT_FLOAT_EQ(form.bits, all.at(form.letters)) << form.letters;
      EXPECT_GE(form.bits, last);
      last = form.bits;
    }
    EXPECT_FLOAT_EQ(all.at(cheapest(lattice)), forms.front().bits);
  }
}

TEST(Lattice, OfNoLettersIsTheEmptyWord) {
  EXPECT_EQ(cheapest(Lattice{}), "");
  ASSERT_EQ(cheapest_forms(Lattice{}, 3).size(), 1U);
  EXPECT_EQ(cheapest_forms(Lattice{}, 3)[0].letters, "");
}

}  // namespace
}  // namespace paxid::transliteration
