#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace spdlog {
class logger;
}

namespace paxid::server {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

// Everything a log line may say beside time, level and event. What is not in this list
// cannot be logged, so no personal data can.
enum class LogKey : std::uint8_t {
  kAdminPort,
  kAddress,  // where the server listens
  kCode,     // a gRPC status or an error code
  kCount,
  kMessage,  // what an operator is told: names of files and keys, never of a request
  kLeafIndex,
  kMethod,  // one that the access table knows
  kMetricsPort,
  kMicroseconds,
  kPlace,  // a file and line of a library
  kPort,
  kReason,  // ErrorInfo.reason
  kReplayed,
  kRole,
  kSeconds,
  kTenant,
  kTraceId,  // of the W3C header, hexadecimal
  kVersion,
};
std::string_view name_of(LogKey key);

struct LogField {
  LogKey key;
  std::variant<std::string_view, std::int64_t, bool> value;
};

// JSON lines on standard error: {"time":…,"level":…,"event":…, fields}. Thread-safe.
class Log {
 public:
  explicit Log(LogLevel level);
  ~Log();

  bool enabled(LogLevel level) const { return level >= level_; }
  // `event` is a literal in lower snake case.
  void write(LogLevel level, const char* event, std::initializer_list<LogField> fields = {}) {
    write(level, event, std::span(fields.begin(), fields.size()));
  }
  void write(LogLevel level, const char* event, std::span<const LogField> fields);

 private:
  LogLevel level_;
  std::shared_ptr<spdlog::logger> logger_;
};

// gRPC and protobuf write what they have to say as lines of this log from now on: event "grpc"
// or "protobuf" with the place in their source, never their text, which may quote a peer.
void take_over_library_logs();

// Nothing but the four words of the configuration: "debug", "info", "warn", "error".
LogLevel log_level_from(std::string_view name);

}  // namespace paxid::server
