#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace paxid::base {

// "[#####---------------]  25 %  50 of 200 leaves"; what is beyond the total counts as all of it.
std::string progress_bar(std::uint64_t done, std::uint64_t total, std::string_view what);

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
  // With a bar.
  void show(std::uint64_t done, std::uint64_t total, std::string_view what);

 private:
  bool on_terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace paxid::base
