#include "clients/cli/top_command.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace paxid::cli {
namespace {

using base::ErrorCode;

constexpr long kTimeoutSeconds = 5;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == ':';
}

std::optional<double> parse_value(std::string_view text) {
  if (text == "+Inf") return kInfinity;
  if (text == "-Inf") return -kInfinity;
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// One sample; nothing when the line is none.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  std::optional<Sample> read() {
    Sample sample;
    sample.name = name();
    if (sample.name.empty()) return std::nullopt;
    if (take('{') && !labels(sample)) return std::nullopt;
    skip_blanks();
    const std::string_view value = rest_.substr(0, rest_.find(' '));  // a time may follow
    const auto number = parse_value(value);
    if (!number) return std::nullopt;
    sample.value = *number;
    return sample;
  }

 private:
  std::string name() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_name_character);
    std::string found(rest_.begin(), end);
    rest_.remove_prefix(found.size());
    return found;
  }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  bool labels(Sample& sample) {
    while (!take('}')) {
      std::string label = name();
      if (label.empty() || !take('=') || !take('"')) return false;
      std::string value;
      while (!take('"')) {
        if (rest_.empty()) return false;
        char c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '\\') {
          if (rest_.empty()) return false;
          c = rest_.front() == 'n' ? '\n' : rest_.front();
          rest_.remove_prefix(1);
        }
        value += c;
      }
      sample.labels.emplace(std::move(label), std::move(value));
      take(',');
    }
    return true;
  }

  std::string_view rest_;
};

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

// A connection within the time limit, or nothing.
std::unique_ptr<Socket> connect_to(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return nullptr;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    auto socket = std::make_unique<Socket>(::socket(at->ai_family, at->ai_socktype, 0));
    const timeval limit{kTimeoutSeconds, 0};
    ::setsockopt(socket->get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket->get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(socket->get(), at->ai_addr, at->ai_addrlen) == 0) return socket;
  }
  return nullptr;
}

tl::unexpected<base::Error> unanswered(const std::string& address) {
  return base::fail(ErrorCode::kUnavailable,
                    "does not answer; listen.metrics_address of the server says where it should",
                    address);
}

double value_of(const std::vector<Sample>& samples, std::string_view name) {
  double sum = 0;
  for (const Sample& sample : samples) sum += sample.name == name ? sample.value : 0;
  return sum;
}

// "/paxid.v1.VerificationService/Verify" -> "Verification.Verify"
std::string short_name(std::string_view method) {
  constexpr std::string_view kPackage = "/paxid.v1.";
  if (method.starts_with(kPackage)) method.remove_prefix(kPackage.size());
  std::string name(method);
  if (const auto at = name.find("Service/"); at != name.npos) name.replace(at, 8, ".");
  return name;
}

// How many calls took at most so many seconds.
using Classes = std::map<double, double>;

// The bound of the class in which the part lies; the last bound for what is beyond all.
double quantile(const Classes& classes, double part) {
  if (classes.empty() || classes.rbegin()->second <= 0) return 0;
  const double wanted = part * classes.rbegin()->second;
  double last = 0;
  for (const auto& [bound, count] : classes) {
    if (std::isfinite(bound)) last = bound;
    if (count >= wanted) break;
  }
  return last;
}

struct MethodTotals {
  double calls = 0;
  double failed = 0;
  Classes classes;
};

std::map<std::string, MethodTotals> totals_of(const std::vector<Sample>& samples) {
  std::map<std::string, MethodTotals> totals;
  for (const Sample& sample : samples) {
    const auto method = sample.labels.find("method");
    if (method == sample.labels.end()) continue;
    MethodTotals& total = totals[method->second];
    if (sample.name == "paxid_calls_total") {
      total.calls += sample.value;
      const auto code = sample.labels.find("code");
      if (code == sample.labels.end() || code->second != "OK") total.failed += sample.value;
    } else if (sample.name == "paxid_call_seconds_bucket") {
      const auto bound = sample.labels.find("le");
      if (bound == sample.labels.end()) continue;
      if (const auto number = parse_value(bound->second)) total.classes[*number] = sample.value;
    }
  }
  return totals;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value != 0 && std::abs(value) < 10 ? "%.1f" : "%.0f", value);
  return text;
}

