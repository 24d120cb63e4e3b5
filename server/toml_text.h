#pragma once

#include <toml++/toml.h>
#include <string_view>

#include "base/error.h"

namespace paxid::server {

// Parses TOML; INVALID_ARGUMENT names the line. The only place that meets the parser's
// exceptions.
base::Result<toml::table> parse_toml(std::string_view text);

}  // namespace paxid::server
