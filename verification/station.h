#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/date.h"

namespace paxid::verification {

// The State of an airport, ISO 3166-1 alpha-3; empty when the code is in no table. `airport` is
// an IATA code. Static lifetime.
std::string_view state_of_airport(std::string_view airport);

// The IANA name of an airport's time zone; empty when not known. Static lifetime.
std::string_view time_zone_of_airport(std::string_view airport);

// The local date at a station at a moment (microseconds since 1970-01-01 UTC): expiry, flight
// day and deadlines are judged by it. UTC where the station is not known. Thread-safe.
base::Date station_date(std::uint64_t unix_microseconds, std::string_view airport);

// SHA-256 of the table of airports as lower-case hex. Static lifetime.
std::string_view airports_digest();

}  // namespace paxid::verification
