#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

// What lies beside log.db in the directory of a store (docs/record_format.md section 9).
namespace paxid::audit {

// "<tenant>.checkpoint" is the last one that the log has signed, "<tenant>.witnessed" the newest
// that witnesses have signed too.
inline constexpr std::string_view kCheckpointExtension = ".checkpoint";
inline constexpr std::string_view kWitnessedExtension = ".witnessed";

std::string witnessed_file(const std::string& directory, std::string_view tenant);
std::string api_log_file(const std::string& directory);

// The content of all files with the extension, by tenant.
base::Result<std::map<std::string, std::string>> notes_in(const std::string& directory,
                                                          std::string_view extension);

}  // namespace paxid::audit
