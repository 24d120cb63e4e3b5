#include "server/toml_text.h"

#include <string>

namespace paxid::server {

base::Result<toml::table> parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      "is not TOML: " + std::string(error.description()),
                      "line " + std::to_string(error.source().begin.line));
  }
}

}  // namespace paxid::server
