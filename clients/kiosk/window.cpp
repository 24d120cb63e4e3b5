#include "clients/kiosk/window.h"

#include <QAccessible>
#include <QKeyEvent>
#include <QQmlContext>
#include <QQmlEngine>
#include <QQuickImageProvider>
#include <QQuickItem>
#include <QQuickWindow>
#include <utility>

#include "clients/kiosk/picture.h"

namespace paxid::kiosk {
namespace {

constexpr int kPictureSide = 600;

QString text_of(const std::string& text) { return QString::fromStdString(text); }

QString worded(const base::Message& message, messages::Language language) {
  return message.empty() ? QString() : text_of(messages::render(message, language));
}

void tell_assistive(QObject& object, QAccessible::Event event) {
  QAccessibleEvent told(&object, event);
  QAccessible::updateAccessibility(&told);
}

QQuickItem* item_named(QQuickItem& where, const QString& name) {
  if (where.objectName() == name) return &where;
  for (QQuickItem* child : where.childItems()) {
    if (QQuickItem* found = item_named(*child, name)) return found;
  }
  return nullptr;
}

// "symbol/pass", "symbol/clock", "code/KTRFNPDXG". Keeps nothing.
class Pictures final : public QQuickImageProvider {
 public:
  Pictures() : QQuickImageProvider(QQuickImageProvider::Image) {}

  QImage requestImage(const QString& id, QSize* size, const QSize& wanted) override {
    const QString name = id.section('/', 1);
    const int side = wanted.width() > 0 ? wanted.width() : kPictureSide;
    QImage image = id.startsWith("code/") ? barcode_of(name.toStdString(), side)
                                          : symbol(name.toStdString(), side);
    if (size != nullptr) *size = image.size();
    return image;
  }

 private:
  static QImage symbol(const std::string& name, int side) {
    for (const Screen screen : kScreens) {
      if (name_of(screen) == name) return symbol_of(screen, false, side);
    }
    return symbol_of(Screen::kWelcome, true, side);
  }
};

}  // namespace

void draw_in_software() { QQuickWindow::setGraphicsApi(QSGRendererInterface::Software); }

void Face::show_view(const View& view) {
  QVariantList buttons;
  for (std::size_t i = 0; i < view.buttons.size(); ++i) {
    const Button& button = view.buttons[i];
    const auto language = button.language.value_or(view.language);
    buttons << QVariantMap{{"id", text_of(button.id)},
                           {"label", text_of(messages::text_of(button.label, language))},
                           {"focused", i == view.focus}};
  }
  const bool asks = view.seconds.has_value();
  QVariantMap next{
      {"screen", text_of(std::string(name_of(view.screen)))},
      {"title", worded(view.title, view.language)},
      {"text", worded(view.text, view.language)},
      {"notice", worded(view.notice, view.language)},
      {"code", view.code.empty() ? QString() : text_of(sdk::shown_referral_code(view.code))},
      {"barcode", view.code.empty() ? QString() : "image://kiosk/code/" + text_of(view.code)},
      {"asks", asks},
      {"rightToLeft", messages::is_right_to_left(view.language)},
      {"symbol", "image://kiosk/symbol/" +
                     (asks ? QString("clock") : text_of(std::string(name_of(view.screen))))},
      {"buttons", buttons},
  };
  if (next == view_) return;
  view_ = std::move(next);
  emit changed();
}

Window::Window(double pixels_per_millimetre, WindowInput input)
    : input_(std::move(input)), face_(input_.press) {
  face_.show_view({});
  engine()->addImageProvider("kiosk", new Pictures);  // the engine's
  rootContext()->setContextProperty("face", &face_);
  rootContext()->setContextProperty("mm", pixels_per_millimetre);
  rootContext()->setContextProperty("touchSide", kTouchMillimetres * pixels_per_millimetre);
  setResizeMode(QQuickView::SizeRootObjectToView);
  setColor(Qt::white);
  setSource(QUrl("qrc:/kiosk/Kiosk.qml"));
  installEventFilter(this);
}

// The page goes before the face that it shows.
Window::~Window() { setSource(QUrl()); }

void Window::show_view(const View& view) {
  const QVariant title = face_.view().value("title");
  face_.show_view(view);
  setTitle(text_of(messages::text_of("KIOSK_TITLE", view.language)));
  if (rootObject() == nullptr) return;
  if (title != face_.view().value("title")) tell_assistive(*rootObject(), QAccessible::Alert);
  const std::string focus =
      view.focus < view.buttons.size() ? view.buttons[view.focus].id : std::string();
  if (std::exchange(told_focus_, focus) == focus) return;
  QQuickItem* button = item_named(*rootObject(), text_of("button:" + focus));
  if (button != nullptr) tell_assistive(*button, QAccessible::Focus);
}

bool Window::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    event->accept();
    return true;
  }
  if (event->type() != QEvent::KeyPress) return QQuickView::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const auto time = key->timestamp();
  const std::optional<Milliseconds> at =
      time == 0 ? std::nullopt : std::optional(Milliseconds(static_cast<std::int64_t>(time)));
  const bool held = held_.is_held(key->isAutoRepeat(), at);
  const bool right_to_left = face_.view().value("rightToLeft").toBool();
  const int forward = right_to_left ? -1 : 1;
  switch (key->key()) {
    case Qt::Key_Down:
      input_.move_focus(1);
      break;
    case Qt::Key_Up:
      input_.move_focus(-1);
      break;
    case Qt::Key_Right:
      input_.move_focus(forward);
      break;
    case Qt::Key_Left:
      input_.move_focus(-forward);
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (!held) input_.key(U'\r', at);
      break;
    case Qt::Key_Backtab:  // no scanner sends it
      input_.move_focus(-1);
      break;
    case Qt::Key_Tab:
      if (!held) input_.key(U'\t', at);
      break;
    default:
      if (held) break;
      for (const char32_t character : key->text().toStdU32String()) input_.key(character, at);
  }
  return true;
}

}  // namespace paxid::kiosk
