#include "clients/reader/wedge.h"

#include <algorithm>
#include <utility>

#include "base/hex.h"
#include "base/utf8.h"

namespace paxid::reader {
namespace {

using base::ErrorCode;

bool is_line_end(char32_t c) { return c == U'\r' || c == U'\n' || c == U'\t'; }

// One character of a scanner's description, which begins behind a backslash; nothing for none.
std::optional<char> escaped(std::string_view& text) {
  const char c = text.empty() ? '\0' : text.front();
  if (c == 'x' && text.size() >= 3) {
    const auto bytes = base::from_hex(text.substr(1, 2));
    if (!bytes) return std::nullopt;
    text.remove_prefix(3);
    return static_cast<char>(bytes->front());
  }
  constexpr std::string_view kWritten = "rnt\\|";
  constexpr std::string_view kMeant = "\r\n\t\\|";
  const auto place = kWritten.find(c);
  if (text.empty() || place == std::string_view::npos) return std::nullopt;
  text.remove_prefix(1);
  return kMeant[place];
}

}  // namespace

base::Result<Scanner> scanner_from(std::string_view text) {
  Scanner scanner;
  std::string* part = &scanner.prefix;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '|' && part == &scanner.prefix) {
      part = &scanner.suffix;
    } else if (c == '\\') {
      const auto meant = escaped(text);
      if (!meant) {
        return base::fail(ErrorCode::kInvalidArgument, "write \\r, \\n, \\t, \\\\, \\| or \\xHH");
      }
      *part += *meant;
    } else {
      *part += c;
    }
  }
  if (part == &scanner.prefix || (scanner.prefix.empty() && scanner.suffix.empty())) {
    return base::fail(ErrorCode::kInvalidArgument, "write PREFIX|SUFFIX, one of them not empty");
  }
  return scanner;
}

bool HeldKeys::is_held(bool repeated, std::optional<Milliseconds> at) {
  const bool follows_at_once = at && last_ && *at - *last_ < kFastestRepeat;
  last_ = at;
  return repeated && !follows_at_once;
}

const Scanner* Wedge::scanner_of(std::string_view text) const {
  const auto found = std::find_if(
      options_.scanners.begin(), options_.scanners.end(),
      [text](const Scanner& one) { return !one.prefix.empty() && text.starts_with(one.prefix); });
  return found == options_.scanners.end() ? nullptr : &*found;
}

std::vector<Arrival> Wedge::key(char32_t character, Milliseconds now, base::Date today) {
  std::vector<Arrival> arrivals;
  if (keys_ > 0 && now - last_key_ > options_.key_gap) end_burst(now, today, arrivals);
  if (!lines_.empty() && now - last_key_ > options_.line_gap) end_scan(now, today, arrivals);
  // Some devices end a line with CR and LF.
  const bool second_line_end =
      after_line_end_ && is_line_end(character) && now - last_key_ <= options_.key_gap;
  after_line_end_ = is_line_end(character);
  last_key_ = now;
  if (second_line_end) return arrivals;
  ++keys_;
  if (burst_.size() >= kMaxScanBytes) burst_.clear();
  const Scanner* scanner = scanner_of(burst_);
  // A device that says how it ends may have line ends inside.
  const bool has_own_end = scanner != nullptr && !scanner->suffix.empty();
  if (!is_line_end(character) || has_own_end) base::append_utf8(burst_, character);
  if (has_own_end && burst_.size() > scanner->prefix.size() && burst_.ends_with(scanner->suffix)) {
    burst_.resize(burst_.size() - scanner->suffix.size());
    end_line(now, today, arrivals);
    end_scan(now, today, arrivals);
  } else if (is_line_end(character) && !has_own_end) {
    is_typed_by_hand() ? end_typing(character, now, arrivals) : end_line(now, today, arrivals);
  }
  return arrivals;
}

std::vector<Arrival> Wedge::pause(Milliseconds now, base::Date today) {
  std::vector<Arrival> arrivals;
  if (keys_ > 0 && now - last_key_ > options_.key_gap) end_burst(now, today, arrivals);
  if (!lines_.empty() && now - last_key_ > options_.line_gap) end_scan(now, today, arrivals);
  if (now - last_scan_at_ > options_.repeat_gap) last_scan_ = {};
  return arrivals;
}

std::optional<Milliseconds> Wedge::patience() const {
  if (keys_ > 0) return options_.key_gap + Milliseconds(1);
  if (!lines_.empty()) return options_.line_gap + Milliseconds(1);
  if (!last_scan_.empty()) {
    const Milliseconds known_until = last_scan_at_ + options_.repeat_gap + Milliseconds(1);
    return std::max(known_until - last_key_, Milliseconds(1));
  }
  return std::nullopt;
}

std::string Wedge::pending() const {
  std::string text;
  for (const std::string& line : lines_) text += line + "\n";
  return text + burst_;
}

void Wedge::clear() {
  last_scan_ = {};
  after_line_end_ = false;
  burst_.clear();
  keys_ = 0;
  lines_.clear();
}

// A person's enter key or tab; right behind a scan it is the end that the device sends late.
void Wedge::end_typing(char32_t line_end, Milliseconds now, std::vector<Arrival>& arrivals) {
  keys_ = 0;
  std::string text = std::exchange(burst_, {});
  if (text.empty() && last_scan_key_ && now - *last_scan_key_ <= options_.line_gap) return;
  text += line_end == U'\t' ? '\t' : '\r';
  arrivals.push_back({std::nullopt, Typed{std::move(text)}});
}

// A line end in the midst of fast keys, or a pause behind them.
void Wedge::end_line(Milliseconds now, base::Date today, std::vector<Arrival>& arrivals) {
  keys_ = 0;
  last_scan_key_ = last_key_;
  std::string line = std::exchange(burst_, {});
  if (const Scanner* scanner = scanner_of(line)) line.erase(0, scanner->prefix.size());
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = std::min(line.find_first_of("\r\n\t", begin), line.size());
    if (end > begin) lines_.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  if (lines_.empty()) return;
  std::size_t bytes = 0;
  for (const std::string& one : lines_) bytes += one.size() + 1;
  if (bytes > kMaxScanBytes) return lines_.clear();
  // One more line may make a zone of what is none yet.
  if (!may_continue(lines_) || read_scan(lines_, today, options_.layouts).whole) {
    end_scan(now, today, arrivals);
  }
}

void Wedge::end_burst(Milliseconds now, base::Date today, std::vector<Arrival>& arrivals) {
  if (keys_ >= kMinScanKeys) return end_line(now, today, arrivals);
  keys_ = 0;
  if (!burst_.empty()) arrivals.push_back({std::nullopt, Typed{std::exchange(burst_, {})}});
}

void Wedge::end_scan(Milliseconds now, base::Date today, std::vector<Arrival>& arrivals) {
  if (lines_.empty()) return;
  Scan scan = read_scan(lines_, today, options_.layouts);
  if (scan.layouts.any()) options_.layouts &= scan.layouts;
  lines_.clear();
  const bool again = last_scan_.is_of(scan) && now - last_scan_at_ <= options_.repeat_gap;
  last_scan_at_ = now;
  if (again) return;
  last_scan_ = ScanMark(scan);
  arrivals.push_back({std::move(scan), std::nullopt});
}

}  // namespace paxid::reader
