#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/personal.h"
#include "clients/sdk/record.h"
#include "verification/claim.h"

// Flights and decisions as a C++ program sees them.
namespace paxid::sdk {

// A departure from one airport.
struct FlightKey {
  std::string carrier;
  std::string flight_number;
  std::string departure_date;  // local, YYYY-MM-DD
  std::string from;            // airport
};

// Points to a booking on a loaded flight; empty texts are not known.
struct BookingReference {
  std::string locator;
  std::string sequence;
  std::string seat;
  std::string ticket;
};

// A flight in numbers.
struct FlightSummary {
  FlightKey flight;
  int passengers = 0;
  int boarded = 0;
  std::int64_t departure_unix_seconds = 0;
  std::int64_t drop_unix_seconds = 0;  // when the server forgets it
  std::int64_t revision = 0;
};

struct EarlierName {
  base::PersonalText booking_name;
  std::int64_t until_unix_seconds = 0;
};

// A passenger of a flight. What stands behind `docs` is set by the server.
struct FlightPassenger {
  base::PersonalText booking_name;
  std::string locator;
  std::string sequence;
  std::string seat;
  std::string ticket;
  std::string birth_date;  // YYYY-MM-DD
  std::optional<verification::Sex> sex;
  std::string passenger_type;
  std::string booked_on;                 // YYYY-MM-DD
  std::vector<base::PersonalText> docs;  // SSR DOCS lines; only sent
  int passenger_ref = 0;
  std::vector<EarlierName> earlier_names;
  std::optional<std::int64_t> boarded_unix_seconds;
  std::string last_action;  // "confirm", ...; empty: none
};

struct FlightManifest {
  FlightSummary summary;
  std::vector<FlightPassenger> passengers;
};

enum class ListFormat { kPnlAdl, kCsv };

// What is loaded.
struct FlightLoad {
  std::string request_id;           // a UUID, required; keep it to repeat the load
  std::optional<FlightKey> flight;  // may be left out for a list that names it
  std::optional<std::int64_t> departure_unix_seconds;
  bool complete = false;  // who is not listed is taken off
};

struct ListFinding {
  std::string code;
  int line = 0;
};

struct LoadOutcome {
  FlightSummary flight;
  int added = 0;
  int changed = 0;
  int removed = 0;
  int kept_boarded = 0;
  std::vector<ListFinding> findings;
  RecordReference record;
  bool replayed = false;
};

// One change of a flight.
struct FlightChange {
  std::string event;  // "begun", "loaded", "boarded", "decided", "undone", "dropped"
  std::int64_t unix_seconds = 0;
  FlightSummary summary;
  int passenger_ref = 0;  // 0: nobody alone
  std::string seat;
  std::string action;  // as FlightPassenger::last_action
};
// False ends the watch.
using FlightWatcher = std::function<bool(const FlightChange&)>;

enum class DecisionAction { kConfirm = 1, kAccept, kRefuse, kHandOver, kUndo };
enum class AcceptReason {
  kNone,
  kMinorSpelling,
  kNickname,
  kNameChange,
  kTransliteration,
  kDataCorrection,
  kMisread,
  kReboarding,
};
enum class EvidenceType {
  kNone,
  kCivilStatusCertificate,
  kNameChangeDeed,
  kUsageNameLine,
  kSecondDocument,
  kEarlierDocument,
  kCarrierConfirmation,
};

// A person's decision; see DecisionService in the contract.
struct Decision {
  std::string request_id;          // a UUID, required
  std::string decided_request_id;  // of the verification; for an undo, of the decision
  DecisionAction action = DecisionAction::kConfirm;
  AcceptReason reason = AcceptReason::kNone;
  EvidenceType evidence = EvidenceType::kNone;
  bool face_checked = false;
  std::string operator_id;
  std::string second_operator_id;
};

struct DecisionOutcome {
  RecordReference record;
  bool boarded = false;
  std::optional<std::int64_t> undo_until_unix_seconds;
  bool replayed = false;
};

// What a person has accepted before, and why it is no alarm now.
struct Resolution {
  std::string decision_request_id;
  std::int64_t unix_seconds = 0;
  std::string operator_pseudonym;
  std::string station;
  AcceptReason reason = AcceptReason::kNone;
  EvidenceType evidence = EvidenceType::kNone;
  std::vector<std::string> codes;
};

// Whose booking on the loaded flight was judged.
struct JudgedPassenger {
  int passenger_ref = 0;
  std::string seat;
  std::string sequence;
  std::optional<std::int64_t> boarded_unix_seconds;
};

// The words of the command line and of JSON: "minor_spelling", "name_change", ...; nothing for an
// unknown word.
std::optional<AcceptReason> accept_reason_from(std::string_view word);
std::optional<EvidenceType> evidence_type_from(std::string_view word);
std::string_view name_of(AcceptReason reason);
std::string_view name_of(EvidenceType evidence);

}  // namespace paxid::sdk
