#include "base/progress_line.h"

#include <unistd.h>

#include <iostream>

namespace paxid::base {

std::string progress_bar(std::uint64_t done, std::uint64_t total, std::string_view what) {
  constexpr std::size_t kWidth = 20;
  const double part = done >= total ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
  const auto filled = static_cast<std::size_t>(part * kWidth);
  std::string percent = std::to_string(static_cast<int>(part * 100));
  percent.insert(0, 3 - percent.size(), ' ');
  return "[" + std::string(filled, '#') + std::string(kWidth - filled, '-') + "] " + percent +
         " %  " + std::to_string(done) + " of " + std::to_string(total) + " " + std::string(what);
}

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

void ProgressLine::show(std::uint64_t done, std::uint64_t total, std::string_view what) {
  show(progress_bar(done, total, what));
}

}  // namespace paxid::base
