#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/store.h"
#include "base/date.h"
#include "server/conversion.h"
#include "server/flight_context.h"
#include "verification/engine.h"
#include "verification/sides.h"
#include "verification/verdict.h"

namespace paxid::server {

// What the blind index of the store is keyed by (audit::SubjectLookup::kind).
enum class SubjectKind : std::uint8_t {
  kDocument = 1,      // issuer "|" document number, as read from the document
  kSingleRecord = 2,  // the request id: no issuer or no number, so each record is a subject
  kOperator = 3,      // the id of a person who decides: no subject, but his pseudonym
};

// The person a record is about, so that erasing his key erases all his records.
audit::SubjectLookup subject_of(const VerifyInput& input, const verification::Sides& sides);

// What a record names as the software that made it.
audit::Hash software_of_engine();

// What the flight added to a judgement.
struct FlightPart {
  const FlightSight* sight = nullptr;
  std::optional<audit::Id16> document;  // blind index of the document
  Coverage coverage;                    // bits 0: nothing was resolved
};

// The body of a record as canonical JSON (UTF-8, keys sorted, no white space), version 2:
//   claims     as sent, without what is withheld
//   read       names and other data as they were read from zone and pass
//   flight, station, channel, purpose, station_date
//   answer     verdict, confidence, log_odds, sentence, reasons, findings, counterfactuals,
//              alignment
//   policy, engine
//   document_index, flight_passenger, resolution
// `texts` are english_of() the report.
// Withheld: document numbers (only their last three characters are kept; the store's blind
// index finds the rest) and the zone's text, which prints them.
std::string record_body(const VerifyInput& input, base::Date station_date,
                        const verification::Sides& sides, const FlightPart& flight,
                        const verification::VerdictReport& report, const ReportTexts& texts,
                        const verification::Policy& policy, std::string_view engine_version);

}  // namespace paxid::server
