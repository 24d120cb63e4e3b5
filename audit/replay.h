#pragma once

#include <optional>

#include "audit/bytes.h"
#include "audit/key_store.h"
#include "audit/log_registry.h"
#include "audit/log_tables.h"
#include "audit/store.h"
#include "base/error.h"

namespace paxid::audit {

// The data key of a leaf: its subject's; the log's when it has none or is an erasure.
// FAILED_PRECONDITION when the subject was erased.
base::Result<base::SecretBytes> data_key_of(KeyStore& keys, const Log& log, const Leaf& leaf);

// The receipt of the record that a request has made among the first `tree_size` leaves, or
// nothing. ALREADY_EXISTS when the record was made by another request under the same id.
base::Result<std::optional<Receipt>> find_receipt(ReadTables& tables, KeyStore& keys,
                                                  const Log& log, std::uint64_t tree_size,
                                                  const Id16& request_id, const Hash& digest);

// What append answers to the same request id with another request.
base::Error another_request();

}  // namespace paxid::audit
