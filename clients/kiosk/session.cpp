#include "clients/kiosk/session.h"

#include <algorithm>
#include <utility>

#include "clients/reader/claims.h"

namespace paxid::kiosk {
namespace {

using base::ErrorCode;
using reader::ScanKind;
using verification::Verdict;

constexpr std::string_view kLanguagePrefix = "language:";
// Between two keys of a device that types as slowly as people.
constexpr Milliseconds kLetterGap{400};

base::Message message(std::string_view key, std::vector<base::Argument> arguments = {}) {
  return {key, std::move(arguments), {}};
}

struct Words {
  std::string_view title;
  std::string_view text;
};

Words words_of(Screen screen) {
  switch (screen) {
    case Screen::kWelcome:
      return {"KIOSK_WELCOME", "KIOSK_WELCOME_HOW"};
    case Screen::kPass:
      return {"KIOSK_SCAN_PASS", "KIOSK_SCAN_PASS_HOW"};
    case Screen::kDocument:
      return {"KIOSK_SCAN_DOCUMENT", "KIOSK_SCAN_DOCUMENT_HOW"};
    case Screen::kChecking:
      return {"KIOSK_CHECKING", "KIOSK_CHECKING_HOW"};
    case Screen::kGoOn:
      return {"KIOSK_GO_ON", "KIOSK_GO_ON_HOW"};
    case Screen::kColleague:
      return {"KIOSK_COLLEAGUE", "KIOSK_COLLEAGUE_PLAIN"};
  }
  return {};
}

// Speech would read a code as a word.
std::string spelled(std::string_view code) {
  std::string text;
  for (const char c : code) text += (text.empty() ? "" : ", ") + std::string(1, c);
  return text;
}

}  // namespace

std::string_view name_of(Screen screen) {
  switch (screen) {
    case Screen::kWelcome:
      return "welcome";
    case Screen::kPass:
      return "pass";
    case Screen::kDocument:
      return "document";
    case Screen::kChecking:
      return "checking";
    case Screen::kGoOn:
      return "go_on";
    case Screen::kColleague:
      return "colleague";
  }
  return {};
}

std::string spoken(const View& view) {
  std::string text;
  const auto say = [&](const std::string& part) {
    if (part.empty()) return;
    text += (text.empty() ? "" : "\n") + part;
  };
  const auto render = [&](const base::Message& one) {
    return one.empty() ? std::string() : messages::render(one, view.language);
  };
  say(render(view.notice));
  say(render(view.title));
  say(render(view.text));
  if (!view.code.empty()) {
    say(render(message("KIOSK_CODE_IS", {{"code", base::PersonalText(spelled(view.code))}})));
  }
  for (const Button& button : view.buttons) {
    say(messages::text_of(button.label, button.language.value_or(view.language)));
  }
  return text;
}

Session::Session(SessionOptions options)
    : options_(std::move(options)), language_(options_.language) {}

std::vector<Effect> Session::take_effects() { return std::exchange(effects_, {}); }

// --- what is presented

void Session::scan(const Scan& scan, base::Date today, Milliseconds now) {
  stir(now);
  if (screen_ == Screen::kChecking) return;
  notice_ = {};
  if (screen_ == Screen::kGoOn || screen_ == Screen::kColleague) {
    // The next passenger. A document may still lie on the reader, or a pass be held before it.
    if (scan.kind != ScanKind::kPass || answered_pass_.is_of(scan)) return;
    reset();
  }
  // A damaged text is tried again before the server is to make the best of it.
  if (scan.kind == ScanKind::kOther || (!scan.whole && misreads_ + 1 < kMaxMisreads)) {
    return misread(today);
  }
  add(scan, today);
}

void Session::misread(base::Date today) {
  if (screen_ == Screen::kWelcome) go_to(Screen::kPass);
  if (++misreads_ < kMaxMisreads) {
    notice_ = message("KIOSK_NOT_READ");
    return;
  }
  ask(today);
}

void Session::add(const Scan& scan, base::Date today) {
  misreads_ = 0;
  scan_date_ = today;
  (scan.kind == ScanKind::kPass ? pass_ : document_) = scan;
  focus_ = 0;
  if (pass_ && document_) return ask(today);
  go_to(pass_ ? Screen::kDocument : Screen::kPass);
}

// What there is goes on record, be it only a half: then the code leads somewhere.
void Session::ask(base::Date today) {
  if (!pass_ && !document_) return send_to_colleague();
  sdk::Request request;
  code_ = options_.new_code();
  ++codes_;
  request.request_id = sdk::request_id_of_referral(code_);
  request.channel = sdk::Channel::kKiosk;
  request.station = options_.station;
  request.claims = reader::claims_of(pass_, document_, scan_date_.value_or(today));
  asking_ = request;
  focus_ = 0;
  go_to(Screen::kChecking);
  effects_.push_back(Ask{std::move(request)});
}

void Session::answer(const std::string& request_id, const base::Result<sdk::Answer>& answer,
                     Milliseconds now) {
  if (!asking_ || asking_->request_id != request_id) return;
  last_input_ = now;
  now_ = now;
  const bool code_was_used = !answer && answer.error().code == ErrorCode::kAlreadyExists;
  if (code_was_used && codes_ < kMaxCodes) return ask(*scan_date_);
  // Without an answer there may be a record all the same: the code is worth a try.
  const bool recorded = answer || answer.error().code == ErrorCode::kUnavailable;
  const std::string code = recorded ? code_ : std::string();
  const auto pass = pass_ ? reader::ScanMark(*pass_) : reader::ScanMark();
  const bool matches = answer && answer->report.verdict == Verdict::kMatch;
  forget_passenger();
  answered_pass_ = pass;
  if (!matches) code_ = code;
  go_to(matches ? Screen::kGoOn : Screen::kColleague);
}

void Session::send_to_colleague() {
  forget_passenger();
  go_to(Screen::kColleague);
}

void Session::go_to(Screen screen) {
  if (screen_ != screen) changed_at_ = now_;
  screen_ = screen;
}

// --- what is pressed

std::vector<Button> Session::buttons() const {
  const Button say_again{"say_again", "KIOSK_SAY_AGAIN"};
  std::vector<Button> buttons;
  if (asks_for_more_time_) {
    return {{"more_time", "KIOSK_MORE_TIME"}, {"start_again", "KIOSK_START_AGAIN"}};
  }
  switch (screen_) {
    case Screen::kWelcome:
      for (const messages::Language language : messages::languages()) {
        buttons.push_back({std::string(kLanguagePrefix) + std::string(messages::tag_of(language)),
                           "KIOSK_LANGUAGE", language});
      }
      buttons.push_back({"help", "KIOSK_HELP"});
      break;
    case Screen::kPass:
    case Screen::kDocument:
      buttons = {{"help", "KIOSK_HELP"}, {"start_again", "KIOSK_START_AGAIN"}};
      break;
    case Screen::kChecking:
      return {};
    case Screen::kGoOn:
    case Screen::kColleague:
      buttons = {{"finish", "KIOSK_FINISH"}};
      break;
  }
  if (options_.speaks) buttons.push_back(say_again);
  return buttons;
}

void Session::press(std::string_view button, Milliseconds now) {
  const std::vector<Button> there = buttons();
  const bool is_there =
      std::any_of(there.begin(), there.end(), [&](const Button& one) { return one.id == button; });
  if (!is_there) return;
  const bool too_soon = changed_at_ && now - *changed_at_ < options_.settle_after;
  stir(now);
  if (too_soon) return;
  if (button == "say_again") {
    effects_.emplace_back(std::in_place_type<SayAgain>);
  } else if (button == "start_again" || button == "finish") {
    reset();
  } else if (button == "help") {
    ask(scan_date_.value_or(base::Date{}));
  } else if (button.starts_with(kLanguagePrefix)) {
    language_ = *messages::language_from(button.substr(kLanguagePrefix.size()));
    focus_ = 0;
    go_to(Screen::kPass);
  }
}

void Session::press_focused(Milliseconds now) {
  const std::vector<Button> there = buttons();
  if (focus_ < there.size()) return press(there[focus_].id, now);
  stir(now);
}

void Session::move_focus(int steps, Milliseconds now) {
  now_ = now;
  // The question stays, and its time begins anew.
  last_input_ = asks_for_more_time_ ? now - options_.ask_after : now;
  const auto count = static_cast<int>(buttons().size());
  if (count == 0) return;
  const int place = (static_cast<int>(focus_) + steps % count + count) % count;
  focus_ = static_cast<std::size_t>(place);
}

void Session::type(std::string_view text, Milliseconds now) {
  for (const char c : text) {
    const bool presses = c == '\r' || c == ' ';
    const bool moves = c == '\t';
    const bool of_a_text = last_letter_ && now - *last_letter_ <= kLetterGap;
    if (!presses && !moves) last_letter_ = now;
    if (of_a_text || !(presses || moves)) {
      stir(now);
    } else {
      presses ? press_focused(now) : move_focus(1, now);
    }
  }
}

// --- time

void Session::stir(Milliseconds now) {
  last_input_ = now;
  now_ = now;
  if (!std::exchange(asks_for_more_time_, false)) return;
  changed_at_ = now;
  focus_ = 0;
}

void Session::tick(Milliseconds now) {
  now_ = now;
  if (screen_ == Screen::kChecking) return;
  const bool at_rest =
      screen_ == Screen::kWelcome && language_ == options_.language && notice_.empty();
  if (at_rest) return;
  const Milliseconds idle = now - last_input_;
  if (idle >= options_.ask_after + options_.forget_after) return reset();
  if (idle < options_.ask_after || std::exchange(asks_for_more_time_, true)) return;
  changed_at_ = now;
  focus_ = 0;
}

// --- what is kept

void Session::forget_passenger() {
  pass_.reset();
  document_.reset();
  scan_date_.reset();
  asking_.reset();
  answered_pass_ = {};
  code_.clear();
  misreads_ = 0;
  codes_ = 0;
  notice_ = {};
  focus_ = 0;
}

void Session::reset() {
  forget_passenger();
  effects_.emplace_back(std::in_place_type<Forget>);
  language_ = options_.language;
  asks_for_more_time_ = false;
  go_to(Screen::kWelcome);
}

bool Session::is_blank() const {
  return !pass_ && !document_ && !scan_date_ && !asking_ && answered_pass_.empty() &&
         code_.empty() && misreads_ == 0 && codes_ == 0 && notice_.empty() &&
         language_ == options_.language && screen_ == Screen::kWelcome;
}

// --- what there is to see

View Session::view() const {
  View view;
  view.screen = screen_;
  view.language = language_;
  view.code = code_;
  if (screen_ == Screen::kChecking) view.code.clear();
  view.buttons = buttons();
  view.focus = focus_;
  if (asks_for_more_time_) {
    const auto left = options_.ask_after + options_.forget_after - (now_ - last_input_);
    view.seconds = std::max<std::int64_t>((left.count() + 999) / 1'000, 0);
    view.title = message("KIOSK_STILL_THERE");
    view.text = message("KIOSK_MORE_TIME_HOW", {{"seconds", *view.seconds}});
    return view;
  }
  const Words words = words_of(screen_);
  view.title = message(words.title);
  view.text = message(words.text);
  if (screen_ == Screen::kColleague && !code_.empty()) view.text = message("KIOSK_COLLEAGUE_HOW");
  view.notice = notice_;
  const bool closed = screen_ == Screen::kWelcome && !answers_;
  if (closed) view.notice = message("KIOSK_CLOSED");
  return view;
}

}  // namespace paxid::kiosk
