#include "server/log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/check.h"

namespace paxid::server {
namespace {

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "";
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::string fraction = std::to_string(1'000'000 + micros.count() % 1'000'000);
  fraction.front() = '.';
  return std::string(text, length) + fraction + "Z";
}

// The libraries' hooks are plain functions, so each line makes a log of its own; they are rare.
void log_place(const char* event, std::string_view file, int line) {
  const std::string place =
      std::string(file.substr(file.rfind('/') + 1)) + ":" + std::to_string(line);
  Log(LogLevel::kError).write(LogLevel::kError, event, {{LogKey::kPlace, place}});
}

}  // namespace

std::string_view name_of(LogKey key) {
  switch (key) {
    case LogKey::kAdminPort:
      return "admin_port";
    case LogKey::kAddress:
      return "address";
    case LogKey::kCode:
      return "code";
    case LogKey::kCount:
      return "count";
    case LogKey::kMessage:
      return "message";
    case LogKey::kLeafIndex:
      return "leaf_index";
    case LogKey::kMethod:
      return "method";
    case LogKey::kMetricsPort:
      return "metrics_port";
    case LogKey::kMicroseconds:
      return "microseconds";
    case LogKey::kPlace:
      return "place";
    case LogKey::kPort:
      return "port";
    case LogKey::kReason:
      return "reason";
    case LogKey::kReplayed:
      return "replayed";
    case LogKey::kRole:
      return "role";
    case LogKey::kSeconds:
      return "seconds";
    case LogKey::kTenant:
      return "tenant";
    case LogKey::kTraceId:
      return "trace_id";
    case LogKey::kVersion:
      return "version";
  }
  return "";
}

void take_over_library_logs() {
  gpr_set_log_function([](gpr_log_func_args* said) {
    if (said->severity == GPR_LOG_SEVERITY_ERROR) log_place("grpc", said->file, said->line);
  });
  google::protobuf::SetLogHandler([](google::protobuf::LogLevel, const char* file, int line,
                                     const std::string&) { log_place("protobuf", file, line); });
}

LogLevel log_level_from(std::string_view name) {
  for (LogLevel level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    if (name_of(level) == name) return level;
  }
  PAXID_CHECK(!"a log level that the configuration has not checked");
}

Log::Log(LogLevel level)
    : level_(level),
      logger_(std::make_shared<spdlog::logger>("paxid",
                                               std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
  logger_->set_pattern("%v");
  logger_->set_level(spdlog::level::trace);
  logger_->flush_on(spdlog::level::trace);
}

Log::~Log() = default;

void Log::write(LogLevel level, const char* event, std::span<const LogField> fields) {
  if (!enabled(level)) return;
  nlohmann::ordered_json line{{"time", utc_now()}, {"level", name_of(level)}, {"event", event}};
  for (const LogField& field : fields) {
    std::visit([&](const auto& value) { line[std::string(name_of(field.key))] = value; },
               field.value);
  }
  logger_->info(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace paxid::server
