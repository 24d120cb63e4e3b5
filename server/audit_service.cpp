#include "server/audit_service.h"

#include <limits>
#include <string>
#include <utility>

#include "audit/checkpoint.h"
#include "audit/note.h"
#include "audit/tlog_proof.h"
#include "server/unary_call.h"

namespace paxid::server {
namespace {

tl::unexpected<Refusal> refuse(const base::Error& error) {
  return tl::unexpected(refusal_from(error));
}

// What is about witnesses is said in our own words: they quote nothing.
tl::unexpected<Refusal> refuse_witnessed(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kFailedPrecondition:
      return server::refuse(error.code, "NOT_WITNESSED", error.message);
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kPermissionDenied:
      return server::refuse(base::ErrorCode::kInvalidArgument, "COSIGNATURE_REFUSED",
                            error.message);
    default:
      return refuse(error);
  }
}

tl::unexpected<Refusal> violation(std::string field, std::string description) {
  Refusal refusal;
  refusal.reason = "OUTSIDE_THE_LOG";
  refusal.message = field + " " + description;
  refusal.violations.push_back({std::move(field), std::move(description)});
  return tl::unexpected(std::move(refusal));
}

// The text of a checkpoint that this server's own store signed.
base::Result<audit::Checkpoint> read_own_checkpoint(const std::string& signed_note) {
  const auto note = audit::parse_note(signed_note);
  if (!note) return tl::unexpected(note.error());
  return audit::parse_checkpoint(note->text);
}

template <class Hashes, class Field>
void add_hashes(const Hashes& hashes, Field* field) {
  for (const audit::Hash& hash : hashes) field->Add(std::string(hash.begin(), hash.end()));
}

Outcome get_checkpoint(audit::Store& store, Witnesses& witnesses, const std::string& tenant,
                       bool witnessed, v1::GetCheckpointResponse* response) {
  auto note = witnessed ? witnesses.newest(tenant) : store.checkpoint(tenant);
  if (!note) return witnessed ? refuse_witnessed(note.error()) : refuse(note.error());
  const auto checkpoint = read_own_checkpoint(*note);
  if (!checkpoint) return refuse({base::ErrorCode::kDataLoss, {}, {}});
  const auto key = store.vkey(tenant);
  if (!key) return refuse(key.error());
  response->set_checkpoint(std::move(*note));
  response->set_tree_size(static_cast<std::int64_t>(checkpoint->size));
  response->set_root_hash(checkpoint->root.data(), checkpoint->root.size());
  response->set_verifier_key(*key);
  return {};
}

// A proof against the checkpoint that witnesses have signed.
base::Result<std::string> witnessed_proof(audit::Store& store, Witnesses& witnesses,
                                          const std::string& tenant, std::uint64_t index) {
  const auto note = witnesses.newest(tenant);
  if (!note) return note;
  const auto head = read_own_checkpoint(*note);
  if (!head) return tl::unexpected(head.error());
  if (index >= head->size) {
    return base::fail(base::ErrorCode::kFailedPrecondition, "no witness has signed this leaf yet");
  }
  auto hashes = store.inclusion_proof(tenant, index, head->size);
  if (!hashes) return tl::unexpected(hashes.error());
  return audit::to_text(audit::TlogProof{std::nullopt, index, *std::move(hashes), *note});
}

Outcome get_inclusion_proof(audit::Store& store, Witnesses& witnesses, const std::string& tenant,
                            const v1::GetInclusionProofRequest& request,
                            v1::GetInclusionProofResponse* response) {
  const std::int64_t index = request.leaf_index();
  if (index < 0) return violation("leaf_index", "must not be negative");
  const auto leaf_index = static_cast<std::uint64_t>(index);
  const auto size = store.tree_size(tenant);
  if (!size) return refuse(size.error());
  if (leaf_index >= *size) return violation("leaf_index", "must be less than the log's size");
  auto text = request.witnessed() ? witnessed_proof(store, witnesses, tenant, leaf_index)
                                  : store.tlog_proof(tenant, leaf_index);
  if (!text) return request.witnessed() ? refuse_witnessed(text.error()) : refuse(text.error());
  auto proof = audit::parse_tlog_proof(*text);
  if (!proof) return refuse({base::ErrorCode::kDataLoss, {}, {}});
  const auto checkpoint = read_own_checkpoint(proof->checkpoint);
  if (!checkpoint) return refuse({base::ErrorCode::kDataLoss, {}, {}});
  const auto leaf = store.leaf(tenant, leaf_index);
  if (!leaf) return refuse(leaf.error());
  response->set_leaf_index(index);
  response->set_tree_size(static_cast<std::int64_t>(checkpoint->size));
  add_hashes(proof->hashes, response->mutable_hashes());
  response->set_checkpoint(std::move(proof->checkpoint));
  response->set_leaf_data(leaf->leaf_data.data(), leaf->leaf_data.size());
  response->set_tlog_proof(std::move(*text));
  return {};
}

Outcome get_consistency_proof(audit::Store& store, const std::string& tenant,
                              const v1::GetConsistencyProofRequest& request,
                              v1::GetConsistencyProofResponse* response) {
  if (request.first_tree_size() < 1) return violation("first_tree_size", "must be at least 1");
  if (request.second_tree_size() < 0) return violation("second_tree_size", "must not be negative");
  auto note = store.checkpoint(tenant);
  if (!note) return refuse(note.error());
  const auto checkpoint = read_own_checkpoint(*note);
  if (!checkpoint) return refuse({base::ErrorCode::kDataLoss, {}, {}});
  const auto first = static_cast<std::uint64_t>(request.first_tree_size());
  const auto second = request.second_tree_size() == 0
                          ? checkpoint->size
                          : static_cast<std::uint64_t>(request.second_tree_size());
  if (second > checkpoint->size) {
    return violation("second_tree_size", "must be at most the newest checkpoint's size");
  }
  if (first > second) return violation("first_tree_size", "must be at most second_tree_size");
  const auto hashes = store.consistency_proof(tenant, first, second);
  if (!hashes) return refuse(hashes.error());
  response->set_first_tree_size(request.first_tree_size());
  response->set_second_tree_size(static_cast<std::int64_t>(second));
  add_hashes(*hashes, response->mutable_hashes());
  if (second == checkpoint->size) response->set_checkpoint(std::move(*note));
  return {};
}

Outcome add_cosignatures(Witnesses& witnesses, const std::string& tenant,
                         const v1::AddCosignaturesRequest& request,
                         v1::AddCosignaturesResponse* response) {
  const auto added = witnesses.add(tenant, request.checkpoint());
  if (!added) return refuse_witnessed(added.error());
  response->set_tree_size(static_cast<std::int64_t>(added->tree_size));
  response->set_witnesses(static_cast<std::int32_t>(added->witnesses));
  return {};
}

std::uint64_t microseconds_of(const google::protobuf::Timestamp& time) {
  return time.seconds() < 0 ? 0
                            : static_cast<std::uint64_t>(time.seconds()) * 1'000'000 +
                                  static_cast<std::uint64_t>(time.nanos()) / 1000;
}

Outcome list_api_entries(audit::ApiLog& api_log, const std::string& tenant,
                         const v1::ListApiEntriesRequest& request,
                         v1::ListApiEntriesResponse* response) {
  const auto page = api_log.list(tenant, request.has_from() ? microseconds_of(request.from()) : 0,
                                 request.has_until() ? microseconds_of(request.until())
                                                     : std::numeric_limits<std::uint64_t>::max(),
                                 request.after());
  if (!page) return refuse(page.error());
  for (const audit::ApiEntry& from : page->entries) {
    v1::ApiEntry* to = response->add_entries();
    to->mutable_time()->set_seconds(static_cast<std::int64_t>(from.time_unix_us / 1'000'000));
    to->mutable_time()->set_nanos(static_cast<std::int32_t>(from.time_unix_us % 1'000'000 * 1000));
    to->set_station(from.station);
    to->set_channel(from.channel);
    to->set_actor(std::string(from.actor.begin(), from.actor.end()));
    to->set_operation(from.operation);
  }
  response->set_next(page->next);
  return {};
}

// Runs `read(tenant)` on the worker and finishes the call.
template <class Read>
grpc::ServerUnaryReactor* answer_on(Worker& worker, Calls& calls,
                                    grpc::CallbackServerContext* context, std::string_view method,
                                    Read read) {
  return run_on(worker, calls, context, method,
                [read](const Call& call, grpc::ServerUnaryReactor* reactor) {
                  finish(reactor, call, read(call.caller().tenant));
                });
}

// Runs `make(caller)` on the worker, which gives the response or a refusal.
template <class Response, class Make>
grpc::ServerUnaryReactor* make_on(Worker& worker, Calls& calls,
                                  grpc::CallbackServerContext* context, std::string_view method,
                                  Response* response, Make make) {
  return run_on(worker, calls, context, method,
                [response, make](const Call& call, grpc::ServerUnaryReactor* reactor) {
                  auto made = make(call.caller());
                  if (!made) {
                    return finish(reactor, call, tl::unexpected(std::move(made.error())));
                  }
                  *response = std::move(*made);
                  finish(reactor, call, {});
                });
}

}  // namespace

