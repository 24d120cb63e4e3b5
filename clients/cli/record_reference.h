#pragma once

#include <nlohmann/json.hpp>

#include "clients/sdk/record.h"

namespace paxid::cli {

// {"log_origin", "leaf_hash", "leaf_index" unless only promised}: where a record is, as every
// subcommand that leaves one says it.
nlohmann::json record_json(const sdk::RecordReference& record);

}  // namespace paxid::cli
