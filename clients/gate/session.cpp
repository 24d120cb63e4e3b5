#include "clients/gate/session.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/utf8.h"
#include "clients/reader/claims.h"
#include "clients/sdk/referral.h"

namespace paxid::gate {
namespace {

using base::ErrorCode;
using base::PersonalText;
using reader::claims_of;
using reader::DocumentFace;
using reader::face_of_document;
using reader::face_of_pass;
using reader::PassFace;
using sdk::AcceptReason;
using sdk::DecisionAction;
using sdk::EvidenceType;
using verification::Verdict;

constexpr std::size_t kMaxOperatorId = 64;
constexpr std::size_t kMaxEntryBytes = 64;

struct Choice {
  std::string_view label;
  AcceptReason reason;
  EvidenceType evidence;
};
constexpr std::array kEvidence{
    Choice{"EVIDENCE_CIVIL_STATUS_CERTIFICATE", AcceptReason::kNameChange,
           EvidenceType::kCivilStatusCertificate},
    Choice{"EVIDENCE_NAME_CHANGE_DEED", AcceptReason::kNameChange, EvidenceType::kNameChangeDeed},
    Choice{"EVIDENCE_USAGE_NAME_LINE", AcceptReason::kNameChange, EvidenceType::kUsageNameLine},
    Choice{"EVIDENCE_SECOND_DOCUMENT", AcceptReason::kNameChange, EvidenceType::kSecondDocument},
    Choice{"EVIDENCE_EARLIER_DOCUMENT", AcceptReason::kNameChange, EvidenceType::kEarlierDocument},
    Choice{"EVIDENCE_CARRIER_CONFIRMATION", AcceptReason::kNameChange,
           EvidenceType::kCarrierConfirmation},
};
constexpr std::array kReasons{
    Choice{"ACCEPTED_FOR_TRANSLITERATION", AcceptReason::kTransliteration, EvidenceType::kNone},
    Choice{"ACCEPTED_FOR_DATA_CORRECTION", AcceptReason::kDataCorrection, EvidenceType::kNone},
    Choice{"ACCEPTED_FOR_MISREAD", AcceptReason::kMisread, EvidenceType::kNone},
    Choice{"ACCEPTED_FOR_REBOARDING", AcceptReason::kReboarding, EvidenceType::kNone},
};

// Reasons that speak of somebody else on board.
constexpr std::array<std::string_view, 5> kOfOthers{
    "DOCUMENT_OF_PEER", "SAME_NAME_PEER", "SURNAME_SHARED", "SEAT_TAKEN", "DOCUMENT_ALREADY_USED"};
// And one that speaks of the device.
constexpr std::string_view kClockIsWrong = "CLOCK_SKEW";

// What the server's refusals are called at the gate; others are named as they are.
struct Refusal {
  std::string_view reason;
  std::string_view message;
};
constexpr std::array kRefusals{
    Refusal{"ALREADY_BOARDED", "GATE_ALREADY_BOARDED"},
    Refusal{"DOCUMENT_ALREADY_USED", "DOCUMENT_ALREADY_USED"},
    Refusal{"DECISION_PENDING", "GATE_ALREADY_BOARDED"},
    Refusal{"SECOND_PERSON_NEEDED", "GATE_SECOND_PERSON_NEEDED"},
    Refusal{"SUGGESTION_TOO_OLD", "GATE_TOO_OLD"},
    Refusal{"TOO_LATE_TO_UNDO", "GATE_TOO_LATE_TO_UNDO"},
    Refusal{"SUGGESTION_UNKNOWN", "GATE_CODE_UNKNOWN"},
    Refusal{"USE_RESTRICTED", "GATE_CODE_UNKNOWN"},  // the queue sees the screen
};

base::Message message(std::string_view key, std::vector<base::Argument> arguments = {}) {
  return {key, std::move(arguments), {}};
}

base::Message refusal_notice(const base::Error& error) {
  const std::string reason = error.message.substr(0, error.message.find(':'));
  for (const Refusal& known : kRefusals) {
    if (known.reason == reason) return message(known.message);
  }
  if (error.code == ErrorCode::kPermissionDenied) return message("GATE_NO_RIGHT");
  return message("GATE_REFUSED", {{"reason", PersonalText(reason)}});
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool holds(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

void take_last_character(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
}

ListRow row_of(const sdk::FlightPassenger& passenger) {
  return {passenger.passenger_ref,
          passenger.booking_name,
          passenger.seat,
          passenger.boarded_unix_seconds.has_value(),
          {passenger.locator, passenger.sequence, passenger.seat, passenger.ticket}};
}

bool is_same(const sdk::FlightKey& a, const sdk::FlightKey& b) {
  return std::tie(a.carrier, a.flight_number, a.departure_date, a.from) ==
         std::tie(b.carrier, b.flight_number, b.departure_date, b.from);
}

bool says(const sdk::Answer& answer, std::string_view code) {
  return std::any_of(answer.report.reasons.begin(), answer.report.reasons.end(),
                     [code](const verification::Reason& reason) { return reason.code == code; });
}

Agreement agreement(const sdk::Answer& answer, std::string_view equal, std::string_view unclear,
                    std::string_view differs) {
  if (says(answer, differs)) return Agreement::kDiffers;
  if (!unclear.empty() && says(answer, unclear)) return Agreement::kUnclear;
  return says(answer, equal) ? Agreement::kAgrees : Agreement::kNotKnown;
}

std::string argument_of(const base::Message& text, std::string_view name) {
  for (const base::Argument& argument : text.arguments) {
    if (argument.name != name) continue;
    if (const auto* value = std::get_if<PersonalText>(&argument.value)) return value->reveal();
  }
  return {};
}

}  // namespace

bool is_operator_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxOperatorId &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

Session::Session(SessionOptions options) : options_(std::move(options)) {}

std::vector<Effect> Session::take_effects() { return std::exchange(effects_, {}); }

// --- scans

void Session::scan(const Scan& scan, base::Date today, Milliseconds now) {
  last_input_ = now;
  switch (stage_) {
    case Stage::kLogIn:
    case Stage::kSupervisor:
      // A badge is scanned like everything else. A passenger's code is nobody's badge.
      if (scan.kind != ScanKind::kOther || sdk::referral_code_from(scan.text.reveal())) return;
      entry_ = scan.text.reveal();
      return enter();
    case Stage::kFlights:
    case Stage::kAsking:
    case Stage::kDeciding:
    case Stage::kSilent:
      return;
    default:
      break;
  }
  if (scan.kind == ScanKind::kOther) {
    if (const auto code = sdk::referral_code_from(scan.text.reveal())) return look(*code);
    notice_ = message("GATE_NOT_READ");
    return;
  }
  const bool begins = stage_ == Stage::kReady || stage_ == Stage::kDone ||
                      (stage_ != Stage::kHalf && (referred_ || scan.kind == began_with_));
  if (begins) {
    begin_passenger(scan, today);
  } else {
    add(scan, today);
  }
}

void Session::begin_passenger(const Scan& scan, base::Date today) {
  const bool undecided = answer_.has_value() && stage_ != Stage::kDone;
  const PersonalText before = passenger_;
  forget_passenger();
  if (undecided) notice_ = message("GATE_NOT_DECIDED", {{"name", before}});
  began_with_ = scan.kind;
  entry_.clear();
  add(scan, today);
}

void Session::add(const Scan& scan, base::Date today) {
  scan_date_ = today;
  (scan.kind == ScanKind::kPass ? pass_ : document_) = scan;
  if (scan.kind == ScanKind::kPass) booking_.reset();
  name_passenger(today);
  if ((pass_ || booking_) && document_) {
    ask();
  } else {
    stage_ = Stage::kHalf;
  }
}

void Session::name_passenger(base::Date today) {
  if (document_) {
    const DocumentFace face = face_of_document(*document_, today);
    document_has_expiry_ = face.has_expiry;
    if (!booking_ && !pass_) passenger_ = face.name;
  }
  if (pass_) {
    const PassFace face = face_of_pass(*pass_, today);
    passenger_ = face.name;
    seat_ = face.seat;
  }
}

void Session::forget_passenger() {
  referred_ = false;
  looking_.reset();
  pass_.reset();
  document_.reset();
  booking_.reset();
  passenger_ = {};
  seat_.clear();
  answer_.reset();
  face_checked_ = false;
  details_ = false;
  second_operator_id_.clear();
  asking_.reset();
  notice_ = {};
  document_has_expiry_ = false;
}

// --- the server

void Session::ask() {
  sdk::Request request;
  request.request_id = options_.new_request_id();
  request.channel = sdk::Channel::kGate;
  request.station = flight_->flight.from;
  request.flight = {flight_->flight.carrier,
                    flight_->flight.flight_number,
                    base::parse_iso_date(flight_->flight.departure_date),
                    flight_->flight.from,
                    {}};
  request.claims = claims_of(pass_, document_, scan_date_);
  if (booking_) request.booking = *booking_;
  answer_.reset();
  face_checked_ = false;
  details_ = false;
  second_operator_id_.clear();
  asking_ = request;
  stage_ = Stage::kAsking;
  effects_.push_back(AskVerdict{std::move(request)});
}

void Session::answer(const std::string& request_id, base::Result<sdk::Answer> answer) {
  if (!asking_ || asking_->request_id != request_id) return;
  under_way_ = false;
  if (!answer && answer.error().code == ErrorCode::kUnavailable) return fall_silent();
  asking_.reset();
  if (!answer) {
    const base::Message why = refusal_notice(answer.error());
    forget_passenger();
    notice_ = why;
    stage_ = Stage::kReady;
    return;
  }
  show_verdict(*std::move(answer));
}

void Session::show_verdict(sdk::Answer answer) {
  answer_ = std::move(answer);
  if (answer_->passenger && !answer_->passenger->seat.empty()) seat_ = answer_->passenger->seat;
  stage_ = Stage::kVerdict;
  const Verdict verdict = answer_->report.verdict;
  effects_.push_back(PlayTone{verdict == Verdict::kMatch    ? Tone::kMatch
                              : verdict == Verdict::kReview ? Tone::kReview
                                                            : Tone::kMismatch});
}

// A kiosk has sent the passenger here: what it was answered.
void Session::look(const std::string& referral_code) {
  const bool undecided = answer_.has_value() && stage_ != Stage::kDone;
  const PersonalText before = passenger_;
  forget_passenger();
  if (undecided) notice_ = message("GATE_NOT_DECIDED", {{"name", before}});
  entry_.clear();
  sdk::SuggestionLook wanted{options_.new_request_id(), sdk::request_id_of_referral(referral_code),
                             operator_id_};
  looking_ = wanted;
  stage_ = Stage::kAsking;
  effects_.push_back(AskSuggestion{std::move(wanted)});
}

void Session::suggestion(const std::string& request_id, base::Result<sdk::Suggestion> suggestion) {
  if (!looking_ || looking_->request_id != request_id) return;
  under_way_ = false;
  if (!suggestion && suggestion.error().code == ErrorCode::kUnavailable) return fall_silent();
  looking_.reset();
  if (!suggestion) {
    const base::Message why = refusal_notice(suggestion.error());
    forget_passenger();
    notice_ = why;
    stage_ = Stage::kReady;
    return;
  }
  referred_ = true;
  passenger_ = suggestion->booked_name;
  show_verdict(std::move(suggestion->answer));
  const sdk::FlightKey& of = suggestion->flight;
  if (!of.carrier.empty() && !is_same(of, flight_->flight)) {
    notice_ = message("GATE_REFERRED_OTHER_FLIGHT",
                      {{"flight", PersonalText(of.carrier + " " + of.flight_number)},
                       {"date", PersonalText(of.departure_date)}});
  } else if (notice_.empty()) {
    notice_ = message("GATE_REFERRED");
  }
}

void Session::fall_silent() {
  call_again_.stop();
  answers_ = false;
  if (stage_ == Stage::kSilent) return;
  stage_ = Stage::kSilent;
  effects_.push_back(PlayTone{Tone::kSilent});
}

// The very same call: the server keeps one record of it, however often it comes.
void Session::call_again() {
  under_way_ = true;
  if (deciding_) {
    effects_.push_back(RecordDecision{*deciding_});
  } else if (asking_) {
    effects_.push_back(AskVerdict{*asking_});
  } else if (looking_) {
    effects_.push_back(AskSuggestion{*looking_});
  }
}

void Session::send_left_behind() {
  for (const sdk::Decision& one : left_behind_) effects_.push_back(RecordDecision{one});
}

void Session::repeat() {
  if (stage_ == Stage::kSilent) stage_ = deciding_ ? Stage::kDeciding : Stage::kAsking;
  call_again();
}

void Session::health(bool answers) {
  const bool back = answers && !answers_;
  answers_ = answers;
  if (!back) return;
  if (stage_ == Stage::kSilent) repeat();
  send_left_behind();
  ask_list();
}

void Session::ask_list() {
  list_missing_ = false;
  if (stage_ == Stage::kFlights) effects_.push_back(AskFlights{});
  if (flight_ && stage_ != Stage::kLogIn) effects_.push_back(OpenFlight{flight_->flight});
}

void Session::flights(const base::Result<std::vector<sdk::FlightSummary>>& flights) {
  if (stage_ != Stage::kFlights) return;
  if (!flights) {
    list_missing_ = flights.error().code == ErrorCode::kUnavailable;
    if (!list_missing_) notice_ = refusal_notice(flights.error());
    return;
  }
  notice_ = {};
  known_flights_ = *flights;
  selected_ = 0;
}

void Session::manifest(const base::Result<sdk::FlightManifest>& manifest) {
  if (!flight_ || stage_ == Stage::kLogIn) return;
  if (!manifest) {
    list_missing_ = manifest.error().code == ErrorCode::kUnavailable;
    if (!list_missing_) notice_ = refusal_notice(manifest.error());
    return;
  }
  flight_ = manifest->summary;
  rows_.clear();
  for (const sdk::FlightPassenger& passenger : manifest->passengers) {
    rows_.push_back(row_of(passenger));
  }
}

void Session::change(const sdk::FlightChange& change) {
  if (!flight_ || stage_ == Stage::kLogIn) return;
  flight_ = change.summary;
  // New passengers have names, which a change does not tell.
  if (change.event == "loaded") effects_.push_back(OpenFlight{flight_->flight});
  for (ListRow& row : rows_) {
    if (row.passenger_ref != change.passenger_ref) continue;
    if (change.event == "boarded") row.boarded = true;
    if (change.event == "undone") row.boarded = false;
  }
}

// --- decisions

void Session::accept(AcceptReason reason, EvidenceType evidence) {
  if (is_second_person_missing()) {
    notice_ = message("GATE_SECOND_PERSON_NEEDED");
    return;
  }
  decide(DecisionAction::kAccept, reason, evidence);
}

bool Session::is_second_person_missing() const {
  return answer_->report.verdict == Verdict::kMismatch && second_operator_id_.empty();
}

void Session::decide(DecisionAction action, AcceptReason reason, EvidenceType evidence) {
  const bool boards = action == DecisionAction::kConfirm || action == DecisionAction::kAccept;
  if (boards && !face_checked_) {
    stage_ = Stage::kVerdict;
    notice_ = message("GATE_FACE_FIRST");
    return;
  }
  sdk::Decision decision;
  decision.request_id = options_.new_request_id();
  decision.decided_request_id = answer_->request_id;
  decision.action = action;
  decision.reason = reason;
  decision.evidence = evidence;
  decision.face_checked = face_checked_;
  decision.operator_id = operator_id_;
  if (boards) decision.second_operator_id = second_operator_id_;
  deciding_ = decision;
  stage_ = Stage::kDeciding;
  effects_.push_back(RecordDecision{std::move(decision)});
}

void Session::undo() {
  sdk::Decision decision;
  decision.request_id = options_.new_request_id();
  decision.decided_request_id = undo_->decision_request_id;
  decision.action = DecisionAction::kUndo;
  decision.operator_id = operator_id_;
  deciding_ = decision;
  stage_ = Stage::kDeciding;
  effects_.push_back(RecordDecision{std::move(decision)});
}

void Session::recorded(const std::string& request_id,
                       const base::Result<sdk::DecisionOutcome>& outcome, Milliseconds now) {
  const auto left =
      std::find_if(left_behind_.begin(), left_behind_.end(),
                   [&](const sdk::Decision& one) { return one.request_id == request_id; });
  if (left != left_behind_.end()) {
    if (outcome || outcome.error().code != ErrorCode::kUnavailable) left_behind_.erase(left);
    return;
  }
  if (!deciding_ || deciding_->request_id != request_id) return;
  under_way_ = false;
  if (!outcome && outcome.error().code == ErrorCode::kUnavailable) return fall_silent();
  const sdk::Decision decision = *std::exchange(deciding_, std::nullopt);
  if (outcome) return settle(decision, *outcome, now);
  notice_ = refusal_notice(outcome.error());
  next_booking_.reset();
  if (decision.action == DecisionAction::kUndo) undo_.reset();
  stage_ = answer_ ? Stage::kVerdict : Stage::kReady;
}

void Session::settle(const sdk::Decision& decision, const sdk::DecisionOutcome& outcome,
                     Milliseconds now) {
  if (decision.action == DecisionAction::kUndo) {
    const PersonalText name = std::exchange(undo_, std::nullopt)->passenger;
    forget_passenger();
    notice_ = message("GATE_UNDONE", {{"name", name}});
    stage_ = Stage::kReady;
    return;
  }
  if (next_booking_) {  // whose document it is
    const std::optional<Scan> document = document_;
    const PersonalText name = next_passenger_;
    forget_passenger();
    document_ = document;
    booking_ = std::exchange(next_booking_, std::nullopt);
    passenger_ = name;
    name_passenger(scan_date_);
    notice_ = message("GATE_OTHER_OPENED", {{"name", name}});
    if (document_) return ask();
    stage_ = Stage::kHalf;  // a kiosk has read it, and keeps nothing
    return;
  }
  constexpr Milliseconds kUndoTime{30'000};
  if (outcome.undo_until_unix_seconds) {
    undo_ = Undo{decision.request_id, now + kUndoTime, passenger_};
  }
  notice_ = message(outcome.boarded                                ? "GATE_BOARDED"
                    : decision.action == DecisionAction::kHandOver ? "GATE_HANDED_OVER"
                                                                   : "GATE_RECORDED",
                    {{"name", passenger_}, {"seat", PersonalText(seat_)}});
  stage_ = Stage::kDone;
}

const ListRow* Session::peer() const {
  if (!answer_) return nullptr;
  for (const verification::Reason& reason : answer_->report.reasons) {
    if (reason.code != "DOCUMENT_OF_PEER") continue;
    const std::string name = argument_of(reason.text, "peer");
    const std::string seat = argument_of(reason.text, "seat");
    const ListRow* found = nullptr;
    for (const ListRow& row : rows_) {
      const bool same_seat = seat.empty() || row.seat.ends_with(seat);
      if (row.name.reveal() != name || !same_seat) continue;
      if (found != nullptr) return nullptr;  // two of one name: a person must look
      found = &row;
    }
    if (found != nullptr) return found;
  }
  return nullptr;
}

// This pass and this document do not belong together: that is put on record, then the passenger is
// judged whose document it is.
void Session::open_other_passenger() {
  const ListRow* row = peer();
  if (row == nullptr) {
    notice_ = message("GATE_PEER_NOT_FOUND");
    return;
  }
  next_booking_ = row->booking;
  next_passenger_ = row->name;
  decide(DecisionAction::kRefuse, AcceptReason::kNone, EvidenceType::kNone);
}

// --- keys

void Session::press(int function, Milliseconds now) {
  last_input_ = now;
  const std::vector<KeyCap> caps = keys();
  const auto found = std::find_if(
      caps.begin(), caps.end(), [function](const KeyCap& cap) { return cap.function == function; });
  if (found != caps.end()) act(*found, now);
}

void Session::act(const KeyCap& key, Milliseconds now) {
  switch (key.action) {
    case Action::kLock:
      return lock();
    case Action::kAskAgain:
      return repeat();
    case Action::kWithoutDocument:
      return ask();
    case Action::kUndo:
      if (undo_ && now < undo_->until) undo();
      return;
    case Action::kChoose: {
      const Choice& choice =
          (stage_ == Stage::kEvidence ? kEvidence.data() : kReasons.data())[key.choice];
      stage_ = Stage::kVerdict;
      return accept(choice.reason, choice.evidence);
    }
    case Action::kBack:
      break;
    default:
      return act_on_verdict(key.action);
  }
  entry_.clear();
  if (stage_ == Stage::kEvidence || stage_ == Stage::kReason || stage_ == Stage::kSupervisor) {
    stage_ = Stage::kVerdict;
  } else if (stage_ == Stage::kReady) {
    flight_.reset();
    rows_.clear();
    stage_ = Stage::kFlights;
    effects_.push_back(CloseFlight{});
    effects_.push_back(AskFlights{});
  } else {
    const bool undecided = stage_ == Stage::kVerdict;
    const PersonalText before = passenger_;
    forget_passenger();
    if (undecided) notice_ = message("GATE_NOT_DECIDED", {{"name", before}});
    stage_ = Stage::kReady;
  }
}

void Session::act_on_verdict(Action action) {
  notice_ = {};
  switch (action) {
    case Action::kDetails:
      details_ = !details_;
      return;
    case Action::kFace:
      face_checked_ = !face_checked_;
      return;
    case Action::kConfirm:
      return decide(DecisionAction::kConfirm, AcceptReason::kNone, EvidenceType::kNone);
    case Action::kSpelling:
      return accept(AcceptReason::kMinorSpelling, EvidenceType::kNone);
    case Action::kNickname:
      return accept(AcceptReason::kNickname, EvidenceType::kNone);
    case Action::kDesk:
      return decide(DecisionAction::kHandOver, AcceptReason::kNone, EvidenceType::kNone);
    case Action::kOtherPassenger:
      return open_other_passenger();
    case Action::kNameChange:
      stage_ = Stage::kEvidence;
      return;
    case Action::kOtherReason:
      stage_ = Stage::kReason;
      return;
    case Action::kSupervisor:
      entry_.clear();
      stage_ = Stage::kSupervisor;
      return;
    default:
      return;
  }
}

std::vector<KeyCap> Session::keys() const {
  const KeyCap back{kEscapeKey, Action::kBack, "GATE_KEY_BACK"};
  const KeyCap lock_key{12, Action::kLock, "GATE_KEY_LOCK"};
  const KeyCap undo_key{8, Action::kUndo, "GATE_KEY_UNDO"};
  std::vector<KeyCap> caps;
  const auto choices = [&](const auto& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const int place = static_cast<int>(i);
      caps.push_back({place + 1, Action::kChoose, list[i].label, place});
    }
    caps.push_back(back);
  };
  switch (stage_) {
    case Stage::kLogIn:
      return {};
    case Stage::kFlights:
      return {lock_key};
    case Stage::kReady:
    case Stage::kDone:
      if (undo_) caps.push_back(undo_key);
      caps.push_back(lock_key);
      caps.push_back(stage_ == Stage::kReady
                         ? KeyCap{kEscapeKey, Action::kBack, "GATE_KEY_OTHER_FLIGHT"}
                         : back);
      return caps;
    case Stage::kHalf:
      if (pass_) caps.push_back({11, Action::kWithoutDocument, "GATE_KEY_WITHOUT_DOCUMENT"});
      if (undo_) caps.push_back(undo_key);
      caps.push_back(lock_key);
      caps.push_back(back);
      return caps;
    case Stage::kEvidence:
      choices(kEvidence);
      return caps;
    case Stage::kReason:
      choices(kReasons);
      return caps;
    case Stage::kSupervisor:
      return {back};
    case Stage::kSilent:
      return {{1, Action::kAskAgain, "GATE_KEY_ASK_AGAIN"}, lock_key};
    case Stage::kAsking:
    case Stage::kDeciding:
      return {};
    case Stage::kVerdict:
      break;
  }
  const Verdict verdict = answer_->report.verdict;
  caps.push_back({1, Action::kDetails, "GATE_KEY_DETAILS"});
  if (verdict != Verdict::kMatch) {
    caps.push_back({2, Action::kSpelling, "ACCEPTED_FOR_MINOR_SPELLING"});
    caps.push_back({3, Action::kNickname, "ACCEPTED_FOR_NICKNAME"});
    caps.push_back({4, Action::kNameChange, "ACCEPTED_FOR_NAME_CHANGE"});
  }
  caps.push_back({5, Action::kDesk, "GATE_KEY_DESK"});
  if (says(*answer_, "DOCUMENT_OF_PEER")) {
    caps.push_back({6, Action::kOtherPassenger, "GATE_KEY_OTHER_PASSENGER"});
  }
  caps.push_back({7, Action::kFace, "GATE_KEY_FACE"});
  if (verdict == Verdict::kMatch) caps.push_back({9, Action::kConfirm, "GATE_KEY_CONFIRM"});
  if (verdict == Verdict::kMismatch) {
    caps.push_back({10, Action::kSupervisor, "GATE_KEY_SUPERVISOR"});
  }
  if (verdict != Verdict::kMatch) {
    caps.push_back({11, Action::kOtherReason, "GATE_KEY_OTHER_REASON"});
  }
  caps.push_back(lock_key);
  caps.push_back(back);
  return caps;
}

// --- typing and choosing

void Session::type(std::string_view text, Milliseconds now) {
  last_input_ = now;
  const bool takes_text = stage_ == Stage::kLogIn || stage_ == Stage::kSupervisor ||
                          stage_ == Stage::kFlights || stage_ == Stage::kReady ||
                          stage_ == Stage::kDone || stage_ == Stage::kHalf;
  if (!takes_text) return;
  while (!text.empty()) {
    const base::Utf8Step step = base::decode_utf8(text);
    if (step.code_point == U'\r' || step.code_point == U'\t') {
      enter();
    } else if (step.code_point == U'\b') {
      take_last_character(entry_);
    } else if (step.valid && step.code_point >= U' ' && entry_.size() < kMaxEntryBytes) {
      entry_ += text.substr(0, step.length);
      selected_ = 0;
    }
    text.remove_prefix(step.length);
  }
}

void Session::enter() {
  switch (stage_) {
    case Stage::kLogIn:
      return log_in(std::exchange(entry_, {}));
    case Stage::kSupervisor: {
      const std::string id = std::exchange(entry_, {});
      if (!is_operator_id(id) || id == operator_id_) {
        notice_ = message("GATE_SECOND_PERSON_OTHER");
        return;
      }
      second_operator_id_ = id;
      notice_ = {};
      stage_ = Stage::kVerdict;
      return;
    }
    case Stage::kFlights:
      return choose_flight();
    case Stage::kReady:
    case Stage::kDone:
    case Stage::kHalf:
      return pick_row();
    default:
      return;
  }
}

void Session::log_in(const std::string& id) {
  if (!is_operator_id(id)) {
    notice_ = message("GATE_OPERATOR_ID");
    return;
  }
  operator_id_ = id;
  notice_ = {};
  if (flight_) return open(flight_->flight);
  stage_ = Stage::kFlights;
  effects_.push_back(AskFlights{});
}

void Session::choose_flight() {
  const std::vector<std::size_t> shown = shown_rows();
  if (selected_ >= shown.size()) return;
  flight_ = known_flights_[shown[selected_]];
  open(flight_->flight);
}

void Session::open(const sdk::FlightKey& key) {
  entry_.clear();
  selected_ = 0;
  stage_ = Stage::kReady;
  effects_.push_back(OpenFlight{key});
}

// A passenger without a pass that can be read: the document is scanned next.
void Session::pick_row() {
  const std::vector<std::size_t> shown = shown_rows();
  if (shown.empty()) {
    if (const auto code = sdk::referral_code_from(entry_)) return look(*code);
  }
  if (entry_.empty() || selected_ >= shown.size()) return;
  const ListRow row = rows_[shown[selected_]];
  const std::optional<Scan> document = stage_ == Stage::kHalf ? document_ : std::nullopt;
  forget_passenger();
  entry_.clear();
  began_with_ = ScanKind::kPass;
  booking_ = row.booking;
  passenger_ = row.name;
  seat_ = row.seat;
  document_ = document;
  stage_ = Stage::kHalf;
  if (document_) ask();
}

std::vector<std::size_t> Session::shown_rows() const {
  std::vector<std::size_t> shown;
  if (stage_ == Stage::kFlights) {
    for (std::size_t i = 0; i < known_flights_.size(); ++i) {
      const sdk::FlightKey& key = known_flights_[i].flight;
      if (holds(key.carrier + key.flight_number + " " + key.from, entry_)) shown.push_back(i);
    }
    return shown;
  }
  const bool searching =
      stage_ == Stage::kReady || stage_ == Stage::kDone || stage_ == Stage::kHalf;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!searching || holds(rows_[i].name.reveal(), entry_) || holds(rows_[i].seat, entry_)) {
      shown.push_back(i);
    }
  }
  return shown;
}

void Session::move_selection(int rows, Milliseconds now) {
  last_input_ = now;
  const auto count = static_cast<int>(shown_rows().size());
  const int place = std::clamp(static_cast<int>(selected_) + rows, 0, std::max(count - 1, 0));
  selected_ = static_cast<std::size_t>(place);
}

// --- locking

void Session::lock() {
  if (deciding_) left_behind_.push_back(*std::exchange(deciding_, std::nullopt));
  under_way_ = false;
  forget_passenger();
  undo_.reset();
  rows_.clear();
  known_flights_.clear();
  next_booking_.reset();
  next_passenger_ = {};
  operator_id_.clear();
  entry_.clear();
  stage_ = Stage::kLogIn;
  effects_.push_back(CloseFlight{});
}

void Session::tick(Milliseconds now) {
  if (undo_ && now >= undo_->until) undo_.reset();
  if (stage_ == Stage::kSilent && !under_way_ && call_again_.is_due(now)) {
    call_again_.stop();
    call_again();
  }
  // A server that is only slow does not change its health.
  if (left_behind_.empty()) {
    send_left_again_.stop();
  } else if (send_left_again_.is_due(now)) {
    send_left_again_.start(now);
    send_left_behind();
  }
  if (!list_missing_) {
    list_again_.stop();
  } else if (list_again_.is_due(now)) {
    list_again_.stop();
    ask_list();
  }
  const bool waits = stage_ == Stage::kAsking || stage_ == Stage::kDeciding;
  if (stage_ != Stage::kLogIn && !waits && now - last_input_ >= options_.lock_after) lock();
}

// --- what there is to see

const sdk::Answer* Session::verdict() const {
  switch (stage_) {
    case Stage::kVerdict:
    case Stage::kEvidence:
    case Stage::kReason:
    case Stage::kSupervisor:
    case Stage::kDeciding:
      return answer_ ? &*answer_ : nullptr;
    default:
      return nullptr;
  }
}

Ticks Session::ticks() const {
  Ticks ticks;
  if (!answer_) return ticks;
  ticks.birth_date =
      agreement(*answer_, "BIRTH_DATE_EQUAL", "BIRTH_DATE_SLIP", "BIRTH_DATE_DIFFERS");
  ticks.sex = agreement(*answer_, "SEX_EQUAL", "", "SEX_DIFFERS");
  ticks.nationality = agreement(*answer_, "NATIONALITY_EQUAL", "", "NATIONALITY_DIFFERS");
  ticks.expiry = says(*answer_, "DOCUMENT_EXPIRED") ? Agreement::kDiffers
                 : says(*answer_, "SHORT_VALIDITY") ? Agreement::kUnclear
                 : document_has_expiry_             ? Agreement::kAgrees
                                                    : Agreement::kNotKnown;
  return ticks;
}

base::Message Session::instruction() const {
  switch (stage_) {
    case Stage::kLogIn:
      return message("GATE_LOG_IN");
    case Stage::kFlights:
      if (!known_flights_.empty()) return message("GATE_CHOOSE_FLIGHT");
      return message(answers_ ? "GATE_NO_FLIGHTS" : "GATE_SILENT_FLIGHTS");
    case Stage::kReady:
    case Stage::kDone:
      return message("GATE_READY");
    case Stage::kHalf:
      return message(pass_ || booking_ ? "GATE_SCAN_DOCUMENT" : "GATE_SCAN_PASS");
    case Stage::kAsking:
      return message("GATE_ASKING");
    case Stage::kVerdict:
      return answer_->report.sentence;
    case Stage::kEvidence:
      return message("GATE_EVIDENCE");
    case Stage::kReason:
      return message("GATE_REASON");
    case Stage::kSupervisor:
      return message("GATE_SUPERVISOR");
    case Stage::kDeciding:
      return message("GATE_DECIDING");
    case Stage::kSilent:
      return message(deciding_ ? "GATE_SILENT_DECISION" : "GATE_SILENT_VERDICT");
  }
  return {};
}

std::vector<base::Message> Session::warnings() const {
  std::vector<base::Message> warnings;
  const sdk::Answer* answer = verdict();
  if (answer == nullptr) return warnings;
  for (const verification::Reason& reason : answer->report.reasons) {
    const bool of_others =
        std::find(kOfOthers.begin(), kOfOthers.end(), reason.code) != kOfOthers.end();
    const bool warns = of_others || reason.code == kClockIsWrong;
    if (warns && reason.text != answer->report.sentence) warnings.push_back(reason.text);
  }
  return warnings;
}

}  // namespace paxid::gate
