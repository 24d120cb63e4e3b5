#include "clients/kiosk/session.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/reader/specimens.h"

namespace paxid::kiosk {
namespace {

using base::ErrorCode;
using verification::Verdict;
using namespace reader::specimen;

// A kiosk and a hand that works it.
struct Kiosk {
  explicit Kiosk(SessionOptions options = {}) : session(numbered(std::move(options))) {
    session.health(true);
  }

  SessionOptions numbered(SessionOptions options) {
    options.new_code = [this] {
      return std::string(sdk::kReferralCodeLength - 1, 'B') + sdk::kReferralLetters[codes++];
    };
    return options;
  }

  void scan(const Scan& scan) { session.scan(scan, kToday, now); }
  // After the time for which nothing is pressed.
  void press(std::string_view button) {
    now += SessionOptions().settle_after;
    session.press(button, now);
  }
  void wait(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      now += Milliseconds(1'000);
      session.tick(now);
    }
  }
  Screen screen() const { return session.view().screen; }
  std::vector<std::string> buttons() const {
    std::vector<std::string> ids;
    for (const Button& button : session.view().buttons) ids.push_back(button.id);
    return ids;
  }
  // The newest request; an empty id: none.
  sdk::Request asked() {
    sdk::Request request;
    for (const Effect& effect : session.take_effects()) {
      if (const auto* ask = std::get_if<Ask>(&effect)) request = ask->request;
    }
    return request;
  }
  void answer(Verdict verdict) {
    sdk::Answer answer;
    answer.report.verdict = verdict;
    answer.report.sentence = {"SEX_DIFFERS", {}, {}};
    session.answer(asked().request_id, answer, now);
  }
  void fail(ErrorCode code) {
    session.answer(asked().request_id, tl::unexpected(base::Error{code, "X: x", {}}), now);
  }

