#pragma once

#include <cstdint>

#include "audit/key_cipher.h"
#include "audit/leaf.h"
#include "audit/store.h"
#include "audit/tables.h"
#include "base/error.h"

namespace paxid::audit {

// A record as it is stored.
struct SealedRecord {
  LeafData data{};
  BodyRow body;
};

// Makes the leaf, and seals body and answer under `key`. `subject_ref` zero: no subject.
// `key_context`: log_id() of the log's origin.
base::Result<SealedRecord> seal_record(const Record& record, std::uint64_t time_unix_us,
                                       const DataKey& key, const Id16& subject_ref,
                                       const Hash& key_context);

}  // namespace paxid::audit
