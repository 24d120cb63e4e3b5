#pragma once

#include <cstdint>
#include <optional>

#include "matcher/bounded.h"
#include "matcher/part.h"

namespace paxid::matcher {

// Parts [first, first + count) of a name; none when count is 0.
struct PartRun {
  std::uint8_t first = 0;
  std::uint8_t count = 0;
  bool empty() const { return count == 0; }
};

// One addend before it is weighed.
struct Piece {
  ReasonCode code = ReasonCode::kEqual;
  Features features{};
  PartRun x;
  PartRun y;
  Role role = Role::kUnknown;
  int edits = 0;
  // Of the more common one of the two parts, / 10 bits; < 0 where it does not matter. Bounds
  // what a likeness is worth.
  double rarity = -1;
  OriginText origin{};  // as PartMatch
};

// Every part is in at most one piece; swap, order, suffix and nothing-shared come on top.
inline constexpr std::size_t kMaxPieces = 2 * kMaxParts + 4;

struct Evidence {
  Bounded<Piece, kMaxPieces> pieces;
  Family family = Family::kLatin;
  bool one_of_two = false;  // as Comparison
  bool fields_known = false;
  bool fields_swapped = false;
  std::uint32_t transformations = kNoTransformation;
  FieldRelation surname;
  FieldRelation first_given;
  FieldRelation further_given;
  FieldRelation whole;
};

// What two names say, in the order x, y, into `evidence`, which is new. Both names have at
// least one part.
void gather(const Prepared& x, const Prepared& y, Evidence& evidence);

// It holds a name, and no script without tables: a name in two scripts of which one has no table
// is not known whole. Two names that have one each can be compared.
bool has_opinion(const Prepared* name);

// The log-odds of compare() alone, or nothing when it has no opinion.
std::optional<double> score(const PreparedName& a, const PreparedName& b);

// Bits of one piece by the weights of data/weights.tsv.
double weigh(const Piece& piece);

}  // namespace paxid::matcher
