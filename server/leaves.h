#pragma once

#include <cstdint>
#include <string>

#include "audit/leaf.h"
#include "audit/store.h"
#include "base/error.h"

// Leaves of a tenant's log, as services look at them. Both wait for the store.
namespace paxid::server {

// The store's error, or that of a leaf that cannot be decoded.
base::Result<audit::Leaf> leaf_at(audit::Store& store, const std::string& tenant,
                                  std::uint64_t index);

// The index of the first leaf in [begin, end) that is not before `time_unix_us`, else `end`. Times
// never decrease, so it looks at about log2(end - begin) leaves.
base::Result<std::uint64_t> first_not_before(audit::Store& store, const std::string& tenant,
                                             std::uint64_t begin, std::uint64_t end,
                                             std::uint64_t time_unix_us);

}  // namespace paxid::server
