#pragma once

#include <string_view>
#include <vector>

#include "base/date.h"
#include "bcbp/passenger_list.h"

namespace paxid::bcbp {

// The passengers of one item of a PNL or ADL.
struct ListedParty {
  std::vector<ListedPassenger> passengers;  // `adult` is an index into these
  std::vector<ListFindingCode> findings;
};

// Reads the names of an item, "2TURING/ALANMR/JOANMRS-B2", and the elements behind them,
// ".L/GHI789 .R/DOCS HK1/...". What an element says of one of several passengers goes to the one
// that it names, and stays a remark when it names none. No passenger: the names are unreadable.
// Requires upper case. Fills neither `line` nor `change` nor what the class total says.
ListedParty read_party(std::string_view item, base::Date reference_date);

// Whether an element begins here: a dot, one to four letters, a slash.
bool starts_element(std::string_view text, std::size_t at);

}  // namespace paxid::bcbp
