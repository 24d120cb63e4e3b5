#include "audit/sealed_record.h"

#include "audit/sealed_body.h"

namespace paxid::audit {

base::Result<SealedRecord> seal_record(const Record& record, std::uint64_t time_unix_us,
                                       const DataKey& key, const Id16& subject_ref,
                                       const Hash& key_context) {
  Leaf leaf{record.type,
            0,
            time_unix_us,
            record.request_id,
            subject_ref,
            record.actor,
            record.decision,
            record.reason_bits,
            record.score,
            record.ruleset,
            record.software,
            record.trace_id,
            {}};
  SealedRecord sealed;
  if (!record.body.empty()) {
    leaf.flags = kFlagHasBody;
    auto body = seal(record_key(key.key, SealPurpose::kBody, key_context, record.request_id),
                     key.id, encode(leaf), record.body);
    if (!body) return tl::unexpected(body.error());
    leaf.body_commit = body_commit(*body);
    sealed.body.sealed = *std::move(body);
  }
  sealed.data = encode(leaf);
  auto response = seal(record_key(key.key, SealPurpose::kResponse, key_context, record.request_id),
                       key.id, sealed.data, record.response);
  if (!response) return tl::unexpected(response.error());
  sealed.body.response = *std::move(response);
  return sealed;
}

}  // namespace paxid::audit