  std::size_t codes = 0;
  Milliseconds now{5'000};
  Session session;
};

TEST(Kiosk, WhoMatchesMayGoOn) {
  Kiosk at;
  EXPECT_EQ(at.screen(), Screen::kWelcome);
  at.press("language:de");
  EXPECT_EQ(at.session.view().language, messages::Language::kGerman);
  EXPECT_EQ(at.screen(), Screen::kPass);
  at.scan(kPass);
  EXPECT_EQ(at.screen(), Screen::kDocument);
  at.scan(kDocument);
  EXPECT_EQ(at.screen(), Screen::kChecking);
  at.answer(Verdict::kMatch);
  EXPECT_EQ(at.screen(), Screen::kGoOn);
  EXPECT_TRUE(at.session.view().code.empty());
  at.press("finish");
  EXPECT_TRUE(at.session.is_blank());
}

TEST(Kiosk, AsksWithBothTextsAndAnIdThatTheCodeLeadsTo) {
  SessionOptions options;
  options.station = "FRA";
  Kiosk at(options);
  at.scan(kDocument);
  EXPECT_EQ(at.screen(), Screen::kPass);  // any order
  at.scan(kPass);
  const sdk::Request request = at.asked();
  EXPECT_EQ(request.claims.size(), 2U);
  EXPECT_EQ(request.station, "FRA");
  EXPECT_EQ(request.channel, sdk::Channel::kKiosk);
  EXPECT_EQ(request.request_id, sdk::request_id_of_referral("BBBBBBBBB"));
}

// Whatever is answered, nobody reads why, and nobody is refused.
TEST(Kiosk, EverythingButAMatchLeadsToAColleagueWithoutAReason) {
  for (const Verdict verdict : {Verdict::kReview, Verdict::kMismatch}) {
    Kiosk at;
    at.scan(kPass), at.scan(kDocument);
    at.answer(verdict);
    const View view = at.session.view();
    EXPECT_EQ(view.screen, Screen::kColleague);
    EXPECT_EQ(view.code, "BBBBBBBBB");
    EXPECT_EQ(view.title.key, "KIOSK_COLLEAGUE");
    EXPECT_TRUE(view.notice.empty());
  }
  for (const ErrorCode code :
       {ErrorCode::kUnavailable, ErrorCode::kInvalidArgument, ErrorCode::kPermissionDenied,
        ErrorCode::kResourceExhausted, ErrorCode::kInternal}) {
    Kiosk at;
    at.scan(kPass), at.scan(kDocument);
    at.fail(code);
    EXPECT_EQ(at.screen(), Screen::kColleague);
    // Only where a record may be.
    EXPECT_EQ(at.session.view().code.empty(), code != ErrorCode::kUnavailable);
  }
}

// Two verdicts that send to a person cannot be told apart on the screen.
TEST(Kiosk, ReviewAndMismatchLookTheSame) {
  std::set<std::string> seen;
  for (const Verdict verdict : {Verdict::kReview, Verdict::kMismatch}) {
    Kiosk at;
    at.scan(kPass), at.scan(kDocument), at.answer(verdict);
    seen.insert(spoken(at.session.view()));
  }
  EXPECT_EQ(seen.size(), 1U);
}

TEST(Kiosk, ACodeThatWasUsedIsReplaced) {
  Kiosk at;
  at.scan(kPass), at.scan(kDocument);
  for (int i = 1; i < kMaxCodes; ++i) {
    at.fail(ErrorCode::kAlreadyExists);
    EXPECT_EQ(at.screen(), Screen::kChecking);
  }
  const sdk::Request last = at.asked();
  EXPECT_EQ(last.request_id, sdk::request_id_of_referral("BBBBBBBBD"));
  EXPECT_EQ(last.claims.size(), 2U);
  at.session.answer(last.request_id,
                    tl::unexpected(base::Error{ErrorCode::kAlreadyExists, "X: x", {}}), at.now);
  EXPECT_EQ(at.screen(), Screen::kColleague);
  EXPECT_TRUE(at.session.view().code.empty());
}

TEST(Kiosk, WhatCannotBeReadIsTriedAgainThenAPersonHelps) {
  Kiosk nothing;
  for (int i = 1; i < kMaxMisreads; ++i) {
    nothing.scan(kBagTag);
    EXPECT_EQ(nothing.screen(), Screen::kPass);
    EXPECT_EQ(nothing.session.view().notice.key, "KIOSK_NOT_READ");
  }
  nothing.scan(kBagTag);
  EXPECT_EQ(nothing.screen(), Screen::kColleague);
  EXPECT_TRUE(nothing.session.view().code.empty());
  EXPECT_TRUE(nothing.asked().request_id.empty());

  // A damaged document: in the end the server makes the best of it.
  Scan damaged = kDocument;
  damaged.whole = false;
  Kiosk half;
  half.scan(kPass);
  for (int i = 1; i < kMaxMisreads; ++i) {
    half.scan(damaged);
    EXPECT_EQ(half.screen(), Screen::kDocument);
  }
  half.scan(damaged);
  EXPECT_EQ(half.asked().claims.size(), 2U);

  // Nothing of it can be used: the pass alone goes on record.
  Kiosk pass_only;
  pass_only.scan(kPass);
  for (int i = 0; i < kMaxMisreads; ++i) pass_only.scan(kBagTag);
  EXPECT_EQ(pass_only.asked().claims.size(), 1U);
}

TEST(Kiosk, WhoNeedsHelpIsSentToAPersonAtOnce) {
  Kiosk at;
  at.press("help");
  EXPECT_EQ(at.screen(), Screen::kColleague);
  EXPECT_TRUE(at.session.view().code.empty());

  Kiosk later;
  later.scan(kPass);
  later.press("help");
  EXPECT_EQ(later.screen(), Screen::kChecking);
  later.answer(Verdict::kReview);
  EXPECT_EQ(later.session.view().code, "BBBBBBBBB");
}

TEST(Kiosk, TimeIsAnnouncedAndCanBeExtendedAsOftenAsOneLikes) {
  Kiosk at;
  at.press("language:fr");
  at.scan(kPass);
  for (int round = 0; round < 12; ++round) {
    at.wait(45);
    ASSERT_TRUE(at.session.view().seconds.has_value());
    EXPECT_EQ(*at.session.view().seconds, 20);
    EXPECT_EQ(at.buttons(), (std::vector<std::string>{"more_time", "start_again"}));
    EXPECT_NE(spoken(at.session.view()).find("20"), std::string::npos);
    at.wait(19);
    EXPECT_EQ(*at.session.view().seconds, 1);
    at.press("more_time");
    EXPECT_FALSE(at.session.view().seconds.has_value());
    EXPECT_EQ(at.screen(), Screen::kDocument);
  }
  // Any key and any scan says as well that somebody is there.
  at.wait(50);
  at.session.stir(at.now);
  EXPECT_FALSE(at.session.view().seconds.has_value());
  at.wait(50);
  at.scan(kDocument);
  EXPECT_EQ(at.screen(), Screen::kChecking);
}

TEST(Kiosk, AfterThatTimeNothingIsKept) {
  const std::vector<std::function<void(Kiosk&)>> paths{
      [](Kiosk& at) { at.press("language:ar"); },
      [](Kiosk& at) { at.scan(kPass); },
      [](Kiosk& at) { at.scan(kDocument); },
      [](Kiosk& at) { at.scan(kPass), at.scan(kBagTag); },
      [](Kiosk& at) { at.scan(kBagTag); },
      [](Kiosk& at) { at.press("help"); },
      [](Kiosk& at) { at.scan(kPass), at.scan(kDocument), at.answer(Verdict::kMatch); },
      [](Kiosk& at) { at.scan(kPass), at.scan(kDocument), at.answer(Verdict::kReview); },
      [](Kiosk& at) { at.scan(kPass), at.scan(kDocument), at.fail(ErrorCode::kUnavailable); },
  };
  for (std::size_t i = 0; i < paths.size(); ++i) {
    Kiosk at;
    EXPECT_TRUE(at.session.is_blank());
    paths[i](at);
    EXPECT_FALSE(at.session.is_blank()) << i;
    at.session.take_effects();
    at.wait(64);
    EXPECT_FALSE(at.session.is_blank()) << i;
    at.wait(1);
    EXPECT_TRUE(at.session.is_blank()) << i;
    const auto effects = at.session.take_effects();
    ASSERT_EQ(effects.size(), 1U) << i;
    EXPECT_TRUE(std::holds_alternative<Forget>(effects[0])) << i;
  }
}

// While the server is asked nobody is hurried, and an answer that comes too late finds nobody.
TEST(Kiosk, TheServersTimeIsNotThePassengers) {
  Kiosk at;
  at.scan(kPass), at.scan(kDocument);
  at.wait(600);
  EXPECT_EQ(at.screen(), Screen::kChecking);
  const std::string id = at.asked().request_id;
  at.session.answer(id, tl::unexpected(base::Error{ErrorCode::kUnavailable, "x", {}}), at.now);
  EXPECT_EQ(at.screen(), Screen::kColleague);
  at.press("finish");
  at.session.answer(id, sdk::Answer{}, at.now);
  EXPECT_TRUE(at.session.is_blank());
}

TEST(Kiosk, TheNextPassBeginsTheNextPassenger) {
  Kiosk at;
  at.press("language:tr");
  at.scan(kPass), at.scan(kDocument), at.answer(Verdict::kMismatch);
  at.scan(kDocument);  // which still lies on the reader
  EXPECT_EQ(at.screen(), Screen::kColleague);
  at.scan(kOtherPass);
  EXPECT_EQ(at.screen(), Screen::kDocument);
  EXPECT_EQ(at.session.view().language, messages::Language::kEnglish);
  EXPECT_TRUE(at.session.view().code.empty());
}

// Who scans once more, to see whether it helps, needs the code all the same.
TEST(Kiosk, TheSamePassAgainLeavesTheAnswerAsItIs) {
  for (const Verdict verdict : {Verdict::kMatch, Verdict::kReview}) {
    Kiosk at;
    at.press("language:tr");
    at.scan(kPass), at.scan(kDocument), at.answer(verdict);
    const std::string before = spoken(at.session.view());
    at.wait(30);
    at.scan(kPass);
    EXPECT_EQ(spoken(at.session.view()), before);
    EXPECT_EQ(at.session.view().code.empty(), verdict == Verdict::kMatch);
    at.wait(30);
    EXPECT_FALSE(at.session.view().seconds.has_value());  // somebody is there
    at.press("finish");
    EXPECT_TRUE(at.session.is_blank());
    at.scan(kPass);
    EXPECT_EQ(at.screen(), Screen::kDocument);
  }
}

// A tap that was meant for the screen before, or the second of two.
TEST(Kiosk, NothingIsPressedRightAfterTheScreenChanged) {
  Kiosk at;
  at.session.press("language:de", at.now);
  EXPECT_EQ(at.screen(), Screen::kPass);
  at.now += Milliseconds(399);
  at.session.press("help", at.now);
  EXPECT_EQ(at.screen(), Screen::kPass);
  at.now += Milliseconds(1);
  at.session.press("start_again", at.now);
  EXPECT_EQ(at.screen(), Screen::kWelcome);
  // Enter is no other than a touch, and the server's answer a screen as any.
  at.now += Milliseconds(1'000);
  at.scan(kPass), at.scan(kDocument), at.answer(Verdict::kReview);
  at.now += Milliseconds(200);
  at.session.type("\r", at.now);
  EXPECT_EQ(at.screen(), Screen::kColleague);
  at.now += Milliseconds(200);
  at.session.type("\r", at.now);
  EXPECT_TRUE(at.session.is_blank());
  // The question is a screen; a tap on what stood there before says that somebody is there.
  at.press("language:fr");
  at.wait(45);
  ASSERT_TRUE(at.session.view().seconds.has_value());
  at.session.press("start_again", at.now + Milliseconds(100));
  EXPECT_FALSE(at.session.view().seconds.has_value());
  EXPECT_EQ(at.screen(), Screen::kPass);
}

TEST(Kiosk, WhatAnswersAPressAtOnceIsSetForScripts) {
  SessionOptions options;
  options.settle_after = {};
  Kiosk at(options);
  at.session.press("language:de", at.now);
  at.session.press("help", at.now);
  EXPECT_EQ(at.screen(), Screen::kColleague);
}

// Tab moves what Enter and space press; the end of a text that comes too slowly for a scan does
// neither.
TEST(Kiosk, KeysBehindATextPressNothing) {
  Kiosk at;
  at.now += Milliseconds(1'000);
  at.session.type("\t", at.now);
  EXPECT_EQ(at.session.view().focus, 1U);
  for (const char c : std::string("M1 MUELLER/HANS")) {
    at.now += Milliseconds(100);
    at.session.type(std::string(1, c), at.now);
  }
  at.now += Milliseconds(100);
  at.session.type("\r", at.now);
  at.session.type("\t", at.now);
  EXPECT_EQ(at.screen(), Screen::kWelcome);
  EXPECT_EQ(at.session.view().focus, 1U);
  at.now += Milliseconds(500);
  at.session.type(" ", at.now);
  EXPECT_EQ(at.screen(), Screen::kPass);
  EXPECT_EQ(at.session.view().language, messages::Language::kGerman);
}

TEST(Kiosk, EverythingCanBeDoneWithArrowsAndEnter) {
  SessionOptions options;
  options.speaks = true;
  Kiosk at(options);
  const std::size_t count = at.buttons().size();
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(at.session.view().focus, i);
    at.session.move_focus(1, at.now);
  }
  EXPECT_EQ(at.session.view().focus, 0U);
  at.session.move_focus(-1, at.now);
  EXPECT_EQ(at.buttons()[at.session.view().focus], "say_again");
  at.session.type("\r", at.now);
  const auto effects = at.session.take_effects();
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<SayAgain>(effects[0]));
  at.session.move_focus(2, at.now);
  at.session.type("\r", at.now);
  EXPECT_EQ(at.session.view().language, messages::Language::kGerman);
}

TEST(Kiosk, ASilentServerIsSaidBeforeAnybodyScans) {
  Kiosk at;
  at.session.health(false);
  EXPECT_EQ(at.session.view().notice.key, "KIOSK_CLOSED");
  at.session.health(true);
  EXPECT_TRUE(at.session.view().notice.empty());
}

TEST(Kiosk, AButtonThatIsNotThereDoesNothing) {
  const std::vector<std::string> all{"language:de", "help",   "start_again",
                                     "more_time",   "finish", "say_again"};
  const std::vector<std::function<void(Kiosk&)>> paths{
      [](Kiosk&) {},
      [](Kiosk& at) { at.scan(kPass); },
      [](Kiosk& at) { at.scan(kPass), at.scan(kDocument); },
      [](Kiosk& at) { at.scan(kPass), at.scan(kDocument), at.answer(Verdict::kMatch); },
      [](Kiosk& at) { at.scan(kPass), at.wait(46); },
  };
  for (const auto& path : paths) {
    for (const std::string& button : all) {
      Kiosk at;
      path(at);
      at.session.take_effects();
      const auto there = at.buttons();
      if (std::find(there.begin(), there.end(), button) != there.end()) continue;
      const std::string before = spoken(at.session.view());
      at.press(button);
      EXPECT_EQ(spoken(at.session.view()), before) << button;
      EXPECT_TRUE(at.session.take_effects().empty()) << button;
    }
  }
}

TEST(Referral, WhatIsShownIsWhatIsTyped) {
  std::set<std::string> codes;
  for (int i = 0; i < 1'000; ++i) {
    const std::string code = sdk::new_referral_code();
    EXPECT_EQ(code.size(), sdk::kReferralCodeLength);
    EXPECT_EQ(sdk::referral_code_from(sdk::shown_referral_code(code)), code);
    codes.insert(code);
  }
  EXPECT_EQ(codes.size(), 1'000U);
  EXPECT_EQ(sdk::shown_referral_code("KTRFNPDXG"), "KTR-FNP-DXG");
  EXPECT_EQ(sdk::referral_code_from("ktr fnp dxg"), "KTRFNPDXG");
  for (const char* text :
       {"", "KTR", "KTRFNPDX", "KTRFNPDXGG", "KTRFNPDXA", "KTRFNPDX1", "ÄTRFNPDXG"}) {
    EXPECT_FALSE(sdk::referral_code_from(text)) << text;
  }
}

// SHA-256 of "paxid/referral/v1\nKTRFNPDXG", by another program.
TEST(Referral, TheRequestIdIsThatOfTheDefinition) {
  EXPECT_EQ(sdk::request_id_of_referral("KTRFNPDXG"), "789b1c1b-01e6-8ab6-944d-51dfe3ad01e1");
}

}  // namespace
}  // namespace paxid::kiosk
