#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "bcbp/name_candidate.h"

namespace paxid::bcbp {

enum class BookingSystem : std::uint8_t { kAmadeus, kTravelport, kSabre, kPlain };
std::string_view name_of(BookingSystem system);

// One passenger of a name element. Personal data.
struct Passenger {
  std::string surname;
  std::string given;
  std::string title;
  std::string suffix;
  std::string ptc;  // passenger type: CHD, INF, INS, YTH, C08, ...; empty: none is said
  std::string id;   // identity text of (ID...) or *, when it is no date and no age
  std::optional<base::Date> birth_date;
  std::optional<int> age_years;
  std::optional<int> age_months;
  std::optional<std::size_t> infant_of;  // 1-based index of the adult in the list
  NameKind kind = NameKind::kPerson;
  // All readings of this passenger's name, most likely first (the first is what stands above).
  std::vector<NameCandidate> candidates;
};

enum class NameElementFinding : std::uint8_t {
  kTooLong,  // more than kMaxNameElementBytes
  kIllegalByte,
  kEmpty,
  kNotANameElement,
  kCountMismatch,      // the number in front differs from the names that follow
  kUnknownRemark,      // a bracket or remark of no known form
  kTooManyPassengers,  // more than kMaxPassengers
  kDateImpossible,
};
std::string_view name_of(NameElementFinding finding);
// Whether the element counts as unreadable because of it; the others are notes.
bool refuses(NameElementFinding finding);

inline constexpr std::size_t kMaxNameElementBytes = 2048;
inline constexpr std::size_t kMaxPassengers = 99;

struct NameElementReading {
  bool ok = false;  // at least one name was read, and nothing but notes was found
  BookingSystem system = BookingSystem::kPlain;
  std::vector<Passenger> passengers;
  std::vector<NameElementFinding> findings;
};

// Reads a name element of a reservation as typed or displayed:
//   Amadeus     NM2SCHWARZ/MANFRED MR/SABINE MISS1BLACK/ANDREW MR   NM1LEE/KIM(INF/BO/18MAY08)
//   Travelport  N.FAVRET/JOHN MR+N.2VAN/A MR/D MRS   N.I/LEE/JAMES MSTR*23JAN07 (1G and legacy)
//   Sabre       -2SMITH/JOHN MR/JANE MRS   -I/SMITH/BABY*I06
//   plain       SMITH/JOHN MR
// Two-digit years of birth are the latest that are not after `reference_date`.
NameElementReading read_name_element(std::string_view raw, base::Date reference_date);

}  // namespace paxid::bcbp
