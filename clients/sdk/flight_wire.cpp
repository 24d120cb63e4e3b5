#include <paxid/v1/decision_service.pb.h>
#include <paxid/v1/manifest_service.pb.h>
#include <paxid/v1/verification_service.pb.h>

#include <array>
#include <utility>

#include "clients/sdk/wire.h"

namespace paxid::sdk {
namespace {

namespace ver = verification;

template <class Value>
using Word = std::pair<Value, std::string_view>;

// In the order of the contract's numbers.
constexpr std::array kReasons{
    Word<AcceptReason>{AcceptReason::kNone, ""},
    Word<AcceptReason>{AcceptReason::kMinorSpelling, "minor_spelling"},
    Word<AcceptReason>{AcceptReason::kNickname, "nickname"},
    Word<AcceptReason>{AcceptReason::kNameChange, "name_change"},
    Word<AcceptReason>{AcceptReason::kTransliteration, "transliteration"},
    Word<AcceptReason>{AcceptReason::kDataCorrection, "data_correction"},
    Word<AcceptReason>{AcceptReason::kMisread, "misread"},
    Word<AcceptReason>{AcceptReason::kReboarding, "reboarding"},
};
constexpr std::array kEvidence{
    Word<EvidenceType>{EvidenceType::kNone, ""},
    Word<EvidenceType>{EvidenceType::kCivilStatusCertificate, "civil_status_certificate"},
    Word<EvidenceType>{EvidenceType::kNameChangeDeed, "name_change_deed"},
    Word<EvidenceType>{EvidenceType::kUsageNameLine, "usage_name_line"},
    Word<EvidenceType>{EvidenceType::kSecondDocument, "second_document"},
    Word<EvidenceType>{EvidenceType::kEarlierDocument, "earlier_document"},
    Word<EvidenceType>{EvidenceType::kCarrierConfirmation, "carrier_confirmation"},
};
constexpr std::array kChannels{
    Word<Channel>{Channel::kKiosk, "kiosk"}, Word<Channel>{Channel::kGate, "gate"},
    Word<Channel>{Channel::kDesk, "desk"},   Word<Channel>{Channel::kWeb, "web"},
    Word<Channel>{Channel::kApp, "app"},     Word<Channel>{Channel::kBagDrop, "bag_drop"},
};
constexpr std::array<std::string_view, 6> kActions{"",       "confirm",   "accept",
                                                   "refuse", "hand_over", "undo"};
constexpr std::array<std::string_view, 7> kEvents{"",        "begun",  "loaded", "boarded",
                                                  "decided", "undone", "dropped"};

// A number that a later contract may have and this one has not is said as nothing.
template <std::size_t kSize>
std::string word_at(const std::array<std::string_view, kSize>& words, int number) {
  const auto place = static_cast<std::size_t>(number);
  return std::string(number >= 0 && place < kSize ? words[place] : std::string_view());
}

template <class Value, std::size_t kSize>
Value value_at(const std::array<Word<Value>, kSize>& words, int number) {
  const auto place = static_cast<std::size_t>(number);
  return number >= 0 && place < kSize ? words[place].first : Value{};
}

template <class Value, std::size_t kSize>
std::optional<Value> value_of(const std::array<Word<Value>, kSize>& words,
                              std::string_view wanted) {
  for (const auto& [value, word] : words) {
    if (word == wanted && !word.empty()) return value;
  }
  return std::nullopt;
}

std::optional<ver::Sex> sex_of(v1::Sex sex) {
  if (sex == v1::SEX_MALE) return ver::Sex::kMale;
  if (sex == v1::SEX_FEMALE) return ver::Sex::kFemale;
  return std::nullopt;
}

FlightPassenger from_wire(const v1::ManifestPassenger& from) {
  FlightPassenger to;
  to.booking_name = base::PersonalText(from.booking_name());
  to.locator = from.locator();
  to.sequence = from.sequence();
  to.seat = from.seat();
  to.ticket = from.ticket();
  to.birth_date = from.birth_date();
  to.sex = sex_of(from.sex());
  to.passenger_type = from.passenger_type();
  to.booked_on = from.booked_on();
  to.passenger_ref = from.passenger_ref();
  for (const v1::EarlierName& name : from.earlier_names()) {
    to.earlier_names.push_back({base::PersonalText(name.booking_name()), name.until().seconds()});
  }
  if (from.has_boarded_at()) to.boarded_unix_seconds = from.boarded_at().seconds();
  to.last_action = word_at(kActions, from.last_action());
  return to;
}

}  // namespace

std::optional<Channel> channel_from(std::string_view word) { return value_of(kChannels, word); }

std::optional<AcceptReason> accept_reason_from(std::string_view word) {
  return value_of(kReasons, word);
}
std::optional<EvidenceType> evidence_type_from(std::string_view word) {
  return value_of(kEvidence, word);
}
std::string_view name_of(AcceptReason reason) {
  return kReasons[static_cast<std::size_t>(reason)].second;
}
std::string_view name_of(EvidenceType evidence) {
  return kEvidence[static_cast<std::size_t>(evidence)].second;
}

void write_key(const FlightKey& from, v1::FlightKey* to) {
  to->set_carrier(from.carrier);
  to->set_flight_number(from.flight_number);
  to->set_departure_date(from.departure_date);
  to->set_from(from.from);
}

void write_start(const FlightLoad& from, v1::LoadFlightStart* to) {
  to->set_request_id(from.request_id);
  if (from.flight) write_key(*from.flight, to->mutable_flight());
  if (from.departure_unix_seconds) {
    to->mutable_departure_time()->set_seconds(*from.departure_unix_seconds);
  }
  to->set_complete(from.complete);
}

void write_passenger(const FlightPassenger& from, v1::ManifestPassenger* to) {
  to->set_booking_name(from.booking_name.reveal());
  to->set_locator(from.locator);
  to->set_sequence(from.sequence);
  to->set_seat(from.seat);
  to->set_ticket(from.ticket);
  to->set_birth_date(from.birth_date);
  if (from.sex == ver::Sex::kMale) to->set_sex(v1::SEX_MALE);
  if (from.sex == ver::Sex::kFemale) to->set_sex(v1::SEX_FEMALE);
  to->set_passenger_type(from.passenger_type);
  to->set_booked_on(from.booked_on);
  for (const base::PersonalText& line : from.docs) to->add_docs(line.reveal());
}

v1::RecordDecisionRequest to_wire(const Decision& decision) {
  v1::RecordDecisionRequest to;
  to.set_request_id(decision.request_id);
  to.set_decided_request_id(decision.decided_request_id);
  to.set_action(static_cast<v1::DecisionAction>(decision.action));
  to.set_reason(static_cast<v1::AcceptReason>(decision.reason));
  to.set_evidence(static_cast<v1::EvidenceType>(decision.evidence));
  to.set_face_checked(decision.face_checked);
  to.set_operator_id(decision.operator_id);
  to.set_second_operator_id(decision.second_operator_id);
  return to;
}

FlightSummary from_wire(const v1::FlightSummary& from) {
  FlightSummary to;
  to.flight = {from.flight().carrier(), from.flight().flight_number(),
               from.flight().departure_date(), from.flight().from()};
  to.passengers = from.passengers();
  to.boarded = from.boarded();
  to.departure_unix_seconds = from.departure_time().seconds();
  to.drop_unix_seconds = from.drop_time().seconds();
  to.revision = from.revision();
  return to;
}

FlightManifest from_wire(const v1::GetFlightResponse& from) {
  FlightManifest to{from_wire(from.summary()), {}};
  for (const v1::ManifestPassenger& passenger : from.passengers()) {
    to.passengers.push_back(from_wire(passenger));
  }
  return to;
}

FlightChange from_wire(const v1::WatchFlightResponse& from) {
  return {word_at(kEvents, from.event()), from.time().seconds(), from_wire(from.summary()),
          from.passenger_ref(),           from.seat(),           word_at(kActions, from.action())};
}

base::Result<LoadOutcome> from_wire(const v1::LoadFlightResponse& from) {
  LoadOutcome to;
  if (!read_record(from.record(), to.record)) {
    return base::fail(base::ErrorCode::kInternal, "the server's answer names no record", "record");
  }
  to.flight = from_wire(from.flight());
  to.added = from.added();
  to.changed = from.changed();
  to.removed = from.removed();
  to.kept_boarded = from.kept_boarded();
  for (const v1::ListFinding& finding : from.findings()) {
    to.findings.push_back({finding.code(), finding.line()});
  }
  to.replayed = from.replayed();
  return to;
}

base::Result<DecisionOutcome> from_wire(const v1::RecordDecisionResponse& from) {
  DecisionOutcome to;
  if (!read_record(from.record(), to.record)) {
    return base::fail(base::ErrorCode::kInternal, "the server's answer names no record", "record");
  }
  to.boarded = from.boarded();
  if (from.has_undo_until()) to.undo_until_unix_seconds = from.undo_until().seconds();
  to.replayed = from.replayed();
  return to;
}

v1::GetSuggestionRequest to_wire(const SuggestionLook& look) {
  v1::GetSuggestionRequest to;
  to.set_request_id(look.request_id);
  to.set_suggestion_request_id(look.suggestion_request_id);
  to.set_operator_id(look.operator_id);
  to.set_purpose(look.purpose == Purpose::kApiAccuracy ? v1::PURPOSE_API_ACCURACY
                                                       : v1::PURPOSE_BOARDING_CHECK);
  return to;
}

base::Result<Suggestion> from_wire(const v1::GetSuggestionResponse& from) {
  auto answer = from_wire(from.suggestion());
  if (!answer) return tl::unexpected(answer.error());
  Suggestion to;
  to.answer = *std::move(answer);
  if (!read_record(from.record(), to.look)) {
    return base::fail(base::ErrorCode::kInternal, "the server's answer names no record", "record");
  }
  to.unix_seconds = from.time().seconds();
  to.station = from.station();
  to.flight = {from.flight().carrier(), from.flight().flight_number(),
               from.flight().departure_date(), from.flight().from()};
  to.booked_name = base::PersonalText(from.booked_name());
  return to;
}

void write_booking(const BookingReference& from, v1::VerifyRequest* to) {
  if (from.locator.empty() && from.seat.empty() && from.ticket.empty() && from.sequence.empty()) {
    return;
  }
  v1::BookingReference* booking = to->mutable_booking();
  booking->set_locator(from.locator);
  booking->set_sequence(from.sequence);
  booking->set_seat(from.seat);
  booking->set_ticket(from.ticket);
}

void read_flight_part(const v1::VerifyResponse& from, Answer& to) {
  if (from.has_passenger()) {
    JudgedPassenger& passenger = to.passenger.emplace();
    passenger.passenger_ref = from.passenger().passenger_ref();
    passenger.seat = from.passenger().seat();
    passenger.sequence = from.passenger().sequence();
    if (from.passenger().has_boarded_at()) {
      passenger.boarded_unix_seconds = from.passenger().boarded_at().seconds();
    }
  }
  if (from.has_resolution()) {
    const v1::Resolution& resolved = from.resolution();
    to.resolution = Resolution{resolved.decision_request_id(),
                               resolved.time().seconds(),
                               resolved.operator_pseudonym(),
                               resolved.station(),
                               value_at(kReasons, resolved.reason()),
                               value_at(kEvidence, resolved.evidence()),
                               {resolved.codes().begin(), resolved.codes().end()}};
  }
}

}  // namespace paxid::sdk
