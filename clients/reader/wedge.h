#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "clients/reader/scan.h"
#include "clients/reader/scan_mark.h"

// Scanners that type: what arrives as key after key is told apart into scans and what a person
// typed. Time is an argument: milliseconds of any clock that does not step back.
namespace paxid::reader {

using Milliseconds = std::chrono::milliseconds;

// What a scanner puts around each text. Without one, a scan begins with its first fast key and
// ends with a line end after which nothing more can come, or with a pause.
struct Scanner {
  std::string prefix;
  std::string suffix;

  friend bool operator==(const Scanner&, const Scanner&) = default;
};

// "PREFIX|SUFFIX", either may be empty; \r, \n, \t, \\, \| and \xHH stand for what they say.
// INVALID_ARGUMENT for anything else.
base::Result<Scanner> scanner_from(std::string_view text);

struct WedgeOptions {
  std::vector<Scanner> scanners;
  // Of the host's keyboard, as far as it is known. Scans that prove more narrow it down.
  LayoutSet layouts = LayoutSet().set();
  // Keys that follow each other within this time are a scanner's: people take longer.
  Milliseconds key_gap{30};
  // Between two lines of one document, or a scan and a line end that the device sends late.
  Milliseconds line_gap{400};
  // The same text again within this time is one scan.
  Milliseconds repeat_gap{2'000};
};

// What has arrived.
struct Typed {
  std::string text;  // UTF-8; '\r' for the enter key, '\t' for tab, '\b' for backspace
};
struct Arrival {
  std::optional<Scan> scan;
  std::optional<Typed> typed;
};

// No keyboard repeats a key that is held down as fast.
inline constexpr Milliseconds kFastestRepeat{10};
// Tells keys that are held down from scanners that send a letter twice: two strokes within one
// millisecond are a repetition to X.
class HeldKeys {
 public:
  // To be asked of every key: `repeated` is what the window system says, `at` its time.
  bool is_held(bool repeated, std::optional<Milliseconds> at);

 private:
  std::optional<Milliseconds> last_;
};

// Longer input is no scan of anything: it is dropped.
inline constexpr std::size_t kMaxScanBytes = 8 * 1024;
// Fewer fast keys are a person's: two fingers at once, or a key that bounces.
inline constexpr std::size_t kMinScanKeys = 5;

// Not thread-safe.
class Wedge {
 public:
  explicit Wedge(WedgeOptions options) : options_(std::move(options)) {}

  // A character arrived. `now` must not be before the last call's. What a person typed before may
  // be told with it.
  std::vector<Arrival> key(char32_t character, Milliseconds now, base::Date today);
  // Nothing arrived until `now`: what waits for more may be whole.
  std::vector<Arrival> pause(Milliseconds now, base::Date today);
  // How long after the last key pause() has something to say or to forget; nothing when neither.
  std::optional<Milliseconds> patience() const;
  // What has arrived of a scan so far, for the scan field.
  std::string pending() const;
  // Nothing of a scan is kept, not even the mark by which it is known again.
  bool is_blank() const { return pending().empty() && last_scan_.empty(); }
  // Forgets all that arrived, the last scan too.
  void clear();

 private:
  bool is_typed_by_hand() const { return keys_ < kMinScanKeys && lines_.empty(); }
  void end_typing(char32_t line_end, Milliseconds now, std::vector<Arrival>& arrivals);
  void end_line(Milliseconds now, base::Date today, std::vector<Arrival>& arrivals);
  void end_burst(Milliseconds now, base::Date today, std::vector<Arrival>& arrivals);
  void end_scan(Milliseconds now, base::Date today, std::vector<Arrival>& arrivals);
  const Scanner* scanner_of(std::string_view text) const;

  WedgeOptions options_;
  std::string burst_;               // the keys since the last pause or line end
  std::size_t keys_ = 0;            // of it, its line end included
  std::vector<std::string> lines_;  // whole lines of a scan that may go on
  Milliseconds last_key_{0};
  bool after_line_end_ = false;
  ScanMark last_scan_;
  Milliseconds last_scan_at_{0};
  std::optional<Milliseconds> last_scan_key_;  // the last key that belonged to a scan
};

}  // namespace paxid::reader
