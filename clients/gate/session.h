#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/message.h"
#include "clients/reader/scan.h"
#include "clients/reader/wedge.h"
#include "clients/sdk/client.h"

// What happens at a gate, without a window and without a network: scans, keys and answers go in,
// calls and tones come out. docs/gate.md says it for those who work there.
namespace paxid::gate {

using reader::Milliseconds;
using reader::Scan;
using reader::ScanKind;

enum class Stage {
  kLogIn,       // nobody works here; nothing of a passenger is kept
  kFlights,     // which flight
  kReady,       // for the next passenger
  kHalf,        // the pass or the document is there, the other is missing
  kAsking,      // the server compares
  kVerdict,     // the server has answered; a person decides
  kEvidence,    // what was presented for a change of name
  kReason,      // why else it is accepted
  kSupervisor,  // who decides as the second person
  kDeciding,    // the decision goes on record
  kDone,        // it is on record
  kSilent,      // the server does not answer
};

// What a key does in a stage.
enum class Action {
  kDetails,
  kSpelling,
  kNickname,
  kNameChange,
  kDesk,
  kOtherPassenger,
  kFace,
  kUndo,
  kConfirm,
  kSupervisor,
  kOtherReason,
  kLock,
  kBack,
  kAskAgain,
  kWithoutDocument,
  kChoose,  // one of a list; KeyCap::choice says which
};

inline constexpr int kEscapeKey = 0;
struct KeyCap {
  int function = kEscapeKey;  // 1 to 12, or the escape key
  Action action = Action::kBack;
  std::string_view label;  // key of the message catalogues
  int choice = 0;
};

enum class Tone { kMatch, kReview, kMismatch, kSilent };

// What is to be done outside. The outcome comes back by the member function that is named.
struct AskFlights {};  // flights()
struct OpenFlight {    // manifest(), then change() until CloseFlight
  sdk::FlightKey key;
};
struct CloseFlight {};
struct AskVerdict {  // answer()
  sdk::Request request;
};
struct AskSuggestion {  // suggestion()
  sdk::SuggestionLook look;
};
struct RecordDecision {  // recorded()
  sdk::Decision decision;
};
struct PlayTone {
  Tone tone;
};
using Effect = std::variant<AskFlights, OpenFlight, CloseFlight, AskVerdict, AskSuggestion,
                            RecordDecision, PlayTone>;

// A passenger in the boarding list: name, seat, and whether he is on board.
struct ListRow {
  int passenger_ref = 0;
  base::PersonalText name;
  std::string seat;
  bool boarded = false;
  sdk::BookingReference booking;
};

// How a datum of the booking stands to that of the document.
enum class Agreement { kNotKnown, kAgrees, kUnclear, kDiffers };
struct Ticks {
  Agreement birth_date = Agreement::kNotKnown;
  Agreement sex = Agreement::kNotKnown;
  Agreement nationality = Agreement::kNotKnown;
  Agreement expiry = Agreement::kNotKnown;
};

struct SessionOptions {
  Milliseconds lock_after{180'000};
  std::function<std::string()> new_request_id = sdk::new_request_id;
};

// What a person at the device may be called (DecisionService).
bool is_operator_id(std::string_view text);

// One device at one gate. Not thread-safe. `now` is the time of any clock that does not step back.
class Session {
 public:
  explicit Session(SessionOptions options);

  // --- what happens
  void scan(const Scan& scan, base::Date today, Milliseconds now);
  // Text that a person typed; '\r' and '\t' enter it, '\b' takes one character away.
  void type(std::string_view text, Milliseconds now);
  void press(int function, Milliseconds now);
  void move_selection(int rows, Milliseconds now);
  void flights(const base::Result<std::vector<sdk::FlightSummary>>& flights);
  void manifest(const base::Result<sdk::FlightManifest>& manifest);
  void change(const sdk::FlightChange& change);
  void answer(const std::string& request_id, base::Result<sdk::Answer> answer);
  void suggestion(const std::string& request_id, base::Result<sdk::Suggestion> suggestion);
  void recorded(const std::string& request_id, const base::Result<sdk::DecisionOutcome>& outcome,
                Milliseconds now);
  void health(bool answers);
  // Time passes: locks, and ends what can be undone.
  void tick(Milliseconds now);

  std::vector<Effect> take_effects();

