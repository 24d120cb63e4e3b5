#include "server/audit_service.h"

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

Outcome get_checkpoint(audit::Store& store, const std::string& tenant,
                       v1::GetCheckpointResponse* response) {
  auto note = store.checkpoint(tenant);
  if (!note) return refuse(note.error());
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

Outcome get_inclusion_proof(audit::Store& store, const std::string& tenant, std::int64_t index,
                            v1::GetInclusionProofResponse* response) {
  if (index < 0) return violation("leaf_index", "must not be negative");
  const auto leaf_index = static_cast<std::uint64_t>(index);
  const auto size = store.tree_size(tenant);
  if (!size) return refuse(size.error());
  if (leaf_index >= *size) return violation("leaf_index", "must be less than the log's size");
  auto text = store.tlog_proof(tenant, leaf_index);
  if (!text) return refuse(text.error());
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

grpc::ServerUnaryReactor* AuditService::GetCheckpoint(grpc::CallbackServerContext* context,
                                                      const v1::GetCheckpointRequest*,
                                                      v1::GetCheckpointResponse* response) {
  return answer_on(worker_, calls_, context, "/paxid.v1.AuditService/GetCheckpoint",
                   [this, response](const std::string& tenant) {
                     return get_checkpoint(store_, tenant, response);
                   });
}

grpc::ServerUnaryReactor* AuditService::GetInclusionProof(
    grpc::CallbackServerContext* context, const v1::GetInclusionProofRequest* request,
    v1::GetInclusionProofResponse* response) {
  return answer_on(worker_, calls_, context, "/paxid.v1.AuditService/GetInclusionProof",
                   [this, request, response](const std::string& tenant) {
                     return get_inclusion_proof(store_, tenant, request->leaf_index(), response);
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
