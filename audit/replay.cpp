#include "audit/replay.h"

#include "audit/merkle.h"
#include "audit/sealed_body.h"

namespace paxid::audit {

using base::ErrorCode;

base::Error another_request() {
  return {ErrorCode::kAlreadyExists, "this request id was used for another request", "request_id"};
}

base::Result<base::SecretBytes> data_key_of(DataKeys& keys, const Log& log, const Leaf& leaf) {
  if (leaf.subject_ref == Id16{} || leaf.type == RecordType::kErasure) {
    auto key = keys.log_key(log.tenant);
    if (!key) return tl::unexpected(key.error());
    if (!*key) {
      return base::fail(ErrorCode::kDataLoss, "the log's key is missing from keys.db",
                        std::string(kDataKeyField));
    }
    return std::move((*key)->key);
  }
  auto key = keys.subject_key(log.tenant, leaf.subject_ref);
  if (!key && key.error().code == ErrorCode::kNotFound) {
    return base::fail(ErrorCode::kFailedPrecondition, "the subject was erased");
  }
  return key;
}

base::Result<Earlier> stored_answer(DataKeys& keys, const Log& log, const Id16& request_id,
                                    ByteView leaf_data, const std::optional<Bytes>& response) {
  const auto unreadable = [](std::string_view why) {
    return Earlier{
        base::fail(ErrorCode::kDataLoss, "the stored answer to this request: " + std::string(why))};
  };
  const auto leaf = decode_leaf(leaf_data);
  if (!leaf) return unreadable(leaf.error().message);
  if (!response) {
    return Earlier{
        base::fail(ErrorCode::kFailedPrecondition, "the answer to this request was erased")};
  }
  const auto key = data_key_of(keys, log, *leaf);
  if (!key && key.error().code == ErrorCode::kFailedPrecondition) {
    return Earlier{tl::unexpected(key.error())};
  }
  if (!key && key.error().field == kDataKeyField) return unreadable(key.error().message);
  if (!key) return tl::unexpected(key.error());
  auto opened = open_sealed(record_key(*key, SealPurpose::kResponse, log.key_context, request_id),
                            leaf_data, *response);
  if (!opened) return unreadable(opened.error().message);
  return Earlier{Receipt{log.origin, 0, leaf_hash(leaf_data), 0, true, *std::move(opened), {}}};
}

base::Result<Bytes> open_response(DataKeys& keys, const Log& log, const StoredRecord& record) {
  const auto leaf = decode_leaf(record.leaf_data);
  if (!leaf) return base::fail(ErrorCode::kDataLoss, leaf.error().message);
  auto answer =
      stored_answer(keys, log, leaf->request_id, record.leaf_data, record.sealed_response);
  if (!answer) return tl::unexpected(answer.error());
  return (**answer).map([](Receipt& receipt) { return std::move(receipt.response); });
}

base::Result<Earlier> find_receipt(ReadTables& tables, DataKeys& keys, const Log& log,
                                   std::uint64_t tree_size, const Id16& request_id,
                                   const Hash& digest) {
  const auto request = tables.request(log.id, request_id);
  if (!request) return tl::unexpected(request.error());
  if (!*request || (*request)->index >= tree_size) return std::nullopt;
  if ((*request)->digest != digest) return Earlier{tl::unexpected(another_request())};

  const std::uint64_t index = (*request)->index;
  const auto data = tables.leaf(log.id, index);
  if (!data) return tl::unexpected(data.error());
  const auto body = tables.body(log.id, index);
  if (!body) return tl::unexpected(body.error());
  if (!*data) {
    return Earlier{
        base::fail(ErrorCode::kDataLoss, "the stored answer to this request: its leaf is missing")};
  }
  auto earlier = stored_answer(keys, log, request_id, **data, body->response);
  if (earlier && *earlier && **earlier) {
    (**earlier)->index = index;
    (**earlier)->tree_size = tree_size;
  }
  return earlier;
}

}  // namespace paxid::audit
