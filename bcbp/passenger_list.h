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
  kPartMissing,        // a part of the message does not follow the part in front of it
  kOtherFlight,        // a further part, or a CSV row, of another flight; kept in `other_lines`
  kOwnerUnknown,       // a document or infant of a party that names none of it; kept in remarks
  // An ADL deletes or changes a passenger that the list has not, or one without a locator where
  // several bear the name.
  kNotListed,
  kAlreadyListed,  // an ADL adds a passenger that the list has
};
std::string_view name_of(ListFindingCode code);
// Whether a line, or a passenger, is missing from what was read.
bool loses_lines(ListFindingCode code);

struct ListFinding {
  ListFindingCode code;
  std::size_t line;  // from 1, of the message

  friend bool operator==(const ListFinding&, const ListFinding&) = default;
};

enum class TravellerType : std::uint8_t { kAdult, kChild, kInfant };
std::string_view name_of(TravellerType type);  // "adult", "child", "infant"

// Personal data.
struct ListedPassenger {
  std::string name;     // as listed: "SMITH/JOHNMR"
  Passenger passenger;  // the first reading, and all candidates
  TravellerType type = TravellerType::kAdult;
  // Of an infant: the adult it travels with, as an index into the list. Nothing: not stated.
  std::optional<std::size_t> adult;
  std::string locator;        // .L/ABC123
  std::string booking_class;  // of the total above it, or the CSV's
  std::string destination;    // airport
  std::string party;          // "A" of -A2: travels with the others of party A
  int party_size = 0;         // 2 of -A2, on this flight or another; 0: travels alone
  std::string group;          // .C/: name of a group or company
  std::string seat;           // as asked for or given: "24F"
  std::string sequence;       // check-in sequence or security number, where the list has it
  std::vector<Docs> documents;
  std::vector<Doco> visas;
  std::vector<Doca> addresses;
  std::vector<std::string>
      remarks;  // every other element as written, ".O/LH400..." or "COLUMN=text"
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
  int part = 1;                         // the first part that was read; others may follow it
  int parts = 1;                        // how many parts were read and joined
  bool last_part = false;               // ends the list, not just a part
  std::vector<ClassTotal> totals;
  // In the order of the list. In an ADL this is the order of its operations: what is to be deleted
  // stands in front of what replaces it (a changed name is DEL, then ADD).
  std::vector<ListedPassenger> passengers;
  std::vector<OtherLine> other_lines;  // addresses, configuration, and what was not understood
  std::vector<ListFinding> findings;

  // All of the list: from its first part to its end, with none missing between.
  bool is_whole() const;
};

// Reads a PNL or ADL message (IATA Recommended Practice 1708), or a CSV (RFC 4180) whose first
// row names its columns, in any order and case: `name`, or `surname` and `given`; `title`, `type`
// (ADT, CHD, INF), `locator`, `class`, `destination`, `seat`, `sequence`, `birth_date` (ISO); and
// of the flight, the same in every row: `flight` (XX0123), `date` (ISO), `board`. What a passenger
// list has besides is kept as text.
//
// A message may be one part of several, or several parts one behind the other, which are joined.
// A line that cannot be read is a finding, and reading goes on with the next. An infant that an
// adult brings along (SSR INFT) is a passenger of its own, behind the adult's party, and counts
// towards no total. `reference_date` decides the years.
PassengerList read_passenger_list(std::string_view message, base::Date reference_date);

// Carries out the operations of an ADL on the list of the same flight, in their order. A
// passenger is known by locator and name. Returns what did not fit, with the line of the ADL; the
// rest is done.
std::vector<ListFinding> apply_changes(PassengerList& list, const PassengerList& changes);

}  // namespace paxid::bcbp
