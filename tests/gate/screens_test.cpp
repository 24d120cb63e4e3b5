// Every state of the window in ten languages: computed that no text is clipped, that every text
// stands out from its ground, and that the signs differ without colour. Pictures of them go to
// PAXID_SCREENS.

#include <gtest/gtest.h>

#include <QApplication>
#include <QHeaderView>
#include <QImage>
#include <QPainter>
#include <QStyleFactory>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "clients/gate/tone.h"
#include "clients/gate/window.h"
#include "tests/desktop/picture.h"
#include "tests/reader/specimens.h"

namespace paxid::gate {
namespace {

using base::PersonalText;
using verification::Reason;
using verification::Verdict;
using namespace reader::specimen;

constexpr double kLeastContrast = 4.5;  // WCAG 2.1, 1.4.3
constexpr Milliseconds kNow{1'000};
// The least screens on which the usual size of text and twice that must do.
constexpr QSize kUsual(1280, 800);
constexpr QSize kLarge(1920, 1080);

Reason reason(std::string_view code, std::vector<base::Argument> arguments = {}) {
  return {code, {}, {}, 0, {code, std::move(arguments), {}}};
}

verification::AlignedPart part(const char* booking, const char* document,
                               std::vector<int> booking_differs = {},
                               std::vector<int> document_differs = {}) {
  return {PersonalText(booking), PersonalText(document), std::move(booking_differs),
          std::move(document_differs)};
}

sdk::FlightManifest manifest() {
  sdk::FlightManifest flight;
  flight.summary.flight = {"XX", "123", "2026-11-22", "FRA"};
  flight.summary.passengers = 184;
  flight.summary.boarded = 97;
  const std::vector<std::pair<const char*, const char*>> names{
      {"MUELLER/HANSMR", "1A"},
      {"NOVAK/EVAMRS", "1B"},
      {"ROSSI/MARIOMR", "2A"},
      {"HOFMANM/CARLAMS", "2B"},
      {"MARTINEZ DE LA FUENTE/MARIA ISABELMRS", "14C"},
      {"WOLFESCHLEGELSTEINHAUSENBERGERDORFF/U", "32F"}};
  for (const auto& [name, seat] : names) {
    sdk::FlightPassenger passenger;
    passenger.booking_name = PersonalText(name);
    passenger.seat = seat;
    passenger.passenger_ref = static_cast<int>(flight.passengers.size()) + 1;
    if (passenger.passenger_ref < 3) passenger.boarded_unix_seconds = 1;
    flight.passengers.push_back(passenger);
  }
  return flight;
}

sdk::Answer answer_with(Verdict verdict, base::Message sentence, std::vector<Reason> reasons,
                        std::vector<verification::AlignedPart> alignment) {
  sdk::Answer answer;
  answer.report.verdict = verdict;
  answer.report.sentence = std::move(sentence);
  answer.report.reasons = std::move(reasons);
  answer.report.alignment = std::move(alignment);
  return answer;
}

sdk::Answer match() {
  return answer_with(Verdict::kMatch, {"SAME_NAME", {}, {}},
                     {reason("BIRTH_DATE_EQUAL"), reason("SEX_EQUAL"), reason("NATIONALITY_EQUAL")},
                     {part("MARIO", "MARIO"), part("ROSSI", "ROSSI")});
}

sdk::Answer review() {
  sdk::Answer answer =
      answer_with(Verdict::kReview, {"LETTERS_DIFFER", {}, {}},
                  {reason("LETTERS_DIFFER"), reason("BIRTH_DATE_SLIP"), reason("SEX_EQUAL"),
                   reason("SURNAME_SHARED", {{"count", std::int64_t{3}}})},
                  {part("CARLA", "CARLA"), part("HOFMANM", "HOFMANN", {6}, {6}),
                   part("", "WOLFESCHLEGELSTEINHAUSENBERGERDORFFHAUS")});
  answer.resolution = sdk::Resolution{};
  answer.resolution->operator_pseudonym = "1f0c22ab";
  return answer;
}

sdk::Answer mismatch() {
  const std::vector<base::Argument> peer{{"peer", PersonalText("MARTINEZ DE LA FUENTE/MARIA")},
                                         {"seat", PersonalText("14C")}};
  Reason of_peer{"DOCUMENT_OF_PEER", {}, {}, 0, {"DOCUMENT_OF_PEER_AT_SEAT", peer, {}}};
  return answer_with(Verdict::kMismatch, of_peer.text,
                     {of_peer, reason("BIRTH_DATE_DIFFERS"), reason("SEX_DIFFERS"),
                      reason("NATIONALITY_DIFFERS"), reason("SAME_NAME_PEER"),
                      reason("DOCUMENT_EXPIRED", {{"date", PersonalText("2026-01-02")}})},
                     {part("MARIO", "MARIA", {4}, {4}), part("ROSSI", ""), part("", "MARTINEZ"),
                      part("", "DELAFUENTE")});
}

// A session that was brought into a state.
struct Scene {
  Session session{SessionOptions{}};

  void log_in() {
    session.type("4711\r", kNow);
    session.health(true);
    session.flights(std::vector{manifest().summary});
    session.type("\r", kNow);
    session.manifest(manifest());
  }
  std::string asked() {
    for (const Effect& effect : session.take_effects()) {
      if (const auto* call = std::get_if<AskVerdict>(&effect)) return call->request.request_id;
    }
    return {};
  }
  std::string decided() {
    for (const Effect& effect : session.take_effects()) {
      if (const auto* call = std::get_if<RecordDecision>(&effect)) return call->decision.request_id;
    }
    return {};
  }
  void ask() {
    log_in();
    session.scan(kPass, kToday, kNow);
    session.scan(kDocument, kToday, kNow);
  }
  void judge(sdk::Answer answer) {
    ask();
    const std::string id = asked();
    session.answer(id, std::move(answer));
  }
  // With the code of a kiosk.
  void refer(const sdk::FlightKey& flight) {
    session.type("KTRFNPDXG\r", kNow);
    for (const Effect& effect : session.take_effects()) {
      const auto* call = std::get_if<AskSuggestion>(&effect);
      if (call == nullptr) continue;
      sdk::Suggestion suggestion;
      suggestion.answer = review();
      suggestion.flight = flight;
      suggestion.booked_name = PersonalText("HOFMANM/CARLAMS");
      session.suggestion(call->look.request_id, suggestion);
    }
  }
  void press(std::initializer_list<int> keys) {
    for (const int key : keys) session.press(key, kNow);
  }
  void settle() {
    sdk::DecisionOutcome outcome;
    outcome.boarded = true;
    outcome.undo_until_unix_seconds = 1;
    session.recorded(decided(), outcome, kNow);
  }
  tl::unexpected<base::Error> silence() {
    return tl::unexpected(base::Error{base::ErrorCode::kUnavailable, "x", {}});
  }
};

// In the order in which an agent meets them.
const std::vector<std::pair<std::string, std::function<void(Scene&)>>> kScenes{
    {"01_log_in", [](Scene&) {}},
    {"02_log_in_refused", [](Scene& s) { s.session.type("?\r", kNow); }},
    {"03_no_flights", [](Scene& s) { s.session.type("4711\r", kNow); }},
    {"04_flights",
     [](Scene& s) {
       s.session.type("4711\r", kNow);
       s.session.health(true);
       s.session.flights(std::vector{manifest().summary, manifest().summary});
     }},
    {"05_ready", [](Scene& s) { s.log_in(); }},
    {"06_search", [](Scene& s) { s.log_in(), s.session.type("ma", kNow); }},
    {"07_half", [](Scene& s) { s.log_in(), s.session.scan(kPass, kToday, kNow); }},
    {"08_not_read",
     [](Scene& s) {
       s.log_in();
       s.session.scan({ScanKind::kOther, PersonalText("0220123456"), false, {}}, kToday, kNow);
     }},
    {"09_asking", [](Scene& s) { s.ask(); }},
    {"10_match", [](Scene& s) { s.judge(match()); }},
    {"11_match_without_face", [](Scene& s) { s.judge(match()), s.press({9}); }},
    {"12_match_face", [](Scene& s) { s.judge(match()), s.press({7}); }},
    {"13_deciding",
     [](Scene& s) {
       s.judge(match()), s.press({7, 9});
     }},
    {"14_done",
     [](Scene& s) {
       s.judge(match()), s.press({7, 9}), s.settle();
     }},
    {"15_review", [](Scene& s) { s.judge(review()); }},
    {"16_review_details", [](Scene& s) { s.judge(review()), s.press({1}); }},
    {"17_evidence",
     [](Scene& s) {
       s.judge(review()), s.press({7, 4});
     }},
    {"18_reason",
     [](Scene& s) {
       s.judge(review()), s.press({7, 11});
     }},
    {"19_mismatch", [](Scene& s) { s.judge(mismatch()); }},
    {"20_second_person_needed",
     [](Scene& s) {
       s.judge(mismatch()), s.press({7, 2});
     }},
    {"21_supervisor", [](Scene& s) { s.judge(mismatch()), s.press({10}); }},
    {"22_second_person",
     [](Scene& s) { s.judge(mismatch()), s.press({10}), s.session.type("4712\r", kNow); }},
    {"23_silent_verdict", [](Scene& s) { s.ask(), s.session.answer(s.asked(), s.silence()); }},
    {"24_silent_decision",
     [](Scene& s) {
       s.judge(match()), s.press({7, 9});
       s.session.recorded(s.decided(), s.silence(), kNow);
     }},
    {"25_refused",
     [](Scene& s) {
       s.judge(review()), s.press({7, 2});
       s.session.recorded(s.decided(),
                          tl::unexpected(base::Error{
                              base::ErrorCode::kFailedPrecondition, "SUGGESTION_TOO_OLD: x", {}}),
                          kNow);
     }},
    {"26_referred",
     [](Scene& s) {
       s.log_in();
       s.refer({});
     }},
    {"27_referred_other_flight",
     [](Scene& s) {
       s.log_in();
       s.refer({"XX", "4567", "2026-11-23", "MUC"});
     }},
};

std::unique_ptr<Window> show(const Session& session, const Look& look, messages::Language language,
                             QSize size) {
  QApplication::setPalette(look.palette());
  auto window =
      std::make_unique<Window>(look, language, DeviceFace{"demo/agent/g1", "2026-01-31", true},
                               WindowInput{[](char32_t, auto) {}, [](int) {}, [](int) {}});
  window->show_session(session, {});
  window->resize(size);
  window->show();
  for (int i = 0; i < 3; ++i) QApplication::processEvents();
  return window;
}

// Our own widgets are none of Qt's classes: findChildren() would take every widget for one.
template <class Kind>
std::vector<const Kind*> children_of(const Window& window) {
  std::vector<const Kind*> found;
  for (const QWidget* child : window.findChildren<QWidget*>()) {
    if (const auto* one = dynamic_cast<const Kind*>(child)) found.push_back(one);
  }
  return found;
}

// Whether a text fits into the room it is drawn in.
bool fits(const QString& text, const QFont& font, QSize room, int flags) {
  const QRect needed =
      QFontMetrics(font).boundingRect(QRect(0, 0, room.width(), 100'000), flags, text);
  return needed.width() <= room.width() && needed.height() <= room.height();
}

// The texts that are clipped, each with where it stands.
std::vector<std::string> clipped(const Window& window, QSize size) {
  std::vector<std::string> found;
  if (window.size() != size) {
    found.push_back("the window, which grew to " + std::to_string(window.width()) + "x" +
                    std::to_string(window.height()));
  }
  for (const QLabel* label : window.findChildren<QLabel*>()) {
    if (!label->isVisibleTo(&window) || label->text().isEmpty()) continue;
    const int flags = static_cast<int>(label->alignment()) |
                      (label->wordWrap() ? static_cast<int>(Qt::TextWordWrap) : 0);
    const QRect place(label->mapTo(&window, QPoint()), label->size());
    if (!fits(label->text(), label->font(), label->size(), flags) ||
        !window.rect().contains(place)) {
      const QRect needed =
          QFontMetrics(label->font())
              .boundingRect(QRect(0, 0, label->width(), 100'000), flags, label->text());
      found.push_back(label->text().toStdString() + " in " + std::to_string(place.width()) + "x" +
                      std::to_string(place.height()) + ", needs " + std::to_string(needed.width()) +
                      "x" + std::to_string(needed.height()));
    }
  }
  for (const Badge* badge : children_of<Badge>(window)) {
    if (badge->isVisibleTo(&window) &&
        !window.rect().contains(QRect(badge->mapTo(&window, QPoint()), badge->minimumSizeHint()))) {
      found.push_back("the badge");
    }
  }
  for (const NameLines* names : children_of<NameLines>(window)) {
    if (names->isVisibleTo(&window) && names->height() < names->heightForWidth(names->width())) {
      found.push_back("the names");
    }
  }
  for (const QTableView* list : window.findChildren<QTableView*>()) {
    if (!list->isVisibleTo(&window)) continue;
    const QAbstractItemModel& model = *list->model();
    for (int column = 0; column < model.columnCount(); ++column) {
      const QString head = model.headerData(column, Qt::Horizontal).toString();
      const QHeaderView* header = list->horizontalHeader();
      if (!fits(head, header->font(), QSize(header->sectionSize(column), header->height()), 0)) {
        found.push_back(head.toStdString());
      }
      for (int row = 0; row < model.rowCount(); ++row) {
        const QRect cell = list->visualRect(model.index(row, column));
        const QString text = model.index(row, column).data().toString();
        if (!fits(text, list->font(), cell.size(), Qt::TextWrapAnywhere)) {
          found.push_back(text.toStdString());
        }
      }
    }
  }
  return found;
}

// The texts that do not stand out, measured in the picture: the darkest beside the lightest point.
std::vector<std::string> faint(Window& window) {
  std::vector<std::string> found;
  const QImage picture = window.grab().toImage().convertToFormat(QImage::Format_RGB32);
  const auto measure = [&](const QWidget& widget, const std::string& name) {
    const QRect place = QRect(widget.mapTo(&window, QPoint()), widget.size()) & picture.rect();
    QRgb darkest = qRgb(255, 255, 255);
    QRgb lightest = qRgb(0, 0, 0);
    for (int y = place.top(); y <= place.bottom(); ++y) {
      const auto* row = reinterpret_cast<const QRgb*>(picture.constScanLine(y));
      for (int x = place.left(); x <= place.right(); ++x) {
        if (qGray(row[x]) < qGray(darkest)) darkest = row[x];
        if (qGray(row[x]) > qGray(lightest)) lightest = row[x];
      }
    }
    if (contrast(QColor(darkest), QColor(lightest)) < kLeastContrast) found.push_back(name);
  };
  for (const QLabel* label : window.findChildren<QLabel*>()) {
    if (label->isVisibleTo(&window) && !label->text().trimmed().isEmpty()) {
      measure(*label, label->text().toStdString());
    }
  }
  for (const Badge* badge : children_of<Badge>(window)) {
    if (badge->isVisibleTo(&window)) measure(*badge, "the badge");
  }
  return found;
}

class Screens : public testing::TestWithParam<messages::Language> {};

TEST_P(Screens, NoTextIsClippedAndAllOfItStandsOut) {
  const messages::Language language = GetParam();
  const std::string tag(messages::tag_of(language));
  for (const auto& [name, bring] : kScenes) {
    SCOPED_TRACE(name);
    Scene scene;
    bring(scene);
    const auto usual = show(scene.session, Look(), language, kUsual);
    EXPECT_EQ(clipped(*usual, kUsual), std::vector<std::string>()) << name;
    EXPECT_EQ(faint(*usual), std::vector<std::string>()) << name;
    desktop::save_screen(usual->grab().toImage(), name + "_" + tag);
    Look dark;
    dark.brightness = Brightness::kDark;
    dark.hues = Hues::kBlueOrange;
    dark.text_scale = 2.0;
    const auto large = show(scene.session, dark, language, kLarge);
    EXPECT_EQ(clipped(*large, kLarge), std::vector<std::string>()) << name << " twice as large";
    EXPECT_EQ(faint(*large), std::vector<std::string>()) << name << " dark";
    desktop::save_screen(large->grab().toImage(), name + "_" + tag + "_large_dark");
  }
}

TEST_P(Screens, WhatIsChosenInAListIsMarked) {
  Scene scene;
  scene.log_in();
  scene.session.type("ma", kNow);
  for (const int row : {0, 1}) {
    const auto window = show(scene.session, Look(), GetParam(), kUsual);
    const auto lists = window->findChildren<QTableView*>();
    ASSERT_EQ(lists.size(), 1);
    const QModelIndexList chosen = lists[0]->selectionModel()->selectedRows();
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen[0].row(), row);
    scene.session.move_selection(1, kNow);
  }
}

TEST_P(Screens, EverythingHasANameForAScreenReader) {
  Scene scene;
  scene.judge(review());
  const auto window = show(scene.session, Look(), GetParam(), kUsual);
  EXPECT_FALSE(window->accessibleName().isEmpty());
  for (const auto* field : window->findChildren<QLineEdit*>()) {
    EXPECT_FALSE(field->accessibleName().isEmpty());
    EXPECT_TRUE(field->hasFocus() || window->focusWidget() == field);
  }
  for (const auto* names : children_of<NameLines>(*window)) {
    EXPECT_TRUE(names->accessibleName().contains("HOFMANN"));
  }
  for (const auto* list : window->findChildren<QTableView*>()) {
    EXPECT_FALSE(list->accessibleName().isEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, Screens,
                         testing::ValuesIn(messages::languages().begin(),
                                           messages::languages().end()),
                         [](const auto& one) { return std::string(messages::tag_of(one.param)); });

TEST(Look, EveryColourStandsOutFromItsGround) {
  for (const Brightness brightness : {Brightness::kLight, Brightness::kDark}) {
    for (const Hues hues : {Hues::kUsual, Hues::kBlueOrange}) {
      const Look look{brightness, hues, 1.0};
      for (const Sign sign : kSigns) {
        EXPECT_GE(contrast(look.sign(sign).ground, look.sign(sign).ink), kLeastContrast);
      }
      EXPECT_GE(contrast(look.difference().ground, look.difference().ink), kLeastContrast);
      EXPECT_GE(contrast(look.key().ground, look.key().ink), kLeastContrast);
      const QPalette colours = look.palette();
      for (const auto& [ground, ink] :
           {std::pair{QPalette::Window, QPalette::WindowText},
            std::pair{QPalette::Base, QPalette::Text},
            std::pair{QPalette::Base, QPalette::WindowText},
            std::pair{QPalette::Highlight, QPalette::HighlightedText}}) {
        EXPECT_GE(contrast(colours.color(ground), colours.color(ink)), kLeastContrast);
      }
    }
  }
  EXPECT_NEAR(contrast(Qt::black, Qt::white), 21.0, 0.01);
}

TEST(Look, TheReadmeShowsIt) {
  Scene scene;
  scene.log_in();
  scene.session.scan({ScanKind::kPass,
                      PersonalText("M1HOFMANM/CARLA       EJKL012 FRAJFKXX 0123 326Y002B0003 100"),
                      true,
                      {}},
                     kToday, kNow);
  scene.session.scan(kDocument, kToday, kNow);
  scene.session.answer(
      scene.asked(),
      answer_with(Verdict::kReview, {"LETTERS_DIFFER", {}, {}},
                  {reason("LETTERS_DIFFER"), reason("BIRTH_DATE_EQUAL"), reason("SEX_EQUAL")},
                  {part("CARLA", "CARLA"), part("HOFMANM", "HOFMANN", {6}, {6})}));
  const auto window = show(scene.session, Look(), messages::Language::kEnglish, kUsual);
  desktop::expect_in_readme(window->grab().toImage(), "gate_review_en");
}

// Without any colour: the shapes alone, in black and white.
TEST(Look, SignsDifferInShape) {
  std::vector<QImage> shapes;
  for (const Sign sign : kSigns) {
    QImage image(64, 64, QImage::Format_Grayscale8);
    image.fill(Qt::white);
    QPainter painter(&image);
    paint_shape(painter, QRectF(2, 2, 60, 60), sign, {Qt::white, Qt::black});
    shapes.push_back(image);
  }
  for (std::size_t a = 0; a < shapes.size(); ++a) {
    for (std::size_t b = a + 1; b < shapes.size(); ++b) {
      EXPECT_GT(desktop::differing_points(shapes[a], shapes[b]), 64 * 64 / 20) << a << " and " << b;
    }
  }
}

TEST(Look, WordsDifferInEveryLanguage) {
  for (const messages::Language language : messages::languages()) {
    std::set<std::string> words;
    for (const char* key :
         {"VERDICT_MATCH", "VERDICT_REVIEW", "VERDICT_MISMATCH", "GATE_WORD_SILENT"}) {
      words.insert(messages::text_of(key, language));
    }
    EXPECT_EQ(words.size(), 4U) << messages::tag_of(language);
  }
}

// The tone whose half waves are counted: its frequency, and how long it sounds.
TEST(Tones, DifferInHeightOrRhythm) {
  std::set<std::pair<int, qsizetype>> heard;
  std::map<Tone, int> crossings;
  for (const Tone tone : {Tone::kMatch, Tone::kReview, Tone::kMismatch, Tone::kSilent}) {
    const QByteArray wave = wave_of(tone);
    ASSERT_TRUE(wave.startsWith("RIFF"));
    const auto* samples = reinterpret_cast<const qint16*>(wave.constData() + 44);
    const qsizetype count = (wave.size() - 44) / 2;
    int crossed = 0;
    for (qsizetype i = 1; i < count; ++i) crossed += (samples[i - 1] < 0) != (samples[i] < 0);
    heard.insert({crossed, count});
    crossings[tone] = static_cast<int>(crossed * kToneSamplesPerSecond / (2 * count));
  }
  EXPECT_EQ(heard.size(), 4U);
  EXPECT_GT(crossings[Tone::kMatch], 2 * crossings[Tone::kMismatch]);
}

}  // namespace
}  // namespace paxid::gate
