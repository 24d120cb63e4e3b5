#include "tests/desktop/picture.h"

#include <gtest/gtest.h>

#include <QDir>
#include <cstdlib>

namespace paxid::desktop {
namespace {

constexpr int kClearly = 96;  // of 255
// A cursor that blinks, edges of letters.
constexpr double kSame = 0.001;

QString path_of(const char* directory, const std::string& name) {
  return QString("%1/%2.png").arg(directory, QString::fromStdString(name));
}

}  // namespace

void save_screen(const QImage& picture, const std::string& name) {
  QDir().mkpath(PAXID_SCREENS);
  EXPECT_TRUE(picture.save(path_of(PAXID_SCREENS, name))) << name;
}

int differing_points(const QImage& a, const QImage& b) {
  int different = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      different += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > kClearly;
    }
  }
  return different;
}

void expect_in_readme(const QImage& picture, const std::string& name) {
  save_screen(picture, name);
  const QImage shown(path_of(PAXID_README_PICTURES, name));
  const std::string copy = path_of(PAXID_SCREENS, name).toStdString() +
                           " has changed: copy it to " +
                           path_of(PAXID_README_PICTURES, name).toStdString();
  ASSERT_EQ(shown.size(), picture.size()) << copy;
  EXPECT_LE(differing_points(shown, picture), kSame * picture.width() * picture.height()) << copy;
}

}  // namespace paxid::desktop
