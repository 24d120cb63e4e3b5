#pragma once

#include <QKeyEvent>
#include <QQuickItem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clients/kiosk/terminal.h"
#include "clients/kiosk/window.h"
#include "tests/integration/fixture.h"

// A kiosk on a table: the window without a screen, and a scanner that types into it.
namespace paxid::kiosk {

inline constexpr double kPixelsPerMillimetre = 96 / 25.4;

// Every item that is shown, the outer ones first.
std::vector<QQuickItem*> visible_items(QQuickWindow& window);
QQuickItem* item_named(QQuickWindow& window, const QString& name);
bool is_text(const QQuickItem& item);

// A terminal with its window, as paxid-kiosk puts them together.
class KioskBench {
 public:
  explicit KioskBench(const sdk::ClientOptions& client, SessionOptions session = {});

  // A wedge scanner. `before_last` is called before the key that ends the line.
  void scan(const std::string& line, const std::function<void()>& before_last = {});
  void scan_document(const std::vector<std::string>& lines);
  // A person's key, a touch.
  void press_key(Qt::Key key, const QString& text = {});
  void touch(const std::string& button);
  bool wait_for(Screen screen);
  bool wait_for(const std::function<bool()>& condition);
  void pause(int milliseconds);

  Terminal& terminal() { return *terminal_; }
  Screen screen() const { return terminal_->session().view().screen; }
  Window& window() { return *window_; }
  const std::vector<std::string>& said() const { return said_; }

 private:
  void key(int code, const QString& text, int gap);

  std::vector<std::string> said_;
  std::unique_ptr<Terminal> terminal_;
  std::unique_ptr<Window> window_;
  quint64 clock_ = 10'000;
};

}  // namespace paxid::kiosk
