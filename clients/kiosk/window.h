#pragma once

#include <QObject>
#include <QQuickView>
#include <QVariantMap>
#include <functional>
#include <optional>
#include <string>

#include "clients/kiosk/session.h"

namespace paxid::kiosk {

// What the window passes on; see Terminal.
struct WindowInput {
  std::function<void(char32_t, std::optional<Milliseconds>)> key;
  std::function<void(const std::string&)> press;
  std::function<void(int)> move_focus;
};

// What Kiosk.qml is given.
class Face final : public QObject {
  Q_OBJECT
  Q_PROPERTY(QVariantMap view READ view NOTIFY changed)

 public:
  explicit Face(std::function<void(const std::string&)> press) : press_(std::move(press)) {}

  // screen, title, text, notice, code, asks, rightToLeft, symbol; buttons: id, label, focused.
  QVariantMap view() const { return view_; }
  void show_view(const View& view);
  Q_INVOKABLE void press(const QString& button) { press_(button.toStdString()); }

 signals:
  void changed();

 private:
  std::function<void(const std::string&)> press_;
  QVariantMap view_;
};

// The least side of what is to be touched.
inline constexpr double kTouchMillimetres = 20;

// The one window, drawn in software. It shows what the session says, and keeps nothing else.
class Window final : public QQuickView {
  Q_OBJECT

 public:
  // `pixels_per_millimetre` of the screen that people touch.
  Window(double pixels_per_millimetre, WindowInput input);
  ~Window() override;

  void show_view(const View& view);
  const Face& face() const { return face_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  WindowInput input_;
  reader::HeldKeys held_;
  std::string told_focus_;  // the button's id
  Face face_;
};

// To be called before the first window is made.
void draw_in_software();

}  // namespace paxid::kiosk
