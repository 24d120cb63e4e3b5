#pragma once

#include "mrz/layout.h"
#include "mrz/report.h"

namespace paxid::mrz {

// A scanner that types as a keyboard sends the places of keys. Where it is set to another layout
// than its host, QWERTY to QWERTZ or the reverse, every Y arrives as Z and every Z as Y, and the
// filler mostly as ; or >.
//
// Puts them back, in the whole zone, and says so (KEYBOARD_LAYOUT) when at least two witnesses
// speak for it: the filler's key, the check digit of a field that has such letters, the code of
// the issuer and that of the nationality, each of which must be wrong as printed and right
// afterwards; and none against it: no digit disagrees and no code is unknown that was known.
// With one witness it is only said that it may be so (KEYBOARD_UNCERTAIN): a single misread cell
// can look the same. With `strict` nothing is done.
void exchange_keys(const Layout& layout, bool filler_key, Cells& cells, Report& report);

}  // namespace paxid::mrz
