// Reads pairs of names, one a line with a tab between, from standard input and prints for
// each one line: the curve that calibrates it, then for each piece of evidence its code, the rarity
// that bounds it and its features, all separated by tabs; "-" for a pair without an opinion. The
// input of fit.py.
#include <iostream>
#include <string>

#include "matcher/evidence.h"
#include "matcher/tables.h"

using namespace paxid::matcher;

namespace {

PreparedName prepared(const std::string& full) {
  NameText name;
  name.full = full;
  return prepare(name);
}

void print(const PreparedName& a, const PreparedName& b) {
  if (!compare(a, b).opinion) {
    std::cout << "-\n";
    return;
  }
  const bool turned = comes_before(*b.content(), *a.content());
  Evidence evidence;
  gather(turned ? *b.content() : *a.content(), turned ? *a.content() : *b.content(), evidence);
  std::cout << curve_of(evidence.family, evidence.one_of_two);
  for (const Piece& piece : evidence.pieces) {
    std::cout << '\t' << name_of(piece.code) << ' ' << piece.rarity;
    for (const double feature : piece.features) std::cout << ' ' << feature;
  }
  std::cout << '\n';
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto tab = line.find('\t');
    if (tab == std::string::npos) continue;
    print(prepared(line.substr(0, tab)), prepared(line.substr(tab + 1)));
  }
  return 0;
}
