#pragma once

#include "base/error.h"
#include "clients/sdk/client.h"

namespace paxid::v1 {
class FlightKey;
class FlightSummary;
class GetFlightResponse;
class GetSuggestionRequest;
class GetSuggestionResponse;
class LoadFlightResponse;
class LoadFlightStart;
class ManifestPassenger;
class RecordDecisionRequest;
class RecordDecisionResponse;
class RecordReference;
class WatchFlightResponse;
class VerifyRequest;
class VerifyResponse;
}  // namespace paxid::v1

// Between the SDK's types and the wire. Knows no gRPC.
namespace paxid::sdk {

// Without client_time, which belongs to an attempt and not to the request.
v1::VerifyRequest to_wire(const Request& request);

// INTERNAL when the response says what the contract does not allow (no verdict, a hash that
// has not 32 bytes): such an answer must not be shown.
base::Result<Answer> from_wire(const v1::VerifyResponse& response);

// False for a hash that has not 32 bytes, or no place at all.
bool read_record(const v1::RecordReference& from, RecordReference& to);

void write_key(const FlightKey& from, v1::FlightKey* to);
void write_start(const FlightLoad& from, v1::LoadFlightStart* to);
void write_passenger(const FlightPassenger& from, v1::ManifestPassenger* to);
v1::RecordDecisionRequest to_wire(const Decision& decision);
v1::GetSuggestionRequest to_wire(const SuggestionLook& look);
base::Result<Suggestion> from_wire(const v1::GetSuggestionResponse& from);
FlightSummary from_wire(const v1::FlightSummary& from);
FlightManifest from_wire(const v1::GetFlightResponse& from);
FlightChange from_wire(const v1::WatchFlightResponse& from);
base::Result<LoadOutcome> from_wire(const v1::LoadFlightResponse& from);
base::Result<DecisionOutcome> from_wire(const v1::RecordDecisionResponse& from);
// The booking of a request, and what the flight added to an answer.
void write_booking(const BookingReference& from, v1::VerifyRequest* to);
void read_flight_part(const v1::VerifyResponse& from, Answer& to);

}  // namespace paxid::sdk
