#include "clients/cli/record_reference.h"

#include "base/hex.h"

namespace paxid::cli {

nlohmann::json record_json(const sdk::RecordReference& record) {
  nlohmann::json to{{"log_origin", record.log_origin},
                    {"leaf_hash", base::to_hex(record.leaf_hash)}};
  if (record.leaf_index) to["leaf_index"] = *record.leaf_index;
  return to;
}

}  // namespace paxid::cli
