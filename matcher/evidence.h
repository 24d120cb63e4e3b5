#pragma once

#include <string>
#include <vector>

#include "matcher/part.h"

namespace paxid::matcher {

// One addend before it is weighed.
struct Piece {
  ReasonCode code = ReasonCode::kEqual;
  Features features{};
  std::string x;
  std::string y;
  Role role = Role::kUnknown;
  int edits = 0;
  // Of the more common one of the two parts, / 10 bits; < 0 where it does not matter. Bounds
  // what a likeness is worth.
  double rarity = -1;
};

struct Evidence {
  std::vector<Piece> pieces;
  Family family = Family::kLatin;
  bool fields_known = false;
  bool fields_swapped = false;
  std::uint32_t transformations = kNoTransformation;
  FieldRelation surname;
  FieldRelation first_given;
  FieldRelation further_given;
  FieldRelation whole;
};

// What two names say, in the order x, y. Both have at least one part.
Evidence gather(const Prepared& x, const Prepared& y);

// Bits of one piece by the weights of data/weights.tsv.
double weigh(const Piece& piece);

}  // namespace paxid::matcher
