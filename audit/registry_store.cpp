#include "audit/registry_store.h"

#include <optional>
#include <utility>

#include "audit/leaf.h"
#include "audit/log_name.h"
#include "audit/record_limits.h"
#include "audit/replay.h"
#include "audit/sealed_body.h"
#include "audit/tlog_proof.h"

namespace paxid::audit {

using base::ErrorCode;

void RegistryStore::append(Record record, Completion done) {
  if (!is_tenant(record.tenant)) return done(tl::unexpected(origin(record.tenant).error()));
  if (auto checked = in_limits(record); !checked) return done(tl::unexpected(checked.error()));
  Submission submission{std::move(record)};
  Record& asked = submission.record;
  submission.digest = cipher().request_digest(asked.tenant, asked.canonical_request);
  asked.canonical_request = {};
  if (asked.subject) submission.subject_index = blind_index(asked.tenant, *asked.subject);
  submit(std::move(submission), std::move(done));
}

base::Result<std::vector<Hash>> RegistryStore::inclusion_proof(std::string_view tenant,
                                                               std::uint64_t index,
                                                               std::uint64_t size) {
  return with_nodes(tenant, size, [&](const NodeReader& nodes) {
    return audit::inclusion_proof(index, size, nodes);
  });
}

base::Result<std::vector<Hash>> RegistryStore::consistency_proof(std::string_view tenant,
                                                                 std::uint64_t first,
                                                                 std::uint64_t second) {
  return with_nodes(tenant, second, [&](const NodeReader& nodes) {
    return audit::consistency_proof(first, second, nodes);
  });
}

base::Result<std::vector<Hash>> RegistryStore::left_subtrees(std::string_view tenant,
                                                             std::uint64_t size) {
  return with_nodes(tenant, size,
                    [&](const NodeReader& nodes) { return audit::left_subtrees(size, nodes); });
}

base::Result<std::string> RegistryStore::tlog_proof(std::string_view tenant, std::uint64_t index) {
  auto issued = issue_over(tenant, index);
  if (!issued) return tl::unexpected(issued.error());
  auto hashes = inclusion_proof(tenant, index, issued->size);
  if (!hashes) return tl::unexpected(hashes.error());
  return to_text(TlogProof{std::nullopt, index, *std::move(hashes), std::move(issued->note)});
}

Id16 RegistryStore::blind_index(std::string_view tenant, const SubjectLookup& lookup) const {
  return cipher().blind_index(tenant, lookup.kind, lookup.value);
}

base::Result<std::string> RegistryStore::vkey(std::string_view tenant) {
  return registry().vkey(tenant);
}

base::Result<std::string> RegistryStore::origin(std::string_view tenant) {
  return registry().origin(tenant);
}

base::Result<StoredRecord> read_record(ReadTables& tables, std::int64_t log, std::uint64_t index) {
  const auto data = tables.leaf(log, index);
  if (!data) return tl::unexpected(data.error());
  if (!*data) return base::fail(ErrorCode::kDataLoss, "a leaf is missing from the database");
  auto body = tables.body(log, index);
  if (!body) return tl::unexpected(body.error());
  return StoredRecord{to_bytes(**data), std::move(body->sealed), std::move(body->response)};
}

base::Result<StoredRecord> with_body(StoredRecord record) {
  if (record.sealed_body) return record;
  const auto leaf = decode_leaf(record.leaf_data);
  if (!leaf) return base::fail(ErrorCode::kDataLoss, leaf.error().message);
  if ((leaf->flags & kFlagHasBody) == 0) {
    return base::fail(ErrorCode::kNotFound, "the leaf has no body");
  }
  return base::fail(ErrorCode::kFailedPrecondition, "the body was erased");
}

base::Result<base::SecretBytes> key_of_body(DataKeys& keys, const Log& log,
                                            const StoredRecord& record) {
  const auto leaf = decode_leaf(record.leaf_data);
  if (!leaf) return base::fail(ErrorCode::kDataLoss, leaf.error().message);
  const auto key = data_key_of(keys, log, *leaf);
  if (!key) return tl::unexpected(key.error());
  return record_key(*key, SealPurpose::kBody, log.key_context, leaf->request_id);
}

base::Result<SubjectState> read_subject(ReadTables& tables, std::int64_t log, const Id16& ref,
                                        std::uint64_t size) {
  SubjectState state;
  auto records = tables.records_of_subject(log, ref, kMaxSubjectRecords);
  if (!records) return tl::unexpected(records.error());
  state.records = *std::move(records);
  std::erase_if(state.records, [size](std::uint64_t index) { return index >= size; });
  if (state.records.empty()) {
    return base::fail(ErrorCode::kNotFound, "no record names this subject");
  }
  for (auto [kind, value] : {std::pair{SubjectMark::kErased, &state.erased_by},
                             std::pair{SubjectMark::kHeld, &state.held_by},
                             std::pair{SubjectMark::kReleaseProposed, &state.release_proposed_by},
                             std::pair{SubjectMark::kRestricted, &state.restricted_by}}) {
    const auto mark = tables.mark(log, kind, ref);
    if (!mark) return tl::unexpected(mark.error());
    if (*mark && **mark < size) *value = *mark;
  }
  return state;
}

}  // namespace paxid::audit
