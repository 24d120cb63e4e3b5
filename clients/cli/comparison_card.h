#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "clients/cli/compare_command.h"
#include "clients/cli/terminal.h"
#include "matcher/compare.h"

namespace paxid::cli {

// What the card says of a comparison that does not stand in it.
struct CardContext {
  double prior = kDefaultPrior;
  std::string_view language{};  // of the names, "" when unknown
  std::optional<Lever> lever{};
  bool a_mixes_scripts = false;  // see has_mixed_scripts()
  bool b_mixes_scripts = false;
};

// A comparison for eyes, without a line wider than style.width as long as the parts of the
// names allow it: the probability at the prior; the two names one above the other, part by part,
// with every differing letter marked; each reason with its bits, the running sum and its bar
// from the sum before to the sum after; the calibration and the prior as the last steps; the
// rules, standards and origins that join different spellings; a warning of words that mix scripts;
// and what would change the answer. Colour never says anything that the text does not. Ends with a
// line feed.
std::string comparison_card(const matcher::Comparison& comparison, const CardContext& context,
                            const TextStyle& style);

}  // namespace paxid::cli