// "3d 4h", "12m", "45s"
std::string duration(double seconds) {
  const double whole = std::floor(std::abs(seconds));
  const std::string sign = seconds < 0 ? "-" : "";
  if (whole >= 86'400) {
    return sign + number(std::floor(whole / 86'400)) + "d " +
           number(std::floor(std::fmod(whole, 86'400) / 3'600)) + "h";
  }
  if (whole >= 60) return sign + number(std::floor(whole / 60)) + "m";
  return sign + number(whole) + "s";
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text + " ";
}

std::string right(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : " " + text;
}

}  // namespace

base::Result<std::vector<Sample>> parse_metrics(std::string_view page) {
  std::vector<Sample> samples;
  std::size_t number_of_line = 0;
  while (!page.empty()) {
    ++number_of_line;
    const std::size_t end = page.find('\n');
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(end == page.npos ? page.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    auto sample = LineReader(line).read();
    if (!sample) {
      return base::fail(ErrorCode::kInvalidArgument, "is no line of a page of metrics",
                        "line " + std::to_string(number_of_line));
    }
    samples.push_back(std::move(*sample));
  }
  return samples;
}

base::Result<std::string> fetch_metrics(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == address.npos || colon == 0) {
    return base::fail(ErrorCode::kInvalidArgument, "must be HOST:PORT", "--metrics");
  }
  std::string host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const auto socket = connect_to(host, address.substr(colon + 1));
  if (!socket) return unanswered(address);
  const std::string request = "GET /metrics HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
  if (::send(socket->get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return unanswered(address);
  }
  std::string answer;
  char chunk[16 * 1024];
  for (;;) {
    const ssize_t count = ::recv(socket->get(), chunk, sizeof chunk, 0);
    if (count < 0) return unanswered(address);
    if (count == 0) break;
    answer.append(chunk, static_cast<std::size_t>(count));
    if (answer.size() > kMaxMetricsBytes) {
      return base::fail(ErrorCode::kResourceExhausted, "answers with too much", address);
    }
  }
  const std::size_t body = answer.find("\r\n\r\n");
  const bool found = answer.starts_with("HTTP/1.") && answer.size() > 12 &&
                     answer.compare(8, 5, " 200 ") == 0 && body != answer.npos;
  if (!found) return unanswered(address);
  return answer.substr(body + 4);
}

Activity activity_between(const std::vector<Sample>& before, const std::vector<Sample>& after,
                          double seconds) {
  Activity activity;
  const double span = std::max(seconds, 1e-3);
  const auto grown = [&](std::string_view name) {
    return std::max(0.0, value_of(after, name) - value_of(before, name));
  };
  auto earlier = totals_of(before);
  for (auto& [method, total] : totals_of(after)) {
    const MethodTotals& old = earlier[method];
    for (auto& [bound, count] : total.classes) {
      const auto known = old.classes.find(bound);
      if (known != old.classes.end()) count -= known->second;
    }
    activity.methods.push_back({short_name(method), std::max(0.0, total.calls - old.calls) / span,
                                std::max(0.0, total.failed - old.failed) / span,
                                quantile(total.classes, 0.5) * 1e3,
                                quantile(total.classes, 0.99) * 1e3});
  }
  std::stable_sort(
      activity.methods.begin(), activity.methods.end(),
      [](const MethodActivity& a, const MethodActivity& b) { return a.per_second > b.per_second; });
  activity.records_per_second = grown("paxid_records_total") / span;
  const double commits = grown("paxid_commits_total");
  activity.records_per_commit = commits > 0 ? grown("paxid_records_total") / commits : 0;
  activity.processor_percent = 100 * grown("process_cpu_seconds_total") / span;
  for (const Sample& sample : after) {
    if (sample.name == "paxid_log_records") {
      const auto tenant = sample.labels.find("tenant");
      if (tenant != sample.labels.end()) activity.logs[tenant->second] = sample.value;
    } else if (sample.name == "paxid_build_info") {
      const auto version = sample.labels.find("version");
      if (version != sample.labels.end()) activity.version = version->second;
    } else if (sample.labels.empty() && !sample.name.ends_with("_total")) {
      activity.gauges[sample.name] = sample.value;
    }
  }
  return activity;
}

nlohmann::json activity_json(const Activity& activity) {
  nlohmann::json methods = nlohmann::json::array();
  for (const MethodActivity& method : activity.methods) {
    methods.push_back({{"method", method.method},
                       {"per_second", method.per_second},
                       {"failed_per_second", method.failed_per_second},
                       {"p50_milliseconds", method.p50_milliseconds},
                       {"p99_milliseconds", method.p99_milliseconds}});
  }
  return {{"version", activity.version},
          {"methods", std::move(methods)},
          {"records_per_second", activity.records_per_second},
          {"records_per_commit", activity.records_per_commit},
          {"processor_percent", activity.processor_percent},
          {"gauges", activity.gauges},
          {"logs", activity.logs}};
}

std::string activity_card(const Activity& activity, const TextStyle& style) {
  const auto gauge = [&](const char* name) {
    const auto found = activity.gauges.find(name);
    return found == activity.gauges.end() ? 0.0 : found->second;
  };
  const auto marked = [&](bool good, const std::string& text) {
    if (!style.colour) return text;
    return (good ? "\x1b[32m" : "\x1b[1;31m") + text + "\x1b[0m";
  };
  const bool ready = gauge("paxid_ready") == 1;
  const bool healthy = gauge("paxid_store_healthy") == 1;
  std::string card = "paxid " + printable(activity.version) + "   " +
                     marked(ready, ready ? "READY" : "NOT READY") + "   store " +
                     marked(healthy, healthy ? "healthy" : "FAILED") + "\n";
  card += "processor " + number(activity.processor_percent) + " %   memory " +
          number(gauge("process_resident_memory_bytes") / 1e6) + " MB   files " +
          number(gauge("process_open_fds")) + " of " + number(gauge("process_max_fds")) +
          "   disk free " + number(gauge("paxid_disk_free_bytes") / 1e9) + " GB\n";
  card += "records " + number(activity.records_per_second) + "/s, " +
          number(activity.records_per_commit) + " a commit   waiting " +
          number(gauge("paxid_queued_records")) + "   under way " +
          number(gauge("paxid_calls_under_way")) + "   flights " + number(gauge("paxid_flights")) +
          "\n";
  card += "certificate " + duration(gauge("paxid_certificate_expiry_seconds"));
  if (activity.gauges.contains("paxid_checkpoint_age_seconds")) {
    card += "   checkpoint " + duration(gauge("paxid_checkpoint_age_seconds")) + " ago";
  }
  const double overdue = gauge("paxid_deadlines_overdue");
  card += "   deadlines " + number(gauge("paxid_deadlines_open")) + " open, " +
          marked(overdue == 0, number(overdue) + " overdue") + "\n\n";
  constexpr std::size_t kName = 34, kColumn = 10;
  card += padded("call", kName) + right("per s", kColumn) + right("failed", kColumn) +
          right("p50 ms", kColumn) + right("p99 ms", kColumn) + "\n";
  for (const MethodActivity& method : activity.methods) {
    card += padded(printable(method.method), kName) + right(number(method.per_second), kColumn) +
            right(number(method.failed_per_second), kColumn) +
            right("<" + number(method.p50_milliseconds), kColumn) +
            right("<" + number(method.p99_milliseconds), kColumn) + "\n";
  }
  if (!activity.logs.empty())
    card += "\n" + padded("log", kName) + right("records", kColumn) + "\n";
  for (const auto& [tenant, records] : activity.logs) {
    card += padded(tenant.empty() ? "(others)" : printable(tenant), kName) +
            right(number(records), kColumn) + "\n";
  }
  return card;
}

}  // namespace paxid::cli