  // --- what there is to see
  Stage stage() const { return stage_; }
  const std::string& operator_id() const { return operator_id_; }
  const std::string& second_operator_id() const { return second_operator_id_; }
  const std::optional<sdk::FlightSummary>& flight() const { return flight_; }
  const std::vector<sdk::FlightSummary>& known_flights() const { return known_flights_; }
  // Of the list or of the flights, those that fit what was typed; places into them.
  std::vector<std::size_t> shown_rows() const;
  std::size_t selected() const { return selected_; }  // into shown_rows()
  const std::vector<ListRow>& rows() const { return rows_; }
  const std::string& entry() const { return entry_; }
  // Nothing but while a verdict is decided on.
  const sdk::Answer* verdict() const;
  bool details() const { return details_; }
  bool face_checked() const { return face_checked_; }
  Ticks ticks() const;
  // Who stands there, as far as pass, document or list say it.
  const base::PersonalText& passenger() const { return passenger_; }
  const std::string& seat() const { return seat_; }
  // What the person is to do now, what has just happened, and what speaks of other passengers.
  base::Message instruction() const;
  const base::Message& notice() const { return notice_; }
  std::vector<base::Message> warnings() const;
  bool answers() const { return answers_; }
  // The keys that do something now.
  std::vector<KeyCap> keys() const;

 private:
  // When what was asked in vain is asked for again: a server that is only slow is not told by its
  // connection.
  class Again {
   public:
    static constexpr Milliseconds kAfter{3'000};
    // Whether it is time; the first look begins to count.
    bool is_due(Milliseconds now) {
      if (!at_) start(now);
      return now >= *at_;
    }
    void start(Milliseconds now) { at_ = now + kAfter; }
    void stop() { at_.reset(); }

   private:
    std::optional<Milliseconds> at_;
  };
  struct Undo {
    std::string decision_request_id;
    Milliseconds until{0};
    base::PersonalText passenger;
  };

  void act(const KeyCap& key, Milliseconds now);
  void act_on_verdict(Action action);
  void enter();
  void log_in(const std::string& id);
  void lock();
  void choose_flight();
  void open(const sdk::FlightKey& key);
  void pick_row();
  void forget_passenger();
  void begin_passenger(const Scan& scan, base::Date today);
  void add(const Scan& scan, base::Date today);
  void name_passenger(base::Date today);
  void ask();
  void look(const std::string& referral_code);
  void show_verdict(sdk::Answer answer);
  void accept(sdk::AcceptReason reason, sdk::EvidenceType evidence);
  void decide(sdk::DecisionAction action, sdk::AcceptReason reason, sdk::EvidenceType evidence);
  void open_other_passenger();
  void undo();
  void settle(const sdk::Decision& decision, const sdk::DecisionOutcome& outcome, Milliseconds now);
  void fall_silent();
  void repeat();
  void call_again();
  void send_left_behind();
  void ask_list();
  bool is_second_person_missing() const;
  const ListRow* peer() const;

  SessionOptions options_;
  std::vector<Effect> effects_;
  Stage stage_ = Stage::kLogIn;
  std::string operator_id_;
  std::string entry_;
  Milliseconds last_input_{0};
  bool answers_ = false;

  std::vector<sdk::FlightSummary> known_flights_;
  std::optional<sdk::FlightSummary> flight_;
  std::vector<ListRow> rows_;
  std::size_t selected_ = 0;

  // The passenger who stands there.
  bool referred_ = false;  // came with the code of a kiosk
  std::optional<Scan> pass_;
  std::optional<Scan> document_;
  std::optional<sdk::BookingReference> booking_;  // picked from the list
  base::Date scan_date_{};
  bool document_has_expiry_ = false;
  ScanKind began_with_ = ScanKind::kPass;
  base::PersonalText passenger_;
  std::string seat_;
  std::optional<sdk::Answer> answer_;
  bool face_checked_ = false;
  bool details_ = false;
  std::string second_operator_id_;
  std::optional<sdk::BookingReference> next_booking_;  // to be opened with this document
  base::PersonalText next_passenger_;

  // Calls under way. Kept to be sent again, as the same call, when no answer came.
  std::optional<sdk::Request> asking_;
  std::optional<sdk::SuggestionLook> looking_;
  std::optional<sdk::Decision> deciding_;
  // Not yet recorded when the device was locked. They go on by themselves and never touch the
  // passenger who stands there now.
  std::vector<sdk::Decision> left_behind_;
  Again send_left_again_;
  bool under_way_ = false;     // one of them was sent and is not answered
  Again call_again_;           // of a silent server
  bool list_missing_ = false;  // of flights or passengers, asked for in vain
  Again list_again_;
  std::optional<Undo> undo_;
  base::Message notice_;
};

}  // namespace paxid::gate
