#pragma once

#include <QImage>
#include <string>

// Pictures of the windows.
namespace paxid::desktop {

// Below PAXID_SCREENS, for people to look at.
void save_screen(const QImage& picture, const std::string& name);

// How many points of two pictures of one size clearly differ in grey.
int differing_points(const QImage& a, const QImage& b);

// That docs/pictures/NAME.png, which the README shows, is this picture. Saves the new one beside
// the other screens, from where it is copied when the window has changed.
void expect_in_readme(const QImage& picture, const std::string& name);

}  // namespace paxid::desktop
