#pragma once

#include <cstddef>

#include "matcher/compare.h"

namespace paxid::matcher {

// What compare(a, b) would be if the names were others, for saying what an answer depends on.
// `reason` is an index into its reasons; both names have an opinion. Slow beside compare(); the
// names are prepared anew.

// The parts of the reason are the same in both names, whichever of the two helps less; a part
// that one name lacks is there; fields that are exchanged are not. Of a reason that has no parts of
// its own (order, nothing shared) nothing is other.
Comparison compare_if_same(const PreparedName& a, const PreparedName& b, std::size_t reason);

// Neither name has the parts of the reason. No opinion where nothing of a name is left.
Comparison compare_without(const PreparedName& a, const PreparedName& b, std::size_t reason);

}  // namespace paxid::matcher
