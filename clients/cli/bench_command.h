#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "clients/sdk/load.h"

// `paxid bench`: load on a server, and what came back.
namespace paxid::cli {

// Invented passengers, the same each time: zone, boarding pass, booked name and birth date, as a
// kiosk sends them. Most agree, every eighth has a slip in the booking. `count` at most 10,000.
std::vector<sdk::Request> invented_passengers(std::size_t count);

nlohmann::json load_json(const sdk::LoadReport& report);
std::string load_table(const sdk::LoadReport& report);

}  // namespace paxid::cli
