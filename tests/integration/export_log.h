#pragma once

#include <string>

#include "tests/integration/server_process.h"

namespace paxid::integration {

// Opens the store of a stopped server and writes a tenant's log as name=value lines in
// hexadecimal (tests/audit/verify_from_document.py reads them): vkey, origin, checkpoint, and for
// each leaf leaf, sealed, body_key, body. Returns the file's path.
std::string export_log(const Site& site, const std::string& tenant);

}  // namespace paxid::integration
