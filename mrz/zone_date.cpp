#include "mrz/zone_date.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "mrz/check_digit.h"

namespace paxid::mrz {
namespace {

constexpr int kUnknown = -1;    // two fillers
constexpr int kMalformed = -2;  // anything but two digits or two fillers

struct Parts {
  int year;
  int month;
  int day;
};

inline int part(char tens, char units) {
  if (is_digit(tens) && is_digit(units)) return (tens - '0') * 10 + (units - '0');
  return tens == '<' && units == '<' ? kUnknown : kMalformed;
}

// The parts of six digits, all at once; false when there is anything else. The bytes of a date
// stand from the lowest on, so that the tens of each part stand below its units.
inline bool take_digits(std::string_view yymmdd, Parts& p) {
  if constexpr (std::endian::native != std::endian::little) return false;
  constexpr std::uint64_t kZeros = 0x303030303030;
  constexpr std::uint64_t kHighBits = 0xF0F0F0F0F0F0;
  std::uint32_t first = 0;
  std::uint16_t last = 0;
  std::memcpy(&first, yymmdd.data(), sizeof first);
  std::memcpy(&last, yymmdd.data() + sizeof first, sizeof last);
  const std::uint64_t values = (first | std::uint64_t{last} << 32) ^ kZeros;
  // Six more than a digit carries into no higher bits, more than a digit does.
  if (((values | (values + 0x060606060606)) & kHighBits) != 0) return false;
  const std::uint64_t pairs = values * 10 + (values >> 8);
  p.year = static_cast<int>(pairs & 0xFF);
  p.month = static_cast<int>(pairs >> 16 & 0xFF);
  p.day = static_cast<int>(pairs >> 32 & 0xFF);
  return true;
}

// Requires six cells.
inline void take_parts(std::string_view yymmdd, Parts& p) {
  if (take_digits(yymmdd, p)) return;
  const char* const cells = yymmdd.data();
  p.year = part(cells[0], cells[1]);
  p.month = part(cells[2], cells[3]);
  p.day = part(cells[4], cells[5]);
}

// Every month has so many days.
constexpr int kSureDays = 28;

// By the month from 1.
constexpr std::array<std::uint8_t, 13> kDays{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

int days_in(int month, bool leap) {
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month)];
}

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// The first part that no calendar has, or -1.
int first_bad_part(const Parts& p) {
  if (p.year == kMalformed) return 0;
  if (p.month == kMalformed || p.month == 0 || p.month > 12) return 1;
  if (p.day == kMalformed || p.day == 0) return 2;
  if (p.day == kUnknown) return -1;
  const bool may_be_leap = p.year == kUnknown || p.year % 4 == 0;
  const int last = p.month == kUnknown ? 31 : days_in(p.month, may_be_leap);
  return p.day > last ? 2 : -1;
}

DateState state_of(const Parts& p) {
  if (p.year >= 0 && p.month > 0 && p.month <= 12 && p.day > 0 && p.day <= kSureDays) {
    return DateState::kComplete;
  }
  if (first_bad_part(p) >= 0) return DateState::kImpossible;
  const int unknown = (p.year == kUnknown) + (p.month == kUnknown) + (p.day == kUnknown);
  if (unknown == 3) return DateState::kBlank;
  return unknown == 0 ? DateState::kComplete : DateState::kPartial;
}

// The day of a complete date in the year `year`, if that year has it.
inline std::optional<base::Date> day_of(int year, const Parts& p) {
  if (p.day > kSureDays && p.day > days_in(p.month, is_leap(year))) return std::nullopt;
  return base::Date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(p.month)},
                    std::chrono::day{static_cast<unsigned>(p.day)}};
}

int year_of(base::Date date) { return static_cast<int>(date.year()); }

// Orders the days of a year.
int order_of(int month, int day) { return 32 * month + day; }

// The latest year up to `year` that ends in the two digits `yy`. Requires year >= 100.
int latest_year(int yy, int year) { return year - (year + 100 - yy) % 100; }

// The reference date, taken apart once for both dates of a zone.
struct ReferenceDay {
  bool usable;
  int year;
  int month_and_day;
};

ReferenceDay taken_apart(base::Date date) {
  const int year = year_of(date);
  const auto month = static_cast<unsigned>(date.month());
  const auto day = static_cast<unsigned>(date.day());
  const bool sure = month >= 1 && month <= 12 && day >= 1 && day <= unsigned{kSureDays};
  return {(sure || date.ok()) && year >= 1000 && year <= 9000, year,
          order_of(static_cast<int>(month), static_cast<int>(day))};
}

inline void resolve_birth(std::string_view yymmdd, const ReferenceDay& reference, ZoneDate& birth) {
  birth = ZoneDate{};
  if (yymmdd.empty()) return;
  Parts p;
  take_parts(yymmdd, p);
  birth.state = state_of(p);
  if (birth.state != DateState::kComplete || !reference.usable) return;
  int year = latest_year(p.year, reference.year);
  const bool later = year == reference.year && order_of(p.month, p.day) > reference.month_and_day;
  if (later) year -= 100;
  birth.date = day_of(year, p);
  // A 29 February that this century does not have: the one before, or else the one to come.
  for (const int other : {year - 100, year + 100, year + 200}) {
    if (birth.date) break;
    year = other;
    birth.date = day_of(year, p);
  }
  birth.other = day_of(year - 100, p);
  birth.century_ambiguous = birth.other.has_value() && year - 100 + kOldestHolder >= reference.year;
}

inline void resolve_expiry(std::string_view yymmdd, const ReferenceDay& reference,
                           ZoneDate& expiry) {
  expiry = ZoneDate{};
  if (yymmdd.empty()) return;
  Parts p;
  take_parts(yymmdd, p);
  expiry.state = state_of(p);
  if (expiry.state != DateState::kComplete || !reference.usable) return;
  const int year = latest_year(p.year, reference.year + 49);
  expiry.date = day_of(year, p);
  // The other candidate is the nearer one of the two neighbours.
  const int nearer = year > reference.year ? year - 100 : year + 100;
  expiry.other = day_of(nearer, p);
  if (!expiry.other) expiry.other = day_of(2 * year - nearer, p);
  if (!expiry.date) {
    expiry.date = expiry.other;
    expiry.other = std::nullopt;
  }
}

}  // namespace

DateState date_state(std::string_view yymmdd, int* bad_part) {
  if (yymmdd.empty()) return DateState::kAbsent;
  Parts p;
  take_parts(yymmdd, p);
  if (bad_part != nullptr) *bad_part = first_bad_part(p);
  return state_of(p);
}

void resolve_dates(std::string_view birth_yymmdd, std::string_view expiry_yymmdd,
                   base::Date reference_date, ZoneDate& birth, ZoneDate& expiry) {
  const ReferenceDay reference = taken_apart(reference_date);
  resolve_birth(birth_yymmdd, reference, birth);
  resolve_expiry(expiry_yymmdd, reference, expiry);
}

std::optional<bool> can_mean(std::string_view printed, base::Date date) {
  if (printed.size() != 6 || !date.ok()) return std::nullopt;
  Parts p;
  take_parts(printed, p);
  const DateState state = state_of(p);
  if (state != DateState::kComplete && state != DateState::kPartial) return std::nullopt;
  return (p.year == kUnknown || p.year == std::abs(year_of(date)) % 100) &&
         (p.month == kUnknown ||
          p.month == static_cast<int>(static_cast<unsigned>(date.month()))) &&
         (p.day == kUnknown || p.day == static_cast<int>(static_cast<unsigned>(date.day())));
}

}  // namespace paxid::mrz
