#pragma once

#include <string_view>

#include "base/date.h"
#include "bcbp/passenger_list.h"

// What the readers of the two kinds of lists share. Not for use outside of this folder.
namespace paxid::bcbp {

void add_finding(PassengerList& list, ListFindingCode code, std::size_t line);
// Keeps a line that could not be read.
void keep_line(PassengerList& list, std::string_view text, std::size_t line, ListFindingCode code);
// False when the list is full; then the rest is not read.
bool add_passenger(PassengerList& list, ListedPassenger passenger);

// What the passenger type code says (PTC): CHD, C08, INF, ...
TravellerType traveller_type(const Passenger& passenger);

// Requires upper case.
void read_list_message(std::string_view message, base::Date reference_date, PassengerList& list);
void read_list_table(std::string_view table, PassengerList& list);

}  // namespace paxid::bcbp