grpc::ServerUnaryReactor* AuditService::ExportRecords(grpc::CallbackServerContext* context,
                                                      const v1::ExportRecordsRequest* request,
                                                      v1::ExportRecordsResponse* response) {
  return make_on(
      worker_, calls_, context, "/paxid.v1.AuditService/ExportRecords", response,
      [this, request](const Principal& caller) { return exports_.page(caller, *request); });
}

grpc::ServerUnaryReactor* AuditService::SealExport(grpc::CallbackServerContext* context,
                                                   const v1::SealExportRequest* request,
                                                   v1::SealExportResponse* response) {
  return make_on(
      worker_, calls_, context, "/paxid.v1.AuditService/SealExport", response,
      [this, request](const Principal& caller) { return exports_.seal(caller, *request); });
}

grpc::ServerUnaryReactor* AuditService::ReleaseExport(grpc::CallbackServerContext* context,
                                                      const v1::ReleaseExportRequest* request,
                                                      v1::ReleaseExportResponse* response) {
  return make_on(
      worker_, calls_, context, "/paxid.v1.AuditService/ReleaseExport", response,
      [this, request](const Principal& caller) { return exports_.release(caller, *request); });
}

grpc::ServerUnaryReactor* AuditService::AddCosignatures(grpc::CallbackServerContext* context,
                                                        const v1::AddCosignaturesRequest* request,
                                                        v1::AddCosignaturesResponse* response) {
  return answer_on(worker_, calls_, context, "/paxid.v1.AuditService/AddCosignatures",
                   [this, request, response](const std::string& tenant) {
                     return add_cosignatures(witnesses_, tenant, *request, response);
                   });
}

