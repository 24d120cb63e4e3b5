#pragma once

#include <string>
#include <string_view>

#include "clients/cli/terminal.h"
#include "matcher/compare.h"

namespace paxid::cli {

// A comparison for eyes, without a line wider than style.width as long as the parts of the
// names allow it: the probability at `prior`; the two names one above the other, part by part,
// with every differing letter marked; each reason with its bits, the running sum and its bar
// from the sum before to the sum after; the calibration and the prior as the last steps; the
// rules, standards and origins that join different spellings; and what would change the answer.
// `language` is that of the names, "" when unknown. Colour never says anything that the text does
// not. Ends with a line feed.
std::string comparison_card(const matcher::Comparison& comparison, double prior,
                            const TextStyle& style, std::string_view language = {});

}  // namespace paxid::cli
