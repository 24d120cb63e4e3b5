#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/error.h"

// The keys that requests of several subcommands have in common (docs/line_protocol.md). A key
// with a value of the wrong kind is refused, never ignored: the error's message is the code of
// the refusal. An optional key that is null is taken as missing.
namespace paxid::cli {

// `raw`, or `raw_base64` for bytes that are no UTF-8. RAW_MISSING (neither, or both), BAD_RAW,
// BAD_BASE64.
base::Result<std::string> raw_of(const nlohmann::json& request);
// The bytes of a base64 text; BAD_BASE64.
base::Result<std::string> bytes_of_base64(const nlohmann::json& text);

// Nothing when the key is missing; refused with `code` when it holds no text.
base::Result<std::optional<std::string>> optional_text(const nlohmann::json& request,
                                                       std::string_view key, std::string_view code);

// false when the key is missing; BAD_STRICT.
base::Result<bool> strict_of(const nlohmann::json& request);

// `reference_date` ("YYYY-MM-DD"), else `today`; BAD_REFERENCE_DATE.
base::Result<base::Date> reference_date_of(const nlohmann::json& request, base::Date today);

// For `return refused("BAD_RAW")` in what returns a Result.
tl::unexpected<base::Error> refused(std::string_view code);

}  // namespace paxid::cli
