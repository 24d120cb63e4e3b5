#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <array>

class QPainter;
class QRectF;

// How the window looks: colours with their contrasts, shapes, the size of text.
namespace paxid::gate {

// What the badge says at a glance. Word, shape, colour and tone differ for each.
enum class Sign { kNone, kMatch, kReview, kMismatch, kSilent };
inline constexpr std::array kSigns{Sign::kNone, Sign::kMatch, Sign::kReview, Sign::kMismatch,
                                   Sign::kSilent};

struct SignColours {
  QColor ground;
  QColor ink;
};

enum class Brightness { kLight, kDark };
// kBlueOrange is for who cannot tell red from green.
enum class Hues { kUsual, kBlueOrange };

struct Look {
  Brightness brightness = Brightness::kLight;
  Hues hues = Hues::kUsual;
  double text_scale = 1.0;  // 1 to 2

  QPalette palette() const;
  SignColours sign(Sign sign) const;
  SignColours difference() const;  // a letter that differs
  SignColours key() const;         // a key cap
  QFont font(double times = 1.0, bool bold = false) const;
  QFont name_font() const;  // letters of one width
};

// WCAG 2.1: 1 to 21.
double contrast(const QColor& a, const QColor& b);

// A circle, a triangle, an octagon or a square, each with its own mark inside.
void paint_shape(QPainter& painter, const QRectF& where, Sign sign, const SignColours& colours);

}  // namespace paxid::gate
