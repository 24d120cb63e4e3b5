#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/date.h"
#include "bcbp/boarding_pass.h"
#include "bcbp/key_table.h"
#include "bcbp/name_candidate.h"
#include "matcher/compare.h"
#include "verification/claim.h"
#include "verification/flight.h"
#include "verification/verdict.h"

namespace paxid::verification {

// A name together with where it was read.
struct SourcedName {
  matcher::NameText text;
  Source source;
};

// A birth date as a source states it. A zone prints two digits of the year, so it may mean a
// second day; an incomplete zone date means every day it agrees with.
struct BirthDate {
  std::optional<base::Date> date;
  std::optional<base::Date> other_century;
  std::string partial_zone_date;  // YYMMDD with `<`, or empty

  friend bool operator==(const BirthDate&, const BirthDate&) = default;
  friend bool operator<(const BirthDate& a, const BirthDate& b) {
    return std::tie(a.date, a.other_century, a.partial_zone_date) <
           std::tie(b.date, b.other_century, b.partial_zone_date);
  }
};

// One attribute of a side. When several sources state it, the best source counts; `conflict`
// says that they disagree. What equally good sources state otherwise stands in `others`, and
// the least of them in `value`, so that the order of the claims does not matter.
template <class T>
struct Attribute {
  std::optional<T> value;
  std::vector<T> others = {};
  int rank = 0;
  bool conflict = false;
};

// A flight as a pass prints it; empty texts and no date where it does not.
struct PassFlight {
  std::string operating_carrier;
  std::string marketing_carrier;
  std::string number;  // without leading zeros
  std::optional<base::Date> date;
  std::string from;
  std::string to;
  std::string seat;  // without leading zeros; empty: none is printed

  bool of_partner() const {
    return !operating_carrier.empty() && !marketing_carrier.empty() &&
           operating_carrier != marketing_carrier;
  }
};

// What is claimed about the passenger in the booking and on the boarding pass.
struct TravelSide {
  std::vector<bcbp::NameCandidate> booking_readings;  // most likely first; empty: no booking
  std::string booking_text;                           // as printed, for the legal cut
  std::vector<bcbp::NameCandidate> pass_readings;     // empty: no pass
  std::string pass_name_field;                        // as printed, with its padding
  bool pass_field_full = false;
  bool pass_for_baggage = false;      // passenger description 5: a seat for cabin baggage
  bool pass_not_reliable = false;     // a pass was given and its reading is not ok
  bool pass_signature_wrong = false;  // it is signed, but not by its issuer
  std::vector<PassFlight> pass_flights;
  bool names_conflict = false;  // two bookings, or two passes, name different passengers
  Attribute<BirthDate> birth_date;
  Attribute<Sex> sex;
  Attribute<std::string> nationality;
  Attribute<std::string> document_number;
  Attribute<base::Date> expiry_date;         // of the document given in advance
  std::vector<matcher::NameText> api_names;  // in the advance passenger data
  std::string passenger_type;                // ADT, CHD, INF, INS, UNN; empty: not known
  std::optional<base::Date> booked_on;
};

// What is claimed about the holder of the document.
struct IdentitySide {
  std::vector<SourcedName> names;  // best source first
  std::vector<SourcedName> usage_names;
  Attribute<BirthDate> birth_date;
  Attribute<Sex> sex;
  Attribute<std::string> nationality;
  Attribute<std::string> document_number;
  Attribute<std::string> issuer;
  Attribute<base::Date> expiry_date;
  bool zone_not_reliable = false;  // a zone was given and its reading is not ok
  bool machine_read = false;       // a name was scanned, read from the chip, or checked by a person
};

struct Sides {
  TravelSide travel;
  IdentitySide identity;
  std::vector<Finding> findings;
};

// Letters and digits alone, upper case: blanks and hyphens of a number are the printer's.
std::string bare_text(std::string_view text);

// The letters A-Z of a name in upper case, marks left off (É is E); whatever is no Latin letter
// even then is left out. What the letters of matcher/letters.h ask for.
std::string latin_letters(std::string_view name);

// The same as bare_text() without leading zeros: flight "0400A" and "400a" are "400A", seat "014B"
// is "14B".
std::string without_leading_zeros(std::string_view text);

// The readings of a booked name, most likely first, at least one.
std::vector<bcbp::NameCandidate> booking_readings(const std::string& text);

// The pass of a claim; `raw` must outlive it.
struct ReadPass {
  // Read in its place: a reading is too large to be moved about.
  ReadPass(std::size_t index, std::string_view raw, const bcbp::ReadOptions& options)
      : claim(index), reading(bcbp::read(raw, options)) {}

  std::size_t claim;  // which one
  bcbp::Reading reading;
};

// Reads the passes among the claims, in their order; `claims` must outlive what is read.
// `station_date` resolves years. With `pass_keys` the signatures are checked.
std::vector<ReadPass> read_passes(const std::vector<Claim>& claims, base::Date station_date,
                                  const bcbp::KeyTable* pass_keys = nullptr);

// What a booking states beside its name: no readings, no type that the name may say.
TravelSide data_beside_name(const Passenger& booking);

// Reads every claim and sorts what it says by side. `station_date` resolves centuries. What the
// server knows of the booking itself counts before what the claims say of it. With `pass_keys`
// the signatures of passes are checked; no signature, or one that holds, changes nothing.
Sides sort_claims(const std::vector<Claim>& claims, base::Date station_date,
                  const Passenger* booking = nullptr, const bcbp::KeyTable* pass_keys = nullptr);
// The same where somebody else needs the passes too: `passes` are read_passes() of the claims.
Sides sort_claims(const std::vector<Claim>& claims, const std::vector<ReadPass>& passes,
                  base::Date station_date, const Passenger* booking);

}  // namespace paxid::verification
