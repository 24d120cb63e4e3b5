#include "base/progress_line.h"

#include <unistd.h>

#include <iostream>

namespace paxid::base {

ProgressLine::ProgressLine()
    : on_terminal_(::isatty(STDERR_FILENO) != 0),
      next_(std::chrono::steady_clock::now() + kQuiet) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::cerr << "\r\033[K" << std::flush;
}

void ProgressLine::show(const std::string& text) {
  constexpr std::chrono::milliseconds kPause{200};
  if (!on_terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kPause;
  shown_ = true;
  std::cerr << "\r\033[K" << text << std::flush;
}

}  // namespace paxid::base
