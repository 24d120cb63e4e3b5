#pragma once

#include <QImage>
#include <string>

#include "clients/kiosk/session.h"

// What stands on the screens beside words.
namespace paxid::kiosk {

// What a screen is told by at a glance, without reading and without colour: a globe, a pass, an
// open document, an hour-glass, a tick in a circle, two people who talk; a clock for the question
// whether more time is needed. `side` in pixels; transparent around it.
QImage symbol_of(Screen screen, bool asks_for_more_time, int side);

// A QR code of the text (ISO/IEC 18004), black on white with its quiet zone, at least `side` pixels
// wide. Empty for a text that no QR code holds.
QImage barcode_of(const std::string& text, int side);

}  // namespace paxid::kiosk