grpc::ServerUnaryReactor* AuditService::ListApiEntries(grpc::CallbackServerContext* context,
                                                       const v1::ListApiEntriesRequest* request,
                                                       v1::ListApiEntriesResponse* response) {
  return answer_on(worker_, calls_, context, "/paxid.v1.AuditService/ListApiEntries",
                   [this, request, response](const std::string& tenant) {
                     return list_api_entries(api_log_, tenant, *request, response);
                   });
}

grpc::ServerUnaryReactor* AuditService::GetCheckpoint(grpc::CallbackServerContext* context,
                                                      const v1::GetCheckpointRequest* request,
                                                      v1::GetCheckpointResponse* response) {
  return answer_on(worker_, calls_, context, "/paxid.v1.AuditService/GetCheckpoint",
                   [this, request, response](const std::string& tenant) {
                     return get_checkpoint(store_, witnesses_, tenant, request->witnessed(),
                                           response);
                   });
}

grpc::ServerUnaryReactor* AuditService::GetInclusionProof(
    grpc::CallbackServerContext* context, const v1::GetInclusionProofRequest* request,
    v1::GetInclusionProofResponse* response) {
  return answer_on(worker_, calls_, context, "/paxid.v1.AuditService/GetInclusionProof",
                   [this, request, response](const std::string& tenant) {
                     return get_inclusion_proof(store_, witnesses_, tenant, *request, response);
                   });
}

grpc::ServerUnaryReactor* AuditService::GetConsistencyProof(
    grpc::CallbackServerContext* context, const v1::GetConsistencyProofRequest* request,
    v1::GetConsistencyProofResponse* response) {
  return answer_on(worker_, calls_, context, "/paxid.v1.AuditService/GetConsistencyProof",
                   [this, request, response](const std::string& tenant) {
                     return get_consistency_proof(store_, tenant, *request, response);
                   });
}

}  // namespace paxid::server
