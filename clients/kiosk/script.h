#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "clients/kiosk/session.h"
#include "clients/kiosk/terminal.h"

// The kiosk without a screen, for the tests of those who build it in: lines of JSON go in, and
// every change of the screen comes out as one. docs/kiosk.md lists them.
namespace paxid::kiosk {

inline constexpr std::size_t kMaxScriptLineBytes = 64 * 1024;

// One line of output, without its line end.
std::string line_of(const View& view);

// Does what a line says. What is wrong with it, as a line of output; empty: nothing.
std::string run_line(Terminal& terminal, std::string_view line);

}  // namespace paxid::kiosk
