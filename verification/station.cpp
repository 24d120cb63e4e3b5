#include "verification/station.h"

#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>

namespace paxid::verification {
namespace {

// Codes are three letters with the zero that ends them.
struct Airport {
  char code[4];
  char state[4];
  std::uint16_t zone;
};

#include "airports_table.inc"

// Numbers in the order of their codes: compared in one step. Requires three letters.
std::uint32_t number_of(const char* code) {
  const auto byte = [code](int i) { return std::uint32_t{static_cast<unsigned char>(code[i])}; };
  return byte(0) << 16 | byte(1) << 8 | byte(2);
}

const Airport* find(std::string_view code) {
  if (code.size() != 3) return nullptr;
  const std::uint32_t wanted = number_of(&code.front());
  const auto* found = std::lower_bound(
      std::begin(kAirports), std::end(kAirports), wanted,
      [](const Airport& a, std::uint32_t number) { return number_of(a.code) < number; });
  return found == std::end(kAirports) || number_of(found->code) != wanted ? nullptr : found;
}

// Looked up once: that takes longer than all else of a date.
const icu::TimeZone& zone_at(std::size_t index) {
  struct Zone {
    std::once_flag once;
    std::unique_ptr<const icu::TimeZone> zone;
  };
  static std::array<Zone, std::size(kZones)> zones;
  Zone& entry = zones[index];
  std::call_once(entry.once, [&] {
    const std::string_view name = kZones[index];
    entry.zone.reset(icu::TimeZone::createTimeZone(
        icu::UnicodeString(name.data(), static_cast<int32_t>(name.size()), US_INV)));
  });
  return *entry.zone;
}

base::Date date_of(std::int64_t unix_milliseconds) {
  using namespace std::chrono;
  return base::Date{floor<days>(sys_time<milliseconds>(milliseconds(unix_milliseconds)))};
}

}  // namespace

std::string_view state_of_airport(std::string_view airport) {
  const Airport* found = find(airport);
  return found == nullptr ? std::string_view() : found->state;
}

std::string_view time_zone_of_airport(std::string_view airport) {
  const Airport* found = find(airport);
  return found == nullptr ? std::string_view() : kZones[found->zone];
}

base::Date station_date(std::uint64_t unix_microseconds, std::string_view airport) {
  const auto now = static_cast<std::int64_t>(unix_microseconds / 1000);
  const Airport* found = find(airport);
  if (found == nullptr || std::string_view(kZones[found->zone]).empty()) return date_of(now);
  int32_t raw = 0;
  int32_t daylight = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone_at(found->zone).getOffset(static_cast<UDate>(now), /*local=*/false, raw, daylight, error);
  return U_FAILURE(error) ? date_of(now) : date_of(now + raw + daylight);
}

std::string_view airports_digest() { return kTablesDigest; }

}  // namespace paxid::verification
