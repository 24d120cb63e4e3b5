#include "clients/cli/request.h"

#include "base/base64.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// The value of a key that is there and not null.
const json* value_at(const json& request, std::string_view key) {
  const auto value = request.find(key);
  return value == request.end() || value->is_null() ? nullptr : &*value;
}

}  // namespace

tl::unexpected<base::Error> refused(std::string_view code) {
  return tl::unexpected(base::Error{base::ErrorCode::kInvalidArgument, std::string(code), {}});
}

base::Result<std::string> bytes_of_base64(const json& text) {
  if (!text.is_string()) return refused("BAD_BASE64");
  const auto bytes = base::from_base64(text.get_ref<const std::string&>());
  if (!bytes) return refused("BAD_BASE64");
  return std::string(bytes->begin(), bytes->end());
}

base::Result<std::string> raw_of(const json& request) {
  const auto raw = request.find("raw");
  const auto base64 = request.find("raw_base64");
  if ((raw == request.end()) == (base64 == request.end())) return refused("RAW_MISSING");
  if (base64 != request.end()) return bytes_of_base64(*base64);
  if (!raw->is_string()) return refused("BAD_RAW");
  return raw->get<std::string>();
}

base::Result<std::optional<std::string>> optional_text(const json& request, std::string_view key,
                                                       std::string_view code) {
  const json* value = value_at(request, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return refused(code);
  return value->get<std::string>();
}

base::Result<bool> strict_of(const json& request) {
  const json* value = value_at(request, "strict");
  if (value == nullptr) return false;
  if (!value->is_boolean()) return refused("BAD_STRICT");
  return value->get<bool>();
}

base::Result<base::Date> reference_date_of(const json& request, base::Date today) {
  const auto text = optional_text(request, "reference_date", "BAD_REFERENCE_DATE");
  if (!text) return tl::unexpected(text.error());
  if (!*text) return today;
  const auto date = base::parse_iso_date(**text);
  if (!date) return refused("BAD_REFERENCE_DATE");
  return *date;
}

}  // namespace paxid::cli
