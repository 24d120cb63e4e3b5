#pragma once

#include <optional>

#include "audit/bytes.h"
#include "audit/key_cipher.h"
#include "audit/log_registry.h"
#include "audit/log_tables.h"
#include "audit/store.h"
#include "base/error.h"

namespace paxid::audit {

// The data key of a leaf: its subject's; the log's when it has none or is an erasure.
// FAILED_PRECONDITION when the subject was erased.
base::Result<base::SecretBytes> data_key_of(DataKeys& keys, const Log& log, const Leaf& leaf);

// What an earlier record with the same request id means for a request: its receipt, or why there
// is none: ALREADY_EXISTS (another request made it), FAILED_PRECONDITION (its answer was erased),
// DATA_LOSS (its answer does not prove itself). Nothing when there is no record among the first
// `tree_size` leaves. The outer error is the database's and concerns everybody.
using Earlier = std::optional<base::Result<Receipt>>;
base::Result<Earlier> find_receipt(ReadTables& tables, DataKeys& keys, const Log& log,
                                   std::uint64_t tree_size, const Id16& request_id,
                                   const Hash& digest);

// The receipt of a record that has this leaf and this sealed answer, without its place; or why
// there is none, as above.
base::Result<Earlier> stored_answer(DataKeys& keys, const Log& log, const Id16& request_id,
                                    ByteView leaf_data, const std::optional<Bytes>& response);

// The response of a record, as Store::open_response.
base::Result<Bytes> open_response(DataKeys& keys, const Log& log, const StoredRecord& record);

// What append answers to the same request id with another request.
base::Error another_request();

}  // namespace paxid::audit
