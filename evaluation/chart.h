#pragma once

#include <string>
#include <string_view>

#include "evaluation/report.h"

// Charts as inline SVG. Colours come from the classes of the page (page.cpp); each chart has a
// title and a description for those who cannot see it. `id` is unique on the page.
namespace paxid::evaluation {

// `text` with & < > " and ' as character references, fit for HTML and XML text and attributes.
std::string escaped(std::string_view text);

// "97.3 %"; "-" for nothing. `decimals` 0..6.
std::string percent(double share, int decimals);
std::string percent(const std::optional<double>& share, int decimals);

// True against false accepts, the false ones on a logarithmic scale: what happens below 1 %
// is what a gate cares for. Empty when the slice has no curve.
std::string roc_chart(const Slice& slice, const std::string& id);

// Per bin, the share of one person against the probability that was claimed, with its 95 %
// interval, and below it how many pairs the bin holds. Requires slice.pairs > 0.
std::string reliability_chart(const Slice& slice, const std::string& id);

}  // namespace paxid::evaluation
