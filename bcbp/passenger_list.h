#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "bcbp/booking_name.h"
#include "bcbp/ssr.h"

// The passengers of a flight, as a reservation system sends them to a departure control system.
namespace paxid::bcbp {

inline constexpr std::size_t kMaxListBytes = 1 << 20;
inline constexpr std::size_t kMaxListedPassengers = 2000;
inline constexpr std::size_t kMaxListFindings = 1000;

enum class ListKind : std::uint8_t {
  kPnl,  // passenger name list
  kAdl,  // additions, deletions and changes to one
  kCsv,
};
std::string_view name_of(ListKind kind);  // "PNL", "ADL", "CSV"

// What an ADL does with a passenger. Those of a PNL and of a CSV are listed.
enum class ListChange : std::uint8_t { kListed, kAdded, kDeleted, kChanged };
std::string_view name_of(ListChange change);

enum class ListFindingCode : std::uint8_t {
  kTooLong,
  kIllegalByte,        // a control byte, or no UTF-8
  kNoHeader,           // no flight in a PNL or ADL, no name column in a CSV
  kUnknownLine,        // kept in `other_lines`
  kUnknownElement,     // kept among the passenger's remarks
  kNameUnreadable,     // kept in `other_lines`
  kCountMismatch,      // the number in front of a name differs from the names that follow
  kTotalMismatch,      // a class total differs from the passengers under it
  kDateUnreadable,     // the text is kept among the passenger's remarks
  kRowLength,          // a CSV row with more or fewer fields than the header
  kQuoteOpen,          // a CSV quote that is never closed
  kEndMissing,         // no ENDPNL, ENDADL or ENDPART
  kTooManyPassengers,  // more than kMaxListedPassengers; the rest is not read
};
std::string_view name_of(ListFindingCode code);

struct ListFinding {
  ListFindingCode code;
  std::size_t line;  // from 1, of the message

  friend bool operator==(const ListFinding&, const ListFinding&) = default;
};

// Personal data.
struct ListedPassenger {
  std::string name;     // as listed: "SMITH/JOHNMR"
  Passenger passenger;  // the first reading, and all candidates
  std::string locator;  // .L/ABC123
  std::string booking_class;
  std::string destination;  // airport
  std::string party;        // "A2": travels in party A of two
  std::vector<Docs> documents;
  std::vector<std::string>
      remarks;  // every other element as written, ".O/LH400..." or "column=text"
  ListChange change = ListChange::kListed;
  std::size_t line = 0;
};

// "-JFK010Y": how many passengers of a class to a destination follow.
struct ClassTotal {
  std::string destination;
  std::string booking_class;
  int passengers = 0;
  std::size_t line = 0;
};

struct OtherLine {
  std::size_t line;
  std::string text;
};

struct PassengerList {
  bool ok = false;  // a flight (or a name column) and no line was lost to reading
  ListKind kind = ListKind::kPnl;
  std::string carrier;
  std::string flight_number;            // with its suffix letter, as written
  std::optional<base::Date> departure;  // day and month are written; the year is the nearest
  std::string board;                    // airport
  int part = 1;
  bool last_part = false;  // the message ends the list, not just the part
  std::vector<ClassTotal> totals;
  std::vector<ListedPassenger> passengers;
  std::vector<OtherLine> other_lines;  // addresses, configuration, and what was not understood
  std::vector<ListFinding> findings;
};

// Reads a PNL or ADL message (IATA Recommended Practice 1708), or a CSV (RFC 4180) whose first
// row names its columns: `name` or `surname` and `given`; `title`, `locator`, `class`,
// `destination`, `birth_date` (ISO), in any order and case. What a passenger list has besides is
// kept as text. `reference_date` decides the years.
PassengerList read_passenger_list(std::string_view message, base::Date reference_date);

}  // namespace paxid::bcbp
