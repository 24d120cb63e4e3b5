#include "tests/kiosk/kiosk_bench.h"

#include <gtest/gtest.h>

#include <QGuiApplication>
#include <QTest>

namespace paxid::kiosk {
namespace {

constexpr int kPersonGap = 200;
constexpr int kScannerGap = 3;

void collect(QQuickItem& item, std::vector<QQuickItem*>& items) {
  if (!item.isVisible()) return;
  items.push_back(&item);
  for (QQuickItem* child : item.childItems()) collect(*child, items);
}

}  // namespace

std::vector<QQuickItem*> visible_items(QQuickWindow& window) {
  std::vector<QQuickItem*> items;
  collect(*window.contentItem(), items);
  return items;
}

QQuickItem* item_named(QQuickWindow& window, const QString& name) {
  for (QQuickItem* item : visible_items(window)) {
    if (item->objectName() == name) return item;
  }
  return nullptr;
}

bool is_text(const QQuickItem& item) { return item.inherits("QQuickText"); }

KioskBench::KioskBench(const sdk::ClientOptions& client, SessionOptions session) {
  TerminalOptions options;
  options.client = client;
  options.session = std::move(session);
  terminal_ = std::make_unique<Terminal>(
      options,
      [this] {
        if (window_) window_->show_view(terminal_->session().view());
      },
      [this](const std::string& text, messages::Language) { said_.push_back(text); });
  window_ = std::make_unique<Window>(
      kPixelsPerMillimetre,
      WindowInput{[this](char32_t character, auto at) { terminal_->key(character, at); },
                  [this](const std::string& button) { terminal_->press(button); },
                  [this](int steps) { terminal_->move_focus(steps); }});
  window_->show_view(terminal_->session().view());
  window_->resize(1280, 800);
  window_->show();
  const auto connected = terminal_->connect();
  EXPECT_TRUE(connected.has_value());
}

void KioskBench::key(int code, const QString& text, int gap) {
  clock_ += static_cast<quint64>(gap);
  QKeyEvent press(QEvent::KeyPress, code, Qt::NoModifier, text);
  press.setTimestamp(clock_);
  QGuiApplication::sendEvent(window_.get(), &press);
  QKeyEvent release(QEvent::KeyRelease, code, Qt::NoModifier, text);
  release.setTimestamp(clock_ + 1);
  QGuiApplication::sendEvent(window_.get(), &release);
}

void KioskBench::scan(const std::string& line, const std::function<void()>& before_last) {
  clock_ += kPersonGap;
  for (const char c : line) key(0, QString(QLatin1Char(c)), kScannerGap);
  if (before_last) before_last();
  key(Qt::Key_Return, "\r", kScannerGap);
}

void KioskBench::scan_document(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) scan(line);
}

// As a person does: when the screen has stood for a while.
void KioskBench::press_key(Qt::Key code, const QString& text) {
  terminal_->pass_time(SessionOptions().settle_after);
  key(code, text, kPersonGap);
  pause(40);  // the wedge waits whether more keys come
}

void KioskBench::touch(const std::string& button) {
  pause(20);  // new buttons are put in their places before the next picture
  terminal_->pass_time(SessionOptions().settle_after);
  const QQuickItem* item = item_named(*window_, "button:" + QString::fromStdString(button));
  ASSERT_NE(item, nullptr) << button;
  const QPointF middle = item->mapToScene(QPointF(item->width() / 2, item->height() / 2));
  QTest::mouseClick(window_.get(), Qt::LeftButton, Qt::NoModifier, middle.toPoint());
}

bool KioskBench::wait_for(const std::function<bool()>& condition) {
  return QTest::qWaitFor(condition, static_cast<int>(integration::kPatience.count()) * 1'000);
}

bool KioskBench::wait_for(Screen screen) {
  return wait_for([this, screen] { return this->screen() == screen; });
}

void KioskBench::pause(int milliseconds) { QTest::qWait(milliseconds); }

}  // namespace paxid::kiosk
