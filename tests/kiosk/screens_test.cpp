// Every screen of the kiosk in ten languages, on an upright and on a small lying screen: computed
// that no text is clipped, that every text stands out from its ground, that what is touched is 20
// mm large, and that the screens differ without colour. Pictures of them go to PAXID_SCREENS.

#include <gtest/gtest.h>

#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <functional>
#include <memory>
#include <string>

#include "clients/gate/look.h"
#include "clients/kiosk/picture.h"
#include "clients/kiosk/window.h"
#include "tests/desktop/picture.h"
#include "tests/kiosk/kiosk_bench.h"
#include "tests/reader/specimens.h"

namespace paxid::kiosk {
namespace {

using desktop::differing_points;
using verification::Verdict;
using namespace reader::specimen;

constexpr double kLeastContrast = 4.5;  // WCAG 2.1, 1.4.3
constexpr double kTargetMillimetres = 20;
constexpr Milliseconds kNow{1'000};

// A session that was brought to a screen.
struct Scene {
  explicit Scene(messages::Language language) : session(options_in(language)) {
    session.health(true);
  }
  static SessionOptions options_in(messages::Language language) {
    SessionOptions options;
    options.language = language;
    options.speaks = true;
    options.new_code = [] { return "KTRFNPDXG"; };
    return options;
  }
  void scan(const Scan& scan) { session.scan(scan, kToday, kNow); }
  void answer(Verdict verdict) {
    scan(kPass), scan(kDocument);
    sdk::Answer answer;
    answer.report.verdict = verdict;
    for (const Effect& effect : session.take_effects()) {
      const auto* ask = std::get_if<Ask>(&effect);
      if (ask != nullptr) session.answer(ask->request.request_id, answer, kNow);
    }
  }
  void idle() { session.tick(kNow + Milliseconds(47'000)); }

  Session session;
};

// In the order in which a passenger meets them.
const std::vector<std::pair<std::string, std::function<void(Scene&)>>> kScenes{
    {"1_welcome", [](Scene&) {}},
    {"2_welcome_silent", [](Scene& s) { s.session.health(false); }},
    {"3_pass", [](Scene& s) { s.scan(kDocument); }},
    {"4_pass_not_read", [](Scene& s) { s.scan(kBagTag); }},
    {"5_document", [](Scene& s) { s.scan(kPass); }},
    {"6_checking", [](Scene& s) { s.scan(kPass), s.scan(kDocument); }},
    {"7_go_on", [](Scene& s) { s.answer(Verdict::kMatch); }},
    {"8_colleague", [](Scene& s) { s.answer(Verdict::kReview); }},
    {"9_colleague_no_code", [](Scene& s) { s.session.press("help", kNow); }},
    {"a_more_time", [](Scene& s) { s.scan(kPass), s.idle(); }},
    {"b_more_time_code", [](Scene& s) { s.answer(Verdict::kReview), s.idle(); }},
};

struct Display {
  std::string name;
  QSize pixels;
  double pixels_per_millimetre;
};
const std::vector<Display> kDisplays{
    {"upright", {1080, 1920}, 69 / 25.4},  // 32 inches
    {"small", {1280, 1024}, 109 / 25.4},   // 15 inches
};

std::unique_ptr<Window> show(const View& view, const Display& display) {
  auto window = std::make_unique<Window>(
      display.pixels_per_millimetre,
      WindowInput{[](char32_t, auto) {}, [](const std::string&) {}, [](int) {}});
  window->show_view(view);
  window->resize(display.pixels);
  window->show();
  for (int i = 0; i < 3; ++i) QGuiApplication::processEvents();
  return window;
}

QRectF place_of(const QQuickItem& item) {
  return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()));
}

std::string text_in(const QQuickItem& item) {
  return item.property("text").toString().toStdString();
}

// The texts that are clipped, that leave the page, or that lie upon something else.
std::vector<std::string> clipped(Window& window) {
  std::vector<std::string> found;
  const QRectF page(QPointF(), QSizeF(window.size()));
  std::vector<std::pair<std::string, QRectF>> placed;
  for (const QQuickItem* item : visible_items(window)) {
    const bool barcode = item->objectName() == "barcode";
    const bool button = item->objectName().startsWith("button:");
    if (button || barcode || item->objectName() == "symbol") {
      placed.emplace_back(item->objectName().toStdString(), place_of(*item));
    }
    if (!is_text(*item) || text_in(*item).empty()) continue;
    const QSizeF needed(item->property("contentWidth").toDouble(),
                        item->property("contentHeight").toDouble());
    const bool fits = needed.width() <= item->width() + 0.5 &&
                      needed.height() <= item->height() + 0.5 &&
                      !item->property("truncated").toBool();
    if (!fits || !page.contains(place_of(*item))) found.push_back(text_in(*item));
    if (item->objectName() == "label") continue;  // inside its button
    // Of a line only what is written.
    QRectF written = place_of(*item);
    const double spare = (written.width() - needed.width()) / 2;
    placed.emplace_back(text_in(*item), written.adjusted(spare, 0, -spare, 0));
  }
  for (std::size_t a = 0; a < placed.size(); ++a) {
    if (!page.contains(placed[a].second)) found.push_back(placed[a].first + " leaves the page");
    for (std::size_t b = a + 1; b < placed.size(); ++b) {
      const QRectF common = placed[a].second & placed[b].second;
      if (common.width() > 1 && common.height() > 1) {
        found.push_back(placed[a].first + " on " + placed[b].first);
      }
    }
  }
  return found;
}

// The texts that do not stand out, measured in the picture: the darkest beside the lightest point.
std::vector<std::string> faint(Window& window, const QImage& picture) {
  std::vector<std::string> found;
  for (const QQuickItem* item : visible_items(window)) {
    if (!is_text(*item) || text_in(*item).empty()) continue;
    const QRect place = place_of(*item).toAlignedRect() & picture.rect();
    QRgb darkest = qRgb(255, 255, 255);
    QRgb lightest = qRgb(0, 0, 0);
    for (int y = place.top(); y <= place.bottom(); ++y) {
      for (int x = place.left(); x <= place.right(); ++x) {
        const QRgb point = picture.pixel(x, y);
        if (qGray(point) < qGray(darkest)) darkest = point;
        if (qGray(point) > qGray(lightest)) lightest = point;
      }
    }
    if (gate::contrast(QColor(darkest), QColor(lightest)) < kLeastContrast) {
      found.push_back(text_in(*item));
    }
  }
  return found;
}

// What is too small to be touched, or too near to another.
std::vector<std::string> too_small(Window& window, double pixels_per_millimetre) {
  std::vector<std::string> found;
  const double least = kTargetMillimetres * pixels_per_millimetre;
  for (const QQuickItem* item : visible_items(window)) {
    if (!item->objectName().startsWith("button:")) continue;
    if (item->width() + 0.01 < least || item->height() + 0.01 < least) {
      found.push_back(item->objectName().toStdString());
    }
  }
  return found;
}

class KioskScreens : public testing::TestWithParam<messages::Language> {};

TEST_P(KioskScreens, NothingIsClippedFaintOrSmall) {
  const messages::Language language = GetParam();
  for (const auto& [name, bring] : kScenes) {
    Scene scene(language);
    bring(scene);
    for (const Display& display : kDisplays) {
      SCOPED_TRACE(name + " " + display.name);
      const auto window = show(scene.session.view(), display);
      ASSERT_TRUE(window->errors().isEmpty());
      const QImage picture = window->grabWindow();
      ASSERT_EQ(picture.size(), display.pixels);
      EXPECT_EQ(clipped(*window), std::vector<std::string>());
      EXPECT_EQ(faint(*window, picture), std::vector<std::string>());
      EXPECT_EQ(too_small(*window, display.pixels_per_millimetre), std::vector<std::string>());
      desktop::save_screen(
          picture,
          "kiosk_" + name + "_" + std::string(messages::tag_of(language)) + "_" + display.name);
    }
  }
}

TEST_P(KioskScreens, EveryScreenIsReadOutWholeInItsLanguage) {
  for (const auto& [name, bring] : kScenes) {
    Scene scene(GetParam());
    bring(scene);
    const auto window = show(scene.session.view(), kDisplays.front());
    const std::string speech = spoken(scene.session.view());
    for (const QQuickItem* item : visible_items(*window)) {
      if (!is_text(*item) || item->objectName() == "code") continue;
      EXPECT_NE(speech.find(text_in(*item)), std::string::npos) << name << ": " << text_in(*item);
    }
    if (!scene.session.view().code.empty()) {
      EXPECT_NE(speech.find("K, T, R, F, N, P, D, X, G"), std::string::npos) << name;
    }
  }
}

TEST(KioskLook, TheReadmeShowsIt) {
  Scene scene(messages::Language::kEnglish);
  scene.answer(Verdict::kReview);
  const auto window = show(scene.session.view(), kDisplays.back());
  desktop::expect_in_readme(window->grabWindow(), "kiosk_colleague_en");
}

INSTANTIATE_TEST_SUITE_P(Languages, KioskScreens,
                         testing::ValuesIn(messages::languages().begin(),
                                           messages::languages().end()),
                         [](const auto& one) { return std::string(messages::tag_of(one.param)); });

// Without any colour: the symbols alone, in grey.
TEST(KioskLook, ScreensDifferInShape) {
  constexpr int kSide = 120;
  std::vector<QImage> symbols;
  const auto add = [&](const QImage& symbol) {
    QImage image(kSide, kSide, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter(&image).drawImage(0, 0, symbol);
    symbols.push_back(image);
  };
  for (const Screen screen : kScreens) add(symbol_of(screen, false, kSide));
  add(symbol_of(Screen::kPass, true, kSide));
  for (std::size_t a = 0; a < symbols.size(); ++a) {
    for (std::size_t b = a + 1; b < symbols.size(); ++b) {
      EXPECT_GT(differing_points(symbols[a], symbols[b]), kSide * kSide / 20) << a << " " << b;
    }
  }
}

TEST(KioskLook, TitlesDifferInEveryLanguage) {
  for (const messages::Language language : messages::languages()) {
    std::set<std::string> titles;
    for (const char* key :
         {"KIOSK_WELCOME", "KIOSK_SCAN_PASS", "KIOSK_SCAN_DOCUMENT", "KIOSK_CHECKING",
          "KIOSK_GO_ON", "KIOSK_COLLEAGUE", "KIOSK_STILL_THERE"}) {
      titles.insert(messages::text_of(key, language));
    }
    EXPECT_EQ(titles.size(), 7U) << messages::tag_of(language);
  }
}

}  // namespace
}  // namespace paxid::kiosk
