#include "server/trace.h"

#include <algorithm>
#include <cstddef>

#include "base/hex.h"

namespace paxid::server {
namespace {

// "00-" trace-id "-" parent-id "-" flags
constexpr std::size_t kTraceIdAt = 3, kTraceIdDigits = 32;
constexpr std::size_t kParentIdAt = 36, kParentIdDigits = 16;
constexpr std::size_t kFlagsAt = 53, kFlagsDigits = 2;
constexpr std::size_t kLength = 55;

// Lower-case digits alone: section 3.2.2.
bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

}  // namespace

std::optional<audit::Id16> parse_traceparent(std::string_view text) {
  if (text.size() < kLength) return std::nullopt;
  const std::string_view version = text.substr(0, 2);
  const std::string_view trace_id = text.substr(kTraceIdAt, kTraceIdDigits);
  const std::string_view parent_id = text.substr(kParentIdAt, kParentIdDigits);
  for (const std::size_t dash : {kTraceIdAt, kParentIdAt, kFlagsAt}) {
    if (text[dash - 1] != '-') return std::nullopt;
  }
  if (!is_hex(version) || version == "ff" || !is_hex(trace_id) || !is_hex(parent_id) ||
      !is_hex(text.substr(kFlagsAt, kFlagsDigits)) || is_zero(trace_id) || is_zero(parent_id)) {
    return std::nullopt;
  }
  if (text.size() > kLength && (version == "00" || text[kLength] != '-')) return std::nullopt;
  audit::Id16 id{};
  const auto bytes = base::from_hex(trace_id);
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

}  // namespace paxid::server
