#include "clients/gate/look.h"

#include <QPainter>
#include <QPainterPath>
#include <QPolygonF>
#include <cmath>
#include <numbers>

namespace paxid::gate {
namespace {

constexpr int kBasePixels = 17;
constexpr double kNameTimes = 1.5;

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour) {
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
         0.0722 * linear(colour.blueF());
}

QPolygonF polygon(const QRectF& where, int corners, double turn) {
  QPolygonF points;
  for (int i = 0; i < corners; ++i) {
    const double angle = turn + 2 * std::numbers::pi * i / corners;
    points << QPointF(where.center().x() + where.width() / 2 * std::cos(angle),
                      where.center().y() + where.height() / 2 * std::sin(angle));
  }
  return points;
}

void paint_outline(QPainter& painter, const QRectF& where, Sign sign) {
  switch (sign) {
    case Sign::kNone:
      return;
    case Sign::kMatch:
      painter.drawEllipse(where);
      return;
    case Sign::kReview:
      painter.drawPolygon(QPolygonF({{where.center().x(), where.top()},
                                     {where.right(), where.bottom()},
                                     {where.left(), where.bottom()}}));
      return;
    case Sign::kMismatch:
      painter.drawPolygon(polygon(where, 8, std::numbers::pi / 8));
      return;
    case Sign::kSilent:
      painter.drawRect(where);
      return;
  }
}

// A tick, an exclamation mark, a cross, a dash.
void paint_mark(QPainter& painter, const QRectF& where, Sign sign) {
  const auto at = [&](double x, double y) {
    return QPointF(where.left() + x * where.width(), where.top() + y * where.height());
  };
  switch (sign) {
    case Sign::kNone:
      return;
    case Sign::kMatch:
      painter.drawPolyline(QPolygonF({at(0.27, 0.52), at(0.44, 0.69), at(0.74, 0.34)}));
      return;
    case Sign::kReview:
      painter.drawLine(at(0.5, 0.38), at(0.5, 0.66));
      painter.drawPoint(at(0.5, 0.84));
      return;
    case Sign::kMismatch:
      painter.drawLine(at(0.31, 0.31), at(0.69, 0.69));
      painter.drawLine(at(0.69, 0.31), at(0.31, 0.69));
      return;
    case Sign::kSilent:
      painter.drawLine(at(0.25, 0.5), at(0.75, 0.5));
      return;
  }
}

}  // namespace

double contrast(const QColor& a, const QColor& b) {
  const double one = luminance(a) + 0.05;
  const double other = luminance(b) + 0.05;
  return one > other ? one / other : other / one;
}

QPalette Look::palette() const {
  const bool dark = brightness == Brightness::kDark;
  const QColor ground = dark ? QColor("#14171B") : QColor("#EEF0F3");
  const QColor panel = dark ? QColor("#1E2329") : QColor("#FFFFFF");
  const QColor text = dark ? QColor("#E8EBEF") : QColor("#15191E");
  QPalette colours;
  for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled}) {
    colours.setColor(group, QPalette::Window, ground);
    colours.setColor(group, QPalette::WindowText, text);
    colours.setColor(group, QPalette::Base, panel);
    colours.setColor(group, QPalette::AlternateBase, panel);
    colours.setColor(group, QPalette::Text, text);
    colours.setColor(group, QPalette::PlaceholderText, text);
    colours.setColor(group, QPalette::Button, panel);
    colours.setColor(group, QPalette::ButtonText, text);
    colours.setColor(group, QPalette::Highlight, dark ? QColor("#9CC4F5") : QColor("#14508F"));
    colours.setColor(group, QPalette::HighlightedText,
                     dark ? QColor("#0C1218") : QColor("#FFFFFF"));
  }
  return colours;
}

SignColours Look::sign(Sign sign) const {
  const bool blue = hues == Hues::kBlueOrange;
  const QColor light("#FFFFFF");
  const QColor black("#17120A");
  switch (sign) {
    case Sign::kNone:
      break;
    case Sign::kMatch:
      return {blue ? QColor("#0B57A4") : QColor("#14663A"), light};
    case Sign::kReview:
      return {blue ? QColor("#F59A23") : QColor("#F5B52E"), black};
    case Sign::kMismatch:
      return {blue ? QColor("#6B0F14") : QColor("#A3161B"), light};
    case Sign::kSilent:
      return {QColor("#4A545F"), light};
  }
  const QPalette colours = palette();
  return {colours.color(QPalette::Base), colours.color(QPalette::Text)};
}

SignColours Look::difference() const {
  return brightness == Brightness::kDark ? SignColours{QColor("#F5B52E"), QColor("#17120A")}
                                         : SignColours{QColor("#7A1F00"), QColor("#FFFFFF")};
}

SignColours Look::key() const {
  return brightness == Brightness::kDark ? SignColours{QColor("#3A444F"), QColor("#FFFFFF")}
                                         : SignColours{QColor("#2B3440"), QColor("#FFFFFF")};
}

QFont Look::font(double times, bool bold) const {
  QFont font("DejaVu Sans");
  font.setPixelSize(static_cast<int>(std::lround(kBasePixels * text_scale * times)));
  font.setBold(bold);
  return font;
}

QFont Look::name_font() const {
  QFont font("DejaVu Sans Mono");
  font.setPixelSize(static_cast<int>(std::lround(kBasePixels * text_scale * kNameTimes)));
  font.setBold(true);
  return font;
}

void paint_shape(QPainter& painter, const QRectF& where, Sign sign, const SignColours& colours) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colours.ink);
  paint_outline(painter, where, sign);
  painter.setPen(
      QPen(colours.ground, where.width() * 0.1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  paint_mark(painter, where, sign);
  painter.restore();
}

}  // namespace paxid::gate
