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

// The lines of an input that comes in pieces. Of a line that is too long it keeps no more than
// shows that it is.
class ScriptLines {
 public:
  using Each = std::function<void(std::string_view line)>;
  void add(std::string_view piece, const Each& each);
  // The input is over; its last line may lack its end.
  void end(const Each& each);

 private:
  std::string line_;
};

// One line of output, without its line end.
std::string line_of(const View& view);

// Does what a line says. What is wrong with it, as a line of output; empty: nothing.
std::string run_line(Terminal& terminal, std::string_view line);

}  // namespace paxid::kiosk
