#pragma once

#include <chrono>
#include <string>

namespace paxid::base {

// One line on standard error that says how far a long run is: first after kQuiet, then a few
// times a second, gone at the end. Only on a terminal.
class ProgressLine {
 public:
  static constexpr std::chrono::seconds kQuiet{2};

  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& text);

 private:
  bool on_terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace paxid::base
