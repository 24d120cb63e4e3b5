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
#include "clients/reader/scan_mark.h"
#include "clients/reader/wedge.h"
#include "clients/sdk/client.h"
#include "clients/sdk/referral.h"
#include "messages/catalogue.h"

// What happens at a kiosk, without a screen and without a network. It never refuses anybody: who
// may not simply go on is sent to a person, with a code that leads there to what was asked, and
// without a reason on a screen that others can see. docs/kiosk.md says it for those who set one up.
namespace paxid::kiosk {

using reader::Milliseconds;
using reader::Scan;

enum class Screen {
  kWelcome,    // which language; nothing of a passenger is kept
  kPass,       // the boarding pass is missing
  kDocument,   // the document is missing
  kChecking,   // the server compares
  kGoOn,       // nothing more to do
  kColleague,  // a person decides
};
inline constexpr std::array kScreens{Screen::kWelcome,  Screen::kPass, Screen::kDocument,
                                     Screen::kChecking, Screen::kGoOn, Screen::kColleague};
// "welcome", "pass", "document", "checking", "go_on", "colleague". Static lifetime.
std::string_view name_of(Screen screen);

// Something to be touched, or chosen with the arrow keys and Enter.
struct Button {
  std::string id;  // "language:de", "start_again", "help", "say_again", "more_time", "finish"
  std::string_view label;                                     // key of the message catalogues
  std::optional<messages::Language> language = std::nullopt;  // of the label, where it has its own
};

// What there is to see and to hear. Holds nothing of a passenger but the code.
struct View {
  Screen screen = Screen::kWelcome;
  messages::Language language = messages::Language::kEnglish;
  base::Message title;
  base::Message text;
  base::Message notice;  // what has just gone wrong; may be empty
  std::string code;      // of sdk::new_referral_code(); may be empty
  std::vector<Button> buttons;
  std::size_t focus = 0;                // into buttons
  std::optional<std::int64_t> seconds;  // until all is deleted; then the screen asks about it
};
// The whole of it, in the order in which it is read out; letters of a code one by one.
std::string spoken(const View& view);

// What is to be done outside. The outcome comes back by answer().
struct Ask {
  sdk::Request request;
};
struct Forget {};  // what has arrived of a scan
struct SayAgain {};
using Effect = std::variant<Forget, SayAgain, Ask>;

struct SessionOptions {
  messages::Language language = messages::Language::kEnglish;
  std::string station;  // IATA airport code, or empty
  bool speaks = false;  // offers to say it again
  // Without a key, a touch or a scan for so long, the screen asks; then it forgets.
  Milliseconds ask_after{45'000};
  Milliseconds forget_after{20'000};
  // For so long after another screen has come nothing is pressed: who taps twice, or has just begun
  // to tap, means what stood there before.
  Milliseconds settle_after{400};
  std::function<std::string()> new_code = sdk::new_referral_code;
};

// What cannot be read is tried again so often; then a person helps.
inline constexpr int kMaxMisreads = 3;
// With a code that another request has had before. A third one is a fault of something else.
inline constexpr int kMaxCodes = 3;

// One kiosk. Not thread-safe. `now` is the time of any clock that does not step back.
class Session {
 public:
  explicit Session(SessionOptions options);

  void scan(const Scan& scan, base::Date today, Milliseconds now);
  // Of the buttons that there are; else nothing happens.
  void press(std::string_view button, Milliseconds now);
  void move_focus(int steps, Milliseconds now);
  // Text that a person typed: Enter ('\r') and space press what has the focus, tab moves it. Right
  // behind other text they are the rest of a scan that came too slowly to be one.
  void type(std::string_view text, Milliseconds now);
  // Somebody is there.
  void stir(Milliseconds now);
  void answer(const std::string& request_id, const base::Result<sdk::Answer>& answer,
              Milliseconds now);
  void health(bool answers) { answers_ = answers; }
  void tick(Milliseconds now);

  std::vector<Effect> take_effects();
  View view() const;
  // Nothing of anybody is kept: neither scans nor their marks, a request, an answer or a code.
  bool is_blank() const;

 private:
  void press_focused(Milliseconds now);
  void go_to(Screen screen);
  void add(const Scan& scan, base::Date today);
  void misread(base::Date today);
  void ask(base::Date today);
  void send_to_colleague();
  void forget_passenger();
  void reset();
  std::vector<Button> buttons() const;

  SessionOptions options_;
  std::vector<Effect> effects_;
  Screen screen_ = Screen::kWelcome;
  messages::Language language_;
  bool answers_ = false;
  bool asks_for_more_time_ = false;
  Milliseconds last_input_{0};
  Milliseconds now_{0};
  std::optional<Milliseconds> changed_at_;   // another screen, or its question
  std::optional<Milliseconds> last_letter_;  // a key that does nothing
  std::size_t focus_ = 0;

  std::optional<Scan> pass_;
  std::optional<Scan> document_;
  std::optional<base::Date> scan_date_;
  int misreads_ = 0;
  int codes_ = 0;
  std::optional<sdk::Request> asking_;
  reader::ScanMark answered_pass_;  // so that it does not begin the next passenger
  std::string code_;
  base::Message notice_;
};

}  // namespace paxid::kiosk
