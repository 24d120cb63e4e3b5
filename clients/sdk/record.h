#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/bytes.h"

namespace paxid::sdk {

// Where the record of an answer is.
struct RecordReference {
  std::string log_origin;
  std::optional<std::uint64_t> leaf_index;  // nothing while the place is only promised
  audit::Hash leaf_hash{};
  std::string signed_promise;  // empty when placed
};

}  // namespace paxid::sdk
