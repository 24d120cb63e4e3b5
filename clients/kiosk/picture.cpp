#include "clients/kiosk/picture.h"

#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>
#include <QPainter>
#include <QPainterPath>
#include <cmath>
#include <exception>

namespace paxid::kiosk {
namespace {

const QColor kInk(0x10, 0x2a, 0x43);
const QColor kGood(0x0b, 0x6b, 0x2e);
const QColor kPaper(Qt::white);

// All of them are drawn on a square of 100 by 100.
void paint_globe(QPainter& to) {
  to.drawEllipse(QPointF(50, 50), 38, 38);
  to.drawEllipse(QPointF(50, 50), 16, 38);
  to.drawLine(QPointF(12, 50), QPointF(88, 50));
  to.drawLine(QPointF(18, 30), QPointF(82, 30));
  to.drawLine(QPointF(18, 70), QPointF(82, 70));
}

void paint_pass(QPainter& to) {
  to.drawRoundedRect(QRectF(6, 26, 88, 48), 6, 6);
  to.drawLine(QPointF(68, 26), QPointF(68, 74));
  to.setPen(Qt::NoPen);
  to.setBrush(kInk);
  for (const int x : {16, 22, 31, 36, 45, 50}) to.drawRect(QRectF(x, 38, x % 2 == 0 ? 4 : 3, 24));
  to.drawRect(QRectF(74, 38, 14, 5));
  to.drawRect(QRectF(74, 50, 10, 5));
}

void paint_document(QPainter& to) {
  to.drawRoundedRect(QRectF(18, 8, 64, 84), 5, 5);
  to.drawEllipse(QPointF(50, 32), 10, 10);
  QPainterPath shoulders;
  shoulders.moveTo(30, 62);
  shoulders.arcTo(QRectF(30, 45, 40, 34), 180, -180);
  shoulders.closeSubpath();
  to.drawPath(shoulders);
  to.setPen(Qt::NoPen);
  to.setBrush(kInk);
  to.drawRect(QRectF(26, 72, 48, 4));
  to.drawRect(QRectF(26, 81, 48, 4));
}

void paint_hour_glass(QPainter& to) {
  QPainterPath glass;
  glass.moveTo(26, 14);
  glass.lineTo(74, 14);
  glass.lineTo(50, 50);
  glass.lineTo(74, 86);
  glass.lineTo(26, 86);
  glass.lineTo(50, 50);
  glass.closeSubpath();
  to.drawPath(glass);
  to.setBrush(kInk);
  to.drawPolygon(QPolygonF({{34, 80}, {66, 80}, {50, 62}}));
}

void paint_tick(QPainter& to) {
  to.setPen(Qt::NoPen);
  to.setBrush(kGood);
  to.drawEllipse(QPointF(50, 50), 44, 44);
  to.setBrush(Qt::NoBrush);
  to.setPen(QPen(kPaper, 11, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  to.drawPolyline(QPolygonF({{28, 52}, {44, 68}, {73, 34}}));
}

void paint_person(QPainter& to, double x) {
  to.drawEllipse(QPointF(x, 52), 10, 10);
  QPainterPath body;
  body.moveTo(x - 18, 89);
  body.arcTo(QRectF(x - 18, 66, 36, 46), 180, -180);
  body.closeSubpath();
  to.drawPath(body);
}

void paint_two_people(QPainter& to) {
  paint_person(to, 26);
  to.setBrush(kInk);
  paint_person(to, 74);
  to.setBrush(Qt::NoBrush);
  QPainterPath bubble;
  bubble.addRoundedRect(QRectF(30, 8, 44, 24), 8, 8);
  bubble.moveTo(62, 32);
  bubble.lineTo(68, 40);
  bubble.lineTo(70, 30);
  to.drawPath(bubble);
}

void paint_clock(QPainter& to) {
  to.drawEllipse(QPointF(50, 50), 40, 40);
  to.drawLine(QPointF(50, 50), QPointF(50, 22));
  to.drawLine(QPointF(50, 50), QPointF(70, 60));
}

}  // namespace

QImage symbol_of(Screen screen, bool asks_for_more_time, int side) {
  QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter to(&image);
  to.setRenderHint(QPainter::Antialiasing);
  to.scale(side / 100.0, side / 100.0);
  to.setPen(QPen(kInk, 5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  if (asks_for_more_time) {
    paint_clock(to);
    return image;
  }
  switch (screen) {
    case Screen::kWelcome:
      paint_globe(to);
      break;
    case Screen::kPass:
      paint_pass(to);
      break;
    case Screen::kDocument:
      paint_document(to);
      break;
    case Screen::kChecking:
      paint_hour_glass(to);
      break;
    case Screen::kGoOn:
      paint_tick(to);
      break;
    case Screen::kColleague:
      paint_two_people(to);
      break;
  }
  return image;
}

QImage barcode_of(const std::string& text, int side) {
  constexpr int kQuietModules = 4;  // ISO/IEC 18004 section 6.3.8
  ZXing::BitMatrix modules;
  try {
    ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::QRCode);
    modules = writer.setMargin(kQuietModules)
                  .setEccLevel(4)
                  .encode(std::wstring(text.begin(), text.end()), 0, 0);
  } catch (const std::exception&) {
    return {};
  }
  QImage image(modules.width(), modules.height(), QImage::Format_RGB32);
  for (int y = 0; y < modules.height(); ++y) {
    for (int x = 0; x < modules.width(); ++x) {
      image.setPixelColor(x, y, modules.get(x, y) ? Qt::black : Qt::white);
    }
  }
  const int times = std::max(1, (side + modules.width() - 1) / modules.width());
  return image.scaled(image.size() * times, Qt::IgnoreAspectRatio, Qt::FastTransformation);
}

}  // namespace paxid::kiosk
